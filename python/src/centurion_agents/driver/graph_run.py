"""One run on a cluster of agents that need each other's answers: a graph of Dask out, outcomes in."""

from __future__ import annotations

import pickle
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from distributed.scheduler import KilledWorker

from centurion_agents.driver.batch import Batch
from centurion_agents.driver.ledger import Outcome
from centurion_agents.driver.run import Run
from centurion_agents.driver.wire import Message, Wire

if TYPE_CHECKING:  # which imports what imports this module
    from centurion_agents.driver.cluster import Cluster

Needs = list[list[int]]
"""Of each agent those whose answers it needs."""


class GraphRun(Run):
    """The agents of a graph on their way.

    All of them are sent at once, as a graph of Dask whose tasks are batches of agents that don't need each
    other. Answers go from worker to worker; what is fetched is only told. An agent that fails is an outcome
    too, so that Dask goes on, and those that need it are told that it has no answer.

    Who is to blame for deaths of workers is found out as in other runs, when nothing else is on the cluster.
    What needs such an agent is sent afterwards, with the answers that are known by then.
    """

    def __init__(self, cluster: Cluster, wire: Wire, work: Message, needs: Needs, batch: int | None) -> None:
        """Plan a run; a batch is a single agent unless `batch` is given."""
        super().__init__(cluster, wire, work, len(needs), batch or 1)
        self._needs, self._size = needs, batch or 1
        self._levels = levels(needs)
        self._by_themselves: set[int] = set()

    def _submit(self) -> None:
        """Send what is left when nothing is on the cluster: who is suspected alone, and then all others."""
        if self._flying:
            return
        ready = (agent for agent in self._suspects if self._is_ready(agent))
        if (suspect := next(ready, None)) is not None:
            self._suspects.remove(suspect)
            self._send([Batch([suspect], alone=True)])
        else:
            self._suspects.clear()
            self._send(self._batches())

    def _is_ready(self, agent: int) -> bool:
        return all(self._ledger.outcome(needed) is not None for needed in self._needs[agent])

    def _batches(self) -> list[Batch]:
        """Put agents that are left into batches: neighbours of one level, which never need each other."""
        batches: list[Batch] = []
        for level in self._levels:
            left = [agent for agent in level if self._ledger.outcome(agent) is None]
            together = [agent for agent in left if agent not in self._by_themselves]
            starts = range(0, len(together), self._size)
            batches += [Batch(together[start : start + self._size]) for start in starts]
            batches += [Batch([agent]) for agent in left if agent in self._by_themselves]
        return batches

    def _send(self, batches: list[Batch]) -> None:
        keys = self._new_keys(batches)
        place = {agent: key for key, batch in zip(keys, batches, strict=True) for agent in batch.agents}
        graph = {key: self._task(batch, place) for key, batch in zip(keys, batches, strict=True)}
        futures: Any = self._client.get(graph, keys, sync=False)
        self._sent(keys, batches, futures)

    def _task(self, batch: Batch, place: dict[int, str]) -> tuple[object, ...]:
        """Write a batch as a task of Dask, whose inputs are known or the results of other tasks."""
        needs = {agent: self._needs[agent] for agent in batch.agents}
        known: dict[int, int | str | None] = {}
        before: dict[str, None] = {}
        for agent in (agent for inputs in needs.values() for agent in inputs):
            if (outcome := self._ledger.outcome(agent)) is not None:
                known[agent] = outcome.answer
            else:
                before[place[agent]] = None
        # As bytes, for Dask walks through all else.
        given = pickle.dumps((needs, known, self._cluster.plugin, self._work))
        return (self._cluster.shipped.run_after, given, list(before))

    def _note(self, key: str, result: object) -> str | None:
        """Note what came of a batch; one that needs a batch that was given up is left for later."""
        if isinstance(result, KilledWorker) and result.task != key:
            _, future = self._flying.pop(key)
            future.release()
            return None
        over = super()._note(key, result)
        self._by_themselves.update(self._singles)
        self._singles.clear()
        return over

    def _settle(self, batch: Batch, agent: int, **outcome: Any) -> None:  # noqa: ANN401 - fields of Outcome
        """Note how an agent ended; one that took no time was not begun, for what it needs is missing."""
        if outcome.get("ns", 0) is None:
            self._ledger.settle(Outcome(agent, 0, reason=outcome["reason"]))
        else:
            super()._settle(batch, agent, **outcome)


def levels(needs: Needs) -> list[list[int]]:
    """Sort agents by the length of the longest chain before them."""
    level: dict[int, int] = {}
    sorted_levels: list[list[int]] = []
    for agent in TopologicalSorter(dict(enumerate(needs))).static_order():
        level[agent] = max((level[needed] + 1 for needed in needs[agent]), default=0)
        if level[agent] == len(sorted_levels):
            sorted_levels.append([])
        sorted_levels[level[agent]].append(agent)
    return [sorted(agents) for agents in sorted_levels]
