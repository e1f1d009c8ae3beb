"""Agents on a cluster: in order, each once, with its outcome; nothing left behind, nothing open to others."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from distributed import Client
from talking import (
    PATIENCE,
    Cluster,
    Driver,
    Gate,
    Process,
    Scheduler,
    Worker,
    agents,
    answers,
    described,
)

from centurion_agents import Workload
from centurion_agents.driver.cluster import compare_pythons
from centurion_agents.driver.wire import Refused

Start = Callable[..., Worker]


def wait_until_nothing_is_on(scheduler: Scheduler) -> None:
    """Wait until a scheduler has no tasks; that they are let go is told to it, but not waited for."""

    async def empty(dask_scheduler: Any) -> None:  # noqa: ANN401 - it is only known where this runs
        while dask_scheduler.tasks:  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0.01)

    with Client(scheduler.address, set_as_default=False) as client:
        client.sync(client.run_on_scheduler, empty, callback_timeout=PATIENCE)


def test_a_hundred_deciding_agents_give_the_right_answers_in_order(local: Cluster) -> None:
    finished = local.run(workload=described("deciding", agents=100))
    deciding = Workload("deciding", agents=100)
    assert answers(finished["outcomes"]) == [deciding.expected(agent) for agent in range(100)]
    assert agents(finished["outcomes"]) == list(range(100))
    assert {outcome["attempts"] for outcome in finished["outcomes"]} == {1}
    assert all(outcome["worker"].startswith("tcp://127.0.0.1:") for outcome in finished["outcomes"])
    assert (finished["cancelled"], finished["workers"]) == (False, 2)


def test_ten_thousand_agents_arrive_once_each(local: Cluster) -> None:
    workload = described("grain", agents=10_000, iterations=0, seed=1)
    finished = local.run(workload=workload)
    assert agents(finished["outcomes"]) == list(range(10_000))
    assert all(answers(finished["outcomes"]))


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_the_size_of_a_batch_changes_no_outcome(local: Cluster, batch: int) -> None:
    workload = described("grain", agents=20, iterations=8, seed=1)
    finished = local.run(workload=workload, batch=batch)
    grain = Workload("grain", agents=20, iterations=8, seed=1)
    assert answers(finished["outcomes"]) == [grain.expected(agent) for agent in range(20)]


def test_no_agents_are_no_trouble(local: Cluster) -> None:
    finished = local.run(workload=described("thinking", agents=0))
    assert finished["event"] == "finished"
    assert finished["outcomes"] == []


def test_the_answer_of_a_command_is_the_last_line_it_prints(local: Cluster) -> None:
    shout = ["sh", "-c", "echo noise; echo more noise >&2; read line; echo; echo $CENTURION_AGENT got $line"]
    finished = local.run(command=shout, agents=3)
    assert answers(finished["outcomes"]) == [f'{agent} got {{"agent": {agent}}}' for agent in range(3)]


def test_what_is_printed_by_the_megabyte_is_no_trouble(local: Cluster) -> None:
    flood = ["sh", "-c", "seq 1000000; seq 100000 >&2"]
    assert answers(local.run(command=flood, agents=2)["outcomes"]) == ["1000000"] * 2


def test_an_agent_that_fails_says_why_and_the_others_finish(local: Cluster) -> None:
    picky = ["sh", "-c", "[ $CENTURION_AGENT = 2 ] && { echo too odd >&2; exit 3; }; echo fine"]
    finished = local.run(command=picky, agents=4)
    assert answers(finished["outcomes"]) == ["fine", "fine", None, "fine"]
    assert finished["outcomes"][2]["reason"] == "sh ended with exit code 3: too odd"
    killed = local.run(command=["sh", "-c", "kill -9 $$"], agents=1)
    assert killed["outcomes"][0]["reason"] == "sh ended with signal 9"
    missing = local.run(command=["no-such-command"], agents=1)
    assert "No such file or directory: 'no-such-command'" in missing["outcomes"][0]["reason"]


def listening_on(process: Process) -> set[str]:
    """Return the addresses that a process and those it started listen on."""
    parent = psutil.Process(process.pid)
    return {
        connection.laddr.ip
        for process in (parent, *parent.children(recursive=True))
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }


def test_a_cluster_on_loopback_listens_nowhere_else(local: Cluster) -> None:
    assert listening_on(local.driver) == {"127.0.0.1"}


def test_nor_does_one_that_is_started_as_the_guide_says(
    driver: Driver, scheduler: Scheduler, worker: Start
) -> None:
    processes = scheduler, worker()
    driver.start(scheduler.address)
    assert [listening_on(process) for process in processes] == [{"127.0.0.1"}] * 2
    assert listening_on(driver) == set()


def test_a_cancelled_run_ends_on_the_cluster_too(
    driver: Driver, scheduler: Scheduler, worker: Start, gate: Gate
) -> None:
    worker()
    executor = driver.start(scheduler.address)
    driver.say("run", executor=executor, command=gate.command, agents=6, batch=1)
    _, process, _ = gate.begun()
    command = psutil.Process(process)
    driver.say("cancel")
    finished = driver.end()
    assert finished["cancelled"]
    assert {outcome["reason"] for outcome in finished["outcomes"]} == {"cancelled"}
    assert agents(finished["outcomes"]) == list(range(6))
    psutil.wait_procs([command], timeout=60)
    assert not command.is_running()
    wait_until_nothing_is_on(scheduler)
    assert driver.ask("run", executor=executor, command=["true"], agents=1)["cancelled"]


def test_when_the_program_goes_nothing_is_left_on_the_cluster(
    driver: Driver, scheduler: Scheduler, worker: Start, gate: Gate
) -> None:
    worker()
    driver.say("run", executor=driver.start(scheduler.address), command=gate.command, agents=6)
    _, process, _ = gate.begun()
    command = psutil.Process(process)
    driver.close_stdin()
    assert driver.ended() == 0
    psutil.wait_procs([command], timeout=60)
    assert not command.is_running()
    wait_until_nothing_is_on(scheduler)


def test_results_are_let_go_as_they_are_harvested(
    driver: Driver, scheduler: Scheduler, worker: Start
) -> None:
    worker()
    executor = driver.start(scheduler.address)
    driver.ask("run", executor=executor, workload=described("grain", agents=50, iterations=8), batch=1)
    wait_until_nothing_is_on(scheduler)


def test_a_scheduler_that_is_not_there_is_named_with_what_to_do(driver: Driver) -> None:
    for address, complaint in {
        "tcp://127.0.0.1:1": "Timed out",
        "tcp://127.0.0.1:port": "invalid literal for int() with base 10: 'port'",
        "tcp://127.0.0.1": "missing port number",
        "nonsense://127.0.0.1:1": "unknown address scheme 'nonsense'",
    }.items():
        refused = driver.ask("start", scheduler=address, workers=1, seconds=1)
        assert refused["event"] == "error"
        assert f"failed to connect to the scheduler {address}: {complaint}" in refused["reason"]
        assert refused["reason"].endswith("try `--cluster local`")
    driver.close_stdin()
    assert driver.ended() == 0


def test_certificates_must_fit_the_address(driver: Driver, tmp_path: Path) -> None:
    def refusal(address: str, **tls: str) -> str:
        return str(driver.ask("start", scheduler=address, workers=1, tls=tls, seconds=1)["reason"])

    assert "write tls://HOST:PORT" in refusal("tcp://127.0.0.1:1", ca="ca.pem")
    assert "give --tls-cert, --tls-key" in refusal("tls://127.0.0.1:1", ca="ca.pem")
    missing = str(tmp_path / "missing.pem")
    assert f"failed to read {missing}, which --tls-ca names" in refusal(
        "tls://127.0.0.1:1", ca=missing, cert=missing, key=missing
    )


def test_an_encrypted_cluster_is_entered_with_certificates_only(
    driver: Driver, started: Callable[[Process], None], tmp_path: Path
) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*certificate, "-keyout", key, "-out", cert], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl, which makes certificates, is not installed")
    flags = ("--tls-ca-file", str(cert), "--tls-cert", str(cert), "--tls-key", str(key))
    scheduler = Scheduler(*flags, "--protocol", "tls")
    started(scheduler)
    worker = Worker(scheduler.address, *flags)
    started(worker)
    worker.registered()
    assert scheduler.address.startswith("tls://")
    tls = {"ca": str(cert), "cert": str(cert), "key": str(key)}
    executor = driver.start(scheduler.address, tls=tls)
    finished = driver.ask("run", executor=executor, workload=described("deciding", agents=3))
    assert all(answers(finished["outcomes"]))
    plain = scheduler.address.replace("tls://", "tcp://")
    assert driver.ask("start", scheduler=plain, workers=1, seconds=1)["event"] == "error"


def test_another_python_is_refused_and_both_are_named() -> None:
    def there(python: str) -> dict[str, object]:
        return {"packages": {"python": python}}

    cluster = {"client": there("3.12.1.final.0"), "scheduler": there("3.12.9.final.0")}
    compare_pythons({**cluster, "workers": {"tcp://a:1": there("3.12.0.final.0")}})
    with pytest.raises(Refused, match=r"worker tcp://b:1: it runs Python 3\.11, .* has 3\.12"):
        compare_pythons({**cluster, "workers": {"tcp://b:1": there("3.11.7.final.0")}})
