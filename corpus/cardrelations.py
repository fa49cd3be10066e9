"""Cards from sentences that relate one thing to another: contrast, cause, effect, purpose."""

from __future__ import annotations

import re

from corpus.phrasing import (
    ask_of,
    is_noun_phrase,
    lower_first,
    without_adverb,
    without_article,
    without_brackets,
)
from corpus.prose import Prose
from corpus.verbs import BASES
from corpus.words import content, is_plural

Draft = tuple[str, float, str]
"""Question, confidence 0..1, kind."""

ANY = re.compile(
    r"(?:values?|options?|types?|arguments?|fields?|settings?|flags?|keys?|parameters?|functions?|"
    r"methods?|data|"
    r"(?:[xyz][ -])?ax[ie]s|names?|objects?|results?|elements?|entries|items?|lines?|files?|members?|"
    r"macros?|calls?|errors?|code|examples?|"
    r"(?:second|third|fourth|further|next) .*|\w+s of the (?:returned|resulting|given) .*)",
    re.I,
)
"""What every text has some of: it is no term."""
_VERSUS = re.compile(
    r"^([A-Z][\w' -]{2,45}?) (?:vs\.?|versus) ([\w' -]{3,45}?)(?::| —| - )\s*(?=.{25,}$)"
)
_CAUSED = re.compile(
    r"^((?:An? |The )?[\w' -]{3,45}?) (?:(is|are|was|were|can be) (?:mainly |mostly |often |usually |"
    r"typically |"
    r"partly )?(?:caused by|the result of|brought about by|due to|triggered by|driven by)|"
    r"(?:can )?(?:arises?|stems?|results?) from)\s+(?=.{12,}$)"
)
_UNLIKE = re.compile(
    r"^(?:Unlike|In contrast to|Compared (?:to|with)|As opposed to)\s+(.{3,60}?)(?:, (?:which|"
    r"who) [^,]+)?,\s+(.{3,60}?)\s+"
    r"(is|are|was|were|does|do|did|has|have|had|can|cannot|must|may|will|use|need|allow|require|"
    r"[a-z]{3,}s(?! (?:of|is|are|was|were|do|does|have|has|can|may|will|must|often|usually)\b)|"
    r"[a-z]{3,}ed)\b.{10,}$"
)
_DIFFERS = re.compile(
    r"^(.{3,60}?)\s+(differs?|differed) from\s+(.{3,60}?)\s*(?:\bin\b|\bby\b|:|;|,|\bbecause\b)\s*.{12,}$"
)
_WHILE_FIRST = re.compile(r"^(While|Whereas)\s+(.{12,140}?),\s+(.{12,160})$")
_WHEREAS = re.compile(r"^(.{10,140}?)(?:,| —)\s*(?:whereas|while)\s+(.{15,160})$")
_SUBJECT = re.compile(
    r"^((?:The |A |An |the |a |an )?[\w' -]{2,45}?)\s+(?:is|are|was|were|has|have|had|can|could|does|do|"
    r"did|will|"
    r"would|must|may|should|[a-z]+n['’]t|"
    r"uses?|used|[a-z]{3,}s(?! (?:of|is|are|was|were|do|does|have|has|can|may|will|"
    r"must|often|usually)\b)|[a-z]{3,}ed)\b"
)
_BECAUSE = re.compile(r"^(.{20,130}?),?\s+(?:because|due to the fact that)\s+(.{15,})$")
_BECAUSE_FIRST = re.compile(
    r"^(Because of|Because|Since|Due to|Owing to|Thanks to)\s+(.{8,130}?),\s+((?:the |"
    r"an? )?[^,]{4,}?(?:,? .+)?)$"
)
_CLAUSE = re.compile(
    r".*?\b(?:is|are|was|were|has|have|had|does|do|did|can|cannot|could|will|would|must|may|might|[a-z]{3,}s|"
    r"[a-z]{3,}ed)\b"
)
_ONE_WAY = re.compile(r"(?:\w+ )?(?:way|thing|choice|solution|approach|answer|idea)$")
_EFFECT = re.compile(
    r"^(.{4,70}?)\s+(leads? to|led to|results? in|resulted in|causes?|caused|prevents?|reduces?|improves?|"
    r"increases?|enables?|allows?|ensures?|mitigates?|eliminates?|avoids?)\s+(.{12,})$"
)
_ASKED_ABOUT = frozenset("lead result cause prevent allow enable ensure avoid".split())
"""Verbs that a question about an effect may hold."""
_OFTEN = r"(?:commonly |often |typically |mainly |primarily |generally |usually |widely |also )?"
_USED = re.compile(
    rf"^(.{{3,60}}?)\s+(is|are|was|were|can be)\s+{_OFTEN}(used|designed|intended|needed|required|"
    rf"responsible|"
    r"suited|employed)\s+(to|for|as|when)\s+(.{12,})$"
)
_USES = re.compile(
    r"^(.{2,50}?)\s+(uses?|used)\s+((?:an? |the )?[\w' -]{3,50}?)\s+to\s+(?!the\b|an?\b)([a-z]+ .{8,})$"
)
_PRONOUNS = re.compile(
    r"\b(?:such|this|these|those|that|it|they|them|he|she|his|her|him|also|even|again|so)\b", re.I
)
_REASON_IS = re.compile(
    r"^The (?:main |chief )?reason (?:why |that )?(?!for |of |behind )(.{15,110}?) (?:is|was) (?:that|"
    r"because) .{12,}$"
)


def contrast(sentence: str, prose: Prose) -> Draft | None:
    """``How do X and Y differ?`` for a sentence that sets one beside the other."""
    match = _VERSUS.match(sentence)
    if match and is_noun_phrase(match.group(1), 5) and is_noun_phrase(match.group(2), 5):
        one, other = (lower_first(match.group(n), prose) for n in (1, 2))
        return f"How do {one} and {other} differ?", 0.84, "contrast"
    match = _UNLIKE.match(sentence)
    if match and is_noun_phrase(match.group(1), 7) and is_noun_phrase(match.group(2), 7):
        one, verb = without_adverb(match.group(2)), match.group(3)
        does = "do" if is_plural(one) and not verb.endswith("s") else "does"
        other = match.group(1)
        return f"How {does} {lower_first(one, prose)} differ from {other}?", 0.84, "contrast"
    match = _DIFFERS.match(sentence) if " differ" in sentence else None
    if match and is_noun_phrase(match.group(1), 6) and is_noun_phrase(match.group(3), 6):
        helper, verb = ask_of("", match.group(2))
        one, other = lower_first(match.group(1), prose), match.group(3)
        return f"How {helper} {one} {verb} from {other}?", 0.82, "contrast"
    return _beside(sentence, prose)


def _beside(sentence: str, prose: Prose) -> Draft | None:
    """The contrast of two clauses that ``while`` sets one beside the other."""
    match, first_while = _WHEREAS.match(sentence), _WHILE_FIRST.match(sentence)
    if first_while:
        one, other = first_while.group(2), first_while.group(3)
        said = [_SUBJECT.match(one[:1].upper() + one[1:]), _SUBJECT.match(other)]
        subjects = [without_adverb(m.group(1)) for m in said if m]
        bare = [without_article(x) for x in subjects]
        if len(bare) < 2 or not all(
            is_noun_phrase(x, 5) and not _PRONOUNS.search(x) for x in subjects
        ):
            return None
        if bare[0].lower() == bare[1].lower() or not all(map(prose.about, bare)):
            return None
        first, second = (lower_first(x, prose) for x in subjects)
        alike = (content(one) & content(other)) - content(" ".join(subjects))
        sure = 0.76 if first_while.group(1) == "Whereas" else 0.72 if alike else 0.6
        return f"How do {first} and {second} differ?", sure, "contrast"
    if not match or re.match(r"(?:while|if|when)\b", sentence, re.I):
        return None
    first, second = _SUBJECT.match(match.group(1)), _SUBJECT.match(match.group(2))
    if not first or not second:
        return None
    one, other = without_article(first.group(1)), without_article(second.group(1))
    if not is_noun_phrase(one, 5) or not is_noun_phrase(other, 5) or one.lower() == other.lower():
        return None
    known = [prose.about(x) for x in (one, other)]
    sure = 0.76 if all(known) else 0.72 if min(len(one.split()), len(other.split())) > 1 else 0.55
    return (
        f"How do {lower_first(first.group(1), prose)} and {lower_first(second.group(1), prose)} differ?",
        sure,
        "contrast",
    )


def without_versus(sentence: str) -> str:
    """A sentence without ``X vs Y:`` at its head."""
    match = _VERSUS.match(sentence)
    if not match:
        return sentence
    rest = sentence[match.end() :]
    return rest[:1].upper() + rest[1:]


def cause(sentence: str, prose: Prose) -> Draft | None:
    """``What causes X?`` or ``Explain why ...`` for a fact and what brings it about."""
    match = _CAUSED.match(sentence)
    if match and is_noun_phrase(match.group(1), 5):
        subject = match.group(1)
        known = prose.about(subject) or len(without_article(subject).split()) > 1
        sure = 0.78 if known and not subject.startswith(("The ", "This ")) else 0.6
        verb = "caused" if match.group(2) in ("was", "were") else "causes"
        return f"What {verb} {lower_first(subject, prose)}?", sure, "cause"
    return _reason_first(sentence, prose) or _reason_last(sentence, prose)


def _reason_first(sentence: str, prose: Prose) -> Draft | None:
    """``Because of X, Y`` asks why Y."""
    match = _BECAUSE_FIRST.match(sentence)
    if not match:
        return None
    word, reason, fact = (
        match.group(1),
        match.group(2),
        match.group(3).rstrip(".").partition(";")[0],
    )
    if (
        _PRONOUNS.search(" ".join(fact.split()[:5]))
        or _PRONOUNS.match(reason)
        or "?" in fact
        or len(fact.split()) > 24
    ):
        return None
    if word == "Since" and (re.match(r"[\d(]|then\b", reason) or not _CLAUSE.match(reason)):
        return None
    if re.search(r"\b(?:its|their)\b", fact) and not re.search(
        r"\b(?:its|their)\b", fact[len(fact) // 3 :]
    ):
        return None
    subject = _SUBJECT.match(fact[:1].upper() + fact[1:])
    if not subject or not is_noun_phrase(without_adverb(subject.group(1)), 9):
        return None
    core = without_article(subject.group(1))
    if ANY.fullmatch(core):
        return None
    if _ONE_WAY.match(core):
        return None
    sure = 0.66 if not prose.about(core) and len(core.split()) < 2 else 0.74
    return f"Explain why {fact}.", sure - 0.1 * (len(fact.split()) < 6), "cause"


def _reason_last(sentence: str, prose: Prose) -> Draft | None:
    """``Y because X`` asks why Y."""
    match = _BECAUSE.match(sentence) if " because " in sentence or " due to " in sentence else None
    if not match:
        return None
    fact = match.group(1).rstrip(",").removesuffix(", though")
    if re.search(
        r"\b(?:such|this|these|that|it|they|them|also|even|again|not only|just|especially|simply|mainly|"
        r"partly|largely|neither|none)\b",
        fact,
        re.I,
    ):
        return None
    if (
        re.match(r"(?:during|for|in|at|on|with|if|when|while|to)\b", fact, re.I)
        or len(fact.split()) < 4
    ):
        return None
    subject = _SUBJECT.match(fact)
    if not subject or not is_noun_phrase(subject.group(1)):
        return None
    core = without_article(subject.group(1))
    if not prose.about(core) and len(core.split()) < 2 and not core[:1].isupper():
        return None
    specific = re.match(r"The\b", fact) and not prose.about(without_article(subject.group(1)))
    broken = re.search(r"\b(?:and|or|but|which|of|to|the)$", fact)
    sure = 0.5 if broken else 0.6 if specific or fact.startswith("The ") else 0.78
    return f"Explain why {lower_first(fact, prose)}.", sure, "cause"


def effect(sentence: str, prose: Prose) -> Draft | None:
    """``What effect does X have?``"""
    match = _EFFECT.match(sentence)
    if not match or not is_noun_phrase(match.group(1), 5) or not prose.about(match.group(1)):
        return None
    if re.search(
        r"\b\w+ed$|\b(?:shows?|gives?|makes?|takes?|finds?|one|people|users?|students?)\b",
        match.group(1),
        re.I,
    ):
        return None
    said = without_adverb(match.group(1))
    last = said.split()[-2:]
    if len(last) == 2 and last[1] in BASES and is_plural(last[0]):
        return None
    subject, core = lower_first(said, prose), without_article(said)
    verb, _, rest = match.group(2).partition(" ")
    helper, verb = ask_of(subject, verb)
    sure = 0.72 if len(core.split()) > 1 and not ANY.fullmatch(core.split()[-1]) else 0.64
    if verb in _ASKED_ABOUT:
        return f"What {helper} {subject} {verb}{' ' * bool(rest)}{rest}?", sure, "effect"
    does = "do" if is_plural(subject) else "does"
    return f"What effect {does} {subject} have?", sure - 0.06, "effect"


def purpose(sentence: str, prose: Prose) -> Draft | None:
    """``What is X used for?``"""
    match = _USED.match(sentence)
    if match:
        subject = without_adverb(without_brackets(match.group(1)))
        if not _may_be_asked(subject, 6) or not prose.about(subject):
            return None
        verb, what, sure = match.group(2), match.group(3), 0.74
        if match.group(4) == "when":
            return f"When {verb} {lower_first(subject, prose)} {what}?", 0.7, "purpose"
        if what in ("designed", "suited", "required", "needed", "employed"):
            sure = 0.72
        if verb == "can be":
            return f"What can {lower_first(subject, prose)} be {what} for?", sure, "purpose"
        return f"What {verb} {lower_first(subject, prose)} {what} for?", sure, "purpose"
    match = _USES.match(sentence) if " use" in sentence else None
    if not match or not _may_be_asked(match.group(1), 5) or not _may_be_asked(match.group(3), 6):
        return None
    if not prose.about(match.group(1)) or not prose.about(match.group(3)):
        return None
    helper, verb = ask_of(match.group(1), match.group(2))
    helper, verb = ("did", "use") if verb == "used" else (helper, verb)
    return (
        f"What {helper} {lower_first(match.group(1), prose)} {verb} {match.group(3)} for?",
        0.72,
        "purpose",
    )


def _may_be_asked(phrase: str, most: int) -> bool:
    return is_noun_phrase(phrase, most) and not ANY.fullmatch(without_article(phrase))


def reason(sentence: str, prose: Prose) -> Draft | None:
    match = _REASON_IS.match(sentence) if sentence.startswith("The ") else None
    if not match or re.search(r"\b(?:this|these|it|they|such)\b", match.group(1)):
        return None
    return f"Explain why {match.group(1)}.", 0.76, "cause"
