"""Attempts at agents that are commands: asked for one by one, made on a cluster, told as they end."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
from typing import TYPE_CHECKING, Any

from distributed import Future, wait
from distributed.scheduler import KilledWorker

from centurion_agents.driver.beside import Beside, everything
from centurion_agents.driver.run import UNTIL_CANCELLED
from centurion_agents.driver.wire import Message, Refused, Wire

if TYPE_CHECKING:  # which imports this module
    from centurion_agents.driver.cluster import Cluster

UNTIL_KILLED = 1
"""Seconds that attempts are given to tell that they were killed, before they are told of as gone."""


class Attempts:
    """The attempts of one run on their way.

    Who asks decides how many are under way, what is tried again and when it is enough. How an attempt ended
    is told by the outpost that made it, which is the program's own code. Only when a worker is lost does the
    cluster itself try again, elsewhere, as often as its scheduler allows.
    """

    def __init__(self, cluster: Cluster, wire: Wire, order: str) -> None:
        """Be ready to be asked for attempts that follow an order."""
        self._cluster, self._client, self._wire, self._order = cluster, cluster.client, wire, order
        self._asked: asyncio.Queue[Message | BaseException | None] = asyncio.Queue()
        self._flying: dict[str, tuple[int, Future[bytes]]] = {}
        self._losses: dict[str, int] = {}
        self._beside = Beside(cluster.client, self._asked.put_nowait)
        self._keys = 0

    async def execute(self) -> Message:
        """Make attempts until there are to be no more."""
        ready = await self._client.run(self._cluster.shipped.outpost, self._cluster.plugin, self._order)
        for worker, problem in ready.items():
            if problem is not None:
                raise Refused(f"failed to {problem} (on the worker {worker})")
        self._client.subscribe_topic("all", self._heard)
        self._beside.start(self._fetch())
        self._wire.send("ready")
        try:
            while await self._step():
                pass
        finally:
            await self._clear()
        return {}

    def ask(self, request: Message | None) -> None:
        """Take in what is asked for meanwhile; with `None`, look whether all is cancelled."""
        self._asked.put_nowait(request)

    async def _step(self) -> bool:
        """Follow what is asked for next; whether there is more to come."""
        requests = await everything(self._asked)
        for error in requests:
            if isinstance(error, BaseException):
                raise error
        if self._cluster.cancelled.is_set():
            return False
        if self._client.status != "running":
            raise Refused(f"failed to run agents: {self._cluster.lost()}; start it and try again")
        asked = [request for request in requests if isinstance(request, dict)]
        if limits := [request["limit"] for request in asked if request["do"] == "limit"]:
            self._beside.start(self._on_workers(self._cluster.shipped.change_limit, limits[-1]))
        if attempts := [request for request in asked if request["do"] == "attempt"]:
            self._send(attempts)
        if any(request["do"] == "kill" for request in asked):
            self._beside.start(self._kill())
        return all(request["do"] != "close" for request in asked)

    def _send(self, attempts: list[Message]) -> None:
        keys = [f"{self._cluster.plugin}-attempt-{self._keys + number}" for number in range(len(attempts))]
        self._keys += len(keys)
        futures = self._client.map(
            self._cluster.shipped.run_attempt,
            [(request["number"], request["line"], request["limit"]) for request in attempts],
            plugin=self._cluster.plugin,
            order=self._order,
            key=keys,
            pure=False,
        )
        for key, request, future in zip(keys, attempts, futures, strict=True):
            self._flying[key] = (request["attempt"], future)
            self._beside.watch(key, future)

    async def _fetch(self) -> None:
        """Fetch what became of the attempts that are over, as many at a time as there are."""
        while True:
            for key, result in await self._beside.results():
                self._tell(key, result)

    def _tell(self, key: str, result: object) -> None:
        """Tell what became of an attempt."""
        if getattr(result, "reason", None) == "scheduler-connection-lost":
            self.ask(None)
            return
        attempt, future = self._flying.pop(key)
        future.release()
        lost = self._losses.pop(key, 0)
        if isinstance(result, bytes):
            self._wire.send("attempted", attempt=attempt, lost=lost, outcome=pickle.loads(result))  # noqa: S301 - our own code's
        elif isinstance(result, KilledWorker):
            self._wire.send("attempted", attempt=attempt, lost=max(lost, result.allowed_failures + 1))
        else:
            reason = f"{type(result).__name__}: {result}"
            self._wire.send("attempted", attempt=attempt, lost=lost, reason=reason)

    async def _on_workers(self, function: Any, *arguments: object) -> None:  # noqa: ANN401 - one that is shipped
        """Have every worker's outpost do something, now; one that does not answer is not waited for."""
        done = self._client.run(
            function, self._cluster.plugin, self._order, *arguments, on_error="ignore", nanny=False
        )
        with contextlib.suppress(asyncio.TimeoutError, OSError):
            await asyncio.wait_for(done, UNTIL_CANCELLED)

    async def _kill(self) -> None:
        """Kill what is under way; what no worker tells of is gone."""
        killed = asyncio.ensure_future(self._on_workers(self._cluster.shipped.stop))
        await asyncio.wait([killed], timeout=UNTIL_KILLED)
        with self._client.as_current():
            over = [asyncio.ensure_future(wait(future)) for _, future in self._flying.values()]
        if over:
            _, waiting = await asyncio.wait(over, timeout=UNTIL_KILLED)
            for task in waiting:
                task.cancel()
        for attempt, _ in list(self._flying.values()):
            self._wire.send("attempted", attempt=attempt, lost=0, reason="it was killed")

    async def _heard(self, event: tuple[float, Message]) -> None:
        """Hear from the scheduler that a worker came or left."""
        _, message = event
        worker, action = message.get("worker"), message.get("action")
        if action == "add-worker":
            self._wire.send("note", text=f"the worker {worker} has come")
        elif action == "remove-worker":
            lost = {*message["processing-tasks"], *message["lost-computed-tasks"]} & self._flying.keys()
            for key in lost:
                self._losses[key] = self._losses.get(key, 0) + 1
            agents = f"{len(lost)} agent{'s' * (len(lost) != 1)}"
            text = f"the worker {worker} is lost with {agents} under way, tried again elsewhere"
            self._wire.send("note", text=text)

    async def _clear(self) -> None:
        """Take back what is still on the cluster."""
        self._client.unsubscribe_topic("all")
        self._beside.end()
        if self._flying and self._client.status == "running":
            await self._on_workers(self._cluster.shipped.stop)
            futures = [future for _, future in self._flying.values()]
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._client.cancel(futures, force=True), UNTIL_CANCELLED)
        self._flying.clear()
