"""The same commands under `centurion run`, GNU parallel, `xargs -P` and Python's thread pool, side by side.

Prints a Markdown table of time and CPU time, each the median of several repetitions with its range. The tools
take turns, and each repetition begins with another one, so that a machine that slows down meanwhile slows all
of them down. CPU time is that of the tool and of all commands it ran. A tool that is not installed is left
out, with a line that says how to get it. Needs nothing but Python's own library, and a release build:

    cargo build --release -p centurion && python3 python/examples/side_by_side.py

With `--floor` it compares `centurion run` with the least that this can cost: two plain threads that loop over
Rust's `Command::output`, 10,000 times `/bin/true`. That needs one more build:

    cargo build --release -p centurion-commands --example plain_threads

With `--cluster local`, or the address of a Dask cluster, it tells what an attempt takes here and there:
`/bin/true`, one at a time, in two numbers of agents, so that what starting takes drops out. That needs
`just python`, and takes a minute or two.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

RELEASE = Path(__file__).parents[2] / "target/release"
CENTURION = RELEASE / "centurion"
PLAIN = RELEASE / "examples/plain_threads"

PACKAGES = {"parallel": "parallel", "hyperfine": "hyperfine", "xargs": "findutils"}
"""Debian's packages of the tools."""

POOL = """
import subprocess, sys
from concurrent.futures import ThreadPoolExecutor
workers, agents, *command = sys.argv[1:]
with ThreadPoolExecutor(int(workers)) as pool:
    run = lambda _: subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    for done in pool.map(run, range(int(agents))):
        sys.stdout.buffer.write(done.stdout)
"""

PYTHON_AGENT = "import json; print(json.dumps(sum(range(1000))))"


@dataclass(frozen=True)
class Work:
    """A command, how often it is run, and by how many workers."""

    name: str
    command: tuple[str, ...]
    agents: int
    workers: int

    def title(self) -> str:
        """As the table calls it."""
        return f"{self.agents:,} × {self.name}, {self.workers} at once"


@dataclass(frozen=True)
class Tool:
    """What runs a command many times at once."""

    name: str
    program: str
    words: tuple[str, ...]
    reads: bool = False
    """Whether it is told by lines on its standard input how often."""
    writes: Path | None = None
    """A file that must not be there before."""

    def command(self, work: Work) -> list[str]:
        """Return the command line for some work."""
        numbers = {"WORKERS": str(work.workers), "AGENTS": str(work.agents)}
        return [self.program, *(numbers.get(word, word) for word in self.words), *work.command]


@dataclass(frozen=True)
class Sample:
    """What one repetition took, in seconds."""

    wall: float
    cpu: float


def tools(centurion: str, folder: Path) -> list[Tool]:
    """List the tools, each used as its manual has it for this."""
    results = str(folder / "results.jsonl")
    run = ("run", "--agents", "AGENTS", "--workers", "WORKERS", "--results", results, "--")
    return [
        Tool("centurion run", centurion, run, writes=Path(results)),
        Tool("GNU parallel", "parallel", ("-q", "-j", "WORKERS", "-N0"), reads=True),
        Tool("xargs -P", "xargs", ("-P", "WORKERS", "-I", "{}"), reads=True),
        Tool("Python's thread pool", sys.executable, ("-c", POOL, "WORKERS", "AGENTS")),
    ]


def floor_tools(centurion: str, plain: str, folder: Path) -> list[Tool]:
    """List `centurion run` and the loop that it is held against."""
    loop = Tool("plain threads", plain, ("WORKERS", "AGENTS"))
    return [tools(centurion, folder)[0], loop]


def floor_work(scale: float, workers: int) -> Work:
    """Return what is run to see what each agent costs beside its own process."""
    return Work("`/bin/true`", ("/bin/true",), max(2, round(10_000 * scale)), workers)


def works(scale: float, workers: int, waiting: int) -> list[Work]:
    """List what is run, at a scale that 1 is meant for."""
    true = shutil.which("true") or "true"

    def agents(count: int) -> int:
        return max(2, round(count * scale))

    return [
        Work("`true`", (true,), agents(1_000), workers),
        Work("a short Python agent", (sys.executable, "-c", PYTHON_AGENT), agents(100), workers),
        Work("`sleep 0.1`", ("sleep", "0.1"), agents(100), waiting),
    ]


def sample(tool: Tool, work: Work) -> Sample:
    """Run some work once under a tool."""
    if tool.writes:
        tool.writes.unlink(missing_ok=True)
    lines = "".join(f"{agent}\n" for agent in range(work.agents)) if tool.reads else ""
    with tempfile.TemporaryFile() as numbers:
        numbers.write(lines.encode())
        numbers.seek(0)
        begin = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - running it is what is asked for
            tool.command(work), stdin=numbers, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    # `true` and `sleep` print no answer, which `centurion run` calls a failure of theirs: exit code 1.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"failed to run {tool.name}: it ended with {process.returncode}")
    return Sample(wall, used.ru_utime + used.ru_stime)


def measured(tools: Sequence[Tool], work: Work, repetitions: int) -> dict[str, list[Sample]]:
    """Have the tools take turns; each repetition begins with another one."""
    samples: dict[str, list[Sample]] = {tool.name: [] for tool in tools}
    for repetition in range(repetitions):
        first = repetition % len(tools)
        for tool in [*tools[first:], *tools[:first]]:
            samples[tool.name].append(sample(tool, work))
    return samples


def seconds(value: float) -> str:
    """Write a time with three digits."""
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def spread(values: Sequence[float]) -> str:
    """Write a median and its range."""
    return f"{seconds(median(values))} ({seconds(min(values))} to {seconds(max(values))})"


def table(work: Work, samples: dict[str, list[Sample]]) -> str:
    """Write what some work took as a Markdown table, one row for each tool."""
    rows = [f"| {work.title()} | time | CPU time |", "|---|--:|--:|"]
    for name, of_tool in samples.items():
        wall, cpu = [one.wall for one in of_tool], [one.cpu for one in of_tool]
        rows.append(f"| {name} | {spread(wall)} | {spread(cpu)} |")
    return "\n".join(rows)


def beyond(tool: Sequence[Sample], floor: Sequence[Sample]) -> str:
    """Say how much more a tool takes than the floor in the same repetitions."""
    pairs = list(zip(tool, floor, strict=True))

    def told(ratios: Sequence[float]) -> str:
        percents = [f"{100 * (ratio - 1):+.1f}" for ratio in (median(ratios), min(ratios), max(ratios))]
        return f"{percents[0]} % ({percents[1]} to {percents[2]})"

    cpu = told([one.cpu / other.cpu for one, other in pairs])
    wall = told([one.wall / other.wall for one, other in pairs])
    return f"centurion run beyond plain threads: CPU time {cpu}, time {wall}"


def floor(options: argparse.Namespace, folder: Path) -> None:
    """Measure `centurion run` against plain threads, and print how much more it takes."""
    pair = floor_tools(options.centurion, options.plain, folder)
    for tool in pair:
        if not shutil.which(tool.program):
            raise SystemExit(f"failed to find {tool.program}; {sys.argv[0]} --help says how to build it")
    work = floor_work(options.scale, options.workers)
    samples = measured(pair, work, options.repetitions)
    print(f"\n{table(work, samples)}\n\n{beyond(*samples.values())}", flush=True)


def cluster_tools(centurion: str, address: str, folder: Path) -> list[Tool]:
    """List `centurion run` here and on a cluster."""
    here = tools(centurion, folder)[0]
    there = ("run", "--cluster", address, *here.words[1:])
    return [here, Tool("centurion run --cluster", centurion, there, writes=here.writes)]


def per_agent(few: Sample, many: Sample, more: int) -> float:
    """Return the seconds that each of so many more agents took."""
    return (many.wall - few.wall) / more


def cluster(options: argparse.Namespace, folder: Path) -> None:
    """Measure what each agent takes here and on a cluster, and print it."""
    count = max(10, round(40 * options.scale))
    pair = cluster_tools(options.centurion, options.cluster, folder)
    works = [Work("`/bin/true`", ("/bin/true",), agents, 1) for agents in (count, 6 * count)]
    few, many = (measured(pair, work, options.repetitions) for work in works)
    for tool in pair:
        repetitions = zip(few[tool.name], many[tool.name], strict=True)
        times = [per_agent(one, other, 5 * count) for one, other in repetitions]
        print(f"{tool.name}: {spread(times)} an agent, one at a time", flush=True)


def single(work: Work, centurion: str | None, folder: Path, runs: int) -> str:
    """Write what one command takes by itself, as hyperfine and `centurion run` say, as a row."""
    cells = [work.name]
    export = folder / "hyperfine.json"
    if shutil.which("hyperfine"):
        command = " ".join(f"'{word}'" for word in work.command)
        hyperfine = ["hyperfine", "--shell=none", "--runs", str(runs), "--export-json", str(export), command]
        subprocess.run(hyperfine, check=True, capture_output=True)  # noqa: S603 - running it is what is asked for
        cells.append(spread(json.loads(export.read_text())["results"][0]["times"]))
    if centurion is not None:
        results = folder / "single.jsonl"
        results.unlink(missing_ok=True)
        run = [centurion, "run", "--agents", str(runs), "--workers", "1", "--results", str(results), "--"]
        subprocess.run([*run, *work.command], check=False, capture_output=True)  # noqa: S603 - running it is what is asked for
        times = [json.loads(line)["wall_ns"] / 1e9 for line in results.read_text().splitlines()]
        cells.append(spread(times))
    return f"| {' | '.join(cells)} |"


def missing(names: Sequence[str]) -> list[str]:
    """Say of each program that is not installed how to get it."""
    return [
        f"left out: {name} is not installed; on Debian: apt-get install {PACKAGES[name]}"
        for name in names
        if not shutil.which(name)
    ]


def positive(text: str) -> int:
    """Read a number from 1 on."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--centurion", default=str(CENTURION), help="the program (%(default)s)")
    parser.add_argument("--plain", default=str(PLAIN), help="the loop of plain threads (%(default)s)")
    parser.add_argument("--floor", action="store_true", help="only beside plain threads")
    parser.add_argument("--cluster", metavar="ADDRESS", help="only what an attempt costs on this cluster")
    parser.add_argument("--repetitions", type=positive, default=7, help="of each tool (%(default)s)")
    parser.add_argument("--workers", type=positive, default=os.cpu_count() or 1, help="at once (%(default)s)")
    parser.add_argument("--waiting", type=positive, default=20, help="sleeps at once (%(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of agents (%(default)s)")
    options = parser.parse_args(arguments)
    if options.floor or options.cluster:
        with tempfile.TemporaryDirectory() as name:
            (floor if options.floor else cluster)(options, Path(name))
        return
    centurion = options.centurion if shutil.which(options.centurion) else None
    if centurion is None:
        print(f"left out: there is no {options.centurion}; build it: cargo build --release -p centurion")
    for line in missing(list(PACKAGES)):
        print(line)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        there = [tool for tool in tools(options.centurion, folder) if shutil.which(tool.program)]
        several = works(options.scale, options.workers, options.waiting)
        for work in several:
            print(f"\n{table(work, measured(there, work, options.repetitions))}", flush=True)
        heads = ["hyperfine"] * bool(shutil.which("hyperfine")) + ["centurion run"] * (centurion is not None)
        if heads:
            print(f"\n| one by itself | {' | '.join(heads)} |\n|---|{'--:|' * len(heads)}")
            for work in several:
                print(single(work, centurion, folder, max(3, round(20 * options.scale))), flush=True)


if __name__ == "__main__":
    main()
