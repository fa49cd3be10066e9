"""How well and how fast memory recalls: `python -m bench.recall` (see `--help`).

Quality: recall@10 and nDCG@10, the whole beside each of its parts, on two sets. The hand-written
conversations (`bench/remembering/talks`) are what the weights were chosen on; the generated learner
(2,000 events, 400 questions) is the check that was not. Speed: p95 of whole recalls (the embedding of
the question in it) at 10,000 and 100,000 events beside brute force in numpy, p95 of an acknowledged
append, and the time to open, at each size. `--turns FILE` measures a conversation of your own: JSON
with `turns` [{id, speaker, session, at, text}] and `questions` [{text, answers: [turn ids], at?}], or
a list of such objects.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.remembering.learner import Query, learner
from bench.remembering.talks import talks
from memory.embedder import Embedder, load_embedder
from memory.events import Event, event_id
from memory.lexical import EVERYTHING
from memory.recall import Recaller, added
from memory.store import Memory
from memory.timewords import when
from memory.vectors import TokenVectors, unit

Ranker = Callable[[Query], list[str]]


class QuickFill:
    """The real model for one text at a time (a question); hashed words for batches, so that 100,000
    events need no hour. Only for timing: what is found means nothing."""

    def __init__(self, model: Embedder) -> None:
        self.model = model
        self.name = f"quick-fill/{model.dimension}"
        self.dimension = model.dimension
        self._words = np.random.default_rng(0).standard_normal((4096, model.dimension))

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if len(texts) == 1:
            return self.model.embed(texts)
        rows = [
            sum(
                (self._words[zlib.crc32(w.encode()) % 4096] for w in t.split()),
                np.zeros(self.dimension),
            )
            for t in texts
        ]
        return unit(np.stack(rows)).astype(np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self.model.tokens(texts)


def ndcg(found: Sequence[str], wanted: frozenset[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain with gain 1 for each answer (Järvelin 2002)."""
    gain = sum(1 / math.log2(n + 2) for n, name in enumerate(found[:k]) if name in wanted)
    return gain / sum(1 / math.log2(n + 2) for n in range(min(k, len(wanted))))


def score(queries: Sequence[Query], ranker: Ranker) -> tuple[float, float]:
    """Mean recall@10 and nDCG@10."""
    recalls, gains = [], []
    for query in queries:
        found = ranker(query)[:10]
        recalls.append(len(query.answers & set(found)) / len(query.answers))
        gains.append(ndcg(found, query.answers))
    return float(np.mean(recalls)), float(np.mean(gains))


def rankers(memory: Memory) -> dict[str, Ranker]:
    """The whole and each of its parts."""
    recaller = Recaller(memory.journal, memory._lexical, memory._index)
    speakers = memory._lexical.speakers()

    def part(words: bool, meaning: bool, spread: bool) -> Ranker:
        def rank(query: Query) -> list[str]:
            time = when(query.text, query.at)
            scores = added(
                recaller.words(query.text, EVERYTHING, time) if words else {},
                recaller.meaning(time.rest, EVERYTHING, speakers) if meaning else {},
            )
            scores = recaller.spread(scores) if spread else scores
            best = sorted(scores, key=lambda seq: (-scores[seq], -seq))[:10]
            turns = memory._lexical.turns(best)
            return [turns[seq].id for seq in best]

        return rank

    def whole(query: Query) -> list[str]:
        return [found.event.id for found in memory.recall(query.text, 10, at=query.at)]

    return {
        "whole": whole,
        "words": part(True, False, False),
        "words, spread": part(True, False, True),
        "meaning": part(False, True, False),
        "meaning, spread": part(False, True, True),
        "both": part(True, True, False),
        "both, spread": part(True, True, True),
    }


def quality(name: str, events: Iterable[Event], asked: Mapping[str, Sequence[Query]]) -> None:
    """Score each group of questions about a memory of `events`."""
    with tempfile.TemporaryDirectory() as folder, Memory.open(Path(folder) / "home") as memory:
        memory.append_many(events)
        memory.flush()
        for group, every in asked.items():
            queries = [query for query in every if query.answers]
            print(f"{name}: {memory.journal.count()} events, {len(queries)} questions{group}")
            print(f"  {'':16}{'recall@10':>10}{'nDCG@10':>10}")
            for part, ranker in rankers(memory).items():
                recall, gain = score(queries, ranker)
                print(f"  {part:16}{recall:10.3f}{gain:10.3f}")
            for kind in sorted({query.kind for query in queries}):
                some = [query for query in queries if query.kind == kind]
                recall, gain = score(some, rankers(memory)["whole"])
                print(f"    {kind:14}{recall:10.3f}{gain:10.3f}  ({len(some)})")


def all_quality() -> None:
    for talk in talks():
        asked = {" as people ask": talk.plain, " in other words": talk.queries}
        quality(talk.name, talk.events, asked)
    events, queries = learner()
    quality("learner", events, {"": queries[:400]})


def p(times: Sequence[float], share: float) -> float:
    """A percentile of times, in milliseconds."""
    return float(np.percentile(times, 100 * share) * 1000)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def speed(sizes: Sequence[int], folder: Path, rounds: int) -> None:
    model = load_embedder()
    inner = getattr(model, "inner", model)  # without the cache: every question is embedded
    for size in sizes:
        home = folder / f"{size}"
        events, queries = learner(size)
        with Memory.open(home, embedder=QuickFill(inner)) as memory:
            if memory.journal.count() < size:
                start = time.perf_counter()
                memory.append_many(events)
                memory.flush()
                memory.knowledge()
                print(f"filled {size} in {time.perf_counter() - start:.0f} s", flush=True)
        opening = _open_times(home, QuickFill(inner))
        with Memory.open(home, embedder=QuickFill(inner)) as memory:
            memory.flush()
            memory.recall("warm up", 10)
            asked = queries[:rounds]
            recalls = [timed(lambda q=q: memory.recall(q.text, 10, at=q.at)) for q in asked]
            brute = _brute_force(memory, inner, asked)
            appends = _append_times(memory, rounds)
        print(
            f"{size:7} events: recall p50 {p(recalls, 0.5):.1f} p95 {p(recalls, 0.95):.1f} ms"
            f" | numpy dense only p50 {p(brute, 0.5):.1f} p95 {p(brute, 0.95):.1f} ms"
            f" | append p50 {p(appends, 0.5):.1f} p95 {p(appends, 0.95):.1f} ms"
            f" | open and knowledge {opening * 1000:.1f} ms",
            flush=True,
        )


def _open_times(home: Path, embedder: Embedder) -> float:
    def once() -> None:
        with Memory.open(home, embedder=embedder) as memory:
            memory.knowledge()

    return sorted(timed(once) for _ in range(5))[2]


def _brute_force(memory: Memory, model: Embedder, queries: Sequence[Query]) -> list[float]:
    """Exact search over single turns, as the simplest thing that could work."""
    ids = [turn.id for page in memory._lexical.all(1000) for turn in page]
    rows = [
        v
        for n in range(0, len(ids), 1000)
        for v in memory._index.vectors("turns", ids[n : n + 1000]).values()
    ]
    matrix = np.stack(rows)

    def search(query: Query) -> np.ndarray:
        near = matrix @ model.embed([query.text])[0]
        best = np.argpartition(-near, 10)[:10]
        return best[np.argsort(-near[best])]

    return [timed(lambda q=q: search(q)) for q in queries]


def _append_times(memory: Memory, rounds: int) -> list[float]:
    """Acknowledged appends at the pace of a quick learner, the index following behind."""
    times = []
    at = memory.latest()
    for n in range(rounds):
        at += 1000
        event = Event(
            event_id(at), "answered", at, "bench", f"answer number {n} about caches", "learner"
        )
        times.append(timed(lambda e=event: memory.append(e)))
        time.sleep(0.03)
    return times


def conversations(path: Path) -> None:
    """Measure conversations from a file; each is a memory of its own."""
    said = json.loads(path.read_text("utf-8"))
    recalls, gains = [], []
    for one in said if isinstance(said, list) else [said]:
        events = [
            Event(
                str(t["id"]),
                "conversation",
                int(t["at"]),
                str(t["session"]),
                t["text"],
                t["speaker"],
            )
            for t in one["turns"]
        ]
        last = max(event.at for event in events)
        queries = [
            Query(q["text"], int(q.get("at", last)), frozenset(map(str, q["answers"])), "")
            for q in one["questions"]
            if q["answers"]
        ]
        with tempfile.TemporaryDirectory() as folder, Memory.open(Path(folder) / "home") as memory:
            memory.append_many(events)
            memory.flush()
            for query in queries:
                recall, gain = score([query], rankers(memory)["whole"])
                recalls.append(recall)
                gains.append(gain)
    print(
        f"{len(recalls)} questions: recall@10 {np.mean(recalls):.3f}, nDCG@10 {np.mean(gains):.3f}"
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=Path, help="measure conversations from a JSON file")
    options.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    options.add_argument(
        "--rounds", type=int, default=200, help="recalls and appends timed per size"
    )
    options.add_argument("--folder", type=Path, help="keep the filled memories here")
    options.add_argument("--only", choices=["quality", "speed"])
    given = options.parse_args()
    if given.turns:
        conversations(given.turns)
        return 0
    if given.only != "speed":
        all_quality()
    if given.only != "quality":
        folder = given.folder or Path(tempfile.mkdtemp(prefix="viva-recall-"))
        try:
            speed(given.sizes, folder, given.rounds)
        finally:
            if not given.folder:
                shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
