"""How many agents go to a worker together."""

import pytest

from centurion_agents.driver.batch import batch_size

MS = 1_000_000


@pytest.mark.parametrize(
    ("mean_ns", "agents", "threads", "size"),
    [
        (None, 10_000, 2, 1),  # nothing is known yet
        (100, 10_000, 2, 1_000),  # empty agents: as many as may be
        (10 * MS, 100, 2, 2),  # a few threads are kept busy by short batches
        (1000 * MS, 100, 100, 1),  # long agents go alone
        (10 * MS, 100_000, 100, 10),  # a hundred threads take a batch of 100 ms each
        (10 * MS, 4_000, 1_000, 20),  # with forty seconds of work, 200 batches of 200 ms are soonest done
        (10 * MS, 10, 100, 2),  # towards the end they are short again
        (0, 10_000, 2, 1_000),
    ],
)
def test_a_batch_suits_the_work_that_is_left(mean_ns: float, agents: int, threads: int, size: int) -> None:
    assert batch_size(mean_ns, agents, threads) == size
