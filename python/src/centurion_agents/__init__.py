"""The agents of Centurion for Python: the same code, the same answers, the interpreter lock released.

A `Workload` is a list of agents with known answers, computed in Rust; `FAMILIES` names those that can be
made, each with its keyword arguments. `__version__` is the version of the package, `PROTOCOL` the number of
its interface, and `BUILD` a digest of the sources it was built from: two installations of one `BUILD` compute
the same.

>>> workload = Workload("deciding")
>>> workload.agents, workload.run(0) == workload.expected(0)
(100, True)
"""

from collections.abc import Callable
from functools import lru_cache

from centurion_agents import _agents
from centurion_agents._agents import BUILD, FAMILIES, PROTOCOL, Workload

__all__ = ["BUILD", "FAMILIES", "PROTOCOL", "Workload", "__version__"]

__version__ = _agents.VERSION


@lru_cache(maxsize=32)
def _load(family: str, parameters: tuple[tuple[str, object], ...], definition: str) -> Workload:
    """Make a pickled workload again, and only once in each process: all its agents may be run for it."""
    make: Callable[..., Workload] = Workload
    workload = make(family, **dict(parameters))
    if workload.definition != definition:
        raise ValueError(
            f"failed to load the workload `{workload.name}`: it was pickled as {definition}, and is "
            f"{workload.definition} in centurion_agents {__version__}, build {BUILD}; install the same build "
            "on both sides"
        )
    return workload
