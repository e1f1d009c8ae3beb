"""The interpreter lock is released while agents run or are made."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from centurion_agents import Workload

# The least that keeps an agent busy for long enough to be seen at it, about half a second.
ITERATIONS = 1 << 28


@pytest.fixture
def no_forced_switches() -> Iterator[None]:
    """Let the lock be handed over only where it is released."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(interval)


def waiting() -> Workload:
    return Workload("thinking", agents=2, scale=0.5)


ACTIONS: dict[str, Callable[[], Callable[[], object]]] = {
    "a waiting agent runs": lambda: lambda workload=waiting(): workload.run(0),
    "a batch of agents runs": lambda: lambda workload=waiting(): workload.run_batch([0, 1]),
    "a computing agent runs": lambda: (
        lambda workload=Workload("grain", agents=1, iterations=ITERATIONS): workload.run(0)
    ),
    "agents are made": lambda: lambda: Workload("grain", agents=1, iterations=ITERATIONS),
}


@pytest.mark.usefixtures("no_forced_switches")
@pytest.mark.parametrize("prepare", ACTIONS.values(), ids=ACTIONS.keys())
def test_another_thread_goes_on_while(prepare: Callable[[], Callable[[], object]]) -> None:
    action = prepare()
    started, ended = threading.Event(), threading.Event()

    def run() -> None:
        started.set()
        action()
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait()
    went_on = not ended.is_set()
    thread.join()
    assert went_on
