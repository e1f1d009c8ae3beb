"""Agents that go to a worker together."""

from __future__ import annotations

import math
from dataclasses import dataclass

COST_NS = 1_000_000
"""What a batch costs the scheduler, about; docs/clusters.md says what it was measured to be."""

SHORTEST_NS = 20_000_000
"""A batch is to take at least so long on its worker."""

MOST_AGENTS = 1_000
"""Agents of a batch at most."""


@dataclass
class Batch:
    """Agents that go to a worker together."""

    agents: range
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
