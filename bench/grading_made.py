"""Answers made by code for training: opposites, swapped roles and changed numbers of right ones."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.grading.lexicon import OPPOSITE_WORDS
from agents.grading.text import is_content
from agents.judgement import Error, Point, Task
from bench.grading_data import Graded, Pointed
from corpus.model import Question

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|will|does|do|has|have|should|must|would|could)\b", re.IGNORECASE
)
_NEGATED = re.compile(_AUXILIARY.pattern + r"\s*(?:not\b|n't\b)", re.IGNORECASE)
_HINGE = re.compile(
    r"\b(?:than|before|after|instead of|rather than|into|from|causes?|above|below|whereas)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_WORD = re.compile(r"[A-Za-z][\w'-]*")


def opposites(text: str) -> list[str]:
    """The text with one word turned into its opposite, or a negation added or dropped."""
    made = []
    for match in re.finditer(r"[A-Za-z]+", text):
        for other in OPPOSITE_WORDS.get(match.group().lower(), ())[:4]:
            made.append(text[: match.start()] + other + text[match.end() :])
    if _NEGATED.search(text):
        made.append(_NEGATED.sub(r"\1", text, count=1))
    else:
        made += [text[: m.end()] + " not" + text[m.end() :] for m in _AUXILIARY.finditer(text)]
    return made


def swapped(text: str) -> list[str]:
    """The text with the content words on both sides of a hinge ("than", "before" ...) exchanged."""
    made = []
    for hinge in _HINGE.finditer(text):
        left = [m for m in _WORD.finditer(text, 0, hinge.start()) if is_content(m.group().lower())]
        right = [m for m in _WORD.finditer(text, hinge.end()) if is_content(m.group().lower())]
        if not left or not right:
            continue
        # Of a comparison the things compared stand at its ends, not beside the adjective.
        one = left[0] if hinge.group().lower() == "than" else left[-1]
        other = right[-1] if hinge.group().lower() == "than" else right[0]
        if one.group().lower() != other.group().lower():
            made.append(
                text[: one.start()] + other.group() + text[one.end() : other.start()]
                + one.group() + text[other.end() :]
            )  # fmt: skip
    return made


def renumbered(text: str, rng: random.Random) -> list[str]:
    """The text with one number changed."""
    made = []
    for match in _NUMBER.finditer(text):
        value = float(match.group())
        other = rng.choice([value * 2, value * 10, value + 1, max(value - 1, 0), value / 2])
        shown = f"{other:g}"
        if shown != match.group():
            made.append(text[: match.start()] + shown + text[match.end() :])
    return made


def turned(text: str, rng: random.Random) -> str:
    """One text that says the opposite or something else of the same words, empty if none is found."""
    kinds = [found for found in (opposites(text), swapped(text), renumbered(text, rng)) if found]
    if not kinds:
        return ""
    first = 0 if len(kinds) == 1 or rng.random() < 0.7 else rng.randrange(1, len(kinds))
    return rng.choice(kinds[first])


def turned_answers(answers: Sequence[Graded], count: int, seed: int = 0) -> list[Graded]:
    """Short right answers and references turned: contradictory."""
    rng = random.Random(seed)
    right = [
        one
        for one in answers
        if one.label == "correct" and len(one.task.turns[0].split()) <= 40
    ]
    made = []
    for one in rng.sample(right, min(count, len(right))):
        said = one.task.turns[0] if rng.random() < 0.75 else one.task.references[0]
        text = turned(said, rng)
        if text:
            task = replace(one.task, turns=(text,), id=one.task.id + "/turned")
            made.append(replace(one, task=task, score=0.0, label="contradictory"))
    return made


def made_up(questions: Iterable[Question], seed: int = 0) -> list[Pointed]:
    """Answers made from the decks' own wordings: one point said, its opposite, a misconception.

    Each is judged on the points it is about only; a wording is withheld from its own point, so that
    the answer is never the text it is compared with.
    """
    rng = random.Random(seed)
    made = []
    for question in questions:
        points = {e.id: (e.text, *e.wordings) for e in question.expectations}
        errors = tuple(Error(m.id, m.text, tuple(m.wordings)) for m in question.misconceptions)
        for id, texts in points.items():
            for place, text in enumerate(texts):
                rest = tuple(other for other in texts if other != text)
                if not rest:
                    continue
                point = Point(id, rest[0], wordings=rest[1:])
                another = rng.choice([p for p in points if p != id] or [id])
                told = [(text, "covered"), (turned(text, rng), "contradicted")]
                told.append((rng.choice(points[another]), "missing"))
                for answer, verdict in told:
                    if answer and not (verdict == "missing" and another == id):
                        task = Task(question.ask, (answer,), (point,), errors=errors)
                        kind = f"made-{verdict}-{place}"
                        made.append(
                            Pointed("made", question.id, kind, "train", task, {id: verdict})
                        )
    return made
