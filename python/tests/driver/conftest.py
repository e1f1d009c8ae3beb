"""Processes that last as long as a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

try:
    import centurion_agents  # noqa: F401
except ImportError:
    pytest.exit("the module is not built: run `just python`", returncode=1)

from talking import Driver, Gate, Process, Scheduler, Worker


@pytest.fixture
def started() -> Iterator[Callable[[Process], None]]:
    """Keep track of processes; none outlives its test."""
    processes: list[Process] = []
    yield processes.append
    for process in reversed(processes):
        process.kill()


@pytest.fixture
def driver(started: Callable[[Process], None]) -> Driver:
    driver = Driver()
    started(driver)
    return driver


@pytest.fixture
def quiet(started: Callable[[Process], None], tmp_path: Path) -> Iterator[Driver]:
    """Keep a driver that is to end well and to leave nothing on its standard error, such as a traceback."""
    driver = Driver(complains_to=str(tmp_path / "complaints"))
    started(driver)
    yield driver
    driver.close_stdin()
    assert driver.ended() == 0
    assert (tmp_path / "complaints").read_text() == ""


@pytest.fixture
def scheduler(started: Callable[[Process], None]) -> Scheduler:
    scheduler = Scheduler()
    started(scheduler)
    return scheduler


@pytest.fixture
def worker(started: Callable[[Process], None], scheduler: Scheduler) -> Callable[..., Worker]:
    """Start workers of the scheduler."""

    def start(*flags: str, **how: object) -> Worker:
        worker = Worker(scheduler.address, *flags, **how)  # type: ignore[arg-type]
        started(worker)
        return worker

    return start


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path)
    yield gate
    gate.close()
