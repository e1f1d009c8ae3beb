"""Processes that last as long as a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

try:
    import centurion_agents  # noqa: F401
except ImportError:
    pytest.exit("the module is not built: run `just python`", returncode=1)

from talking import Cluster, Driver, Gate, Process, Scheduler, Worker


@pytest.fixture
def started() -> Iterator[Callable[[Process], None]]:
    """Keep track of processes; none outlives its test."""
    processes: list[Process] = []
    yield processes.append
    for process in reversed(processes):
        process.kill()


@pytest.fixture(scope="session")
def rested() -> Iterator[list[Driver]]:
    """Keep drivers that tests have left as they found them: starting one takes half a second."""
    drivers: list[Driver] = []
    yield drivers
    for driver in drivers:
        driver.kill()


@pytest.fixture
def driver(rested: list[Driver]) -> Iterator[Driver]:
    driver = rested.pop() if rested else Driver()
    yield driver
    if driver.rested():
        rested.append(driver)
    else:
        driver.kill()


@pytest.fixture(scope="session")
def local() -> Iterator[Cluster]:
    """Start a cluster on loopback for all tests that do it no harm."""
    driver = Driver()
    yield Cluster(driver, driver.start("local"))
    driver.kill()


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
def workers(started: Callable[[Process], None], scheduler: Scheduler) -> Callable[..., list[Worker]]:
    """Start workers of the scheduler at once."""

    def start(count: int, *flags: str, **how: object) -> list[Worker]:
        workers = [Worker(scheduler.address, *flags, **how) for _ in range(count)]  # type: ignore[arg-type]
        for worker in workers:
            started(worker)
        return [worker.registered() for worker in workers]

    return start


@pytest.fixture
def worker(workers: Callable[..., list[Worker]]) -> Callable[..., Worker]:
    """Start a worker of the scheduler."""
    return lambda *flags, **how: workers(1, *flags, **how)[0]


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path)
    yield gate
    gate.close()
