"""Real processes to test with: the driver, a scheduler, workers, and agents that wait to be let through."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import centurion_agents
from centurion_agents import Workload
from centurion_agents.driver.wire import PROTOCOL

Message = dict[str, Any]

PATIENCE = 60
"""Seconds after which something hangs: no test waits for time to pass, each waits for an event."""

ENDS = {"hello", "started", "sampled", "finished", "stopped", "error"}
"""Events that end a request."""


LOGS = {"DASK_LOGGING__DISTRIBUTED": "info"}

PRIVATE = ("--dashboard-address", "127.0.0.1:0")
"""What Dask serves browsers, even without a dashboard, it serves on every interface unless told otherwise."""


@dataclass(frozen=True)
class Host:
    """Where a process runs: an address there, and the command that runs others there."""

    address: str
    enter: tuple[str, ...] = ()


LOOPBACK = Host("127.0.0.1")


class Process:
    """A process whose lines are read as they come, and which is gone when the test is."""

    def __init__(
        self, *command: str, reads: str, complains_to: str | None = None, **environment: str
    ) -> None:
        with Path(complains_to or os.devnull).open("w") as complaints:
            own_errors = complaints if complains_to else None
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if reads == "stdout" else subprocess.DEVNULL,
                stderr=subprocess.PIPE if reads == "stderr" else own_errors,
                env={**os.environ, **environment},
                text=True,
                start_new_session=True,
            )
        self.pid = self._process.pid
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, args=(getattr(self._process, reads),))
        self._reader.start()

    def _read(self, stream: Iterator[str]) -> None:
        for line in stream:
            self._lines.put(line)
        self._lines.put(None)

    def line(self) -> str | None:
        """Return the next line, or `None` when there are no more."""
        return self._lines.get(timeout=PATIENCE)

    def find(self, pattern: str) -> str:
        """Read on to a line that matches; return its first group."""
        seen = []
        while (line := self.line()) is not None:
            seen.append(line)
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"{pattern!r} is not in\n{''.join(seen)}")

    def write(self, line: str) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(line + "\n")
        stdin.flush()

    def close_stdin(self) -> None:
        with suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def ended(self) -> int:
        """Wait for its end; return the exit code."""
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill it and all it started, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        self.close_stdin()
        self._reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


class Driver(Process):
    """The driver, spoken with as the program does.

    It starts while others do: its greeting is heard when it is needed.
    """

    def __init__(
        self,
        *,
        greet: bool = True,
        on: Host = LOOPBACK,
        complains_to: str | None = None,
        **environment: str,
    ) -> None:
        driver = [*on.enter, sys.executable, "-m", "centurion_agents.driver"]
        super().__init__(*driver, reads="stdout", complains_to=complains_to, **environment)
        self._greeting = self._spoilt = False
        self._open = 0
        self._executors: set[int] = set()
        if greet:
            version, build = centurion_agents.__version__, centurion_agents.BUILD
            self.say("hello", version=version, build=build, protocol=PROTOCOL)
            self._greeting = True

    def write(self, line: str) -> None:
        if self._greeting:
            self._greeting = False
            assert self.end()["event"] == "hello"
        self._open += 1
        super().write(line)

    def close_stdin(self) -> None:
        self._spoilt = True
        super().close_stdin()

    def say(self, do: str, **fields: object) -> None:
        self._spoilt |= do == "cancel"
        if do == "stop":
            self._executors.discard(fields["executor"])
        self.write(json.dumps({"do": do, **fields}))

    def rested(self) -> bool:
        """Stop what was started; whether it serves another test: all is answered, nothing cancelled."""
        if self._spoilt or self._open or self._process.poll() is not None:
            return False
        return all(
            self.ask("stop", executor=executor)["event"] == "stopped" for executor in [*self._executors]
        )

    def hear(self) -> Message:
        """Return the next event."""
        line = self.line()
        assert line is not None, "the driver has ended"
        event: Message = json.loads(line)
        return event

    def ask(self, do: str, **fields: object) -> Message:
        """Say something and return the event that ends it, with all that came before it."""
        self.say(do, **fields)
        return self.end()

    def end(self) -> Message:
        """Hear on to the event that ends the request; outcomes and notes before it are its own."""
        end: Message = {"outcomes": [], "notes": []}
        while True:
            event = self.hear()
            end["outcomes"] += event.get("outcomes", [])
            end["notes"] += [event["text"]] if event["event"] == "note" else []
            if event["event"] in ENDS:
                self._open -= 1
                if event["event"] == "started":
                    self._executors.add(event["executor"])
                return end | event

    def hear_note(self, pattern: str) -> list[Message]:
        """Hear on to a note that matches; return the outcomes before it."""
        outcomes: list[Message] = []
        while True:
            event = self.hear()
            assert event["event"] not in ENDS, event
            outcomes += event.get("outcomes", [])
            if re.search(pattern, event.get("text", "")):
                return outcomes

    def start(self, scheduler: str, workers: int = 2, **fields: object) -> int:
        started = self.ask("start", scheduler=scheduler, workers=workers, **fields)
        assert started["event"] == "started", started
        number: int = started["executor"]
        return number


@dataclass
class Cluster:
    """A cluster on loopback, and the driver that started it."""

    driver: Driver
    executor: int

    def run(self, **what: object) -> Message:
        """Run agents on it."""
        return self.driver.ask("run", executor=self.executor, **what)


class Scheduler(Process):
    """`dask scheduler` as docs/clusters.md starts it: only its host and those connected with it reach it."""

    def __init__(self, *flags: str, on: Host = LOOPBACK, **environment: str) -> None:
        dask = [*on.enter, sys.executable, "-m", "dask", "scheduler", "--host", on.address, "--port", "0"]
        super().__init__(*dask, *PRIVATE, *flags, reads="stderr", **LOGS, **environment)

    @cached_property
    def address(self) -> str:
        """Where it is reached, once it is: it starts while others do."""
        return self.find(r"Scheduler at: +(\S+)")


class Worker(Process):
    """`dask worker` with one thread."""

    def __init__(
        self,
        scheduler: str,
        *flags: str,
        dask: tuple[str, ...] = (sys.executable, "-m", "dask"),
        on: Host = LOOPBACK,
        **environment: str,
    ) -> None:
        worker = [*on.enter, *dask, "worker", scheduler, "--host", on.address, "--nthreads", "1"]
        super().__init__(*worker, *PRIVATE, "--no-nanny", *flags, reads="stderr", **LOGS, **environment)

    def registered(self) -> Worker:
        """Wait until the scheduler knows it: several start at once."""
        self.find(r"Registered to: +(\S+)")
        return self


class Gate:
    """Agents that say when they have begun, and wait until they are let through.

    Both are named pipes: nobody polls.
    """

    SCRIPT = 'echo "$CENTURION_AGENT $$ $PPID" >{0}/begun; read _ <{0}/gate; echo "through $CENTURION_AGENT"'

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.command = ["sh", "-c", self.SCRIPT.format(folder)]
        self._fifos = {name: self._fifo(name) for name in ("begun", "gate")}
        self._begun = Process("cat", str(folder / "begun"), reads="stdout")

    def _fifo(self, name: str) -> int:
        os.mkfifo(self._folder / name)
        # Open both ways, it neither blocks nor ends while nobody else has it open.
        return os.open(self._folder / name, os.O_RDWR)

    def begun(self) -> tuple[int, int, int]:
        """Wait for an agent to begin; return it, its process and its worker's."""
        agent, process, worker = (self._begun.line() or "").split()
        return int(agent), int(process), int(worker)

    def open(self) -> None:
        """Let all agents through, those that wait and those that come."""
        (self._folder / "open").touch()
        (self._folder / "open").replace(self._folder / "gate")
        os.close(self._fifos.pop("gate"))

    def close(self) -> None:
        self._begun.kill()
        for fifo in self._fifos.values():
            os.close(fifo)


def described(family: str, **parameters: object) -> Message:
    """Describe a workload as the program does."""
    workload = Workload(family, **parameters)  # type: ignore[call-overload]
    described = {"name": workload.name, "described": workload.parameters}
    return {"family": family, "parameters": parameters, **described}


def agents(outcomes: list[Message]) -> list[int]:
    return [outcome["agent"] for outcome in outcomes]


def answers(outcomes: list[Message]) -> list[object]:
    return [outcome.get("answer") for outcome in outcomes]
