"""What may go wrong on a cluster, with real processes: no result is lost or counted twice, nothing hangs."""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable

import pytest
from talking import Driver, Gate, Message, Process, Scheduler, Worker, agents, answers, described

from centurion_agents import Workload

Start = Callable[..., Worker]
StartAll = Callable[..., list[Worker]]


def test_a_worker_is_killed_and_every_result_arrives_once(
    driver: Driver, scheduler: Scheduler, workers: StartAll, gate: Gate
) -> None:
    started = workers(2)
    driver.say("run", executor=driver.start(scheduler.address), command=gate.command, agents=8, batch=1)
    first, second = gate.begun(), gate.begun()
    assert {first[2], second[2]} == {worker.pid for worker in started}
    os.kill(first[2], signal.SIGKILL)
    before = driver.hear_note("is lost with . batch.* of ours; 1 left")
    gate.open()
    finished = driver.end()
    outcomes = before + finished["outcomes"]
    assert answers(outcomes) == [f"through {agent}" for agent in range(8)]
    attempts = Counter({outcome["agent"]: outcome["attempts"] for outcome in outcomes})
    assert attempts[first[0]] == 2
    assert attempts[second[0]] == 1
    assert finished["workers"] == 1


def test_a_worker_that_was_given_up_goes_on_and_every_result_arrives_once(
    driver: Driver, started: Callable[[Process], None], gate: Gate
) -> None:
    scheduler = Scheduler(DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="1s")
    started(scheduler)
    for worker in [Worker(scheduler.address), Worker(scheduler.address)]:
        started(worker)
        worker.registered()
    driver.say("run", executor=driver.start(scheduler.address), command=gate.command, agents=8, batch=1)
    first, _, silent = gate.begun()
    os.kill(silent, signal.SIGSTOP)
    outcomes = driver.hear_note("is lost with . batch.* of ours; 1 left")
    os.kill(silent, signal.SIGCONT)
    gate.open()
    outcomes += driver.end()["outcomes"]
    assert answers(outcomes) == [f"through {agent}" for agent in range(8)]
    assert outcomes[first]["attempts"] == 2


def test_deciding_agents_survive_the_loss_of_a_worker_half_way(
    driver: Driver, scheduler: Scheduler, workers: StartAll
) -> None:
    victim, _ = workers(2)
    workload = described("deciding", agents=100)
    driver.say("run", executor=driver.start(scheduler.address), workload=workload, batch=1)
    outcomes: list[Message] = []
    while len(outcomes) < 50:
        outcomes += driver.hear().get("outcomes", [])
    os.kill(victim.pid, signal.SIGKILL)
    finished = driver.end()
    outcomes += finished["outcomes"]
    deciding = Workload("deciding", agents=100)
    assert answers(outcomes) == [deciding.expected(agent) for agent in range(100)]
    assert any("is lost" in note for note in finished["notes"])


def test_all_workers_go_and_one_comes_back(
    driver: Driver, scheduler: Scheduler, worker: Start, gate: Gate
) -> None:
    worker()
    driver.say("run", executor=driver.start(scheduler.address), command=gate.command, agents=4)
    _, _, victim = gate.begun()
    os.kill(victim, signal.SIGKILL)
    outcomes = driver.hear_note("none is left; waiting for one")
    assert outcomes == []
    worker()
    gate.open()
    finished = driver.end()
    assert answers(finished["outcomes"]) == [f"through {agent}" for agent in range(4)]
    assert any("has come" in note for note in finished["notes"])


def test_agents_wait_for_the_first_worker_to_come(
    driver: Driver, scheduler: Scheduler, worker: Start
) -> None:
    executor = driver.start(scheduler.address)
    driver.say("run", executor=executor, workload=described("deciding", agents=10))
    driver.hear_note("has no worker yet; waiting for one")
    worker()
    assert all(answers(driver.end()["outcomes"]))


def test_the_scheduler_is_killed_and_what_is_finished_is_kept(
    driver: Driver, scheduler: Scheduler, worker: Start, gate: Gate
) -> None:
    worker()
    quick_first = ["sh", "-c", f"[ $CENTURION_AGENT = 0 ] && echo quick && exit; {gate.command[-1]}"]
    driver.say("run", executor=driver.start(scheduler.address), command=quick_first, agents=5, batch=1)
    outcomes: list[Message] = []
    while not outcomes:
        outcomes += driver.hear().get("outcomes", [])
    gate.begun()
    scheduler.kill()
    finished = driver.end()
    outcomes += finished["outcomes"]
    assert agents(outcomes) == list(range(5))
    assert answers(outcomes) == ["quick", None, None, None, None]
    lost = f"the scheduler {scheduler.address} is lost"
    assert [outcome.get("reason") for outcome in outcomes] == [None] + [lost] * 4
    assert not finished["cancelled"]
    assert driver.start("python-threads") > 0, "the driver goes on"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_scheduler_that_ends_in_a_run_is_told_once_in_a_sentence(
    end: signal.Signals, quiet: Driver, scheduler: Scheduler, worker: Start, gate: Gate
) -> None:
    worker()
    quiet.say("run", executor=quiet.start(scheduler.address), command=gate.command, agents=3, batch=1)
    gate.begun()
    os.kill(scheduler.pid, end)
    lost = f"the scheduler {scheduler.address} is lost with 3 agents unfinished; start it and run them again"
    assert [note for note in quiet.end()["notes"] if "the scheduler" in note] == [lost]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_agents_for_a_scheduler_that_has_ended_do_not_wait_for_it(
    end: signal.Signals, quiet: Driver, scheduler: Scheduler
) -> None:
    executor = quiet.start(scheduler.address)
    os.kill(scheduler.pid, end)
    scheduler.ended()
    told = quiet.ask("run", executor=executor, workload=described("deciding", agents=2))
    lost = f"the scheduler {scheduler.address} is lost"
    if told["event"] == "error":
        assert told["reason"] == f"failed to run agents: {lost}; start it and try again"
    else:
        assert [outcome["reason"] for outcome in told["outcomes"]] == [lost] * 2
    assert quiet.ask("stop", executor=executor)["event"] == "stopped"


def test_a_scheduler_that_ends_before_the_workers_have_the_agents_is_told_in_a_sentence(
    quiet: Driver, scheduler: Scheduler, worker: Start
) -> None:
    silent = worker()
    os.kill(silent.pid, signal.SIGSTOP)
    quiet.say("start", scheduler=scheduler.address)
    scheduler.find("Receive client connection: (.+)")
    scheduler.kill()
    told = quiet.end()
    assert told["event"] == "error"
    assert re.match(
        f"failed to .*{scheduler.address}.*; (start it and try again|is it running)", told["reason"]
    )


def test_an_agent_that_kills_its_worker_fails_after_the_attempts_allowed(
    started: Callable[[Process], None],
) -> None:
    driver = Driver(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    started(driver)
    killer = ["sh", "-c", "[ $CENTURION_AGENT = 3 ] && kill -9 $PPID; echo fine"]
    finished = driver.ask("run", executor=driver.start("local"), command=killer, agents=8, batch=4)
    assert answers(finished["outcomes"]) == ["fine"] * 3 + [None] + ["fine"] * 4
    failed = finished["outcomes"][3]
    assert failed["attempts"] == 6, "two each: in its batch, by itself, and with nothing else on the cluster"
    assert failed["reason"] == "its worker died in all 6 attempts, 2 of them with no other agent"
