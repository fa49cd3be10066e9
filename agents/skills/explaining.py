"""The built-in Explainer: only what failed, briefly, with what the learner said and the source."""

from __future__ import annotations

from agents.briefs import Evidence, ExplainBrief, Explanation, PointBrief
from agents.leaks import content_stems, gives_away
from agents.skills.phrases import cut_words, fresh, quoted, unsaid
from corpus.words import sentences

OPENINGS = (
    "What was missing:",
    "Still open:",
    "To complete the picture:",
    "The rest of it:",
    "What an examiner would still want:",
    "Left to say:",
    "What the full answer adds:",
    "Put beside what you said:",
)
HALF_SAID = (
    "goes part of the way; the whole of it:",
    "comes near; more exactly:",
    "leaves something out of this:",
    "points there; in full:",
)
HALF = 0.5
"""Coverage from which what the learner said is taken up again."""
HANDBACKS = (
    "Can you say it back in one sentence of your own?",
    "How would you put that in your own words?",
    "Try it once in your own words, or go on.",
    "Say it back briefly, or move on when it sits.",
    "One sentence from you would fix it in place.",
    "What would you say if you were asked this tomorrow?",
    "Close your eyes and say it once.",
    "How would you explain that to a colleague?",
)
ALL_SAID = (
    "You said everything that was asked for.",
    "Nothing was missing there.",
    "All points were in your answer.",
    "Complete: every point was yours.",
    "There is nothing to add to that.",
)
HEARD = (
    "You have heard what was missing.",
    "The missing part stands above.",
    "What was left, I have told you.",
    "There is no more to it than what I said.",
)
TOLD = (
    "Then here it is.",
    "Here is the point.",
    "This is what was wanted.",
    "The point itself:",
    "I will tell you this one.",
    "Let me say it.",
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
    "Not yet: there is nothing in it about",
    "That leaves something out. What about",
    "One thing is not in there:",
    "Still without",
    "I would miss something about",
)
STILL_OPEN = (
    "Not yet. Look at the explanation once more, then try again.",
    "That does not say it yet. Take one sentence of it and turn it round.",
    "That is something else. Start from the first sentence above.",
)
COPIED = (
    "Those are my words. Yours would stay with you longer.",
    "That is a copy of what stands above. Try without looking.",
    "Word for word. Say it as you would to a friend.",
    "You have copied that. Which word would you use yourself?",
)
NOTHING_FOUND = (
    "I find nothing about that in your decks or in what we have talked about.",
    "Neither your decks nor our sessions say anything about that.",
    "I have no source for that, so I would rather not guess.",
)
REPHRASED = (
    "Put another way:",
    "In other words:",
    "What I am after is this:",
    "The same question, turned round:",
)
KEEP_HIDDEN = (
    "That would give the answer away. Say what you do know, or ask me for a hint.",
    "Answering that now would spoil the question. A hint is one key away.",
    "Let us keep that for after your answer. Try a guess first.",
)


def explain(brief: ExplainBrief) -> Explanation:
    """The explanation, reply or assertion that `brief` asks for, at most `brief.words` words."""
    return {
        "explain": _explain,
        "tell": _tell,
        "more": _more,
        "reply": _reply,
        "rephrase": _rephrase,
        "converse": _reply,
        "restated": _restated,
    }[brief.task](brief)


def _explain(brief: ExplainBrief) -> Explanation:
    if not brief.points and not brief.errors:
        return Explanation(text=fresh(ALL_SAID, brief.avoid, brief.turn) or ALL_SAID[0])
    handback = fresh(HANDBACKS, brief.avoid, brief.turn)
    budget = brief.words - len(handback.split())
    parts = _corrections(brief)
    parts += _missing(brief)
    text = cut_words(" ".join(part for part in parts if part), budget)
    text = text or fresh(HEARD, brief.avoid, brief.turn)
    return Explanation(text=f"{text} {handback}".strip(), citations=_cited(brief.evidence))


def _missing(brief: ExplainBrief) -> list[str]:
    """What failed, without what was told already; a point half said starts from the learner's words."""
    left = [(point, unsaid(point.text, brief.avoid)) for point in brief.points[:4]]
    left = [(point, text) for point, text in left if text]
    if not left:
        return []
    half = next((row for row in left if row[0].coverage >= HALF and row[0].quote), None)
    rest = [_sentence(text) for row in left if row is not half for text in (row[1],)]
    parts = [fresh(OPENINGS, brief.avoid, brief.turn), *rest] if rest else []
    if half is not None:
        link = fresh(HALF_SAID, brief.avoid, brief.turn)
        parts.append(f"{quoted(half[0].quote)} {link}" if link else "")
        parts.append(_sentence(half[1]))
    return parts


def _corrections(brief: ExplainBrief) -> list[str]:
    """At most two corrections, each after the words it corrects; the same words stand there once."""
    parts: list[str] = []
    before = ""
    for error in brief.errors[:2]:
        correction = unsaid(error.correction, brief.avoid)
        if not correction:
            continue
        words = quoted(error.quote)
        start = f"You said {words}." if words else f"A slip: {_lower(error.text)}"
        parts.append(
            _sentence(correction) if words and words == before else _corrected(start, correction)
        )
        before = words
    return parts


def _corrected(start: str, correction: str) -> str:
    return f"{_sentence(start)} {_sentence(correction)}"


def _tell(brief: ExplainBrief) -> Explanation:
    lead = fresh(TOLD, brief.avoid, brief.turn)
    body = " ".join(_sentence(unsaid(p.text, brief.avoid)) for p in brief.points) or brief.answer
    return Explanation(text=f"{lead} {body}".strip(), citations=_cited(brief.evidence))


def _more(brief: ExplainBrief) -> Explanation:
    extra = [item.text for item in brief.evidence if item.kind == "passage"]
    fresh_texts = (unsaid(text, brief.avoid) for text in (brief.answer, *extra))
    body = next((text for text in fresh_texts if len(text.split()) >= 6), "")
    if not body:
        return Explanation(text=fresh(NOTHING_FOUND, brief.avoid, brief.turn) or NOTHING_FOUND[0])
    return Explanation(
        text=cut_words(body, max(brief.words, 200)), citations=_cited(brief.evidence)
    )


def _restated(brief: ExplainBrief) -> Explanation:
    if brief.learner == "copied":
        return Explanation(text=fresh(COPIED, brief.avoid, brief.turn) or COPIED[0])
    if not brief.points:
        return Explanation(text=fresh(RESTATED, brief.avoid, brief.turn) or RESTATED[0])
    return Explanation(text=_left_out(brief))


def _left_out(brief: ExplainBrief) -> str:
    """What the learner's restatement leaves out, by its key word: the sentence was said before."""
    words = [point.words[0] for point in brief.points if point.words]
    lead = fresh(NOT_RESTATED, brief.avoid, brief.turn)
    if not words or not lead:
        return fresh(STILL_OPEN, brief.avoid, brief.turn) or STILL_OPEN[0]
    return f"{lead} “{words[0]}”{'?' if lead.endswith('What about') else '.'}"


def _reply(brief: ExplainBrief) -> Explanation:
    """Sentences of the evidence that speak to the learner's words, none that gives a point away."""
    picked: list[tuple[str, Evidence]] = []
    hidden = [PointBrief(id="", text=text) for text in brief.hidden]
    for place, item in enumerate(brief.evidence):
        for sentence in _best_sentences(brief.learner, item.text, first=place == 0):
            if any(gives_away(sentence, point) for point in hidden):
                continue
            if not any(_same(sentence, other) for other, _ in picked):
                picked.append((sentence, item))
    if not picked:
        options = KEEP_HIDDEN if brief.hidden else NOTHING_FOUND
        return Explanation(text=fresh(options, brief.avoid, brief.turn) or options[0])
    text, cited = "", []
    for sentence, item in picked[:4]:
        said = _sentence(f"On record: “{sentence}”" if item.kind == "memory" else sentence)
        if len(f"{text} {said}".split()) > brief.words:
            break
        text = f"{text} {said}".strip()
        cited.append(item.id)
    return Explanation(text=text, citations=list(dict.fromkeys(cited)))


def _rephrase(brief: ExplainBrief) -> Explanation:
    """The question in other words; `brief.answer` holds another wording of it."""
    lead = fresh(REPHRASED, brief.avoid, brief.turn)
    return Explanation(text=f"{lead} {brief.answer or brief.ask}".strip())


def _best_sentences(query: str, text: str, first: bool) -> list[str]:
    """The sentences of `text` that speak to `query`, in their order: up to three of the best
    evidence (`first`), one of any other, which has to say more than a single word of it."""
    wanted = content_stems(query)
    told = [s for part in text.split("\n") for s in sentences(part) if not s.endswith("?")]
    scored = [(len(wanted & content_stems(s)), -i, s) for i, s in enumerate(told)]
    least, most = (1, 3) if first else (min(2, len(wanted)), 1)
    best = [row for row in sorted(scored, reverse=True) if row[0] >= least][:most]
    return [s for _, _, s in sorted(best, key=lambda row: -row[1])]


def _same(one: str, other: str) -> bool:
    """Whether two sentences say much the same."""
    first, second = content_stems(one), content_stems(other)
    return 2 * len(first & second) > 1.2 * min(len(first), len(second))


def _cited(evidence: tuple[Evidence, ...]) -> list[str]:
    return [item.id for item in evidence[:1]]


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?:”" else f"{text}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
