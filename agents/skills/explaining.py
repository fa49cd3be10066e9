"""The built-in Explainer: only what failed, briefly, with what the learner said and the source."""

from __future__ import annotations

from agents.briefs import Evidence, ExplainBrief, Explanation, PointBrief
from agents.leaks import content_stems, gives_away
from agents.skills.phrases import cut_words, fresh
from corpus.words import sentences

OPENINGS = (
    "What was missing:",
    "Still open:",
    "To complete the picture:",
    "The rest of it:",
    "What an examiner would still want:",
)
HANDBACKS = (
    "Can you say it back in one sentence of your own?",
    "How would you put that in your own words?",
    "Try it once in your own words, or go on.",
    "Say it back briefly, or move on when it sits.",
    "One sentence from you would fix it in place.",
)
ALL_SAID = (
    "You said everything that was asked for.",
    "Nothing was missing there.",
    "All points were in your answer.",
    "Complete: every point was yours.",
)
TOLD = (
    "Then here it is.",
    "Here is the point.",
    "This is what was wanted.",
    "The point itself:",
    "I will tell you this one.",
)
RESTATED = (
    "Yes, that carries it.",
    "That says it.",
    "That is the idea, in your words.",
)
NOT_RESTATED = (
    "Not quite yet. What is still missing:",
    "Close to it, but leave nothing out. Missing still:",
    "One thing is not in there:",
)
COPIED = (
    "Those are my words. Yours would stay with you longer.",
    "That is a copy of what stands above. Try without looking.",
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
        done = fresh(ALL_SAID, brief.avoid, brief.turn)
        return Explanation(text=done)
    handback = fresh(HANDBACKS, brief.avoid, brief.turn)
    budget = brief.words - len(handback.split())
    parts = [_correct(error.quote, error.text, error.correction) for error in brief.errors[:2]]
    if brief.points:
        opening = fresh(OPENINGS, brief.avoid, brief.turn) or OPENINGS[0]
        parts.append(opening)
        parts += [_sentence(point.text) for point in brief.points[:4]]
    text = cut_words(" ".join(part for part in parts if part), budget)
    return Explanation(text=f"{text} {handback}".strip(), citations=_cited(brief.evidence))


def _correct(quote: str, said: str, correction: str) -> str:
    start = f"You said “{quote}”." if quote else f"A common slip: {_lower(said)}"
    return f"{_sentence(start)} {_sentence(correction)}"


def _tell(brief: ExplainBrief) -> Explanation:
    lead = fresh(TOLD, brief.avoid, brief.turn)
    body = " ".join(_sentence(point.text) for point in brief.points) or brief.answer
    return Explanation(text=f"{lead} {body}".strip(), citations=_cited(brief.evidence))


def _more(brief: ExplainBrief) -> Explanation:
    extra = [item.text for item in brief.evidence if item.kind == "passage"]
    told = set(brief.avoid)
    body = next((t for t in (brief.answer, *extra) if t and t not in told), "")
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
    lead = fresh(NOT_RESTATED, brief.avoid, brief.turn) or NOT_RESTATED[0]
    return Explanation(text=f"{lead} {_sentence(brief.points[0].text)}")


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
