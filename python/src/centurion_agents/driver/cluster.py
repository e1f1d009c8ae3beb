"""A Dask cluster, running or started on loopback, whose workers are made ready for agents."""

from __future__ import annotations

import contextlib
import platform
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

from distributed import Client, Security
from distributed.comm import get_address_host_port

import centurion_agents
from centurion_agents.driver.attempts import Attempts
from centurion_agents.driver.graph_run import GraphRun, Needs
from centurion_agents.driver.run import Run
from centurion_agents.driver.schedulers import local_cluster
from centurion_agents.driver.wire import Message, Refused, Wire

UNTIL_CONNECTED = 10
"""Seconds after which a scheduler that does not answer is given up."""

UNTIL_CLOSED = 5
"""Seconds that a cluster is given to let go."""


class Cluster:
    """A connection to a scheduler, and the plugin that runs agents on its workers."""

    def __init__(self, client: Client, shipped: ModuleType, cancelled: Event) -> None:
        """Take a connection over; `shipped` is the module with what is sent to workers."""
        self.client = client
        self.shipped = shipped
        self.cancelled = cancelled
        self.plugin = f"centurion-{uuid.uuid4().hex[:12]}"
        self.address = str(client.scheduler_info(n_workers=0)["address"])
        self._running: Run | None = None
        self._attempts: Attempts | None = None

    def prepare(self) -> Message:
        """Bring the module to every worker, now and whenever one comes; refuse those that have another.

        Returns the number of workers and of their threads, and how many had to be brought the module.
        """
        versions: Any = self.client.get_versions()
        compare_pythons(versions)
        plugin = self.shipped.Agents(centurion_agents.BUILD, module_files())
        self.client.register_plugin(plugin, name=self.plugin)
        found = self.client.run(self.shipped.found, plugin=self.plugin)
        for worker, module in found.items():
            check(worker, module)
        folder = f"centurion-{centurion_agents.BUILD}"
        brought = sum(folder in Path(module["path"]).parts for module in found.values())
        threads = self.client.nthreads()
        return {"workers": len(threads), "threads": sum(threads.values()), "brought": brought}

    def run(self, wire: Wire, work: Message, agents: int | Needs, batch: int | None) -> Message:
        """Run so many agents, or those of a graph; outcomes are sent as they come, in the agents' order."""
        if isinstance(agents, int):
            self._running = Run(self, wire, work, agents, batch)
        else:
            self._running = GraphRun(self, wire, work, agents, batch)
        try:
            with self.told("run agents"):
                result: Message = self.client.sync(self._running.execute)
        finally:
            self._running = None
        return result

    def attempts(self, wire: Wire, order: str) -> Message:
        """Make attempts that are asked for meanwhile, until there are to be no more."""
        self._attempts = Attempts(self, wire, order)
        try:
            with self.told("run agents"):
                result: Message = self.client.sync(self._attempts.execute)
        finally:
            self._attempts = None
        return result

    def ask(self, request: Message | None) -> None:
        """Hand on what is asked for while attempts are made. May be called from any thread."""
        loop: Any = self.client.loop
        if (attempts := self._attempts) is not None:
            loop.add_callback(attempts.ask, request)

    def lost(self) -> str:
        """Say that the scheduler is."""
        return f"the scheduler {self.address} is lost"

    @contextlib.contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Have whatever fails because the scheduler is lost say so, in a sentence."""
        try:
            yield
        except Refused:
            raise
        except Exception as error:
            if self.client.status == "running":
                raise
            raise Refused(f"failed to {what}: {self.lost()}; start it and try again") from error

    def cancel(self) -> None:
        """Wake a run up to see that it is cancelled. May be called from any thread."""
        loop: Any = self.client.loop
        if (running := self._running) is not None:
            loop.add_callback(running.wake)
        self.ask(None)

    def close(self) -> None:
        """Leave the cluster as it was found, as far as it still answers."""
        if self.client.status == "running":
            with contextlib.suppress(Exception):
                remove = self.client.unregister_worker_plugin
                self.client.sync(remove, self.plugin, callback_timeout=UNTIL_CLOSED)
        with contextlib.suppress(Exception):
            self.client.close(timeout=UNTIL_CLOSED)
        if self.client.cluster is not None:
            self.client.cluster.close(timeout=UNTIL_CLOSED)


def connect(request: Message, shipped: ModuleType, cancelled: Event) -> tuple[Cluster, Message]:
    """Connect to a cluster, or start one on loopback; how long that took, and what it is."""
    begin = time.perf_counter_ns()
    cluster = Cluster(client(request), shipped, cancelled)
    start_ns = time.perf_counter_ns() - begin
    try:
        with cluster.told("bring the agents to the workers"):
            prepared = cluster.prepare()
    except BaseException:
        cluster.close()
        raise
    first_call_ns = time.perf_counter_ns() - begin - start_ns
    return cluster, {
        "start_ns": start_ns,
        "first_call_ns": first_call_ns,
        "address": cluster.address,
        **prepared,
    }


def client(request: Message) -> Client:
    """Connect to the scheduler that a request names."""
    address, seconds = request["scheduler"], request.get("seconds") or UNTIL_CONNECTED
    if address == "local":
        return Client(local_cluster(request["workers"]), set_as_default=False, name="centurion")
    certificates = security(address, request.get("tls") or {})
    try:
        get_address_host_port(address)  # a client of an address that can't be read takes long to let go
        return Client(address, timeout=seconds, security=certificates, set_as_default=False, name="centurion")
    except (OSError, ValueError) as error:
        raise Refused(
            f"failed to connect to the scheduler {address}: {first_line(error)}; is it running? Start one as "
            "docs/clusters.md says, or try `--cluster local`"
        ) from error


def security(address: str, tls: dict[str, str]) -> Security | None:
    """Certificates for a scheduler that wants them."""
    if not address.startswith("tls://"):
        if tls:
            raise Refused(f"failed to connect to {address}: it is not encrypted; write tls://HOST:PORT")
        return None
    missing = [name for name in ("ca", "cert", "key") if not tls.get(name)]
    if missing:
        flags = ", ".join(f"--tls-{name}" for name in missing)
        raise Refused(f"failed to connect to {address}: certificates are missing; give {flags}")
    for name, file in tls.items():
        if not Path(file).is_file():
            raise Refused(f"failed to read {file}, which --tls-{name} names: there is no such file")
    return Security(
        tls_ca_file=tls["ca"], tls_client_cert=tls["cert"], tls_client_key=tls["key"], require_encryption=True
    )


def module_files() -> dict[str, bytes]:
    """Return what a worker needs of this package, by path: the compiled module and what imports it."""
    package = Path(centurion_agents.__file__).parent
    files = [file for file in package.iterdir() if file.suffix in {".py", ".so", ".pyd"}]
    return {f"{package.name}/{file.name}": file.read_bytes() for file in files}


def compare_pythons(versions: Message) -> None:
    """Refuse a cluster with another Python than ours: functions are sent as its bytecode."""
    ours = python_of(versions["client"])
    places = {"the scheduler": versions["scheduler"]}
    places |= {f"the worker {address}": there for address, there in versions["workers"].items()}
    for place, there in places.items():
        if python_of(there) != ours:
            raise Refused(
                f"failed to send agents to {place}: it runs Python {python_of(there)}, this program's "
                f"environment has {ours}; use the same on both sides, CENTURION_PYTHON names another here"
            )


def check(worker: str, module: dict[str, Any]) -> None:
    """Refuse a worker whose module is not ours."""
    if "problem" in module:
        raise Refused(
            f"failed to bring the module centurion_agents to the worker {worker}: {module['problem']}; it "
            f"runs on {module['platform']}, the module was built on {platform.system()} "
            f"{platform.machine()}; install it there, see docs/clusters.md"
        )
    if module["build"] != centurion_agents.BUILD:
        ours, build = centurion_agents.__version__, centurion_agents.BUILD
        raise Refused(
            f"failed to send agents to the worker {worker}: it has centurion_agents {module['version']}, "
            f"build {module['build']}, protocol {module['protocol']} ({module['path']}); this program has "
            f"{ours}, build {build}, protocol {centurion_agents.PROTOCOL}; install this one there, or remove "
            "it and this one will be brought"
        )


def python_of(there: Message) -> str:
    """Return the version of Python that decides whether bytecode can be exchanged, such as `3.12`."""
    return ".".join(there["packages"]["python"].split(".")[:2])


def first_line(error: BaseException) -> str:
    """Return what an error says first."""
    return (str(error) or type(error).__name__).splitlines()[0]
