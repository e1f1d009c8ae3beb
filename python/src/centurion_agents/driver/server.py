"""Follows requests one after another."""

from __future__ import annotations

import contextlib
import os
import platform
import threading
import traceback
from collections.abc import Callable
from importlib import metadata
from types import ModuleType

import psutil  # type: ignore[import-untyped]

import centurion_agents
from centurion_agents import Workload
from centurion_agents.driver import cluster, schedulers
from centurion_agents.driver.cluster import Cluster
from centurion_agents.driver.schedulers import Peer
from centurion_agents.driver.wire import PROTOCOL, Message, Refused, Wire

REFUSALS = (OSError, MemoryError, RuntimeError)
"""How the system, or a library for it, says no to files, threads, processes or memory."""


class Server:
    """What has been started, and whose requests it follows."""

    def __init__(self, wire: Wire, shipped: ModuleType, import_ns: int) -> None:
        """Begin with nothing started; `shipped` is the module with what is sent to workers."""
        self._wire, self._shipped, self._import_ns = wire, shipped, import_ns
        self._executors: dict[int, Peer | Cluster] = {}
        self._cancelled = threading.Event()
        self._sampling = False

    def serve(self) -> None:
        """Follow requests until there are no more, then stop all that was started."""
        attempts = dict.fromkeys(("attempt", "limit", "kill", "close"), self._ask)
        self._wire.listen({"cancel": lambda _: self._cancel(), **attempts}, self._end)
        while (request := self._wire.request()) is not None:
            event, fields = self._answer(request)
            self._wire.send(event, **fields)
        for executor in self._executors.values():
            executor.close()

    def _answer(self, request: Message) -> tuple[str, Message]:
        try:
            return self._follow(request)
        except Refused as refused:
            return "error", {"reason": str(refused)}
        except Exception as error:  # noqa: BLE001 - the program must hear of it, whatever it is
            if not isinstance(error, REFUSALS):
                traceback.print_exc()
            return "error", {"reason": f"failed to {request.get('do')}: {type(error).__name__}: {error}"}

    def _follow(self, request: Message) -> tuple[str, Message]:
        match request.get("do"):
            case "hello":
                return "hello", self._hello(request)
            case "start":
                return "started", self._start(request)
            case "sample":
                return "sampled", self._sample(request)
            case "run":
                return "finished", self._run(request)
            case "attempts":
                return "closed", self._attempts(request)
            case "stop":
                self._executors.pop(request["executor"]).close()
                return "stopped", {}
            case other:
                raise Refused(
                    f"failed to {other}: there are hello, start, sample, run, attempts, cancel, stop"
                )

    def _hello(self, request: Message) -> Message:
        """Shake hands, or refuse another build than the program's."""
        version, build = centurion_agents.__version__, centurion_agents.BUILD
        ours: Message = {"version": version, "build": build, "protocol": PROTOCOL}
        theirs = {name: request.get(name) for name in ours}
        if theirs != ours:

            def named(it: Message) -> str:
                return f"{it['version']}, build {it['build']}, protocol {it['protocol']}"

            raise Refused(
                f"failed to shake hands: the program is centurion {named(theirs)}; Python has "
                f"centurion_agents {named(ours)}; build both from the same sources: run `just python`"
            )
        return ours | {
            "python": platform.python_version(),
            "dask": metadata.version("dask"),
            "distributed": metadata.version("distributed"),
            "import_ns": self._import_ns,
        }

    def _start(self, request: Message) -> Message:
        with contextlib.suppress(AttributeError):  # where CPUs can't be chosen, there are none in the request
            if cpus := request.get("cpus"):
                os.sched_setaffinity(0, cpus)
        try:
            executor, started = self._started(request)
        except REFUSALS as error:
            tip = "if the system refuses processes, threads or files, try fewer workers"
            if "://" in request["scheduler"]:  # it runs elsewhere, or did
                tip = "is it running?"
            raise Refused(
                f"failed to start {request['scheduler']}: {type(error).__name__}: {error}; {tip}"
            ) from error
        number = max(self._executors, default=-1) + 1
        self._executors[number] = executor
        return {"executor": number, **started}

    def _started(self, request: Message) -> tuple[Peer | Cluster, Message]:
        if request["scheduler"] == "local" or "://" in request["scheduler"]:
            return cluster.connect(request, self._shipped, self._cancelled)
        return schedulers.start(request["scheduler"], request["workers"])

    def _sample(self, request: Message) -> Message:
        peer = self._executors[request["executor"]]
        if isinstance(peer, Cluster):
            raise Refused("failed to sample a cluster: what is sent to one is run, not sampled")
        workload = made(request["workload"])
        self._sampling = True
        try:
            return peer.sample(workload, request["executions"])
        finally:
            self._sampling = False

    def _run(self, request: Message) -> Message:
        on = self._executors[request["executor"]]
        if not isinstance(on, Cluster):
            raise Refused("failed to run: agents are sent to clusters; others are sampled")
        batch = request.get("batch")
        if "command" in request:
            agents = request.get("needs") or request["agents"]
            return on.run(self._wire, {"command": request["command"]}, agents, batch)
        workload = made(request["workload"])
        needs = [workload.inputs(agent) for agent in range(workload.agents)]
        return on.run(self._wire, request["workload"], needs if any(needs) else workload.agents, batch)

    def _attempts(self, request: Message) -> Message:
        on = self._executors[request["executor"]]
        if not isinstance(on, Cluster):
            raise Refused("failed to make attempts: commands are sent to clusters")
        return on.attempts(self._wire, request["order"])

    def _ask(self, request: Message) -> None:
        """Hand something on that is asked for while attempts are made."""
        for executor in list(self._executors.values()):
            if isinstance(executor, Cluster):
                executor.ask(request)

    def _cancel(self) -> None:
        self._cancelled.set()
        for executor in list(self._executors.values()):
            if isinstance(executor, Cluster):
                executor.cancel()

    def _end(self) -> None:
        """End without the program: what it waited for need not be finished."""
        self._cancel()
        if self._sampling:
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
            os._exit(1)


def made(message: Message) -> Workload:
    """Make a workload and make sure that it is the program's.

    Both were built from the same sources, so that its name and parameters tell; the answers, which would tell
    too, may take long to compute.
    """
    make: Callable[..., Workload] = Workload
    try:
        workload = make(message["family"], **message["parameters"])
    except (TypeError, ValueError) as error:
        raise Refused(str(error)) from error
    ours = {"name": workload.name, "described": workload.parameters}
    theirs = {name: message[name] for name in ours}
    if ours != theirs:
        raise Refused(f"failed to make the program's workload {theirs}: in Python it is {ours}")
    return workload
