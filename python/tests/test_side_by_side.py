"""The comparison of tools runs what is there and says what is not; nothing judges a time."""

from pathlib import Path

import pytest
import side_by_side
from side_by_side import Sample, Work, table


def test_every_tool_that_is_there_has_a_row_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--scale", "0.002", "--repetitions", "1", "--workers", "2", "--centurion", "/no/such"]
    side_by_side.main(small)
    said = capsys.readouterr().out
    assert "left out: there is no /no/such; build it" in said
    for work in ("`true`, 2 at once", "a short Python agent, 2 at once", "`sleep 0.1`, 20 at once"):
        assert f"| 2 × {work} | time | CPU time |" in said
    assert said.count("| Python's thread pool | ") == 3


def test_a_row_is_a_median_and_its_range() -> None:
    samples = {"a tool": [Sample(wall, wall / 10) for wall in (0.5, 2.0, 1.0)]}
    row = table(Work("`true`", ("true",), 1_000, 2), samples).splitlines()
    assert row[0] == "| 1,000 × `true`, 2 at once | time | CPU time |"
    assert row[2] == "| a tool | 1 s (500 ms to 2 s) | 100 ms (50 ms to 200 ms) |"


def test_what_is_beyond_the_floor_is_told_of_pairs() -> None:
    said = side_by_side.beyond([Sample(1.1, 2.2), Sample(3.0, 2.0)], [Sample(1.0, 2.0), Sample(2.0, 2.0)])
    assert said == (
        "centurion run beyond plain threads: CPU time +5.0 % (+0.0 to +10.0), time +30.0 % (+10.0 to +50.0)"
    )


def test_what_starting_takes_drops_out_of_what_each_agent_takes() -> None:
    assert side_by_side.per_agent(Sample(5.0, 0.0), Sample(7.0, 0.0), 1_000) == pytest.approx(0.002)


def test_a_cluster_is_named_behind_run() -> None:
    here, there = side_by_side.cluster_tools("centurion", "local", Path("folder"))
    work = Work("`true`", ("true",), 10, 1)
    command = ["centurion", "run", "--cluster", "local", *here.command(work)[2:]]
    assert there.command(work) == command


def test_a_floor_that_is_not_built_is_named(tmp_path: Path) -> None:
    missing = ["--floor", "--centurion", "/bin/true", "--plain", str(tmp_path / "plain_threads")]
    with pytest.raises(SystemExit, match=r"failed to find .*plain_threads; .* --help says how to build it"):
        side_by_side.main(missing)


def test_what_is_not_installed_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/no/such/folder")
    assert "on Debian: apt-get install findutils" in side_by_side.missing(["xargs"])[0]
