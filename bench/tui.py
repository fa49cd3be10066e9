"""How fast the front end is, in a real pseudo-terminal, against the smallest Textual app in the same run.

    python -m bench.tui [--rounds N] [--json FILE]

The engine is the scripted one of the tests, so that no model and no memory take part. Times are
given as ratios to the minimal app (one text area), measured in turn with it; sizes and bytes as
they are. Aims are those of the project; exit code 1 if one is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.terminal import Replay, Terminal

ROOT = Path(__file__).parents[1]
SIZE = (100, 30)
MINIMAL = """
from textual.app import App
from textual.widgets import TextArea
class Minimal(App):
    BINDINGS = [("ctrl+q", "quit", "Quit")]
    def compose(self):
        yield TextArea("the smallest app with one text area, ready for a key")
    def on_mount(self):
        self.query_one(TextArea).focus()
Minimal().run()
"""
TYPED = "the quick brown fox jumps over it "
AIMS = {
    "first paint": 0.15, "cpu to usable": 2.0, "key, empty session": 1.5, "key, 200 turns": 1.5,
    "key, 60 tokens/s": 6.0, "rss at 200 turns": 90.0, "idle bytes": 0.0,
}  # fmt: skip


def minimal() -> Terminal:
    return Terminal([sys.executable, "-c", MINIMAL], *SIZE, {}, ROOT)


def viva(scripted: str = "") -> Terminal:
    """The front end over a scripted engine with the options `scripted`."""
    env = {
        "VIVA_ENGINE": f"{sys.executable} -m tests.tui.scripted_engine", "VIVA_SCRIPTED": scripted,
        "VIVA_HOME": tempfile.mkdtemp(prefix="viva-bench-"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return Terminal([sys.executable, "-m", "tui.main"], *SIZE, env, ROOT)


def first_paint(terminal: Terminal, cells: int = 40) -> float:
    """Seconds until the alternate screen holds `cells` characters."""
    replay, end = Replay(terminal), time.perf_counter() + 20
    while time.perf_counter() < end:
        when = replay.step()
        if when is None:
            time.sleep(0.002)
        elif sum(not c.isspace() for c in replay.text()) >= cells:
            return when - terminal.started
    raise AssertionError("nothing was painted")


def key_to_paint(terminal: Terminal, text: str = TYPED) -> list[float]:
    """Seconds from each key to the chunk after which everything typed so far is on the screen."""
    replay, typed, times = Replay(terminal), "", []
    replay.catch_up()
    for character in text:
        typed += character
        sent = terminal.write(character.encode())
        while character != " " and time.perf_counter() - sent < 5:
            when = replay.step()
            if when is None:
                time.sleep(0.0005)
            elif when >= sent and typed.strip() in replay.text().replace("│", " "):
                times.append(when - sent)
                break
        time.sleep(0.08)
    return times


def in_session(terminal: Terminal) -> Terminal:
    terminal.wait("Readiness")
    terminal.press("enter")
    terminal.wait("Your answer")
    terminal.quiet(0.3)
    return terminal


def start_up(make: Callable[[], Terminal], ready: str) -> tuple[float, float]:
    """Seconds to the first paint, and CPU seconds of the front end when `ready` shows."""
    terminal = make()
    try:
        paint = first_paint(terminal)
        terminal.wait(ready)
        return paint, terminal.cpu()
    finally:
        terminal.close()


def keys_in(make: Callable[[], Terminal]) -> list[float]:
    terminal = make()
    try:
        return key_to_paint(terminal)
    finally:
        terminal.close()


def streaming() -> Terminal:
    """A session at 200 turns into which 60 tokens a second stream."""
    terminal = in_session(viva("past=200"))
    terminal.write(b"chatter 900 60")
    terminal.wait("chatter 900 60")
    terminal.press("ctrl+b")
    terminal.wait("cache grows", "▌")
    return terminal


def settled_minimal() -> Terminal:
    terminal = minimal()
    terminal.wait("smallest app")
    terminal.quiet(0.3)
    return terminal


def at_rest() -> dict[str, float]:
    """Memory, idle bytes, focus change, paste and resize storm at 200 turns."""
    terminal = in_session(viva("past=200"))
    try:
        time.sleep(2.0)
        found = {"rss at 200 turns": terminal.rss()}
        before = len(terminal.record)
        time.sleep(5.0)
        found["idle bytes"] = float(sum(len(data) for _, data in terminal.record[before:]))
        cpu = terminal.cpu()
        for key in ("focusout", "focusin") * 5:
            terminal.press(key)
            time.sleep(0.1)
        found["focus change, cpu ms"] = (terminal.cpu() - cpu) * 100
        cpu, sent = terminal.cpu(), time.perf_counter()
        body = ("The quick brown fox 狐狸 jumps over the lazy dog. " * 2500).encode()[:100_000]
        terminal.write(b"\x1b[200~" + body.decode(errors="ignore").encode() + b" PASTED\x1b[201~")
        terminal.wait("PASTED")
        terminal.quiet(0.3)
        found["paste of 100 kB, s"] = terminal.record[-1][0] - sent
        for step in range(40):
            terminal.resize(60 + step, 20 + step % 15)
            time.sleep(0.01)
        last = terminal.resize(*SIZE)
        terminal.wait("PASTED", "F1 help")
        terminal.quiet(0.5)
        found["resize storm settles, s"] = terminal.record[-1][0] - last
        return found
    finally:
        terminal.close()


def measure(rounds: int) -> dict[str, Any]:
    """All figures: medians over `rounds`, ratios where both were timed."""
    paints: list[tuple[float, float]] = []
    costs: list[tuple[float, float]] = []
    for _ in range(rounds):
        ours, theirs = start_up(viva, "Readiness"), start_up(minimal, "smallest app")
        paints.append((ours[0], theirs[0]))
        costs.append((ours[1], theirs[1]))
    base: list[float] = []
    timed: dict[str, list[float]] = {}
    for _ in range(rounds):
        base += keys_in(settled_minimal)
        for name, make in (
            ("key, empty session", lambda: in_session(viva())),
            ("key, 200 turns", lambda: in_session(viva("past=200"))),
            ("key, 60 tokens/s", streaming),
        ):
            timed.setdefault(name, []).extend(keys_in(make))
    ratios = {"first paint": _ratio(paints), "cpu to usable": _ratio(costs)}
    ratios |= {
        name: statistics.median(times) / statistics.median(base) for name, times in timed.items()
    }
    absolute = {
        "first paint, ms": 1000 * statistics.median(ours for ours, _ in paints),
        "minimal app's first frame, ms": 1000 * statistics.median(theirs for _, theirs in paints),
        "minimal app's key to paint, ms": 1000 * statistics.median(base),
    }
    for name, times in timed.items():
        ordered = sorted(times)
        absolute[f"{name}, median ms"] = 1000 * statistics.median(times)
        absolute[f"{name}, p95 ms"] = 1000 * ordered[int(0.95 * (len(ordered) - 1))]
    return {"ratios to the minimal app": ratios, "absolute": absolute | at_rest()}


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(ours for ours, _ in pairs) / statistics.median(
        theirs for _, theirs in pairs
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    viva().close()  # writes the byte code, so that the first round is like the others
    result = measure(options.rounds)
    missed = 0
    for title, figures in result.items():
        print(title)
        for name, value in figures.items():
            aim = AIMS.get(name)
            verdict = "" if aim is None else f"  aim {aim:g}  {'met' if value <= aim else 'MISSED'}"
            missed += aim is not None and value > aim
            print(f"  {name:34} {value:10.2f}{verdict}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
