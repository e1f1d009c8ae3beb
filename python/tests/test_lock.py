"""The interpreter lock is released while agents run, for whatever reason."""

import pickle
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from centurion_agents import Workload

# Keeps an agent at it for some tenths of a second: long enough for a waiting thread to wake up.
ITERATIONS = 1 << 28


@pytest.fixture(autouse=True)
def _no_forced_switches() -> Iterator[None]:
    """Let the lock be handed over only where it is released."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(interval)


def goes_on_during(action: Callable[[], object]) -> bool:
    """Tell whether this thread gets the lock before another is through with the action."""
    started, ended = threading.Event(), threading.Event()

    def act() -> None:
        started.set()
        action()
        ended.set()

    thread = threading.Thread(target=act)
    thread.start()
    started.wait()
    went_on = not ended.is_set()
    thread.join()
    return went_on


def test_this_test_can_tell_an_action_that_keeps_the_lock() -> None:
    assert not goes_on_during(lambda: sum(range(1_000_000)))


def test_another_thread_goes_on_while_an_agent_waits() -> None:
    workload = Workload("thinking", agents=1, scale=0.5)
    assert goes_on_during(lambda: workload.run(0))


def test_another_thread_goes_on_while_an_agent_computes() -> None:
    workload = Workload("grain", agents=1, iterations=ITERATIONS)
    assert goes_on_during(lambda: workload.run(0))


def test_another_thread_goes_on_while_a_batch_of_agents_computes() -> None:
    workload = Workload("grain", agents=2, iterations=ITERATIONS // 2)
    assert goes_on_during(lambda: workload.run_batch([0, 1]))


@pytest.mark.parametrize(
    "ask", [lambda grain: grain.expected(0), lambda grain: grain.definition, pickle.dumps]
)
def test_another_thread_goes_on_while_agents_run_to_know_their_answers(
    ask: Callable[[Workload], object],
) -> None:
    grain = Workload("grain", agents=1, iterations=ITERATIONS)
    assert goes_on_during(lambda: ask(grain))
