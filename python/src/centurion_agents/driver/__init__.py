"""Runs agents with Dask for a program in another language, which starts it and speaks JSON lines with it.

`python -m centurion_agents.driver` reads requests from standard input, an object a line with what to `do`,
and writes events to standard output. A request is answered by events up to the one that ends it, which is
named here, or by `error` with a `reason`:

- `hello` (`version`, `build`, `protocol`): `hello` with the same and the versions of Python and Dask. Another
  build than the program's is refused.
- `start` (`scheduler`, `workers`): `started`. The schedulers are `dask-threads`, `dask-processes`,
  `dask-distributed`, `python-threads`, `local` for a cluster on loopback, or the address of a running one.
- `sample` (`executor`, `workload`, `executions`): `sampled`, the time of the bag's executions and the sums of
  the answers.
- `run` (`executor`, and a `workload`, or a `command` with a number of `agents`, which only the driver's own
  tests ask for): `outcomes` in the order of the agents, `note` for what befalls the cluster, and `finished`.
- `attempts` (`executor`, and the `order` that outposts on its workers get): `ready`, `note` for what befalls
  the cluster, and after a `close` `closed`. Meanwhile an `attempt` (its number, `number` and `line` of its
  scenario, and `limit`, the number of its latest change and nanoseconds) is answered by `attempted`, with how
  often its worker was `lost` and the `outcome` or a `reason`; `limit` changes the limit of those under way,
  and `kill` ends them.
- `cancel`: no event of its own; the run ends, and every later one at once.
- `stop` (`executor`): `stopped`.

When standard input ends, so does the driver.
"""
