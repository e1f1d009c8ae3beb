"""Runs one of the graphs of src/shape.rs with dask.delayed on Dask's threads: SHAPE TASKS WORKERS.

Prints nanoseconds and bytes a task, which include building and dropping the graph, and the sum of what was asked for.
"""

import resource
import sys
import time

import dask
from dask import delayed

WIDTH = 32
REACH = 1_000
MASK = (1 << 64) - 1


def mix(number):
    z = (number + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def inputs(shape, task, tasks):
    if shape == "chain":
        return [task - 1] if task else []
    if shape == "tree":
        node = task - tasks // 2
        return [] if node < 0 else list(range(2 * node, min(2 * node + 2, task)))
    if shape == "stencil":
        above = task - WIDTH
        if above < 0:
            return []
        row = above - above % WIDTH
        return list(range(max(above - 1, row), min(above + 1, row + WIDTH - 1) + 1))
    if shape == "random":
        reach = min(REACH, task)
        many = mix(task) % 4 if reach else 0
        return sorted({task - 1 - mix(4 * task + one) % reach for one in range(1, many + 1)})
    return []


def work(task, *needed):
    return (task + sum(needed)) & MASK


def run(graph, lasts, workers):
    call = delayed(work, pure=False)
    handles = []
    for task, needed in enumerate(graph):
        handles.append(call(task, *(handles[one] for one in needed)))
    wanted = [handles[task] for task in lasts]
    del handles
    return sum(dask.compute(*wanted, scheduler="threads", num_workers=workers)) & MASK


def main():
    shape, tasks, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    graph = [inputs(shape, task, tasks) for task in range(tasks)]
    needed = {one for task in graph for one in task}
    lasts = [task for task in range(tasks) if task not in needed]
    run([[]], [0], workers)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter_ns()
    answer = run(graph, lasts, workers)
    took = time.perf_counter_ns() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(took / tasks, (most - before) * 1024 / tasks, answer)


main()
