"""The line to the program that started the driver: JSON objects, one a line."""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Callable
from typing import Any

PROTOCOL = 3
"""Raised with every change of requests or events."""

Message = dict[str, Any]


class Refused(Exception):  # noqa: N818 - it is an answer, not an accident
    """A request that can't be followed, with the reason: what failed and what to do next."""


class Wire:
    """Requests in, events out.

    The line runs over duplicates of the standard descriptors, which then point elsewhere: what an agent or a
    library prints goes to standard error and can't be taken for an event.
    """

    def __init__(self) -> None:
        """Take the standard descriptors."""
        self._requests = os.fdopen(os.dup(0), encoding="utf-8")
        self._events = os.fdopen(os.dup(1), "w", encoding="utf-8")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        self._waiting: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._writing = threading.Lock()

    def listen(self, aside: dict[str, Callable[[Message], None]], on_end: Callable[[], None]) -> None:
        """Read requests from now on, in a thread: those `aside` are followed during another one."""
        threading.Thread(target=self._read, args=(aside, on_end), daemon=True).start()

    def _read(self, aside: dict[str, Callable[[Message], None]], on_end: Callable[[], None]) -> None:
        for line in self._requests:
            try:
                request = json.loads(line)
            except ValueError:
                self.send("error", reason=f"failed to read a request: it is not JSON: {line[:80]!r}")
                continue
            if (follow := aside.get(request.get("do"))) is not None:
                follow(request)
            else:
                self._waiting.put(request)
        self._waiting.put(None)
        on_end()

    def request(self) -> Message | None:
        """Wait for the next request, `None` when there will be no more."""
        return self._waiting.get()

    def send(self, event: str, **fields: object) -> None:
        """Send an event; one that nobody can read any more is dropped."""
        line = json.dumps({"event": event, **fields}, ensure_ascii=False, separators=(",", ":"))
        try:
            with self._writing:
                self._events.write(line + "\n")
                self._events.flush()
        except (BrokenPipeError, ValueError):
            pass
