"""The module on workers: brought where it is missing, refused where it is another."""

import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from talking import Driver, Gate, Scheduler, Worker, answers, described

from centurion_agents import BUILD, __version__

Start = Callable[..., Worker]

# Without `site`, what is installed for development is not found, and the rest is.
PACKAGES = sysconfig.get_path("purelib")
WORKER = f"import sys; sys.path.append({PACKAGES!r}); from dask.__main__ import main; main()"
BARE = (sys.executable, "-S", "-c", WORKER)


@pytest.fixture
def bare(tmp_path: Path, worker: Start) -> Callable[..., Worker]:
    """Start workers that lack the module."""
    if (Path(PACKAGES) / "centurion_agents").exists():
        pytest.skip("the module is installed among the packages that a worker needs: run `just python`")
    return lambda *flags, **how: worker("--local-directory", str(tmp_path), *flags, dask=BARE, **how)


def test_a_worker_without_the_module_is_brought_it(
    driver: Driver, scheduler: Scheduler, worker: Start, bare: Start
) -> None:
    bare()
    worker()
    started = driver.ask("start", scheduler=scheduler.address, workers=1)
    assert (started["workers"], started["brought"]) == (2, 1)
    finished = driver.ask("run", executor=started["executor"], workload=described("deciding", agents=20))
    assert all(answers(finished["outcomes"]))
    assert len({outcome["worker"] for outcome in finished["outcomes"]}) == 2


def test_a_worker_that_comes_later_is_brought_it_too(
    driver: Driver, scheduler: Scheduler, bare: Start
) -> None:
    executor = driver.start(scheduler.address)
    driver.say("run", executor=executor, workload=described("deciding", agents=10))
    driver.hear_note("waiting for one")
    bare()
    assert all(answers(driver.end()["outcomes"]))


def test_what_was_brought_serves_the_next_run_too(
    driver: Driver, scheduler: Scheduler, bare: Start, started: Callable[[Driver], None]
) -> None:
    bare()
    driver.ask("stop", executor=driver.start(scheduler.address))
    again = Driver()
    started(again)
    finished = again.ask(
        "run", executor=again.start(scheduler.address), workload=described("deciding", agents=5)
    )
    assert all(answers(finished["outcomes"]))


def test_a_folder_of_its_name_is_not_the_module(
    driver: Driver, scheduler: Scheduler, bare: Start, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere" / "centurion_agents").mkdir(parents=True)
    bare(PYTHONPATH=str(tmp_path / "elsewhere"))
    assert driver.ask("start", scheduler=scheduler.address, workers=1)["brought"] == 1


def test_a_command_needs_no_module(driver: Driver, scheduler: Scheduler, bare: Start, gate: Gate) -> None:
    bare()
    gate.open()
    finished = driver.ask("run", executor=driver.start(scheduler.address), command=gate.command, agents=2)
    assert answers(finished["outcomes"]) == ["through 0", "through 1"]


@pytest.fixture
def other(tmp_path: Path) -> str:
    """Return a path with another build of the module."""
    package = tmp_path / "other" / "centurion_agents"
    package.mkdir(parents=True)
    old = '__version__, BUILD, PROTOCOL = "0.0.1", "0123456789abcdef", 0\n'
    (package / "__init__.py").write_text(old, encoding="utf-8")
    return str(package.parent)


def test_a_worker_with_another_build_is_refused_and_both_are_named(
    driver: Driver, scheduler: Scheduler, worker: Start, other: str
) -> None:
    worker(PYTHONPATH=other)
    refused = driver.ask("start", scheduler=scheduler.address, workers=1)
    assert refused["event"] == "error"
    assert "it has centurion_agents 0.0.1, build 0123456789abcdef, protocol 0" in refused["reason"]
    assert f"this program has {__version__}, build {BUILD}" in refused["reason"]


def test_a_worker_with_another_build_that_comes_later_is_given_no_agents_to_get_wrong(
    driver: Driver, scheduler: Scheduler, worker: Start, other: str
) -> None:
    executor = driver.start(scheduler.address)
    driver.say("run", executor=executor, workload=described("deciding", agents=3))
    driver.hear_note("waiting for one")
    worker(PYTHONPATH=other)
    reasons = {outcome["reason"] for outcome in driver.end()["outcomes"]}
    has, needs = "build 0123456789abcdef of the module", f"build {BUILD}"
    assert reasons == {f"RuntimeError: this worker has {has}; the agents need {needs}"}
