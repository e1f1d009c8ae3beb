from collections.abc import Iterable, Sequence
from typing import Final, Literal, final, overload

__all__ = ["BUILD", "FAMILIES", "PROTOCOL", "VERSION", "Outpost", "Workload"]

VERSION: Final[str]
PROTOCOL: Final[int]
BUILD: Final[str]
FAMILIES: Final[dict[str, tuple[str, ...]]]

@final
class Outpost:
    def __new__(cls, order: str, /) -> Outpost: ...
    def attempt(self, number: int, line: str, /) -> str: ...
    def set_limit(self, change: int, nanoseconds: int | None, /) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...

@final
class Workload:
    @overload
    def __new__(
        cls, family: Literal["thinking"], /, *, agents: int = 100, seed: int = 42, scale: float = 1.0
    ) -> Workload: ...
    @overload
    def __new__(
        cls,
        family: Literal["llm", "llm-limited"],
        /,
        *,
        agents: int = 100,
        seed: int = 42,
        scale: float = 0.001,
    ) -> Workload: ...
    @overload
    def __new__(
        cls,
        family: Literal["deciding", "council"],
        /,
        *,
        agents: int | None = None,
        positions: str | None = None,
        origin: str | None = None,
    ) -> Workload: ...
    @overload
    def __new__(
        cls, family: Literal["grain"], /, *, agents: int = 100, iterations: int = 1048576, seed: int = 42
    ) -> Workload: ...
    @overload
    def __new__(
        cls,
        family: Literal[
            "trivial",
            "no-communication",
            "chain",
            "tree",
            "fan",
            "stencil",
            "butterfly",
            "random-nearest",
        ],
        /,
        *,
        iterations: int = 1048576,
        seed: int = 42,
    ) -> Workload: ...
    @property
    def name(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def kind(self) -> Literal["waiting", "computing"]: ...
    @property
    def agents(self) -> int: ...
    @property
    def parameters(self) -> dict[str, str]: ...
    @property
    def definition(self) -> str: ...
    def run(self, agent: int) -> int: ...
    def run_batch(self, agents: Iterable[int]) -> list[int]: ...
    def inputs(self, agent: int) -> list[int]: ...
    def run_after(self, agent: int, answers: Sequence[int]) -> int: ...
    def expected(self, agent: int) -> int: ...
    def agent_name(self, agent: int) -> str: ...
    def answer_text(self, answer: int) -> str: ...
    def work(self, agent: int) -> int | None: ...
