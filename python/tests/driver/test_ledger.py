"""Outcomes are told once each, in the order of the agents."""

from centurion_agents.driver.ledger import Ledger, Outcome


def test_outcomes_are_told_in_order_however_they_come() -> None:
    ledger = Ledger(4)
    told = []
    for agent in (2, 0, 3, 1):
        assert ledger.settle(Outcome(agent, 1, answer=agent * 10))
        told.append([outcome.agent for outcome in ledger.take()])
    assert told == [[], [0], [], [1, 2, 3]]
    assert ledger.take() == []


def test_an_outcome_that_comes_twice_is_counted_once_and_the_first_stands() -> None:
    ledger = Ledger(2)
    assert ledger.settle(Outcome(0, 1, answer=5))
    assert not ledger.settle(Outcome(0, 2, answer=6))
    assert ledger.finished == 1
    assert ledger.take() == [Outcome(0, 1, answer=5)]
    assert not ledger.settle(Outcome(0, 3, answer=7))
    assert ledger.take() == []


def test_agents_of_which_nothing_is_known_fail_for_one_reason() -> None:
    ledger = Ledger(3)
    ledger.settle(Outcome(1, 1, answer=5))
    ledger.settle_rest("the scheduler is lost", {0: 2})
    assert [outcome.message() for outcome in ledger.take()] == [
        {"agent": 0, "attempts": 2, "reason": "the scheduler is lost"},
        {"agent": 1, "attempts": 1, "answer": 5},
        {"agent": 2, "attempts": 0, "reason": "the scheduler is lost"},
    ]
