"""What earns nothing, whatever the heads say: copies, pleas, non-answers; keyword lists earn little."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from agents.grading.lexicon import FUNCTION_WORDS, opposite
from agents.grading.text import Text

NOTE_EMPTY = "There is no answer to judge."
NOTE_UNKNOWN = "You said you do not know."
NOTE_QUESTION = "This repeats the question, so it earns nothing."
NOTE_PASTED = "These are the words of the study material, not your own, so they earn nothing."
NOTE_SHOWN = "These words were just shown to you, so they earn nothing; say it in your own words."
NOTE_PLEA = "Requests to the grader are ignored; only what you say about the question counts."
NOTE_LIST = "A list of keywords earns part of the credit at most: say how they hang together."
NOTE_NUMBER = "The number is another one."
NOTE_BOTH = "You say this and also its opposite."

UNKNOWN = re.compile(
    r"^\W*(?:(?:well|um+|uh+|so|sorry|honestly|ok(?:ay)?|hmm+)\W+)*"
    r"(?:i\s+(?:really\s+|honestly\s+|just\s+)?(?:do\s*n[o']?t|don['’]?t|do\s+not|cannot|can['’]?t)"
    r"\s+(?:really\s+)?(?:know|remember|recall|understand|say|answer)|no\s+(?:idea|clue|answer)|"
    r"idk|dunno|not\s+sure|don['’]?t\s+know|i\s+have\s+no\s+(?:idea|clue)|pass|skip|"
    r"i['’]?m\s+not\s+sure|(?:i\s+)?give\s+up)\b",
    re.IGNORECASE,
)
_PLEA = re.compile(
    r"(?:ignore|disregard|forget)\s+(?:\w+\s+){0,3}(?:instruction|rubric|prompt|rule|expectation)s?"
    r"|(?:give|award|grant)\s+(?:me|this|it|the\s+answer|us)?\s*(?:\w+\s+){0,4}"
    r"(?:marks?|points?|credits?|scores?|grades?|100\s*%)"
    r"|(?:mark|grade|score|rate|count|treat|accept|judge)\s+"
    r"(?:this|it|me|my|everything|all|the)\s*(?:\w+\s+){0,4}(?:as\s+)?"
    r"(?:correct|right|covered|complete|full|perfect|passed|true)"
    r"|you\s+are\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:\w+\s+){0,2}(?:grader|examiner|evaluator|judge)"
    r"|(?:as|dear|hey|hi|attention|note\s+to)\s+(?:\w+\s+)?(?:grader|examiner|evaluator)"
    r"|system\s*(?:prompt|message)?\s*:|\bplease\s+(?:let\s+me\s+)?pass\b|full\s+(?:marks|credit)"
    r"|new\s+instructions?\s*:|\ball\s+(?:points|expectations)\s+(?:are\s+|were\s+)?(?:covered|made)\b"
    r"|verdict['\"]?\s*[:=]|coverage['\"]?\s*[:=]"
    r"|\bwhat\s+the\s+(?:reference|model\s+answer|rubric)\s+(?:says|wants)"
    r"|\bagree\s+with\s+the\s+(?:reference|model\s+answer|rubric)|(?:let|pass)\s+me\s+(?:pass|through)",
    re.IGNORECASE,
)
_COPIED = 6
PROSE = 12
"""Words in a row that nobody shares by chance with a model answer."""
_QUOTED = re.compile(
    r"\"([^\"\n]{1,300})\"|(?<!\w)['`‘]([^'`’\n]{1,300})['`’](?!\w)|“([^”\n]{1,300})”"
)
_SPOKEN_OF = 3  # words in quotation marks; fewer are a name
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


def pleas(answer: str) -> list[tuple[int, int]]:
    """Character ranges of the sentences that speak to the grader instead of answering. What stands in
    quotation marks is spoken of, as where the question is about attacks."""
    spoken = _QUOTED.sub(_blanked, answer)
    if not _PLEA.search(spoken):
        return []
    return [m.span() for m in _SENTENCE.finditer(spoken) if _PLEA.search(m.group())]


def _blanked(quoted: re.Match[str]) -> str:
    said = quoted.group()
    return " " * len(said) if len(said.split()) >= _SPOKEN_OF else said


def knows_nothing(answer: str, text: Text) -> bool:
    """Whether a short answer opens by saying that the learner does not know."""
    return bool(UNKNOWN.match(answer)) and int(text.content.sum()) <= 8


def copied(words: Sequence[str], sources: Sequence[Sequence[str]], run: int) -> np.ndarray:
    """Which words lie inside a run of at least `run` words that a source has word for word."""
    if len(words) < run:
        return np.zeros(len(words), bool)
    grams = {tuple(source[i : i + run]) for source in sources for i in range(len(source) - run + 1)}
    found = np.zeros(len(words), bool)
    if grams:
        for i in range(len(words) - run + 1):
            if tuple(words[i : i + run]) in grams:
                found[i : i + run] = True
    return found


def repeats_question(answer: Text, question: Text) -> bool:
    """Whether an answer is the question said again: copied runs and nothing else of substance."""
    if len(answer) < 4 or not len(question):
        return False
    run = min(4, len(question), len(answer))
    same = copied(answer.words, [question.words], run)
    if same.mean() < 0.6:
        return False
    known = question.stem_set
    rest = [i for i in answer.picks if not same[i] and answer.stems[i] not in known]
    return len(rest) <= 0.12 * len(answer.picks)


def pasted(answer: Text, sources: Sequence[Sequence[str]], run: int = _COPIED) -> np.ndarray:
    """Words pasted from the material: only where copies make up most of the answer.

    A learner may well share six words with the material; an answer that is mostly such runs is a
    copy. Fewer than six are how a fact is said; of a long text `run` should be more.
    """
    found = copied(answer.words, sources, run)
    if len(answer) >= run and answer.words in map(tuple, sources):
        found[:] = True
    return found if len(answer) and found.mean() >= 0.6 else np.zeros(len(answer), bool)


def shown_clauses(answer: Text, sources: Sequence[Sequence[str]]) -> np.ndarray:
    """Words of the clauses that are mostly copied from what the tutor has shown."""
    if not sources:
        return np.zeros(len(answer), bool)
    same = copied(answer.words, sources, 5)
    whole = [tuple(source) for source in sources if source]
    found = np.zeros(len(answer), bool)
    for start, end in answer.clauses:
        clause = answer.words[start:end]
        if same[start:end].mean() >= 0.6 or (len(clause) >= 3 and clause in whole):
            found[start:end] = True
    return found


def keyword_list(text: Text) -> bool:
    """Whether eight or more content words stand there with hardly a function word between them:
    in pieces of two or three words, or eight in one breath."""
    content = int(text.content.sum())
    function = sum(word in FUNCTION_WORDS for word in text.words)
    if content < 8 or function >= 0.15 * content:
        return False
    longest = max(end - start for start, end in text.clauses)
    return longest >= 8 or len(text) <= 3 * len(text.clauses)


def opposites_list(text: Text) -> bool:
    """Whether most of what is said is pairs of opposites side by side ("raises and lowers")."""
    stems = text.stem_list
    paired: set[int] = set()
    pairs = 0
    for i in range(len(stems)):
        for j in (i + 1, i + 2):
            if j < len(stems) and opposite(stems[i], stems[j]):
                paired |= {i, j}
                pairs += 1
    return pairs >= 2 and len(paired) >= 0.5 * len(stems)
