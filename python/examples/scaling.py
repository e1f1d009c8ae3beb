"""How far a cluster scales: runs of 10 to 10,000 workers in virtual time, a table of them and a drawing.

A prediction: no cluster is started and nothing is waited for. Agents go in batches as the driver sends them;
the scheduler is one process that hands out a batch after the other, and the driver another that takes their
results one by one. What that costs was measured on one machine (docs/clusters.md). Networks and lost workers
cost nothing here, and workers are as fast as each other.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from itertools import accumulate
from math import log10
from pathlib import Path
from random import Random

from centurion_agents import Workload
from centurion_agents.driver.batch import batch_size, batches_at_once, mean_after

BATCH_NS = 540_000
"""What a batch costs the scheduler."""

RESULT_NS = 4_000
"""What the result of an agent costs the driver."""

NODE_NS = 38
"""What a node of its game tree costs a deciding agent."""

WORKERS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]

DRAWING = Path(__file__).parents[2] / "docs/scaling.svg"


@dataclass(frozen=True)
class Job:
    """Agents by the time that each takes, in nanoseconds."""

    name: str
    costs: Sequence[int]

    def speedup(self, workers: int) -> float:
        """Predict how many times faster they are than one after another."""
        return sum(self.costs) / makespan(self.costs, workers)


def jobs() -> list[Job]:
    """List what is predicted."""
    deciding, sleeps = Workload("deciding"), Random(42)  # noqa: S311 - nothing is to be kept secret
    second = 1_000_000_000
    return [
        Job("100 deciding agents", [NODE_NS * (deciding.work(agent) or 0) for agent in range(100)]),
        Job("100 thinking agents", [int(sleeps.uniform(0.5, 1.5) * second) for _ in range(100)]),
        Job("a minute, 1 ms each", [second // 1_000] * 60_000),
        Job("an hour, 10 ms each", [second // 100] * 360_000),
        Job("a day, 1 s each", [second] * 86_400),
    ]


def makespan(costs: Sequence[int], workers: int) -> int:
    """Predict when the driver has the last result, in nanoseconds after it begins."""
    work = [0, *accumulate(costs)]
    free = [0] * workers
    on_their_way: list[tuple[int, int, int]] = []
    scheduler = driver = sent = 0
    mean: float | None = None
    while True:
        most = batches_at_once(mean, workers)
        if len(on_their_way) <= most // 2:
            scheduler = max(scheduler, driver)
            while len(on_their_way) < most and sent < len(costs):
                begin, sent = sent, min(sent + batch_size(mean, len(costs) - sent, workers), len(costs))
                scheduler += BATCH_NS
                end = max(scheduler, free[0]) + work[sent] - work[begin]
                heapreplace(free, end)
                heappush(on_their_way, (end, begin, sent))
        if not on_their_way:
            return driver
        end, begin, stop = heappop(on_their_way)
        driver = max(driver, end) + (stop - begin) * RESULT_NS
        mean = mean_after(mean, (work[stop] - work[begin]) / (stop - begin))


@dataclass(frozen=True)
class Curve:
    """What is predicted of a job: speedups by workers."""

    job: Job
    speedups: Sequence[float]

    def row(self) -> str:
        """Return its line of the table, which ends with the least time and the workers that takes."""
        work = sum(self.job.costs) / 1e9
        best = max(self.speedups)
        figures = "".join(f"{speedup:8,.0f}" for speedup in self.speedups)
        return (
            f"{self.job.name:20}{figures}   {work / best:.2f} s with {WORKERS[self.speedups.index(best)]:,}"
        )


def table(curves: Sequence[Curve]) -> str:
    """Put the speedups in a table."""
    head = f"{'speedup, predicted':20}" + "".join(f"{workers:8,}" for workers in WORKERS) + "   soonest done"
    return "\n".join([head, *(curve.row() for curve in curves)])


STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.grid { stroke: #8888; stroke-width: .5 }
.line { fill: none; stroke-width: 2; stroke-dasharray: 5 3 }
.c0 { stroke: #0072b2 } .c1 { stroke: #d55e00 } .c2 { stroke: #009e73 }
.c3 { stroke: #cc79a7 } .c4 { stroke: #b8860b } .ideal { stroke: #888; stroke-width: 1 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }"""

TITLE = "A prediction: speedup on 10 to 10,000 workers of a Dask cluster"

LEFT, RIGHT, BOTTOM, DECADE = 72, 572, 390, 85


def place(workers: float, speedup: float) -> str:
    """Place a point; both axes are logarithmic."""
    x = LEFT + (RIGHT - LEFT) * log10(workers / 10) / 3
    return f"{x:.1f},{BOTTOM - DECADE * log10(speedup):.1f}"


def line(style: str, points: Sequence[tuple[float, float]], name: str) -> str:
    """Draw a line with its name at its end."""
    path = " ".join(place(*point) for point in points)
    x, y = path.split()[-1].split(",")
    return (
        f'<polyline class="line {style}" points="{path}"/>'
        f'<text x="{float(x) + 8:.1f}" y="{float(y) + 4:.1f}">{name}</text>'
    )


def drawing(curves: Sequence[Curve]) -> str:
    """Draw the speedups, a line for each job, beside what as many workers could do at most."""
    ticks = []
    for power in range(5):
        count, y = f"{10**power:,}", BOTTOM - DECADE * power
        ticks.append(f'<path class="grid" d="M{LEFT} {y}H{RIGHT}"/>')
        ticks.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{count}×</text>')
        if power:
            x = place(10**power, 1).partition(",")[0]
            ticks.append(f'<text x="{x}" y="{BOTTOM + 20}" text-anchor="middle">{count}</text>')
    lines = [
        line(f"c{number}", list(zip(WORKERS, curve.speedups, strict=True)), curve.job.name)
        for number, curve in enumerate(curves)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 752 {BOTTOM + 50}" role="img">',
            f"<title>{TITLE}</title>",
            f"<style>\n{STYLE}\n</style>",
            f'<text class="title" x="8" y="24">{TITLE}</text>',
            *ticks,
            f'<text x="{(LEFT + RIGHT) // 2}" y="{BOTTOM + 42}" text-anchor="middle">workers</text>',
            line("ideal", [(10, 10), (10_000, 10_000)], "as many as workers"),
            *lines,
            "</svg>\n",
        ]
    )


def main() -> int:
    """Predict, print the table, and draw; or look whether what is drawn is what is predicted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if docs/scaling.svg differs"
    )
    given = parser.parse_args()
    curves = [Curve(job, [job.speedup(workers) for workers in WORKERS]) for job in jobs()]
    print(table(curves))
    if given.check:
        same = DRAWING.read_text(encoding="utf-8") == drawing(curves)
        print(f"{DRAWING.name} {'is' if same else 'is not'} what is predicted")
        return not same
    DRAWING.write_text(drawing(curves), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
