"""Runs commands in a terminal of their own and draws what they printed as an SVG that plays it.

    python3 python/examples/recording.py --out docs/demo.svg --speed 10 -- 'cargo bench -- --quick'

Nothing is drawn that was not printed; only time is shortened, which the picture says. Whoever can't play it
sees the end.
Needs nothing but Python, on Unix.
"""

import argparse
import fcntl
import html
import os
import pty
import re
import struct
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LETTER, LINE, MARGIN = 7.8, 18, 16
ESCAPE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>78]")
COLOURS = {1: "b", 2: "d", 31: "r", 32: "g", 33: "y", 34: "u", 35: "m", 36: "c", 91: "r", 92: "g", 93: "y"}
STYLE = (
    "text{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6e8ec;white-space:pre}"
    ".b{font-weight:700}.d{fill:#9aa3b2}.r{fill:#ff9b8e}.g{fill:#8fe0ab}.y{fill:#f2d27a}.u{fill:#9cc4ff}"
    ".m{fill:#e3b1f5}.c{fill:#8adfe6}"
)

Cell = tuple[str, str]


@dataclass
class Screen:
    """What a terminal shows that is as high as it needs to be."""

    rows: list[list[Cell]] = field(default_factory=lambda: [[]])
    row: int = 0
    column: int = 0
    style: str = ""

    def feed(self, text: str) -> None:
        """Print, with the escapes that programs here use: colours, lines written anew, lines above."""
        at = 0
        while at < len(text):
            if found := ESCAPE.match(text, at):
                self.escape(found[1] or "", found[2] or "")
                at = found.end()
            else:
                self.letter(text[at])
                at += 1

    def letter(self, letter: str) -> None:
        """Print one character."""
        if letter == "\n":
            self.row += 1
            while len(self.rows) <= self.row:
                self.rows.append([])
        elif letter == "\r":
            self.column = 0
        elif letter >= " ":
            line = self.rows[self.row]
            line.extend([(" ", "")] * (self.column + 1 - len(line)))
            line[self.column] = (letter, self.style)
            self.column += 1

    def escape(self, numbers: str, command: str) -> None:
        """Heed one escape; those that are not known change nothing."""
        count = int(numbers) if numbers.isdigit() else 1
        if command == "m":
            known = [COLOURS.get(int(number or 0), "") for number in numbers.split(";")]
            kept = [] if "0" in numbers.split(";") or not numbers else [self.style]
            self.style = " ".join(part for part in [*kept, *known] if part)
        elif command == "K":
            self.rows[self.row] = [] if numbers == "2" else self.rows[self.row][: self.column]
        elif command == "A":
            self.row = max(0, self.row - count)
        elif command == "B":
            self.row = min(len(self.rows) - 1, self.row + count)
        elif command == "G":
            self.column = count - 1

    def lines(self) -> list[tuple[Cell, ...]]:
        """Give its lines as they are now."""
        return [tuple(line) for line in self.rows]


def run(command: str, columns: int) -> Iterator[tuple[float, bytes]]:
    """Yield what a shell's command prints, each piece with the seconds since it began."""
    begun = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        os.execve("/bin/sh", ["sh", "-c", command], {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"})  # noqa: S606 - it is one
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last program has closed it.
            piece = b""
        if not piece:
            break
        yield time.monotonic() - begun, piece
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != 0:
        sys.exit(f"error: `{command}` ended with {status}; nothing was written")


def record(
    commands: list[str], columns: int, speed: float, frame: float
) -> tuple[list[tuple[int, float, float, tuple[Cell, ...]]], int, float]:
    """Look at every line that is shown: its place, from when to when; how many places; how long it plays."""
    screen, shown, now = Screen(), dict[int, tuple[float, tuple[Cell, ...]]](), 0.0
    past: list[tuple[int, float, float, tuple[Cell, ...]]] = []

    def look(at: float) -> None:
        for place, line in enumerate(screen.lines()):
            since, before = shown.get(place, (at, ()))
            if line != before:
                if before:
                    past.append((place, since, at, before))
                shown[place] = (at, line)

    for command in commands:
        screen.style = "b"
        screen.feed(f"$ {command}\r\n")
        screen.style = ""
        look(now)
        begun, looked, rest = now + 0.6, now, b""
        for seconds, piece in run(command, columns):
            now = begun + seconds / speed
            text = rest + piece
            whole = text.decode(errors="ignore")
            rest = text[len(whole.encode()) :][:3]
            screen.feed(whole)
            if now - looked >= frame:
                look(now)
                looked = now
        look(now)
        screen.feed("\r\n")
        now += 0.6
    kept = [(place, since, float("inf"), line) for place, (since, line) in shown.items() if line]
    return past + kept, max(place for place, *_ in past + kept) + 1, now


def drawn(line: tuple[Cell, ...]) -> str:
    """Draw a line, the letters of one style together."""
    parts: list[list[str]] = []
    for letter, style in line:
        if parts and parts[-1][1] == style:
            parts[-1][0] += letter
        else:
            parts.append([letter, style])
    spans = [
        html.escape(text) if not style else f'<tspan class="{style}">{html.escape(text)}</tspan>'
        for text, style in parts
    ]
    return "".join(spans)


def svg(commands: list[str], columns: int, speed: float, frame: float) -> str:
    """Draw the recording as a picture."""
    lines, height, lasts = record(commands, columns, speed, frame)
    wide, high = columns * LETTER + 2 * MARGIN, (height + 1) * LINE + 2 * MARGIN
    title = html.escape("A terminal that runs " + ", then ".join(commands))
    times = "in real time" if speed == 1 else f"{speed:g} times as fast"
    size = f'viewBox="0 0 {wide:g} {high:g}"'
    text = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{wide:g}" height="{high:g}" rx="8" fill="#16181d"/>',
    ]
    for place, since, until, line in sorted(lines):
        at = f'x="{MARGIN}" y="{MARGIN + 13 + place * LINE}" textLength="{len(line) * LETTER:g}"'
        hide = (
            f'<set attributeName="visibility" to="hidden" begin="0s" dur="{since:.2f}s"/>'
            if since > 0
            else ""
        )
        if until == float("inf"):
            text.append(f"<text {at}>{hide}{drawn(line)}</text>")
        else:
            lasting = f'begin="{since:.2f}s" dur="{until - since:.2f}s"'
            show = f'<set attributeName="visibility" to="visible" {lasting}/>'
            text.append(f'<text {at} visibility="hidden">{show}{drawn(line)}</text>')
    note = f"as it was printed, {times}, {lasts:.0f} s"
    text.append(
        f'<text class="d" text-anchor="end" x="{wide - MARGIN:g}" y="{high - MARGIN / 2:g}">{note}</text>'
    )
    return "\n".join([*text, "</svg>", ""])


def main() -> None:
    """Record the commands and write the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--columns", type=int, default=80, help="width of the terminal (80)")
    parser.add_argument("--speed", type=float, default=1, help="how many times as fast it plays (1)")
    parser.add_argument(
        "--frame", type=float, default=0.2, help="seconds between two looks at what moves (0.2)"
    )
    parser.add_argument("command", nargs="+", help="a line of a shell, each in quotes")
    told = parser.parse_args()
    told.out.write_text(svg(told.command, told.columns, told.speed, told.frame), encoding="utf-8")
    print(f"{told.out}: {told.out.stat().st_size / 1e3:.1f} kB")


if __name__ == "__main__":
    main()
