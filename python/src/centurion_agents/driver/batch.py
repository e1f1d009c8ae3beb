"""Agents that go to a worker together: how many, and how many such batches at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

COST_NS = 1_000_000
"""What a batch costs the scheduler, about; docs/clusters.md says what it was measured to be."""

SHORTEST_NS = 20_000_000
"""A batch is to take at least so long on its worker."""

MOST_AGENTS = 1_000
"""Agents of a batch at most."""

BATCHES_FOR_A_THREAD = 4
"""Batches on the cluster for each of its threads; the scheduler hands them out as threads become free."""

FEWEST_BATCHES = 16
"""Batches on the cluster however few threads it has: sent and fetched by the handful, each costs less."""


@dataclass
class Batch:
    """Agents that go to a worker together."""

    agents: Sequence[int]
    alone: bool = False
    """Whether nothing else of this run is on the cluster meanwhile."""
    lost: int = 0
    """Workers that left with it, before it was done or before its results were fetched."""


def batch_size(mean_ns: float | None, agents: int, threads: int) -> int:
    """Choose how many agents go in a batch, when so many are left that take so long each, if that is known.

    A scheduler keeps up with `threads` threads when a batch takes each of them `threads * COST_NS`. Where
    there is less work, the time to send all batches, `work / length * COST_NS`, and the time the last one
    takes are together least when the length is the root of `work * COST_NS`.
    """
    if mean_ns is None:
        return 1
    length = min(threads * COST_NS, math.sqrt(mean_ns * agents * COST_NS))
    return max(1, min(MOST_AGENTS, int(max(length, SHORTEST_NS) / max(mean_ns, 1))))


def batches_at_once(mean_ns: float | None, threads: int) -> int:
    """Choose how many batches the cluster is to have; it is filled up again when half of them are done."""
    return max(FEWEST_BATCHES, threads * (1 if mean_ns is None else BATCHES_FOR_A_THREAD))


def mean_after(mean_ns: float | None, latest_ns: float) -> float:
    """Take what an agent took in the latest batch into account: it tells more than those long before."""
    return latest_ns if mean_ns is None else (mean_ns + latest_ns) / 2
