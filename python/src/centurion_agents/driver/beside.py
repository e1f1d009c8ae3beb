"""What goes on beside a run: tasks, and futures that they watch."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import TypeVar

from distributed import Client, Future, wait
from distributed.client import FutureCancelledError, FuturesCancelledError

WITHDRAWN = (FutureCancelledError, FuturesCancelledError)
"""What futures say that were cancelled, on purpose or with their scheduler; not what tasks of ours say."""


class Beside:
    """The tasks beside a run, of which none fails unheard."""

    def __init__(self, client: Client, fail: Callable[[BaseException], None]) -> None:
        """Begin with none. What one fails with is handed to `fail`, for who waits would wait for ever."""
        self._client, self._fail = client, fail
        self._tasks: set[asyncio.Task[None]] = set()
        self._watched: dict[str, Future[bytes]] = {}
        self._over: asyncio.Queue[str] = asyncio.Queue()

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the rest, until it ends."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def watch(self, key: str, future: Future[bytes]) -> None:
        """Have `results` hand out what comes of a future."""
        self._watched[key] = future
        self.start(self._watch(key, future))

    async def _watch(self, key: str, future: Future[bytes]) -> None:
        """Wait until a future is over, in whatever way."""
        with self._client.as_current(), contextlib.suppress(*WITHDRAWN):
            await wait(future)
        self._over.put_nowait(key)

    async def results(self) -> list[tuple[str, object]]:
        """Wait until futures are over, and fetch what came of them, as many at a time as there are."""
        keys = await everything(self._over)
        futures = [self._watched.pop(key) for key in keys]
        try:
            results: list[object] = [*await self._client.gather(futures)]
        except (Exception, *WITHDRAWN):  # noqa: BLE001 - of one of them, which is found out by itself
            results = [await result_of(future) for future in futures]
        return list(zip(keys, results, strict=True))

    def end(self) -> None:
        """End what still goes on."""
        for task in self._tasks:
            task.cancel()


T = TypeVar("T")


async def everything(queue: asyncio.Queue[T]) -> list[T]:
    """Wait until a queue has something, and take all it has."""
    items = [await queue.get()]
    while not queue.empty():
        items.append(queue.get_nowait())
    return items


async def result_of(future: Future[bytes]) -> object:
    """Return the result of a batch, or what it raised."""
    try:
        return await future
    except (Exception, *WITHDRAWN) as error:  # noqa: BLE001 - whatever it is, it is told
        return error
