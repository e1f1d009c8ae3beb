"""Agents that need each other on a cluster, with real processes: the right answers, and what may go wrong."""

import os
import signal
from collections.abc import Callable

import pytest
from talking import Cluster, Driver, Gate, Message, Process, Scheduler, Worker, agents, answers, described

from centurion_agents import Workload
from centurion_agents.driver.graph_run import levels

Start = Callable[..., Worker]
StartAll = Callable[..., list[Worker]]

DIAMONDS = [[], [], [0], [0], [2, 3], [1]]
"""Four need agent 0, one agent 1."""


@pytest.mark.parametrize(
    ("family", "light"),
    [("council", {}), *((pattern, {"iterations": 64}) for pattern in ("stencil", "tree", "random-nearest"))],
)
@pytest.mark.parametrize("batch", [7, 100])
def test_answers_are_those_of_this_machine(
    local: Cluster, family: str, light: dict[str, int], batch: int
) -> None:
    workload = Workload(family, **light)  # type: ignore[call-overload]
    outcomes = local.run(workload=described(family, **light), batch=batch)["outcomes"]
    assert answers(outcomes) == [workload.expected(agent) for agent in range(workload.agents)]
    assert {outcome["attempts"] for outcome in outcomes} == {1}


def test_single_agents_are_the_default(local: Cluster) -> None:
    council = Workload("council", agents=10)
    outcomes = local.run(workload=described("council", agents=10))["outcomes"]
    assert answers(outcomes) == [council.expected(agent) for agent in range(council.agents)]


def test_a_command_is_given_the_answers_that_it_needs(local: Cluster) -> None:
    echo = ["sh", "-c", 'read line; echo "$line" | tr -d \'\\\\" \'']
    assert answers(local.run(command=echo, needs=[[1], [], [0, 1]])["outcomes"]) == [
        "{agent:0,answers:[{agent:1,answers:[]}]}",
        "{agent:1,answers:[]}",
        "{agent:2,answers:[{agent:0,answers:[{agent:1,answers:[]}]},{agent:1,answers:[]}]}",
    ]


@pytest.mark.parametrize("batch", [1, 3])
def test_an_agent_that_fails_fails_what_needs_it_and_nothing_else(local: Cluster, batch: int) -> None:
    picky = ["sh", "-c", "[ $CENTURION_AGENT = 2 ] && exit 3; echo fine"]
    outcomes = local.run(command=picky, needs=[*DIAMONDS, [4]], batch=batch)["outcomes"]
    assert answers(outcomes) == ["fine", "fine", None, "fine", None, "fine", None]
    assert [outcome.get("reason") for outcome in outcomes if "reason" in outcome] == [
        "sh ended with exit code 3",
        "it needs the answer of agent 2, which has none",
        "it needs the answer of agent 4, which has none",
    ]
    assert [outcome["attempts"] for outcome in outcomes] == [1, 1, 1, 1, 0, 1, 0]


def test_a_worker_is_killed_half_way_and_every_result_arrives_once(
    driver: Driver, scheduler: Scheduler, workers: StartAll, gate: Gate
) -> None:
    workers(2)
    waits = f"[ $CENTURION_AGENT = 2 ] || [ $CENTURION_AGENT = 3 ] || exec echo free; {gate.command[-1]}"
    command = ["sh", "-c", waits]
    driver.say("run", executor=driver.start(scheduler.address), command=command, needs=DIAMONDS)
    first, second = gate.begun(), gate.begun()
    assert {first[0], second[0]} == {2, 3}
    os.kill(first[2], signal.SIGKILL)
    outcomes = driver.hear_note("is lost with . batch.* of ours; 1 left")
    gate.open()
    outcomes += driver.end()["outcomes"]
    assert agents(outcomes) == list(range(len(DIAMONDS)))
    assert answers(outcomes) == ["free", "free", "through 2", "through 3", "free", "free"]
    assert outcomes[first[0]]["attempts"] == 2


def test_a_council_survives_the_loss_of_a_worker_half_way(
    driver: Driver, scheduler: Scheduler, workers: StartAll
) -> None:
    victim, _ = workers(2)
    driver.say("run", executor=driver.start(scheduler.address), workload=described("council"))
    outcomes: list[Message] = []
    while len(outcomes) < 50:
        outcomes += driver.hear().get("outcomes", [])
    os.kill(victim.pid, signal.SIGKILL)
    outcomes += driver.end()["outcomes"]
    council = Workload("council")
    assert answers(outcomes) == [council.expected(agent) for agent in range(council.agents)]


def test_the_scheduler_is_killed_half_way_and_what_is_finished_is_kept(
    driver: Driver, scheduler: Scheduler, worker: Start, gate: Gate
) -> None:
    worker()
    command = ["sh", "-c", f"[ $CENTURION_AGENT = 0 ] && echo quick && exit; {gate.command[-1]}"]
    driver.say("run", executor=driver.start(scheduler.address), command=command, needs=[[], [0], [1], [2]])
    outcomes: list[Message] = []
    while not outcomes:
        outcomes += driver.hear().get("outcomes", [])
    gate.begun()
    scheduler.kill()
    outcomes += driver.end()["outcomes"]
    assert agents(outcomes) == list(range(4))
    lost = f"the scheduler {scheduler.address} is lost"
    assert [outcome.get("reason") for outcome in outcomes] == [None] + [lost] * 3


@pytest.mark.parametrize("batch", [1, 2])
def test_an_agent_that_kills_its_workers_fails_what_needs_it_and_nothing_else(
    started: Callable[[Process], None], batch: int
) -> None:
    driver = Driver(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    started(driver)
    killer = ["sh", "-c", "[ $CENTURION_AGENT = 2 ] && kill -9 $PPID; echo fine"]
    executor = driver.start("local")
    outcomes = driver.ask("run", executor=executor, command=killer, needs=DIAMONDS, batch=batch)["outcomes"]
    assert answers(outcomes) == ["fine", "fine", None, "fine", None, "fine"]
    assert "1 of them with no other agent" in outcomes[2]["reason"]
    assert outcomes[4]["reason"] == "it needs the answer of agent 2, which has none"


def test_levels_are_those_of_the_longest_chain() -> None:
    assert levels(DIAMONDS) == [[0, 1], [2, 3, 5], [4]]
    assert levels([[1], [2], []]) == [[2], [1], [0]]
