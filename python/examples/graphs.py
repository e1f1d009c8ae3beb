"""What a task of a graph costs on a Dask cluster: Centurion's agents in batches, beside plain `dask.delayed`.

Starts a cluster on loopback with two workers, each a process, and runs two patterns of about a thousand
agents that do next to nothing: as `centurion run PATTERN --cluster` sends them, with 1, 10 and 100
agents in a task, and as a user of Dask writes them, a `dask.delayed` call for each agent. They take
turns, and every answer is checked. Prints a Markdown table of microseconds an agent, medians with their
ranges. Needs `just python`, and one to two minutes:

    python/.venv/bin/python python/examples/graphs.py
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from threading import Event

import dask
from distributed import Client

import centurion_agents.driver.__main__ as shipped
from centurion_agents import Workload
from centurion_agents.driver.cluster import Cluster
from centurion_agents.driver.schedulers import local_cluster
from centurion_agents.driver.wire import Message

PATTERNS = ("tree", "stencil")
BATCHES = (1, 10, 100)

SECONDS = 30
"""After so long a pattern is not repeated once more."""


class Outcomes:
    """Takes in what a run tells, in place of the line to the program."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.answers: list[object] = []

    def send(self, event: str, **fields: object) -> None:
        """Keep the answers of outcomes."""
        if event == "outcomes":
            outcomes: list[Message] = fields["outcomes"]  # type: ignore[assignment]
            self.answers += [outcome.get("answer") for outcome in outcomes]


def in_batches(cluster: Cluster, family: str, workload: Workload, batch: int) -> list[object]:
    """Run a pattern as `centurion run --cluster` does."""
    outcomes = Outcomes()
    needs = [workload.inputs(agent) for agent in range(workload.agents)]
    cluster.run(outcomes, {"family": family, "parameters": {"iterations": 1}}, needs, batch)  # type: ignore[arg-type]
    return outcomes.answers


def plain(client: Client, workload: Workload) -> list[object]:
    """Run a pattern as a user of Dask writes it: a delayed call for each agent."""
    run = dask.delayed(workload.run_after, pure=False)
    calls: dict[int, object] = {}
    for agent in range(workload.agents):  # of a pattern, each needs earlier ones only
        calls[agent] = run(agent, [calls[needed] for needed in workload.inputs(agent)])
    return list(client.gather(client.compute(list(calls.values()))))


def timed(run: Callable[[], list[object]], workload: Workload) -> float:
    """Run a pattern once; microseconds an agent. Refuse wrong answers."""
    begin = time.perf_counter()
    answers = run()
    seconds = time.perf_counter() - begin
    if answers != [workload.expected(agent) for agent in range(workload.agents)]:
        raise SystemExit(f"failed to run {workload.name}: an answer is wrong")
    return 1e6 * seconds / workload.agents


def row(name: str, samples: Sequence[Sequence[float]]) -> str:
    """Write what a pattern took as a row of the table."""
    cells = [f"{median(each):,.0f} ({min(each):,.0f} to {max(each):,.0f})" for each in samples]
    return f"| {name} | {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=5, help="of each at most (%(default)s)")
    options = parser.parse_args(arguments)
    with Client(local_cluster(2), set_as_default=False) as client:
        cluster = Cluster(client, shipped, Event())
        cluster.prepare()
        heads = [f"{batch} in a task" for batch in BATCHES]
        print(f"| µs an agent | {' | '.join(heads)} | `dask.delayed` |\n|---|{'--:|' * (len(heads) + 1)}")
        for family in PATTERNS:
            workload = Workload(family, iterations=1)  # type: ignore[call-overload]
            ways: list[Callable[[], list[object]]] = [
                partial(in_batches, cluster, family, workload, batch) for batch in BATCHES
            ]
            ways.append(partial(plain, client, workload))
            samples: list[list[float]] = [[] for _ in ways]
            end = time.monotonic() + SECONDS
            for _ in range(options.repetitions):
                for way, sample in zip(ways, samples, strict=True):
                    sample.append(timed(way, workload))
                if time.monotonic() > end:
                    break
            times = len(samples[0])
            print(row(f"`{family}`, {workload.agents:,} agents, each {times} ×", samples), flush=True)
        client.cluster.close()


if __name__ == "__main__":
    import cloudpickle  # type: ignore[import-untyped]

    cloudpickle.register_pickle_by_value(sys.modules[shipped.__name__])
    main()
