"""The prediction: what can't be is not predicted, and what is drawn is what is predicted."""

import subprocess
import sys

import pytest
from scaling import BATCH_NS, DRAWING, RESULT_NS, jobs, makespan

from centurion_agents.driver.batch import MOST_AGENTS


def test_an_agent_takes_what_it_costs_and_what_handing_over_costs() -> None:
    assert makespan([7], workers=3) == BATCH_NS + 7 + RESULT_NS
    assert makespan([], workers=3) == 0


@pytest.mark.parametrize("workers", [1, 10, 1_000])
def test_nothing_is_sooner_done_than_its_workers_or_its_longest_agent_allow(workers: int) -> None:
    for job in jobs()[:3]:
        done = makespan(job.costs, workers)
        assert done >= max(sum(job.costs) / workers, *job.costs)
        assert done >= len(job.costs) * RESULT_NS


def test_one_scheduler_hands_out_one_batch_after_another() -> None:
    agents = 100_000
    assert makespan([0] * agents, workers=10_000) >= agents / MOST_AGENTS * BATCH_NS
    long = [10**9] * 500
    assert makespan(long, workers=500) >= len(long) * BATCH_NS + long[0]


def test_the_drawing_in_the_docs_is_what_is_predicted() -> None:
    script = DRAWING.parents[1] / "python/examples/scaling.py"
    check = subprocess.run([sys.executable, script, "--check"], check=False, capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
