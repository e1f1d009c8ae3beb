"""The driver's entry, and what it sends to workers.

What is defined in `__main__` is pickled by value, so neither the scheduler nor the workers need this package;
what is imported would be looked up there. So all that runs elsewhere stands here, and imports inside what may
be missing.
"""

from __future__ import annotations

import time

BEGUN = time.perf_counter_ns()

# ruff: noqa: E402 - what follows takes about half a second, which is reported
import contextlib
import importlib
import json
import os
import pickle
import platform
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

# What befalls a cluster is told in events. Read when Dask is imported, in the processes of a cluster too.
os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")

from distributed import Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

Limit = tuple[int, "int | None"]
"""A number that grows with every change, and nanoseconds."""


class Failed(Exception):  # noqa: N818 - it is an outcome
    """An agent that failed, and why."""


class Agents(WorkerPlugin):
    """Runs agents on a worker, whether it has the module or not, and stops them when it is removed there."""

    def __init__(self, build: str, files: dict[str, bytes]) -> None:
        """Take along the files of the module, by their paths."""
        self.build = build
        self.files = files

    def setup(self, worker: Worker) -> None:
        """Find the module, or write it into the worker's own folder."""
        self.stopped = threading.Event()
        self.commands: set[subprocess.Popen[bytes]] = set()
        self.workloads: dict[str, Any] = {}
        self.outposts: dict[str, Any] = {}
        self.outposts_lock = threading.Lock()
        self.found = self._look()
        if self._brings():
            self._bring(Path(worker.local_directory) / f"centurion-{self.build}")
            self.found = self._look()

    def teardown(self, worker: Worker) -> None:
        """Stop what runs here: commands now, other agents when the one under way has ended."""
        del worker
        self.stopped.set()
        for command in list(self.commands):
            self._kill(command)
        for outpost in self.outposts.values():
            outpost.close()

    def run(self, agents: Iterable[int], work: dict[str, Any]) -> bytes:
        """Run agents one by one; what each gave, as bytes, for Dask walks through lists item by item."""
        one = self._one(work)
        return pickle.dumps((get_worker().address, [self._timed(agent, one) for agent in agents]))

    def _timed(
        self, agent: int, one: Callable[[int], int | str]
    ) -> tuple[int, int | str | None, str | None, int]:
        """Run one agent: what it gave or why it gave nothing, and how long it took."""
        if self.stopped.is_set():
            raise RuntimeError("stopped")
        begin, answer, reason = time.perf_counter_ns(), None, None
        try:
            answer = one(agent)
        except Failed as failed:
            reason = str(failed)
        except BaseException as error:  # noqa: BLE001 - a panic is none of Exception
            reason = f"{type(error).__name__}: {error}"
        return agent, answer, reason, time.perf_counter_ns() - begin

    def run_after(
        self, needs: dict[int, list[int]], answers: dict[int, int | str | None], work: dict[str, Any]
    ) -> bytes:
        """Run agents with the answers that they need; `None` is that of an agent that has none."""
        one = self._one_after(work)

        def after(agent: int) -> tuple[int, int | str | None, str | None, int | None]:
            for needed in needs[agent]:
                if answers[needed] is None:
                    return agent, None, f"it needs the answer of agent {needed}, which has none", None
            return self._timed(agent, lambda agent: one(agent, [answers[it] for it in needs[agent]]))

        return pickle.dumps((get_worker().address, [after(agent) for agent in needs]))

    def outpost(self, order: str) -> Any:  # noqa: ANN401 - its module may come with this plugin
        """Return what makes attempts that follow an order."""
        with self.outposts_lock:
            if order not in self.outposts:
                self.outposts[order] = importlib.import_module("centurion_agents._agents").Outpost(order)
            return self.outposts[order]

    def _look(self) -> dict[str, Any]:
        here: dict[str, Any] = {"platform": f"{platform.system()} {platform.machine()}"}
        try:
            module = importlib.import_module("centurion_agents")
            here |= {"version": module.__version__, "build": module.BUILD, "protocol": module.PROTOCOL}
            here["path"] = module.__file__
        except (ImportError, AttributeError) as error:  # missing, or a folder of its name is in the way
            here["problem"] = f"{type(error).__name__}: {error}"
        return here

    def _brings(self) -> bool:
        """Whether the worker lacks the module, or was brought another build of it earlier."""
        path = Path(self.found.get("path") or ".")
        return "problem" in self.found or (
            self.found["build"] != self.build and path.parent.parent.name.startswith("centurion-")
        )

    def _bring(self, folder: Path) -> None:
        for name, content in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_name(f"{file.name}.{os.getpid()}")
            unfinished.write_bytes(content)
            unfinished.replace(file)
        for name in [name for name in sys.modules if name.partition(".")[0] == "centurion_agents"]:
            del sys.modules[name]
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()

    def _one(self, work: dict[str, Any]) -> Callable[[int], int | str]:
        """Find what runs one agent."""
        if "command" in work:
            return partial(self._command, work["command"])
        run: Callable[[int], int] = self._workload(work).run
        return run

    def _one_after(self, work: dict[str, Any]) -> Callable[[int, list[Any]], int | str]:
        """Find what runs one agent with the answers that it needs."""
        if "command" in work:
            return partial(self._command, work["command"])
        run: Callable[[int, list[int]], int] = self._workload(work).run_after
        return run

    def _workload(self, work: dict[str, Any]) -> Any:  # noqa: ANN401 - its module may come with this plugin
        """Make a workload, once."""
        if self.found.get("build") != self.build:
            found = self.found.get("problem") or f"build {self.found['build']} of the module"
            raise RuntimeError(f"this worker has {found}; the agents need build {self.build}")
        recipe = json.dumps(work, sort_keys=True)
        if recipe not in self.workloads:
            make = importlib.import_module("centurion_agents").Workload
            self.workloads[recipe] = make(work["family"], **work["parameters"])
        return self.workloads[recipe]

    def _command(self, command: list[str], agent: int, answers: list[str] | None = None) -> str:
        """Run a command for an agent; its answer is the last line that it prints."""
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complained:
            process = subprocess.Popen(  # noqa: S603 - running it is what is asked for
                command,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=complained,
                env={**os.environ, "CENTURION_AGENT": str(agent)},
                start_new_session=True,
            )
            self.commands.add(process)
            if self.stopped.is_set():
                self._kill(process)
            scenario = {"agent": agent} | ({} if answers is None else {"answers": answers})
            process.communicate(json.dumps(scenario).encode() + b"\n")
            self.commands.discard(process)
            if code := process.returncode:
                ended = f"{command[0]} ended with {f'exit code {code}' if code > 0 else f'signal {-code}'}"
                raise Failed(": ".join(filter(None, [ended, self._last_line(complained)])))
            return self._last_line(printed)

    @staticmethod
    def _last_line(file: BinaryIO) -> str:
        """Return the last line of a file, or as much of its end as 64 KiB."""
        file.seek(max(0, file.seek(0, os.SEEK_END) - (1 << 16)))
        lines = file.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        """Kill a command and what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def run_agents(agents: range, plugin: str, work: dict[str, Any]) -> bytes:
    """Run a batch of agents on the worker that this comes to."""
    here: Any = get_worker().plugins[plugin]
    results: bytes = here.run(agents, work)
    return results


def run_after(given: bytes, before: list[bytes]) -> bytes:
    """Run agents of a graph on the worker that this comes to, with the results of the tasks before it."""
    needs, answers, plugin, work = pickle.loads(given)  # noqa: S301 - our own code's
    for earlier in before:
        _, outcomes = pickle.loads(earlier)  # noqa: S301 - our own code's
        answers |= {agent: answer for agent, answer, *_ in outcomes}
    here: Any = get_worker().plugins[plugin]
    results: bytes = here.run_after(needs, answers, work)
    return results


def run_attempt(attempt: tuple[int, str, Limit], plugin: str, order: str) -> bytes:
    """Make one attempt on the worker that this comes to, under a limit; what became of it."""
    here: Any = get_worker().plugins[plugin]
    number, line, limit = attempt
    outpost = here.outpost(order)
    outpost.set_limit(*limit)
    return pickle.dumps(outpost.attempt(number, line))


def outpost(plugin: str, order: str, dask_worker: Worker) -> str | None:
    """Have the worker ready for attempts that follow an order; why it can't be, if it can't."""
    here: Any = dask_worker.plugins[plugin]
    try:
        here.outpost(order)
    except Exception as error:  # noqa: BLE001 - it is told where the run is
        return str(error)
    return None


def change_limit(plugin: str, order: str, limit: Limit, dask_worker: Worker) -> None:
    """Change the limit of the attempts under way."""
    here: Any = dask_worker.plugins[plugin]
    here.outpost(order).set_limit(*limit)


def stop(plugin: str, order: str, dask_worker: Worker) -> None:
    """Kill the attempts under way."""
    here: Any = dask_worker.plugins[plugin]
    here.outpost(order).stop()


def found(plugin: str, dask_worker: Worker) -> dict[str, Any]:
    """Tell which module the worker has."""
    here: Any = dask_worker.plugins[plugin]
    module: dict[str, Any] = here.found
    return module


if __name__ == "__main__":
    import logging

    from centurion_agents.driver.server import Server
    from centurion_agents.driver.wire import Wire

    # Whatever befalls is told in events and errors, not in a library's log with its traceback.
    logging.disable(logging.ERROR)
    Server(Wire(), sys.modules["__main__"], time.perf_counter_ns() - BEGUN).serve()
