"""Two hosts, one of them cut off and back: network namespaces, where the machine allows them."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from talking import Driver, Gate, Host, Process, Scheduler, Worker, answers

# The least after which Dask takes a connection without an answer for lost; unless told, it waits 30 seconds.
QUICK = "11s"

HOLD = "echo ready; exec sleep infinity"


@dataclass
class Network:
    """Two hosts and the cable between them."""

    here: Host
    there: Host

    def cable(self, state: str) -> None:
        command(*self.here.enter, "ip", "link", "set", "cable-here", state)


def command(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, text=True)


@pytest.fixture
def network(started: Callable[[Process], None]) -> Network:
    def hold(*enter: str) -> int:
        """Start a process that keeps a host in being; return its number."""
        process = Process(*enter, "sh", "-c", HOLD, reads="stdout")
        started(process)
        process.find("(ready)")
        return process.pid

    try:
        first = hold("unshare", "--map-root-user", "--net")
        inside = ("nsenter", f"--user=/proc/{first}/ns/user", "--preserve-credentials")
        second = hold(*inside, "unshare", "--net")
        here, there = (
            Host(f"10.77.0.{number}", (*inside, f"--net=/proc/{host}/ns/net"))
            for number, host in enumerate((first, second), 1)
        )
        cable = ("type", "veth", "peer", "name", "cable-there", "netns", str(second))
        command(*here.enter, "ip", "link", "add", "cable-here", *cable)
        for host, end in ((here, "cable-here"), (there, "cable-there")):
            command(*host.enter, "ip", "address", "add", f"{host.address}/24", "dev", end)
            command(*host.enter, "ip", "link", "set", end, "up")
            command(*host.enter, "ip", "link", "set", "lo", "up")
    except (OSError, AssertionError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or error
        pytest.skip(f"this machine does not allow network namespaces: {str(said).strip()}")
    return Network(here, there)


def test_a_host_is_cut_off_and_back_and_every_result_arrives_once(
    network: Network, started: Callable[[Process], None], gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP", QUICK)
    scheduler = Scheduler(on=network.here)
    started(scheduler)
    stays, cut_off = (Worker(scheduler.address, on=host) for host in (network.here, network.there))
    for worker in (stays, cut_off):
        started(worker)
        worker.registered()
    driver = Driver(on=network.here)
    started(driver)
    driver.say("run", executor=driver.start(scheduler.address), command=gate.command, agents=6, batch=1)
    gate.begun()
    gate.begun()
    network.cable("down")
    outcomes = driver.hear_note(rf"the worker tcp://{network.there.address}:\d+ is lost with . batch")
    network.cable("up")
    cut_off.find("(connection-broken)")  # a worker of Dask ends when it loses its scheduler
    started(Worker(scheduler.address, on=network.there))
    outcomes += driver.hear_note(rf"the worker tcp://{network.there.address}:\d+ has come")
    gate.open()
    finished = driver.end()
    outcomes += finished["outcomes"]
    assert answers(outcomes) == [f"through {agent}" for agent in range(6)]
    assert max(outcome["attempts"] for outcome in outcomes) == 2
    assert finished["workers"] == 2
