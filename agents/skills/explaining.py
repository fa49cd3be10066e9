"""The built-in Explainer: only what failed, briefly, with what the learner said and the source."""

from __future__ import annotations

from agents.briefs import Evidence, ExplainBrief, Explanation, PointBrief
from agents.leaks import content_stems
from agents.listening import topic_stems
from agents.skills.phrases import cut_words, fresh, quoted, sentence, unsaid, without_heading
from agents.skills.talking import NOTHING_FOUND, analogy, challenged, rephrase, reply
from corpus.words import STOP, tokens

RECENT = 24
"""Turns of the tutor after which a phrase may come again."""
HALF = 0.5
"""Coverage from which what the learner said is taken up again."""
LISTED = 5
"""Words from which a quote without a single function word is a list."""
HEADS: dict[str, tuple[str, ...]] = {
    "made": (
        "You had {said}. Still missing:",
        "{said} stands. A full answer also has:",
        "Besides {said}, a full answer has:",
        "{said} is yours. What was left:",
        "{said} was right. The rest:",
    ),
    "half": (
        "{said} was a beginning. In full:",
        "You came near with {said}. Said in full:",
        "{said} goes part of the way. The whole of it:",
        "{said} is where it starts. In full:",
    ),
    "wrong": (
        "First something to put right:",
        "This has to be turned round:",
        "Something in your answer does not hold:",
        "A correction first:",
    ),
    "nothing": (
        "Here are the points of a full answer:",
        "This is what a full answer says:",
        "An answer needs these points:",
        "What was asked for:",
        "The parts of the answer:",
        "What belongs in the answer:",
    ),
}
"""The sentence that ties what follows to what the learner said (`said`)."""
BESIDES = ("Besides, these were missing:", "And what was missing:", "Not said yet:", "Left to say:")
LEFT_OUT = "Smaller points aside."
HANDBACKS = (
    "Now say it back in one sentence of your own.",
    "How would you put that in your own words?",
    "What would you answer now, in one sentence?",
    "Sum that up in a sentence of your own.",
    "How would you explain that to a colleague?",
    "Your turn: say it once in your own words.",
    "Put the first point in your own words.",
    "Can you say that in one sentence of your own?",
)
ALL_SAID = (
    "Nothing is missing now.",
    "Now every point is there.",
    "All points have been said.",
    "That makes it complete.",
    "There is nothing to add to that.",
)
HEARD = (
    "You have heard what was missing.",
    "The missing part stands above.",
    "What was left, I have told you.",
    "There is no more to it than what I said.",
)
MISSED = "Missing:"
HALF_SAID = "Half, with {said}:"
WAS_RIGHT = "Right:"
TOLD = (
    "Then here it is.",
    "Here is the point.",
    "This is what I was after.",
    "Take this with you:",
    "I will tell you this one.",
    "It is this:",
)
RESTATED = (
    "Yes, that carries it.",
    "That says it.",
    "That is the idea, in your words.",
    "That holds.",
    "Yes, that would do in an interview.",
)
NOT_RESTATED = (
    "Not yet: there is nothing in it about {word}.",
    "That leaves something out. What about {word}?",
    "One thing is not in there: {word}.",
    "I still miss {word} in that.",
    "Where does {word} come in?",
)
TURNED = (
    "Not quite: with {said} it is turned round.",
    "That turns it round, in {said}.",
    "{said} says the opposite.",
)
STILL_OPEN = (
    "Not yet. Look at the explanation once more, then try again.",
    "That does not say it yet. Take one line of it and put it differently.",
    "That is something else. Start from the first point above.",
    "I cannot find the point in that. What would you tell a friend about the first line?",
    "That stays beside it. One short sentence on the first point is enough.",
)
BARE = (
    "That names it. Now make it a sentence.",
    "One word is a start; say what it does.",
    "The word is there. What happens with it?",
)
THE_REST = (
    "The rest stands above.",
    "The other points of the list are still above.",
    "What else belongs to it, you can read above.",
)
NOTED = (
    "Noted; your answer was complete without it.",
    "Good to have, but nothing was missing.",
    "Fine, though all points were there before.",
)
LEFT_ALONE = (
    "Then leave it for today; it comes back.",
    "Let it rest. It will be asked again.",
    "That is all right: you will meet it again.",
)
COPIED = (
    "Those are my words. Yours would stay with you longer.",
    "That is a copy of what stands above. Try without looking.",
    "You have copied that. Which word would you use yourself?",
)


def explain(brief: ExplainBrief) -> Explanation:
    """The explanation, reply or assertion that `brief` asks for, at most `brief.words` words."""
    return {
        "explain": _explain,
        "tell": _tell,
        "more": _more,
        "reply": reply,
        "rephrase": rephrase,
        "analogy": analogy,
        "converse": _converse,
        "restated": _restated,
        "challenged": challenged,
    }[brief.task](brief)


def _explain(brief: ExplainBrief) -> Explanation:
    """A sentence that ties on, what failed as a list, a request to say it back."""
    if not brief.points and not brief.errors:
        return Explanation(text=fresh(ALL_SAID, brief.avoid, brief.turn) or ALL_SAID[0])
    handback = fresh(HANDBACKS, brief.avoid[-RECENT:], brief.turn) or HANDBACKS[0]
    half = next((p for p in brief.points if p.coverage >= HALF and _is_said(p.quote)), None)
    corrections, missing = _corrections(brief), _missing(brief)
    head = _head(brief, corrections, half)
    besides = ""
    if corrections and missing:
        besides = fresh(BESIDES, brief.avoid[-RECENT:], brief.turn) or BESIDES[0]
    budget = brief.words - len(f"{head} {besides} {LEFT_OUT} {handback}".split())
    rows = [*corrections, *missing]
    kept = _within(rows, budget)
    told = min(len(kept), len(corrections))
    if missing and len(kept) == told:
        kept.append(missing[0])
    if not kept:
        said = fresh(HEARD, brief.avoid, brief.turn) or HEARD[0]
        return Explanation(text=f"{said} {handback}", citations=_cited(brief.evidence))
    body = [f"- {row}" for row in kept]
    if besides and len(kept) > told:
        body.insert(told, besides)
    if len(kept) < len(rows):
        body.append(LEFT_OUT)
    text = "\n".join((head, *body, "", handback))
    return Explanation(text=text, citations=_cited(brief.evidence))


def _is_said(quote: str) -> bool:
    """Whether the learner's words say something: a bare list of terms is not taken up again."""
    words = tokens(quote)
    return 0 < len(words) < LISTED or any(word in STOP for word in words)


def _head(brief: ExplainBrief, corrections: list[str], half: PointBrief | None) -> str:
    kind, said = "nothing", ""
    if corrections:
        kind = "wrong"
    elif brief.credited:
        kind, said = "made", brief.credited[0]
    elif half is not None:
        kind, said = "half", half.quote
    head = fresh(HEADS[kind], brief.avoid[-RECENT:], brief.turn) or HEADS[kind][0]
    return head.format(said=quoted(said))


def _within(rows: list[str], budget: int) -> list[str]:
    """The first rows that have at most `budget` words together, at least one."""
    kept: list[str] = []
    for row in rows:
        row = row if kept else cut_words(row, budget)
        budget -= len(row.split()) + 1
        if budget < 0 and kept:
            break
        kept.append(row)
    return kept


def _missing(brief: ExplainBrief) -> list[str]:
    """What failed, heaviest first, without what was told already."""
    rows = (sentence(unsaid(point.text, brief.avoid)) for point in brief.points)
    return [row for row in rows if row]


def _corrections(brief: ExplainBrief) -> list[str]:
    """At most two corrections, each after the words it corrects; the same words stand there once."""
    rows: list[str] = []
    before = ""
    for error in brief.errors[:2]:
        correction = sentence(unsaid(error.correction, brief.avoid))
        if not correction:
            continue
        words = quoted(error.quote)
        if not words:
            rows.append(f"It is not so that {_lower(error.text)} {correction}".strip())
        else:
            rows.append(correction if words == before else f"Not {words}: {correction}")
        before = words
    return rows


def _tell(brief: ExplainBrief) -> Explanation:
    lead = fresh(TOLD, brief.avoid, brief.turn)
    body = " ".join(sentence(unsaid(p.text, brief.avoid) or p.text) for p in brief.points)
    body = body or brief.answer
    return Explanation(text=f"{lead} {body}".strip(), citations=_cited(brief.evidence))


def _more(brief: ExplainBrief) -> Explanation:
    extra = [without_heading(item.text) for item in brief.evidence if item.kind == "passage"]
    fresh_texts = (unsaid(text, brief.avoid) for text in (brief.answer, *extra))
    body = next((text for text in fresh_texts if len(text.split()) >= 6), "")
    if not body:
        return Explanation(text=fresh(NOTHING_FOUND, brief.avoid, brief.turn) or NOTHING_FOUND[0])
    return Explanation(
        text=cut_words(body, max(brief.words, 200)), citations=_cited(brief.evidence)
    )


def _restated(brief: ExplainBrief) -> Explanation:
    def say(options: tuple[str, ...]) -> str:
        return fresh(options, brief.avoid, brief.turn) or options[brief.turn % len(options)]

    if brief.mood == "gave_up":
        return Explanation(text=say(LEFT_ALONE))
    if brief.mood == "copied":
        return Explanation(text=say(COPIED))
    if brief.errors:
        first = brief.errors[0]
        return Explanation(
            text=f"{say(TURNED).format(said=quoted(first.quote))} {first.correction}"
        )
    if brief.credited:
        return Explanation(text=f"{say(RESTATED)} {say(THE_REST) if brief.points else ''}".strip())
    return Explanation(text=_left_out(brief) or say(STILL_OPEN) if brief.points else say(NOTED))


def _left_out(brief: ExplainBrief) -> str:
    """What the learner's restatement leaves out of the point it speaks of, by its key word, which was
    said before; empty if it speaks of none."""
    point, said = brief.points[0], topic_stems(brief.learner)
    if not (said - content_stems(brief.ask)) & content_stems(point.text):
        return ""
    if len(said) <= 1:
        return fresh(BARE, brief.avoid, brief.turn)
    unsaid_words = [word for word in point.words if not content_stems(word) & said]
    if not unsaid_words or len(unsaid_words) < len(point.words):
        return ""
    lead = fresh(NOT_RESTATED, brief.avoid, brief.turn)
    return lead.format(word=quoted(unsaid_words[0]))


def _converse(brief: ExplainBrief) -> Explanation:
    """What the learner asks about themselves is told from what they did; the rest from the evidence."""
    if brief.answer:
        return Explanation(
            text=cut_words(brief.answer, brief.words), citations=_cited(brief.evidence)
        )
    if not brief.past:
        return reply(brief)
    memory = [item for item in brief.evidence if item.kind == "memory"]
    if brief.ask:
        rows, cited = _answer_rows(brief), list(brief.evidence)
    elif memory:
        rows, cited = [sentence(item.text) for item in memory], memory
    else:
        said = reply(brief)
        text = f"{brief.past} {said.text}" if said.citations else brief.past
        return Explanation(text=text, citations=said.citations)
    kept = _within(rows, brief.words - len(f"{brief.past} {LEFT_OUT}".split()))
    left_out = [LEFT_OUT] if len(kept) < len(rows) else []
    text = "\n".join((brief.past, *(f"- {row}" for row in kept), *left_out))
    return Explanation(text=text, citations=[item.id for item in cited])


def _answer_rows(brief: ExplainBrief) -> list[str]:
    """How an answer that the learner asks about went: what was right, wrong, half said and missing."""
    right = [f"{WAS_RIGHT} {', '.join(map(quoted, brief.credited[:3]))}."] if brief.credited else []
    rows = [*right, *_corrections(brief)]
    for point in brief.points:
        half = point.coverage >= HALF and point.quote
        lead = HALF_SAID.format(said=quoted(point.quote)) if half else MISSED
        rows.append(f"{lead} {point.text}")
    return rows if brief.points or brief.errors else [*rows, ALL_SAID[0]]


def _cited(evidence: tuple[Evidence, ...]) -> list[str]:
    return [item.id for item in evidence[:1]]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
