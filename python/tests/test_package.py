"""The package: versions, docstrings, type hints, and the example."""

import doctest
import hashlib
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import centurion_agents
from centurion_agents import FAMILIES, Workload

PYTHON = Path(__file__).parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PYTHON,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_version_is_that_of_the_repository() -> None:
    manifest = (PYTHON.parent / "Cargo.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)
    assert version is not None
    assert centurion_agents.__version__ == version[1] == metadata.version("centurion-agents")


def test_the_installed_module_is_built_from_the_sources_as_they_stand() -> None:
    crate, digest = PYTHON.parent / "crates/agents", hashlib.sha256()
    for folder in ("src", "data"):
        for file in sorted((crate / folder).rglob("*.*")):
            for part in (file.relative_to(crate).as_posix().encode(), file.read_bytes()):
                digest.update(len(part).to_bytes(8, "little") + part)
    assert digest.hexdigest()[:16] == centurion_agents.BUILD, "the module is stale: run `just python`"


def locked(path: Path) -> dict[str, set[str]]:
    """Read the versions of every package in a lock file of Cargo."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(
        r'^name = "(.+)"\nversion = "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE
    ):
        versions.setdefault(name, set()).add(version)
    return versions


def test_the_module_is_built_from_the_versions_that_the_program_is_built_from() -> None:
    program = locked(PYTHON.parent / "Cargo.lock")
    module = locked(PYTHON / "rust/Cargo.lock")
    of_the_agents = {"magpie", "rand", "rand_chacha", "chacha20", "rand_core"} & module.keys()
    assert {"magpie", "rand", "rand_chacha"} <= of_the_agents
    for name in of_the_agents:
        assert module[name] <= program[name], name


def test_everything_public_has_a_docstring() -> None:
    public = [name for name in vars(Workload) if not name.startswith("_")]
    assert {"run", "run_batch", "expected", "agents", "kind", "definition"} <= set(public)
    assert [name for name in public if not getattr(Workload, name).__doc__] == []
    for documented in (centurion_agents, Workload):
        assert documented.__doc__


def test_the_examples_in_the_docstrings_hold() -> None:
    results = doctest.testmod(centurion_agents)
    assert results.failed == 0
    assert results.attempted > 10


def test_the_type_hints_are_those_of_the_module() -> None:
    stubtest = run("-m", "mypy.stubtest", "centurion_agents._agents")
    assert stubtest.returncode == 0, stubtest.stdout


def test_the_type_hints_name_every_family() -> None:
    hints = (PYTHON / "src/centurion_agents/_agents.pyi").read_text(encoding="utf-8")
    hinted = re.findall(r"family: Literal\[(.+?)\]", hints, re.DOTALL)
    assert set(re.findall(r'"(.+?)"', " ".join(hinted))) == set(FAMILIES)


def test_the_type_hints_tell_right_calls_from_wrong_ones() -> None:
    mypy = run("-m", "mypy", "tests/test_refusals.py")  # its wrong calls are marked, and must be errors
    assert mypy.returncode == 0, mypy.stdout


@pytest.mark.parametrize("flags", [[], ["--measure-serial"]])
def test_the_challenge_gives_the_right_answers_and_all_three_times(flags: list[str]) -> None:
    challenge = run("examples/challenge.py", "--scale", "0.01", *flags)
    assert challenge.returncode == 0, challenge.stdout
    assert re.search(r"^Total time +\d+\.\d\d s$", challenge.stdout, re.MULTILINE)
    serial = "measured, one by one" if flags else "the sum of the times the agents took in this run"
    assert re.search(rf"^Serial time +\d+\.\d\d s   {serial}$", challenge.stdout, re.MULTILINE)
    assert re.search(r"^Speedup +\d+\.\d×$", challenge.stdout, re.MULTILINE)
    assert "100 of 100 answers are right." in challenge.stdout
