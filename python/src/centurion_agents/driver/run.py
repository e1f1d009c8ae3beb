"""One run of agents on a cluster: batches out, outcomes in."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from distributed import Future
from distributed.scheduler import KilledWorker

from centurion_agents.driver.batch import Batch, batch_size, batches_at_once, mean_after
from centurion_agents.driver.beside import Beside, everything
from centurion_agents.driver.ledger import Ledger, Outcome
from centurion_agents.driver.wire import Message, Wire

if TYPE_CHECKING:  # which imports this module
    from centurion_agents.driver.cluster import Cluster

UNTIL_CANCELLED = 5
"""Seconds that a scheduler is given to confirm a cancellation."""

CANCELLED = "cancelled"
"""Why a run is over that was cancelled."""


class Run:
    """The agents of one run on their way.

    A worker's death takes all batches with it that were on that worker, and Dask tries them again elsewhere
    until it gives up. Who is to blame is found out in steps: the agents of a batch that was given up are sent
    again one by one, and those that are given up then once more, with nothing else on the cluster. An agent
    that is given up alone has failed.
    """

    def __init__(self, cluster: Cluster, wire: Wire, work: Message, agents: int, batch: int | None) -> None:
        """Plan a run; `batch` is the number of agents in each batch, chosen by their times if `None`."""
        self._cluster, self._client = cluster, cluster.client
        self._wire, self._work, self._agents, self._batch = wire, work, agents, batch
        self._ledger = Ledger(agents)
        self._fresh = 0
        self._singles: deque[int] = deque()
        self._suspects: deque[int] = deque()
        self._attempts: dict[int, int] = {}
        self._flying: dict[str, tuple[Batch, Future[bytes]]] = {}
        self._arrived: asyncio.Queue[tuple[str, object] | BaseException | None] = asyncio.Queue()
        self._beside = Beside(cluster.client, self._arrived.put_nowait)
        self._mean_ns: float | None = None
        self._keys = 0
        self._threads = 0
        self._workers: set[str] = set()

    async def execute(self) -> Message:
        """Run all agents, and return how long that took and how it ended."""
        if not self._lost():
            await self._count()
        if not self._workers and not self._lost():
            self._wire.send("note", text="the cluster has no worker yet; waiting for one")
        self._client.subscribe_topic("all", self._heard)
        self._beside.start(self._fetch())
        begin = time.perf_counter_ns()
        try:
            over = await self._to_the_end()
            wall = time.perf_counter_ns() - begin
        finally:
            await self._clear()
        return {"wall_ns": wall, "cancelled": over == CANCELLED, "workers": len(self._workers)}

    def wake(self) -> None:
        """Have the run look around: it may be cancelled, or there may be more workers."""
        self._arrived.put_nowait(None)

    async def _to_the_end(self) -> str | None:
        """Go on until every agent has ended; the reason why the rest did not, if there is a rest."""
        while self._ledger.finished < self._agents:
            if (over := await self._step()) is not None:
                if over != CANCELLED:
                    left = self._agents - self._ledger.finished
                    agents = f"{left} agent{'s' * (left != 1)}"
                    text = f"{over} with {agents} unfinished; start it and run them again"
                    self._wire.send("note", text=text)
                self._ledger.settle_rest(over, self._attempts_so_far())
                self._tell()
                return over
        return None

    async def _step(self) -> str | None:
        """Send what there is room for and note what comes next; the reason why the run is over, if it is."""
        if self._cluster.cancelled.is_set():
            return CANCELLED
        self._submit()
        if (over := self._lost()) is not None:
            return over
        for arrived in await everything(self._arrived):
            if isinstance(arrived, BaseException):
                raise arrived
            if arrived is not None and over is None:
                over = self._note(*arrived)
        self._tell()
        return over

    def _lost(self) -> str | None:
        """Tell that the scheduler is lost, if it is; what is sent to it from then on would wait for ever.

        Of what was sent before, each batch tells by itself when it comes to that.
        """
        return None if self._client.status == "running" else self._cluster.lost()

    def _submit(self) -> None:
        """Fill the cluster up again when half of what it is to have is done."""
        most = batches_at_once(self._mean_ns, self._threads)
        if len(self._flying) > most // 2:
            return
        batches: list[Batch] = []
        while len(self._flying) + len(batches) < most and (agents := self._take()):
            batches.append(Batch(agents))
        if not batches and not self._flying and self._suspects:
            agent = self._suspects.popleft()
            batches = [Batch(range(agent, agent + 1), alone=True)]
        if batches:
            self._send(batches)

    def _take(self) -> range:
        """Take the agents of the next batch, if there are any left."""
        if self._singles:
            agent = self._singles.popleft()
            return range(agent, agent + 1)
        left = self._agents - self._fresh
        size = self._batch or batch_size(self._mean_ns, left, self._threads)
        agents = range(self._fresh, min(self._fresh + size, self._agents))
        self._fresh = agents.stop
        return agents

    def _send(self, batches: list[Batch]) -> None:
        keys = self._new_keys(batches)
        futures = self._client.map(
            self._cluster.shipped.run_agents,
            [batch.agents for batch in batches],
            plugin=self._cluster.plugin,
            work=self._work,
            key=keys,
            pure=False,
        )
        self._sent(keys, batches, futures)

    def _new_keys(self, batches: list[Batch]) -> list[str]:
        """Name the tasks of batches."""
        keys = [f"{self._cluster.plugin}-{self._keys + number}" for number in range(len(batches))]
        self._keys += len(keys)
        return keys

    def _sent(self, keys: list[str], batches: list[Batch], futures: list[Future[bytes]]) -> None:
        """Note batches that are on the cluster now."""
        for key, batch, future in zip(keys, batches, futures, strict=True):
            self._flying[key] = (batch, future)
            self._beside.watch(key, future)

    async def _fetch(self) -> None:
        """Fetch what came of the batches that are done, as many at a time as there are."""
        while True:
            for arrived in await self._beside.results():
                self._arrived.put_nowait(arrived)

    def _note(self, key: str, result: object) -> str | None:
        """Note what came of a batch; the reason why the run is over, if it is."""
        if getattr(result, "reason", None) == "scheduler-connection-lost":
            return self._cluster.lost()
        batch, future = self._flying.pop(key)
        future.release()
        if isinstance(result, bytes):
            self._harvest(batch, result)
        elif isinstance(result, KilledWorker):
            self._given_up(batch, result)
        else:
            for agent in batch.agents:
                self._settle(batch, agent, reason=f"{type(result).__name__}: {result}")
        return None

    def _harvest(self, batch: Batch, result: bytes) -> None:
        """Note the outcomes of a batch that was run."""
        worker, results = pickle.loads(result)  # noqa: S301 - it comes from where our own code runs
        for agent, answer, reason, ns in results:
            self._settle(batch, agent, answer=answer, reason=reason, worker=worker, ns=ns)
        self._mean_ns = mean_after(self._mean_ns, sum(ns or 0 for *_, ns in results) / len(results))

    def _given_up(self, batch: Batch, error: KilledWorker) -> None:
        """Note a batch that Dask gave up after too many of its workers died."""
        deaths = max(batch.lost, error.allowed_failures + 1)
        for agent in batch.agents:
            attempts = self._attempts[agent] = self._attempts.get(agent, 0) + deaths
            if batch.alone:
                reason = f"its worker died in all {attempts} attempts, {deaths} of them with no other agent"
                self._ledger.settle(Outcome(agent, attempts, reason=reason))
            elif len(batch.agents) > 1:
                self._singles.append(agent)
            else:
                self._suspects.append(agent)

    def _settle(self, batch: Batch, agent: int, **outcome: Any) -> None:  # noqa: ANN401 - fields of Outcome
        attempts = self._attempts.get(agent, 0) + batch.lost + 1
        self._ledger.settle(Outcome(agent, attempts, **outcome))

    def _tell(self) -> None:
        """Send the outcomes that can be told, and how many agents are done."""
        outcomes = [outcome.message() for outcome in self._ledger.take()]
        self._wire.send("outcomes", finished=self._ledger.finished, outcomes=outcomes)

    def _attempts_so_far(self) -> dict[int, int]:
        """Count the attempts at the agents that are on the cluster, and at those that were."""
        attempts = dict(self._attempts)
        for batch, _ in self._flying.values():
            attempts |= {agent: attempts.get(agent, 0) + batch.lost + 1 for agent in batch.agents}
        return attempts

    async def _heard(self, event: tuple[float, Message]) -> None:
        """Hear from the scheduler that a worker came or left."""
        _, message = event
        worker, action = message.get("worker"), message.get("action")
        if action == "add-worker":
            self._wire.send("note", text=f"the worker {worker} has come")
            asyncio.ensure_future(self._count()).add_done_callback(lambda _: self.wake())
        elif action == "remove-worker":
            lost = {*message["processing-tasks"], *message["lost-computed-tasks"]} & self._flying.keys()
            for key in lost:
                self._flying[key][0].lost += 1
            self._workers.discard(str(worker))
            left = f"{len(self._workers)} left" if self._workers else "none is left; waiting for one"
            batches = f"{len(lost)} batch{'es' * (len(lost) != 1)}"
            self._wire.send("note", text=f"the worker {worker} is lost with {batches} of ours; {left}")

    async def _count(self) -> None:
        """Count workers and their threads."""
        with contextlib.suppress(OSError):
            threads = await self._client.nthreads()
            self._workers, self._threads = set(threads), sum(threads.values())

    async def _clear(self) -> None:
        """Take back what is still on the cluster."""
        self._client.unsubscribe_topic("all")
        self._beside.end()
        if self._cluster.cancelled.is_set() and self._client.status == "running":
            futures = [future for _, future in self._flying.values()]
            for withdrawal in (
                self._client.cancel(futures, force=True),
                self._client.unregister_worker_plugin(self._cluster.plugin),
            ):
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(withdrawal, UNTIL_CANCELLED)
        self._flying.clear()
