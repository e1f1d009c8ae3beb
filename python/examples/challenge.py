"""The original challenge: a hundred agents that think for about a second each, run by dask.

Each agent draws its sleep from a seed of its own, so a run can be repeated. The clock starts when dask and
its workers have: what that takes is not the agents' doing.
"""

import argparse
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import dask

from centurion_agents import Workload


def timed(workload: Workload, agent: int) -> tuple[int, float]:
    """Let an agent think; return its answer and the seconds it took."""
    begin = perf_counter()
    answer = workload.run(agent)
    return answer, perf_counter() - begin


def challenge(workload: Workload, workers: int) -> tuple[float, list[tuple[int, float]]]:
    """Run all agents; return the seconds that took, and what each agent returned."""
    with ThreadPoolExecutor(workers) as pool, dask.config.set(scheduler="threads", pool=pool):
        every_worker = threading.Barrier(workers)
        dask.compute([dask.delayed(every_worker.wait)(pure=False) for _ in range(workers)])
        tasks = [dask.delayed(timed)(workload, agent) for agent in range(workload.agents)]
        begin = perf_counter()
        results = dask.compute(*tasks)
        return perf_counter() - begin, list(results)


def options() -> argparse.Namespace:
    """Read the flags."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agents", type=int, default=100, help="number of agents")
    parser.add_argument("--workers", type=int, default=100, help="threads of dask's scheduler")
    parser.add_argument("--seed", type=int, default=42, help="seed of the agents")
    parser.add_argument("--scale", type=float, default=1.0, help="factor of the sleeps of 0.5 to 1.5 s")
    parser.add_argument("--measure-serial", action="store_true", help="run the agents one by one as well")
    return parser.parse_args()


def main() -> int:
    """Run the challenge and print the three times of the original."""
    given = options()
    workload = Workload("thinking", agents=given.agents, seed=given.seed, scale=given.scale)
    total, results = challenge(workload, given.workers)
    serial, how = sum(seconds for _, seconds in results), "the sum of the times the agents took in this run"
    if given.measure_serial:
        begin = perf_counter()
        workload.run_batch(range(workload.agents))
        serial, how = perf_counter() - begin, "measured, one by one"
    right = sum(answer == workload.expected(agent) for agent, (answer, _) in enumerate(results))
    print(f"Total time  {total:8.2f} s")
    print(f"Serial time {serial:8.2f} s   {how}")
    print(f"Speedup     {serial / total:8.1f}×")
    print(f"{right} of {workload.agents} answers are right.")
    return right != workload.agents


if __name__ == "__main__":
    sys.exit(main())
