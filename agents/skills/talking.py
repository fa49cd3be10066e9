"""The built-in Explainer in conversation: what the learner asks is answered from the evidence."""

from __future__ import annotations

import re

from agents.briefs import Evidence, ExplainBrief, Explanation, PointBrief
from agents.leaks import content_stems, gives_away
from agents.listening import asks_analogy, topic_stems
from agents.skills.phrases import cut_words, fresh, sentence, without_heading
from corpus.words import sentences

NOTHING_FOUND = (
    "I find nothing about that in your decks or in what we have talked about.",
    "Neither your decks nor our sessions say anything about that.",
    "I have no source for that, so I would rather not guess.",
)
REPHRASED = (
    "Put another way:",
    "In other words:",
    "What I am after is this:",
    "Let me ask it in other words:",
)
AGAIN = ("Here is the question once more:", "The question was:", "I asked:")
"""Before a question that can only be asked again as it was."""
BESIDE = (
    "Nobody keeps score here. Set this beside it, from your sources:",
    "There is no one answer to that. Your sources say on it:",
    "Compare yours with this:",
)
NO_KEY = (
    "There is no one answer to that. In an interview a reason and a way to check it count most.",
    "Your sources have no answer to that one. Name what you would measure, and you have a good reply.",
)
KEEP_HIDDEN = (
    "That would give the answer away. Say what you do know, or ask me for a hint.",
    "Answering that now would spoil the question. A hint is one key away.",
    "Let us keep that for after your answer. Try a guess first.",
)
NO_COMPARISON = (
    "I have no comparison for this in your decks and would rather not make one up.",
    "None of your sources compares this with anything familiar, and a false picture would stick.",
    "There is no analogy for it in your decks; I can only say it another way.",
)
COMPARISONS = (
    "This comparison stands in your sources:",
    "Your sources put it like this:",
    "Here is one from your sources:",
)
_SENTENCE = 4  # words; fewer are a heading or a note
_LIKE = re.compile(
    r"\b(?:as if|as though|analog(?:y|ous)|imagine|picture (?:a|an|the|it)|"
    r"think of (?:it|this|them|a|an|the)|just as|(?:is|are|works|acts|behaves) (?:a bit |much )?"
    r"like (?:a|an|the|when)|compare (?:it|this|that) (?:to|with)|similar to (?:a|an))\b",
    re.IGNORECASE,
)
"""Words with which a sentence sets something beside something familiar."""


def reply(brief: ExplainBrief) -> Explanation:
    """Sentences of the evidence that speak to the learner's words, none that gives a point away."""
    if asks_analogy(brief.learner) and not brief.hidden:
        return analogy(brief)
    picked: list[tuple[str, Evidence]] = []
    hidden = [PointBrief(id="", text=text) for text in brief.hidden]
    for place, item in enumerate(brief.evidence):
        for found in _best_sentences(brief.learner, item.text, first=place == 0):
            if any(gives_away(found, point) for point in hidden):
                continue
            if not any(_same(found, other) for other, _ in picked):
                picked.append((found, item))
    if not picked:
        options = KEEP_HIDDEN if brief.hidden else NOTHING_FOUND
        return Explanation(text=fresh(options, brief.avoid, brief.turn) or options[0])
    text, cited = "", []
    for found, item in picked[:4]:
        said = sentence(f"{item.title}: “{found}”" if item.kind == "memory" else found)
        if len(f"{text} {said}".split()) > brief.words:
            break
        text = f"{text} {said}".strip()
        cited.append(item.id)
    return Explanation(text=text, citations=list(dict.fromkeys(cited)))


def challenged(brief: ExplainBrief) -> Explanation:
    """What the evidence says on a challenge (`brief.answer`) beside the learner's own reply to it."""
    told = " ".join(brief.avoid)
    for item in brief.evidence:
        found = _best_sentences(f"{brief.learner} {brief.answer}", item.text, first=False)
        new = [f for f in found if f not in told and not _same(f, brief.learner)]
        if new:
            lead = fresh(BESIDE, brief.avoid, brief.turn) or BESIDE[0]
            return Explanation(text=f"{lead} {sentence(new[0])}", citations=[item.id])
    return Explanation(text=fresh(NO_KEY, brief.avoid, brief.turn) or NO_KEY[0])


def analogy(brief: ExplainBrief) -> Explanation:
    """A comparison that stands in the evidence; without one that is said, and the matter put once
    more in other words."""
    about = brief.ask or brief.learner
    for item in brief.evidence:
        for found in _comparisons(item.text, about):
            if fresh([found], brief.avoid, 0):
                lead = fresh(COMPARISONS, brief.avoid, brief.turn) or COMPARISONS[0]
                return Explanation(text=f"{lead} {sentence(found)}", citations=[item.id])
    lead = fresh(NO_COMPARISON, brief.avoid, brief.turn) or NO_COMPARISON[0]
    wordings = (wording for point in brief.points for wording in point.wordings)
    plain = next((w for w in wordings if fresh([w], brief.avoid, 0)), "")
    return Explanation(text=f"{lead} {sentence(cut_words(plain, 60))}".strip())


def _comparisons(text: str, about: str) -> list[str]:
    """The sentences of `text` that compare, and have a word of what it is about."""
    told = [s for part in text.split("\n") for s in sentences(part) if not s.endswith("?")]
    return [s for s in told if _LIKE.search(s) and content_stems(s) & content_stems(about)]


def rephrase(brief: ExplainBrief) -> Explanation:
    """The question in other words; `brief.answer` holds another wording of it, or the only one."""
    other = brief.answer or brief.ask
    leads = REPHRASED if fresh([other], brief.avoid, 0) else AGAIN
    return Explanation(text=f"{fresh(leads, brief.avoid, brief.turn)} {other}".strip())


def _best_sentences(query: str, text: str, first: bool) -> list[str]:
    """The sentences of `text` that speak to `query`, in their order: up to three of the best
    evidence (`first`), one of any other, which has to say more than a single word of it."""
    wanted = topic_stems(query)
    lines = without_heading(text).split("\n")
    every = [s for part in lines for s in sentences(part) if not s.endswith("?")]
    told = [s for s in every if len(s.split()) >= _SENTENCE] or every
    scored = [(len(wanted & content_stems(s)), -i, s) for i, s in enumerate(told)]
    least, most = (1, 3) if first else (min(2, len(wanted)), 1)
    best = [row for row in sorted(scored, reverse=True) if row[0] >= least][:most]
    return [s for _, _, s in sorted(best, key=lambda row: -row[1])]


def _same(one: str, other: str) -> bool:
    """Whether two sentences say much the same."""
    first, second = content_stems(one), content_stems(other)
    return 2 * len(first & second) > 1.2 * min(len(first), len(second))
