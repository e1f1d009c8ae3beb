"""What can't be done is refused with an error that names it."""

import re

import pytest

from centurion_agents import Workload


def refused(error: type[Exception], message: str) -> pytest.RaisesExc[Exception]:
    return pytest.raises(error, match=f"^{re.escape(message)}")


def test_an_unknown_family_is_named_with_those_that_exist() -> None:
    there_are = "there are thinking, replying, llm, llm-limited, deciding, grain"
    with refused(ValueError, f'failed to find the workload "waiting"; {there_are}'):
        Workload("waiting")  # type: ignore[call-overload]


def test_a_parameter_of_another_family_is_named() -> None:
    with refused(
        TypeError, "failed to make the workload `grain`: it has no scale; it has agents, iterations, seed"
    ):
        Workload("grain", scale=0.1)  # type: ignore[call-overload]
    with refused(TypeError, "failed to make the workload `thinking`: it has no iterations"):
        Workload("thinking", iterations=1)  # type: ignore[call-overload]
    with refused(TypeError, "failed to make the workload `deciding`: it has no seed"):
        Workload("deciding", seed=1)  # type: ignore[call-overload]


@pytest.mark.parametrize("agents", [-1, 1_000_001, 2**70])
def test_a_number_of_agents_out_of_range_is_named(agents: int) -> None:
    expected = f"agents is {agents}, expected a whole number from 0 to 1000000"
    with refused(ValueError, f"failed to make the workload `grain`: {expected}"):
        Workload("grain", agents=agents)


def test_a_seed_out_of_range_is_named() -> None:
    for seed in (-1, 2**64):
        with refused(
            ValueError, f"failed to make the workload `thinking`: seed is {seed}, expected a whole number"
        ):
            Workload("thinking", seed=seed)


def test_a_parameter_of_the_wrong_type_is_named_and_shortened() -> None:
    with refused(TypeError, "failed to make the workload `grain`: agents is 'ten', expected a whole number"):
        Workload("grain", agents="ten")  # type: ignore[call-overload]
    with refused(TypeError, "failed to make the workload `grain`: agents is 1.5, expected a whole number"):
        Workload("grain", agents=1.5)  # type: ignore[call-overload]
    with refused(
        TypeError, "failed to make the workload `deciding`: positions is 3, expected the text of a table"
    ):
        Workload("deciding", positions=3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"seed is \[0, 0, .{73}…, expected"):
        Workload("grain", seed=[0] * 1000)  # type: ignore[call-overload]


@pytest.mark.parametrize("scale", [0, -1.0, float("nan"), float("inf"), 101])
def test_a_scale_that_makes_no_sleeps_is_refused_as_in_rust(scale: float) -> None:
    with refused(ValueError, "failed to make the workload `thinking`: its scale is "):
        Workload("thinking", scale=scale)


def test_a_malformed_table_is_refused_as_in_rust() -> None:
    with refused(ValueError, 'failed to read mine.tsv, line 1: the header is "nothing"'):
        Workload("deciding", positions="nothing\n", origin="mine.tsv")


@pytest.mark.parametrize("agent", [3, -1, 2**70])
def test_an_agent_that_does_not_exist_is_named(agent: int) -> None:
    workload = Workload("grain", agents=3, iterations=1)
    for ask in (workload.run, workload.expected, workload.agent_name, workload.work):
        with refused(IndexError, f"failed to find agent {agent}: grain-1 has agents 0 to 2"):
            ask(agent)


def test_a_workload_without_agents_has_none_to_run() -> None:
    with refused(IndexError, "failed to find agent 0: grain-1 has no agents"):
        Workload("grain", agents=0, iterations=1).run(0)


def test_an_agent_that_is_no_number_is_named() -> None:
    workload = Workload("grain", agents=3, iterations=1)
    with refused(TypeError, "failed to find agent 'one': grain-1 has agents 0 to 2"):
        workload.run("one")  # type: ignore[arg-type]
    with refused(TypeError, "failed to find agent 1.0: grain-1 has agents 0 to 2"):
        workload.run(1.0)  # type: ignore[arg-type]


def test_a_batch_with_an_agent_that_does_not_exist_is_refused() -> None:
    workload = Workload("grain", agents=3, iterations=1)
    with refused(IndexError, "failed to find agent 3: grain-1 has agents 0 to 2"):
        workload.run_batch([0, 3])
    with refused(TypeError, "'int' object is not iterable"):
        workload.run_batch(3)  # type: ignore[arg-type]


def test_a_workload_can_not_be_changed() -> None:
    workload = Workload("grain", agents=3, iterations=1)
    with pytest.raises(AttributeError):
        workload.agents = 4  # type: ignore[misc]
