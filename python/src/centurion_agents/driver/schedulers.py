"""The schedulers of Python and Dask on this machine, started once and handed bags of agents."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field

import dask.config
import dask.multiprocessing
import psutil  # type: ignore[import-untyped]
from dask.base import compute
from dask.delayed import delayed
from distributed import Client, LocalCluster

from centurion_agents import Workload
from centurion_agents.driver.wire import Message, Refused

Bag = Callable[[], Sequence[int]]
"""A function for every number below a bound: runs when called, and returns what it gave, in order."""

Prepare = Callable[[Callable[[int], int], int], Bag]
"""Makes a bag of a function and a number of tasks. A bag is run once."""


@dataclass
class Peer:
    """A scheduler that has been started."""

    prepare: Prepare
    close: Callable[[], object]
    workers: int
    known: set[str] = field(default_factory=set)
    """Workloads it has run."""

    def first_call(self) -> int:
        """Have every worker do something; the nanoseconds it took."""
        return timed(self.prepare(abs, 2 * self.workers))[0]

    def sample(self, workload: Workload, executions: int) -> Message:
        """Run the bag so many times, and say how long it took and what the answers of each agent add up to.

        Making the bags is outside the time, as is what only the first run of a workload has to do.
        """
        first = None
        if repr(workload) not in self.known:
            first, _ = timed(self.prepare(workload.run, workload.agents))
            self.known.add(repr(workload))
        bags = [self.prepare(workload.run, workload.agents) for _ in range(executions)]
        cpu, begin = cpu_ns(), time.perf_counter_ns()
        answers = [bag() for bag in bags]
        wall = time.perf_counter_ns() - begin
        return {
            "wall_ns": wall,
            "cpu_ns": max(0, cpu_ns() - cpu),
            "first_call_ns": first,
            "executions": sum(len(execution) for execution in answers),
            "sums": [sum(of_agent) % 2**64 for of_agent in zip(*answers, strict=True)],
            "memory_bytes": sum(process.memory_info().rss for process in processes()),
        }


def timed(bag: Bag) -> tuple[int, Sequence[int]]:
    """Run a bag; the nanoseconds it took, and what it gave."""
    begin = time.perf_counter_ns()
    answers = bag()
    return time.perf_counter_ns() - begin, answers


def processes() -> list[psutil.Process]:
    """List the driver's process and all below it."""
    driver = psutil.Process()
    return [driver, *driver.children(recursive=True)]


def cpu_ns() -> int:
    """CPU time that these processes have used so far, in steps of about 10 ms."""
    times = [process.cpu_times() for process in processes()]
    return int(sum(used.user + used.system for used in times) * 1e9)


def dask_threads(workers: int) -> Peer:
    """Dask's threaded scheduler on a pool that lasts."""
    pool = ThreadPoolExecutor(workers)
    return Peer(dask_bags(scheduler="threads", pool=pool), pool.shutdown, workers)


def dask_processes(workers: int) -> Peer:
    """Dask's multiprocessing scheduler on a pool that lasts, made as Dask makes its own."""
    pool = ProcessPoolExecutor(
        workers,
        mp_context=dask.multiprocessing.get_context(),
        initializer=dask.multiprocessing.initialize_worker_process,
    )
    return Peer(dask_bags(scheduler="processes", pool=pool), pool.shutdown, workers)


def dask_distributed(workers: int) -> Peer:
    """Dask's distributed scheduler with worker processes, all on loopback.

    Between samples all of it is stopped, for however long: workers that were not heard of are not lost.
    """
    with dask.config.set({"distributed.scheduler.worker-ttl": None}):
        cluster = local_cluster(workers)
    client = Client(cluster, set_as_default=False)

    def close() -> None:
        client.close()
        cluster.close()

    return Peer(dask_bags(scheduler=client), close, workers)


def python_threads(workers: int) -> Peer:
    """Python's own thread pool."""
    pool = ThreadPoolExecutor(workers)

    def prepare(function: Callable[[int], int], tasks: int) -> Bag:
        return lambda: list(pool.map(function, range(tasks)))

    return Peer(prepare, pool.shutdown, workers)


PEERS = {
    "dask-threads": dask_threads,
    "dask-processes": dask_processes,
    "dask-distributed": dask_distributed,
    "python-threads": python_threads,
}


def dask_bags(**scheduler: object) -> Prepare:
    """Bags as one writes them with Dask: a delayed call for each agent, and one `compute` for all."""

    def prepare(function: Callable[[int], int], tasks: int) -> Bag:
        call = delayed(function, pure=False)
        calls = [call(task) for task in range(tasks)]
        return lambda: compute(*calls, **scheduler)

    return prepare


def cpus() -> int:
    """Count the CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def local_cluster(workers: int) -> LocalCluster:
    """Start a cluster that nobody else can reach.

    Its threads, one for each worker asked for, are spread evenly over as many processes as there are CPUs,
    or over fewer where they don't divide.
    """
    # Dask gives up a worker that is away when this has passed since it went; its nanny always brings it back,
    # but a second death may have it away at just that moment, and the cluster would be left without it.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "365 days"})
    most = min(workers, cpus())
    number = max(count for count in range(1, most + 1) if workers % count == 0)
    return LocalCluster(
        n_workers=number,
        threads_per_worker=workers // number,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )


def start(name: str, workers: int) -> tuple[Peer, Message]:
    """Start a scheduler; how long that took, and its first call."""
    if name not in PEERS:
        there_are = ", ".join([*PEERS, "local", "tcp://HOST:PORT"])
        raise Refused(f"failed to find the scheduler {name!r}; there are {there_are}")
    begin = time.perf_counter_ns()
    peer = PEERS[name](workers)
    start_ns = time.perf_counter_ns() - begin
    return peer, {"start_ns": start_ns, "first_call_ns": peer.first_call(), "workers": workers}
