"""How well and how fast documents are imported.

python bench/importing.py --samples FOLDER     counts against the folder's expected.json
python bench/importing.py --speed              text, hostile text, PDF
python bench/importing.py --print-cards N FILE...   cards from prose, for people to judge
python bench/importing.py --print-points N FILE...  points of imported answers, for people to judge
python bench/importing.py --pairs FILE         how near-duplicates are told, for labelled pairs
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.banks import find_questions
from corpus.cards import REVIEW, Card, make_cards
from corpus.gathering import Skip, Source, gather
from corpus.importing import cards_of, find, read_document
from corpus.model import Question


def bare(text: str) -> str:
    """Letters and digits only, case folded: how beginnings are compared."""
    return "".join(c for c in text.casefold() if c.isalnum())


def check_samples(folder: Path) -> int:
    """Print counts and the samples that differ; returns how many differ."""
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text())["files"]
    wrong = 0
    totals = [0, 0, 0]
    for name, wanted in expected.items():
        finding = find([folder / name])
        questions = finding.questions
        pairs = sum(bool(q.answer) for q in questions)
        totals[0] += min(len(questions), wanted["questions"])
        totals[1] += wanted["questions"]
        totals[2] += len(questions)
        off = list(_differences(questions, wanted["samples"]))
        wrong += len(off)
        print(
            f"{name:45} questions {len(questions):4} of {wanted['questions']:4}, "
            f"answered {pairs:4} of {wanted['pairs']:4}, {len(off)} samples differ"
        )
        for line in off:
            print("    " + line)
    print(f"recall {totals[0] / totals[1]:.4f}, precision {totals[0] / totals[2]:.4f} by count")
    return wrong


def _differences(questions: Sequence[Any], samples: list[dict[str, Any]]) -> Iterator[str]:
    for sample in samples:
        index = sample["index"]
        question = questions[index] if index < len(questions) else None
        asked = question is not None and bare(question.ask).startswith(
            bare(sample["question_starts"])
        )
        said = question is not None and bare(question.answer).startswith(
            bare(sample["answer_starts"])
        )
        invented = question is not None and not sample["answer_starts"] and question.answer
        if not asked or not said or invented:
            have = (question.ask[:70], question.answer[:70]) if question else None
            wanted = (sample["question_starts"][:60], sample["answer_starts"][:60])
            yield f"{index}: wanted {wanted}, have {have}"


_NOUNS = "cache index queue broker replica partition leader token window kernel page lock".split()
_VERBS = "stores keeps orders copies splits elects counts limits runs maps guards".split()


def _bank(size: int) -> str:
    """Questions with answers of which no two sentences are the same."""
    rng = random.Random(7)
    made: list[str] = []
    total = number = 0
    while total < size:
        number += 1
        lines = [f"### {number}. What is the use of {rng.choice(_NOUNS)} number {number}?\n"]
        for _ in range(6):
            a, b, c, verb = *rng.choices(_NOUNS, k=3), rng.choice(_VERBS)
            lines.append(
                f"It {verb} *recent* {a} results of the {b}, e.g. in `{c}`, so that "
                f"[reads](http://x.y/z) are {rng.randint(2, 999)} times faster."
            )
        for _ in range(2):
            a, b, verb = *rng.choices(_NOUNS, k=2), rng.choice(_VERBS)
            lines.append(f"- a {a} {verb} {rng.randint(2, 999)} of its {b}s")
        made.append("\n".join(lines) + "\n\n")
        total += len(made[-1])
    return "".join(made)


def _prose(size: int) -> str:
    """Sections that make cards about as often as real documentation does: one in 1.5 kB."""
    rng = random.Random(7)
    made: list[str] = []
    total = number = 0
    while total < size:
        a, b, c, d = rng.sample(_NOUNS, 4)
        does, also = rng.sample(_VERBS, 2)
        number += 1
        section = (
            f"## The {a} {b} of layer {number}\n\nA {a} {b} {number} is a {c} that {does} every {d} of "
            f"its layer. It {also} what the {c} needs, e.g. a {d}. When the {a} {b} fails in layer "
            f"{number}, the {d} is sent to the {c} of the next layer. In practice, {rng.randint(2, 99)} of "
            f"the {d}s are lost because the {c} was full, so that readers see an old {a}.\n\n"
        )
        for _ in range(30):
            a, b, c = rng.sample(_NOUNS, 3)
            section += (
                f"It then {rng.choice(_VERBS)} the {a} (see `{b}.{c}`) and, where `{c}` is set to "
                f"{rng.randint(2, 999)}, waits for you to look at this {b}. "
            )
        section += "\n\n"
        made.append(section)
        total += len(section)
    return "".join(made)


HOSTILE = {
    "unclosed details": "<details><summary>What is x?",
    "unclosed brackets": "[[[[[[[[[[((((((((((",
    "unclosed links": "[a](",
    "unclosed emphasis": "**a __b *c `d ",
    "unclosed comments": "<!-- <!-- ",
    "tags": "<a <b <c ",
    "numbers": "1. What?\n",
    "fences": "```\nx\n~~~\n",
    "pipes": "|a|b|\n|-|-|\n",
    "quotes": '"a,b\n',
    "cloze": "{{c1::a ",
}


def speed(megabytes: float) -> None:
    """Print megabytes per second of processor time, for usual and for hostile text."""
    for name, text in (("question bank", _bank(2_000_000)), ("prose", _prose(2_000_000))):
        started = time.process_time()
        document = Source("x.md", [_part(text)])
        found, _ = read_document(document)
        cards = make_cards(text) if not found else []
        rate = len(text) / 1e6 / (time.process_time() - started)
        print(f"{name:20} {rate:6.2f} MB/s, {len(found)} questions, {len(cards)} cards")
    for name, piece in HOSTILE.items():
        times: list[float] = []
        for size in (int(megabytes * 5e5), int(megabytes * 1e6)):
            text = piece * (size // len(piece))
            started = time.process_time()
            if not find_questions(text):
                make_cards(text)
            times.append(time.process_time() - started)
        growth = times[1] / times[0]
        print(
            f"{name:20} {megabytes:.0f} MB in {times[1]:5.2f} s, twice the size costs {growth:.2f} x"
        )


def _part(text: str) -> Any:
    from corpus.loaders.parts import Part

    return Part(text)


def pdf_speed(paths: Sequence[Path]) -> None:
    """Print the pages per second that PDF files are read at, process start included."""
    for path in paths:
        started = time.perf_counter()
        pages = sum(len(s.parts) for s in gather([path]) if isinstance(s, Source))
        print(f"{path.name}: {pages} pages, {pages / (time.perf_counter() - started):.0f} a second")


def print_cards(count: int, paths: Sequence[Path], seed: int) -> None:
    """Print `count` cards from prose that need no review, drawn evenly from the documents."""
    per_source: list[list[str]] = []
    for item in gather(paths):
        if isinstance(item, Skip):
            print(f"skipped: {item.where}: {item.why}", file=sys.stderr)
            continue
        prose = read_document(item)[1]
        cards = [c for c in cards_of(item, prose) if c[0].confidence >= REVIEW] if prose else []
        random.Random(seed).shuffle(cards)
        per_source.append([_shown(*one) for one in cards])
    shown = 0
    while shown < count and any(per_source):
        for cards in per_source:
            if cards and shown < count:
                shown += 1
                print(f"{shown}. {cards.pop()}\n")


def _shown(card: Card, question: Question) -> str:
    place = question.sources[0]
    points = "".join(f"\n   - {e.text}" for e in question.expectations)
    head = f"[{place.title}, {place.where}; {card.kind}, {card.confidence:.2f}]"
    return f"{head}\nQ: {card.ask}\nA: {card.answer}{points}"


def print_points(count: int, paths: Sequence[Path], seed: int) -> None:
    """Print `count` imported answers with the points derived from them, drawn evenly."""
    per_source: list[list[Question]] = []
    for item in gather(paths):
        if isinstance(item, Source):
            found = [q for q in read_document(item)[0] if q.expectations]
            per_source.append(random.Random(seed).sample(found, len(found)))
    shown = 0
    while shown < count and any(per_source):
        for found in per_source:
            if found and shown < count:
                shown += 1
                one = found.pop()
                points = "".join(
                    f"\n   - [{e.weight:g}] {e.text}"
                    + "".join(f"\n       = {w}" for w in e.wordings)
                    for e in one.expectations
                )
                print(f"{shown}. Q: {one.ask}\nA: {one.answer}{points}\n")


def judge_pairs(path: Path) -> None:
    """Print precision and recall of near-duplicates. A line holds a label (same, differs, related or
    apart), a tab, a question, a tab, another."""
    from corpus.matching import NEAR, RELATED, may_be_same
    from memory.embedder import load_embedder

    rows = [line.split("\t") for line in path.read_text().splitlines() if line.strip()]
    embed = load_embedder().embed
    likeness = (embed([r[1] for r in rows]) * embed([r[2] for r in rows])).sum(axis=1)
    pairs = list(zip(rows, map(float, likeness), strict=True))
    same = sum(r[0] == "same" for r in rows)
    for least in sorted({0.78, 0.82, NEAR, 0.9, 0.94}):
        got = [r for r, x in pairs if x >= least and may_be_same(r[1], r[2])]
        right = sum(r[0] == "same" for r in got)
        mark = " (used)" if least == NEAR else ""
        print(
            f"same from {least:.2f}{mark}: precision {right / max(1, len(got)):.3f}, "
            f"recall {right / same:.3f}"
        )
    near = [r for r, x in pairs if x >= RELATED]
    of_them = sum(r[0] != "apart" for r in near)
    print(
        f"related from {RELATED:.2f} (used): precision {of_them / max(1, len(near)):.3f}, "
        f"recall {of_them / sum(r[0] != 'apart' for r in rows):.3f}; {len(rows)} pairs"
    )


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--samples", type=Path, help="a folder with documents and expected.json")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--megabytes", type=float, default=10.0, help="size of the hostile texts")
    parser.add_argument("--pdf", type=Path, nargs="+", default=[])
    parser.add_argument("--print-cards", type=int, metavar="N", default=0)
    parser.add_argument("--print-points", type=int, metavar="N", default=0)
    parser.add_argument("--pairs", type=Path, help="labelled pairs of questions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", type=Path, nargs="*")
    options = parser.parse_args()
    wrong = check_samples(options.samples) if options.samples else 0
    if options.speed:
        speed(options.megabytes)
    pdf_speed(options.pdf)
    if options.pairs:
        judge_pairs(options.pairs)
    if options.print_cards:
        print_cards(options.print_cards, options.files, options.seed)
    if options.print_points:
        print_points(options.print_points, options.files, options.seed)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
