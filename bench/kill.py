"""`kill -9` at random moments of everything memory does: `python -m bench.kill --rounds 1000`.

A child appends (telling each acknowledged event), indexes, rebuilds, re-embeds, imports and backs up;
it is killed after a random time, a share of them just as Chroma's index persists. After each kill the
memory must open, hold every acknowledged event once and nothing else, and, after catching up, hold in
Chroma every event and every vector, the vector that belongs to the text.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agents.startup import begin
from memory.events import Event, event_id
from memory.index import EVENTS
from memory.store import Memory
from memory.vectors import TokenVectors, unit

WORK = ("append", "persist", "rebuild", "embed", "persist", "import", "backup", "persist")
"""What a child does; three in eight rounds aim at the moment in which Chroma's index persists."""
FRESH = 40
"""Rounds after which the memory starts again from nothing."""


class Words:
    """A quick deterministic embedder."""

    dimension = 32

    def __init__(self, name: str) -> None:
        self.name = name

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row += np.random.default_rng(zlib.crc32((self.name + text).encode())).standard_normal(
                self.dimension
            )
        return unit(rows).astype(np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        raise NotImplementedError


def event(number: int) -> Event:
    """Event `number` of the run; every fourth has no text."""
    at = 1_000_000 + number
    text = "" if number % 4 == 3 else f"answer {number} about topic {number % 37}"
    kind = "closed" if number % 4 == 3 else "answered"
    outcome = {"expectation": "e", "coverage": number % 3 / 2, "aid": "none", "sure": 1.0}
    payload = {"outcomes": [outcome]} if kind == "closed" else {}
    return Event(event_id(at, f"{number:07d}"), kind, at, f"s{number // 20}", text,
                 question=f"q{number % 5}", payload=payload)  # type: ignore[arg-type]  # fmt: skip


def child(home: Path, work: str, seed: int) -> None:
    """Work until killed; every acknowledged number goes to standard output."""
    chance = random.Random(seed)
    memory = Memory.open(home, embedder=Words(_embedder(home)))
    number = memory.journal.count()
    print("open", flush=True)
    while True:
        for _ in range(chance.randint(1, 150 if work == "persist" else 30)):
            memory.append(event(number))
            print(number, flush=True)
            number += 1
        if work in ("append", "persist"):
            memory.flush()
        elif work == "rebuild":
            memory.rebuild()
        elif work == "embed":
            _embed_anew(memory, home)
        elif work == "import":
            text = io.StringIO()
            memory.export(text)
            memory.import_from(text.getvalue().splitlines())
            memory.flush(1)
        else:
            memory.back_up()


def _embedder(home: Path) -> str:
    """The embedder the memory was last turned to."""
    file = home / "learners" / "default" / "journal.sqlite3"
    if not file.exists():
        return "words-0"
    import sqlite3

    with contextlib.closing(sqlite3.connect(file)) as db:
        found = db.execute("SELECT value FROM meta WHERE key = 'embedder'").fetchone()
    return found[0] if found and found[0] else "words-0"


def _embed_anew(memory: Memory, home: Path) -> None:
    import memory.rebuild as rebuild

    name = f"words-{(int(_embedder(home).split('-')[1]) + 1) % 3}"
    rebuild.named_embedder = lambda _: Words(name)
    memory.rebuild(name)


def strike(home: Path, work: str, seed: int) -> int:
    """Run a child, kill it; returns the last number it acknowledged, -1 for none."""
    chance = random.Random(seed)
    command = [sys.executable, "-m", "bench.kill", "--child", str(home), work, str(seed)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    lines = [process.stdout.readline()]
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    if work == "persist":
        _wait_for_persist(home, chance)
    else:
        time.sleep(chance.random() * 3)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    reader.join()
    numbers = [int(line) for line in lines if line.endswith("\n") and line[:-1].isdigit()]
    return numbers[-1] if numbers else -1


def _wait_for_persist(home: Path, chance: random.Random, patience: float = 8.0) -> None:
    """Return while an index file is being written, or a few milliseconds later."""
    chroma = home / "learners" / "default" / "chroma"

    def times() -> dict[Path, int]:
        found = {}
        for path in chroma.glob("*/*"):
            with contextlib.suppress(OSError):
                found[path] = path.stat().st_mtime_ns
        return found

    before, until = times(), time.monotonic() + patience
    while time.monotonic() < until:
        after = times()
        if after != before:
            time.sleep(chance.random() * 0.02)
            return
        time.sleep(0.0005)


def inspect(home: Path, acknowledged: int) -> list[str]:
    """What is wrong with the memory after a kill; nothing, if all is as promised."""
    wrong = []
    name = _embedder(home)
    with Memory.open(home, embedder=Words(name)) as memory:
        events = memory.events()
        wanted = [event(n) for n in range(len(events))]
        if events != wanted:
            ids = Counter(e.id for e in events)
            wrong.append(
                f"events differ: {len(events)}, doubled {sum(c > 1 for c in ids.values())}"
            )
        if len(events) <= acknowledged:
            wrong.append(f"lost: {acknowledged + 1 - len(events)} acknowledged events")
        if memory.notice:
            wrong.append(memory.notice)
        memory.flush()
        index, lexical = memory._index, memory._lexical
        if index.collection(EVENTS).count() != len(events):
            wrong.append(f"{index.collection(EVENTS).count()} of {len(events)} events in Chroma")
        turns = [turn for page in lexical.all(500) for turn in page]
        vectors = index.vectors("turns", [turn.id for turn in turns])
        texts = [event(int(turn.id[-7:])).text for turn in turns]
        expected = index.embedder.embed(texts) if turns else []
        bad = [
            turn.id
            for turn, row in zip(turns, expected, strict=True)
            if turn.id not in vectors or not np.allclose(vectors[turn.id], row, atol=1e-4)
        ]
        if bad:
            wrong.append(f"{len(bad)} of {len(turns)} turns without their vector")
        if turns and not memory.recall(event(int(turns[-1].id[-7:])).text, 3):
            wrong.append("nothing is recalled")
    return wrong


def run(rounds: int, seed: int, keep: Path | None = None) -> int:
    """All rounds; returns how many went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="viva-kill-"))
    home, failures, start = folder / "home", 0, time.monotonic()
    done: Counter[str] = Counter()
    try:
        for number in range(rounds):
            if number % FRESH == 0:
                shutil.rmtree(home, ignore_errors=True)
            work = WORK[number % len(WORK)]
            acknowledged = strike(home, work, seed + number)
            if keep:  # as the kill left it: looking at it repairs it
                shutil.rmtree(keep / "last", ignore_errors=True)
                shutil.copytree(home, keep / "last")
            try:
                wrong = inspect(home, acknowledged)
            except Exception as error:
                wrong = [f"{type(error).__name__}: {error}"]
            done[work] += 1
            if wrong:
                failures += 1
                print(
                    f"round {number} ({work}, seed {seed + number}): {'; '.join(wrong)}", flush=True
                )
                if keep:
                    shutil.copytree(keep / "last", keep / f"round-{number}", dirs_exist_ok=True)
                    shutil.copytree(home, keep / f"round-{number}-seen", dirs_exist_ok=True)
                shutil.rmtree(home, ignore_errors=True)
            if (number + 1) % 50 == 0:
                spent = time.monotonic() - start
                print(f"{number + 1} kills in {spent:.0f} s, {failures} wrong", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{rounds} kills ({', '.join(f'{n} {w}' for w, n in done.items())}): {failures} wrong")
    return failures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="copy what went wrong here")
    options.add_argument(
        "--child", nargs=3, metavar=("HOME", "WORK", "SEED"), help=argparse.SUPPRESS
    )
    given = options.parse_args()
    begin()  # most of a round is three processes that start
    if given.child:
        child(Path(given.child[0]), given.child[1], int(given.child[2]))
    return 1 if run(given.rounds, given.seed, given.keep) else 0


if __name__ == "__main__":
    sys.exit(main())
