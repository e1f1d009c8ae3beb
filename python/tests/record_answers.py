"""Record what the Rust program answers, for the tests: `python python/tests/record_answers.py [--check]`."""

import json
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
ANSWERS = TESTS / "answers.json"

# The positions are the name of a file here, and its text in Python.
CASES: list[tuple[str, dict[str, object]]] = [
    ("thinking", {"agents": 100, "seed": 42, "scale": 0.001}),
    ("thinking", {"agents": 3, "seed": 2**64 - 1, "scale": 0.001}),
    ("deciding", {"agents": 100}),
    ("deciding", {"agents": 2, "positions": "own.tsv"}),
    ("grain", {"agents": 100, "iterations": 1000, "seed": 7}),
    ("grain", {"agents": 3, "iterations": 0, "seed": 0}),
]


def answered(workload: str, parameters: dict[str, object]) -> dict[str, object]:
    """Run the agents in the Rust program, and return the answers in words by name."""
    flags = [text for name, value in parameters.items() for text in (f"--{name}", str(value))]
    command = ["cargo", "run", "--release", "--quiet", "--", "--workload", workload, *flags, "--json"]
    run = subprocess.run(command, cwd=TESTS, check=True, stdout=subprocess.PIPE)
    results = json.loads(run.stdout)["results"]
    return {
        "workload": workload,
        "parameters": parameters,
        "answers": {result["name"]: result["answer"] for result in results},
    }


def main() -> int:
    """Write the answers, or compare them with the recorded ones."""
    recorded = json.dumps([answered(*case) for case in CASES], indent=1) + "\n"
    if sys.argv[1:] == ["--check"]:
        same = ANSWERS.read_text(encoding="utf-8") == recorded
        print("the recorded answers are", "those of the Rust program" if same else "others than it gives now")
        return not same
    ANSWERS.write_text(recorded, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
