"""The schedulers of this machine: right answers, and what is not theirs kept out of the time."""

import os
import re
import resource
import signal
import sys

import dask.config
import pytest
from distributed import Client
from distributed.scheduler import KilledWorker
from talking import Driver, described

from centurion_agents import Workload
from centurion_agents.driver.schedulers import local_cluster

GRAIN = {"agents": 30, "iterations": 64, "seed": 7}


@pytest.mark.parametrize(
    "scheduler", ["python-threads", "dask-threads", "dask-processes", "dask-distributed"]
)
def test_a_scheduler_runs_every_agent_in_every_execution(driver: Driver, scheduler: str) -> None:
    started = driver.ask("start", scheduler=scheduler, workers=2)
    assert started["event"] == "started"
    assert started["start_ns"] > 0
    assert started["first_call_ns"] > 0
    grain = described("grain", **GRAIN)
    first, second = (
        driver.ask("sample", executor=started["executor"], workload=grain, executions=count)
        for count in (1, 3)
    )
    expected = [Workload("grain", agents=30, iterations=64, seed=7).expected(agent) for agent in range(30)]
    assert first["sums"] == expected
    assert second["sums"] == [answer * 3 % 2**64 for answer in expected]
    assert (first["executions"], second["executions"]) == (30, 90)
    assert first["first_call_ns"] > 0
    assert second["first_call_ns"] is None
    assert second["wall_ns"] > 0
    assert second["memory_bytes"] > 1 << 20
    assert driver.ask("stop", executor=started["executor"])["event"] == "stopped"


def test_several_schedulers_take_turns_in_one_driver(driver: Driver) -> None:
    executors = [driver.start(scheduler) for scheduler in ("dask-threads", "python-threads")]
    workload = described("deciding", agents=3)
    samples = [
        driver.ask("sample", executor=executor, workload=workload, executions=1) for executor in executors * 2
    ]
    assert len({tuple(sample["sums"]) for sample in samples}) == 1


def test_another_workload_than_the_program_s_is_refused(driver: Driver) -> None:
    workload = described("grain", **GRAIN) | {"parameters": {**GRAIN, "seed": 8}}
    executor = driver.start("python-threads")
    refused = driver.ask("sample", executor=executor, workload=workload, executions=1)
    assert "'seed': '7'" in refused["reason"]
    assert "'seed': '8'" in refused["reason"]


def test_a_mistake_in_a_workload_is_told(driver: Driver) -> None:
    executor = driver.start("python-threads")
    for family, parameters, complaint in (
        ("sleeping", {}, "sleeping"),
        ("grain", {"agent": 3}, "agent"),
        ("thinking", {"scale": -1}, "scale is -1"),
    ):
        workload = {"family": family, "parameters": parameters}
        refused = driver.ask("sample", executor=executor, workload=workload, executions=1)
        assert refused["event"] == "error"
        assert complaint in refused["reason"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are set on Linux")
@pytest.mark.parametrize("scheduler", ["dask-processes", "dask-distributed", "local"])
def test_what_the_system_refuses_is_told_in_a_sentence_and_the_driver_goes_on(
    quiet: Driver, scheduler: str
) -> None:
    resource.prlimit(quiet.pid, resource.RLIMIT_NOFILE, (25, 25))
    refused = quiet.ask("start", scheduler=scheduler, workers=20)
    assert refused["event"] == "error"
    assert re.match(
        f"failed to start {scheduler}: .*; if the system refuses .* fewer workers", refused["reason"]
    )
    assert quiet.start("python-threads") >= 0


def die(_: int) -> None:
    """End the worker's process."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_local_cluster_keeps_its_worker_however_often_that_dies() -> None:
    settings = {
        "distributed.deploy.lost-worker-timeout": "1 ms",
        "distributed.scheduler.allowed-failures": 0,
    }
    with dask.config.set(settings), local_cluster(1) as cluster, Client(cluster) as client:
        for _ in range(2):
            with pytest.raises(KilledWorker):
                client.submit(die, 0, pure=False).result()
        assert client.submit(abs, -1).result(timeout=60) == 1
