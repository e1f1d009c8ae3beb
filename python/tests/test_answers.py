"""The answers are those of the Rust program, bit for bit: `record_answers.py` recorded what it printed."""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from centurion_agents import FAMILIES, Workload, _load

TESTS = Path(__file__).parent
RECORDED: list[dict[str, Any]] = json.loads((TESTS / "answers.json").read_text(encoding="utf-8"))

every_record = pytest.mark.parametrize(
    "record",
    RECORDED,
    ids=lambda record: "-".join([record["workload"], *map(str, record["parameters"].values())]),
)


def made(record: dict[str, Any]) -> Workload:
    make: Callable[..., Workload] = Workload
    parameters = dict(record["parameters"])
    if "positions" in parameters:
        origin = parameters["positions"]
        parameters |= {"positions": (TESTS / origin).read_text(encoding="utf-8"), "origin": origin}
    return make(record["workload"], **parameters)


def number(family: str, text: str) -> int:
    """Read an answer back from what the Rust program printed, apart from the code under test."""
    if family != "deciding":
        return int(text, 16)
    score, _, nodes = text.replace(",", "").partition(" (")
    return int(nodes.split()[0] if nodes else 0) << 8 | int(score) + 65


@every_record
def test_every_agent_answers_what_the_rust_program_answered(record: dict[str, Any]) -> None:
    workload = made(record)
    answers = [number(workload.family, text) for text in record["answers"].values()]
    agents = range(workload.agents)
    assert [workload.run(agent) for agent in agents] == answers
    assert workload.run_batch(agents) == answers
    assert [workload.expected(agent) for agent in agents] == answers


@every_record
def test_agents_and_answers_are_named_as_by_the_rust_program(record: dict[str, Any]) -> None:
    workload = made(record)
    agents = range(workload.agents)
    assert {
        workload.agent_name(agent): workload.answer_text(workload.expected(agent)) for agent in agents
    } == record["answers"]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_the_registry_runs(family: str) -> None:
    make: Callable[..., Workload] = Workload
    light = {"agents": 5, "scale": 1e-5, "iterations": 8}
    workload = make(family, **{name: light[name] for name in FAMILIES[family] if name in light})
    for agent in range(workload.agents):
        answers = [workload.expected(needed) for needed in workload.inputs(agent)]
        assert workload.run_after(agent, answers) == workload.expected(agent)
        if not answers:
            assert workload.run(agent) == workload.expected(agent)


def test_the_definitions_are_those_that_the_rust_tests_expect() -> None:
    assert Workload("deciding").definition == "84fec6d2a46ba8fa"
    assert Workload("grain", agents=100, iterations=1000, seed=1).definition == "58d6612b4ccfc46e"


def test_a_batch_answers_in_the_order_asked_for() -> None:
    workload = Workload("grain", agents=5, iterations=10)
    assert workload.run_batch([4, 0, 4]) == [workload.run(4), workload.run(0), workload.run(4)]
    assert workload.run_batch(agent for agent in (3, 1)) == [workload.run(3), workload.run(1)]
    assert workload.run_batch([]) == []


def test_a_workload_tells_what_it_is() -> None:
    thinking = Workload("thinking", agents=7, seed=1, scale=0.5)
    assert (thinking.name, thinking.family, thinking.kind) == ("thinking", "thinking", "waiting")
    assert thinking.parameters == {"agents": "7", "scale": "0.5", "seed": "1"}
    assert repr(thinking) == "<Workload thinking, agents 7, scale 0.5, seed 1>"
    grain = Workload("grain", agents=2, iterations=4)
    assert (grain.name, grain.family, grain.kind) == ("grain-4", "grain", "computing")
    assert (thinking.work(0), grain.work(0), Workload("deciding").work(0)) == (None, 4, 10_196)


def test_what_is_not_given_is_as_in_the_demo() -> None:
    assert Workload("thinking").parameters == {"agents": "100", "scale": "1", "seed": "42"}
    assert Workload("grain").parameters == {"agents": "100", "iterations": "1048576", "seed": "42"}
    assert Workload("deciding").parameters == {"agents": "100", "table": "FFO 1-14, two moves on"}
    own = (TESTS / "own.tsv").read_text(encoding="utf-8")
    assert Workload("deciding", positions=own).agents == 2


def test_a_pickled_workload_is_the_same_in_another_process() -> None:
    own = (TESTS / "own.tsv").read_text(encoding="utf-8")
    workload = Workload("deciding", agents=3, positions=own, origin="own.tsv")
    program = (
        "import pickle, sys; w = pickle.load(sys.stdin.buffer); print(w.definition, *w.run_batch(range(3)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(workload), check=True, stdout=subprocess.PIPE
    )
    assert run.stdout.split() == [
        str(text).encode() for text in (workload.definition, *workload.run_batch(range(3)))
    ]


def test_a_workload_is_made_once_however_often_it_is_unpickled() -> None:
    pickled = pickle.dumps(Workload("grain", agents=3, iterations=5))
    assert pickle.loads(pickled) is pickle.loads(pickled)


def test_a_workload_pickled_by_another_build_is_refused_and_both_are_named() -> None:
    with pytest.raises(
        ValueError, match=r"pickled as 0123456789abcdef, and is 84fec6d2a46ba8fa in .*, build"
    ):
        _load("deciding", (), "0123456789abcdef")
