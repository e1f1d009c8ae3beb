"""The line to the program: nothing printed corrupts it, and nothing said breaks it."""

import json
import subprocess
import sys
from collections.abc import Callable

from talking import Driver, Process

NOISY = """
import os, subprocess
from centurion_agents.driver.wire import Wire
wire = Wire()
print("printed")
os.write(1, b"written\\n")
subprocess.run(["sh", "-c", "echo echoed; cat"])
wire.send("one", text="é\\n")
wire.listen({"cancel": lambda _: wire.send("cancelled")}, on_end=lambda: wire.send("end"))
wire.send("asked", request=wire.request())
wire.send("asked", request=wire.request())
"""


def test_what_is_printed_can_not_be_taken_for_an_event() -> None:
    requests = '{"do":"cancel"}\n{"do":"something"}\n'
    noisy = subprocess.run(
        [sys.executable, "-c", NOISY], input=requests, check=True, capture_output=True, text=True
    )
    events = [json.loads(line) for line in noisy.stdout.splitlines()]
    assert events[0] == {"event": "one", "text": "é\n"}
    assert {"event": "cancelled"} in events
    assert [event["request"] for event in events if event["event"] == "asked"] == [{"do": "something"}, None]
    assert sorted(noisy.stderr.split()) == ["echoed", "printed", "written"]


def test_what_is_no_request_is_refused_and_the_next_one_followed(driver: Driver) -> None:
    driver.write("hello")
    assert "is not JSON: 'hello" in driver.end()["reason"]
    assert "there are hello, start, sample" in driver.ask("dance")["reason"]
    assert (
        "'dask-thread'; there are dask-threads,"
        in driver.ask("start", scheduler="dask-thread", workers=1)["reason"]
    )


def test_the_driver_ends_with_the_program(driver: Driver) -> None:
    driver.start("dask-threads")
    driver.close_stdin()
    assert driver.ended() == 0
    assert driver.line() is None


def test_the_handshake_names_both_versions_when_they_differ(started: Callable[[Process], None]) -> None:
    driver = Driver(greet=False)
    started(driver)
    refusal = driver.ask("hello", version="9.9.9", build="0123456789abcdef", protocol=1)
    assert refusal["event"] == "error"
    assert "centurion 9.9.9, build 0123456789abcdef, protocol 1" in refusal["reason"]
    assert "Python has centurion_agents 0." in refusal["reason"]
    assert refusal["reason"].endswith("run `just python`")
