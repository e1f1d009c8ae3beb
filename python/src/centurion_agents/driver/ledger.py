"""What became of each agent: told once each, in the order of the agents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from centurion_agents.driver.wire import Message


@dataclass(frozen=True)
class Outcome:
    """How one agent ended: with an answer or with the reason why there is none."""

    agent: int
    attempts: int
    answer: int | str | None = None
    reason: str | None = None
    worker: str | None = None
    ns: int | None = None

    def message(self) -> Message:
        """As it is sent, without what is not known."""
        return {name: value for name, value in vars(self).items() if value is not None}


class Ledger:
    """The outcomes of a run. An agent that ends twice is counted once: its first end stands."""

    def __init__(self, agents: int) -> None:
        """Begin with nothing known of any agent."""
        self._outcomes: list[Outcome | None] = [None] * agents
        self._told = 0
        self.finished = 0

    def settle(self, outcome: Outcome) -> bool:
        """Note how an agent ended; whether that was news."""
        if self._outcomes[outcome.agent] is not None:
            return False
        self._outcomes[outcome.agent] = outcome
        self.finished += 1
        return True

    def settle_rest(self, reason: str, attempts: dict[int, int]) -> None:
        """Note that the agents of which nothing is known failed, for one reason."""
        for agent in self.pending():
            self.settle(Outcome(agent, attempts.get(agent, 0), reason=reason))

    def outcome(self, agent: int) -> Outcome | None:
        """Tell how an agent ended, if it has."""
        return self._outcomes[agent]

    def pending(self) -> Iterable[int]:
        """Name the agents of which nothing is known."""
        return (agent for agent, outcome in enumerate(self._outcomes) if outcome is None)

    def take(self) -> list[Outcome]:
        """Take what can be told: the outcomes of all agents before the first one pending, each once."""
        begin = self._told
        while self._told < len(self._outcomes) and self._outcomes[self._told] is not None:
            self._told += 1
        return [outcome for outcome in self._outcomes[begin : self._told] if outcome is not None]
