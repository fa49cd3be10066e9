"""Which of two questions are the same, nearly the same, or related."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.ledger import Ledger
from corpus.model import Question
from corpus.naming import fingerprint
from corpus.words import content, contrasts, numbers, tokens

Embed = Callable[[Sequence[str]], np.ndarray[Any, Any]]
"""Texts in, one row of unit length per text out."""

NEAR = 0.86
"""Cosine from which two questions may ask the same thing, for MiniLM: see `bench/importing.py --pairs`."""
RELATED = 0.45
"""Cosine from which one question is worth showing beside another; unrelated ones stay below 0.3."""
_TURNS = ("non", "un", "in", "im", "dis", "de", "anti", "meta", "multi", "sub", "super", "hyper")
"""What, set before a word, makes another of it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two question ids and how alike they are, 0..1."""

    one: str
    other: str
    similarity: float


def overlap(one: str, other: str) -> float:
    """Jaccard overlap of the content stems of two texts; two empty texts are equal."""
    a, b = content(one), content(other)
    return len(a & b) / len(a | b) if a or b else 1.0


def may_be_same(one: str, other: str) -> bool:
    """False if two wordings differ in a number or in a word that turns the meaning."""
    if numbers(one) != numbers(other) or contrasts(one) != contrasts(other):
        return False
    first, second = set(tokens(one)), set(tokens(other))
    return not (_turned(first - second, second) or _turned(second - first, first))


def _turned(words: set[str], others: set[str]) -> bool:
    """True if one of `words` is one of the `others` with a prefix that turns it."""
    return any(
        w.startswith(p) and w[len(p) :].lstrip("-") in others and len(w) > len(p) + 3
        for w in words
        for p in _TURNS
    )


def full_wording(question: Question) -> str:
    """What tells a question from another: its wording with the options it offers."""
    return "\n".join((question.ask, *question.options))


def match(
    incoming: Sequence[Question], known: Sequence[Question], ledger: Ledger
) -> dict[int, Question]:
    """For the index of an incoming question, the known question that it is another version of.

    First what the ledger says was imported before with the same words from the same document (the
    learner may have edited it since), then equal wordings, the answer deciding between several.
    The rest match those known questions from the same documents that are most like them in wording
    or answer. Each known question is matched once at most.
    """
    found: dict[int, Question] = {}
    free = {q.id: q for q in known}

    def take(index: int, question: Question) -> None:
        found[index] = question
        del free[question.id]

    for index, question in enumerate(incoming):
        before = next((n for n in ledger.ids(question) if n in free), None)
        if before:
            take(index, free[before])
    by_wording: dict[str, list[Question]] = {}
    for question in free.values():
        by_wording.setdefault(fingerprint(full_wording(question), 32), []).append(question)
    for least in (0.99, 0.0):
        for index, question in enumerate(incoming):
            same = by_wording.get(fingerprint(full_wording(question), 32), [])
            same = [q for q in same if q.id in free and index not in found]
            best = max(same, key=lambda q: overlap(q.answer, question.answer), default=None)
            if best and overlap(best.answer, question.answer) >= least:
                take(index, best)
    # What matched so far also tells of a document that was moved.
    titles = {s.title for q in (*incoming, *found.values()) for s in q.sources}
    candidates = [q for q in free.values() if any(s.title in titles for s in q.sources)]
    rest = [i for i in range(len(incoming)) if i not in found]
    for _, index, question in sorted(_edits(incoming, rest, candidates), key=lambda e: -e[0]):
        if index not in found and question.id in free:
            take(index, question)
    return found


def _edits(
    incoming: Sequence[Question], rest: Iterable[int], candidates: Sequence[Question]
) -> list[tuple[float, int, Question]]:
    """Possible edits with their likeness; candidates are looked up by shared words."""
    by_word: dict[str, list[int]] = {}
    for place, question in enumerate(candidates):
        for word in content(question.ask) | content(question.answer):
            by_word.setdefault(word, []).append(place)
    found: list[tuple[float, int, Question]] = []
    for index in rest:
        new = incoming[index]
        shared: dict[int, int] = {}
        for word in content(new.ask) | content(new.answer):
            places = by_word.get(word, ())
            if len(places) <= 200:
                for place in places:
                    shared[place] = shared.get(place, 0) + 1
        for place in sorted(shared, key=lambda p: -shared[p])[:20]:
            old = candidates[place]
            likeness = edit_likeness(old, new)
            if likeness > 0:
                found.append((likeness, index, old))
    return found


def edit_likeness(old: Question, new: Question) -> float:
    """How likely `new` is `old` after an edit, 0 if it is not one."""
    ask, answer = overlap(old.ask, new.ask), overlap(old.answer, new.answer)
    answered = bool(old.answer and new.answer)
    same_answer = answered and answer >= 0.8
    if same_answer and ask >= 0.2:
        return ask + answer
    if not may_be_same(old.ask, new.ask):
        return 0.0
    if ask >= 0.6 and (not answered or answer >= 0.2):
        return ask + (answer if answered else 0.0)
    return 0.0


def near_duplicates(
    questions: Sequence[Question], others: Sequence[Question], embed: Embed
) -> tuple[list[Pair], list[Pair]]:
    """Pairs that ask the same, and pairs that are related, between `questions` and all others.

    A pair whose wordings differ in a number or a contrast word is related, never the same. At most
    three related questions are named for each.
    """
    if not questions:
        return [], []
    everyone = [*questions, *others]
    vectors = np.asarray(embed([full_wording(q)[:1000] for q in everyone]), dtype=np.float32)
    near: list[Pair] = []
    related: list[Pair] = []
    for row, question in enumerate(questions):
        likeness = vectors @ vectors[row]
        likeness[row] = -1.0
        order = np.argsort(-likeness)[:8]
        kept = 0
        for place in order:
            score, other = float(likeness[place]), everyone[int(place)]
            if score < RELATED or other.id == question.id:
                break
            same = score >= NEAR and may_be_same(full_wording(question), full_wording(other))
            if same:
                near.append(Pair(question.id, other.id, score))
            elif kept < 3:
                kept += 1
                related.append(Pair(question.id, other.id, score))
    return near, related
