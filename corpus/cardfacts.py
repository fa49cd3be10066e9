"""Cards from sentences that say one fact of a thing: what a law states, what a thing depends on, where
it takes place, who made it, what happens when."""

from __future__ import annotations

import re

from corpus.carddefinitions import JUDGED
from corpus.cardrelations import ANY, Draft
from corpus.phrasing import (
    ask_of,
    is_noun_phrase,
    is_subject,
    lower_first,
    without_adverb,
    without_article,
    without_brackets,
)
from corpus.prose import Prose
from corpus.verbs import BASES
from corpus.words import is_plural

_ADVERBS = r"(?:(?:also|usually|typically|often|mainly|largely|primarily|generally|first|only) )?"
_STATES = re.compile(
    r"^(?:In (?:the )?\d[\w ]{2,12}, )?(.{3,70}?)\s+(states?|asserts?|holds|claims?|argues?|predicts?|"
    r"says|assumes?|"
    r"suggests?|stated|asserted|argued|claimed|predicted|assumed|proposed|showed|demonstrated|proved|"
    r"discovered|concluded|believed|observed|realised|realized|suggested)\s+that\s+(.{15,})$"
)
_LAW = re.compile(
    r"\b(?:laws?|theorem|principle|hypothesis|theory|rule|conjecture|equation|paradox|lemma|doctrine|model|"
    r"axiom|postulate|thesis|view|school)\b",
    re.I,
)
_NOBODY = re.compile(
    r"\b(?:studies|study|research(?:ers)?|scientists|experts|people|critics|authors?|papers?|results?|"
    r"evidence|"
    r"data|experiments?|documentation|manual|note|fact|users?|developers?|compiler|error|message|one|"
    r"some|many|most|others?|standard|specification|\w+\.\w+)\b",
    re.I,
)
_DEPENDS = re.compile(
    rf"^(.{{3,60}}?)\s+{_ADVERBS}(depends?|depended|relies|rely|relied)\s+on\s+(.{{8,}})$"
)
_PLACE = re.compile(
    rf"^(.{{3,60}}?)\s+{_ADVERBS}(takes? place|took place|occurs?|occurred|happens?)\s+"
    r"(in|on|at|within|inside|outside|along|across|between)\s+(.{5,})$"
)
_FOUND = re.compile(
    r"^(.{3,60}?)\s+(is|are)\s+(?:usually |typically |often |mainly |commonly )?(found|located|situated)\s+"
    r"(?:in|on|at|within|inside|outside|along|across|between)\s+(.{5,})$"
)
_NO_PLACE = re.compile(
    r"(?:(?:the )?(?:two|three|four|five|several|many|most|all|any|some|some|various|different|parallel|"
    r"practice|"
    r"general|fact|order|case|time|random|once|turn|average|least|\d+|[12]\ds?)\b)|(?:the )?(?:\d|early|"
    r"late|mid|"
    r"same|following|first|second|last|end|beginning|background|case|form|context|presence|absence)\b|"
    r"(?:an?|this|that|these|those) \w*(?:way|manner|order)\b",
    re.I,
)
_ROLE = re.compile(
    rf"^(.{{3,60}}?)\s+{_ADVERBS}(acts?|serves?|served|functions?|acted)\s+as\s+(.{{10,}})$"
)
_MADE = re.compile(
    r"^(.{3,70}?)\s+(?:was|were)\s+(?:first |originally |initially )?(invented|discovered|introduced|"
    r"developed|"
    r"proposed|founded|formulated|coined|created|designed|written|established|pioneered|devised|"
    r"popularized|popularised)\s+(?:in \d{4} )?by\s+((?:the |an? )?(?:[\w-]+ ){0,4}?[A-Z].{2,})$"
)
_NAMED_FOR = re.compile(r"^(.{3,60}?)\s+(is|are|was|were)\s+named\s+(?:after|for)\s+(.{4,})$")
_CASE = re.compile(
    r"^(When|If|Once|Whenever)\s+([^,;:()\"“]{12,100}),\s+(?:then )?([^,\s]+(?: [^\s]+){3,})$"
)
_CASE_SUBJECT = re.compile(
    r"^((?:an? |the |no )?[\w'’ -]{2,45}?)\s+(is|are|was|were|has|have|had|does|do|did|can|cannot|becomes?|"
    r"gets?|[a-z]{3,}(?:s|ed))\b"
)
_CASE_LEANS = re.compile(
    r"\b(?:it|they|them|their|this|that|these|those|such|he|she|his|her|there|given|specified|set|provided|"
    r"omitted|passed|present|true|false|needed|necessary|necessarily|required|desired|possible|"
    r"therefore|thus|also|still|again|instead|wants?|needs?|"
    r"called with)\b|[_`=\\$]|\(\)",
    re.I,
)
_PAST = re.compile(r"\b(?:was|were|had|did|\w+ed)\b")
_NO_RESULT = re.compile(
    r"(?:it|this|that|they|these|those|there|he|she|please|see|use|try|make|consider|note|do|don't|be|what|"
    r"how|why|let|one|another|both|each|or|and|but|fall|jump|go|click|"
    r"select|choose|enter|type|run|open|set|add|remove|call|return|press|check|ensure)\b",
    re.I,
)
_GENERIC = re.compile(
    r"(?:\w+ )?(?:user|application|program|server|client|reader|author|command|page|text|test)s?$"
)
_OCCURS = re.compile(
    r"^((?:An? |The )?[\w' -]{3,45}?) (occurs?|happens?|arises?|appears?|sets? in) (?:when|if) (.{12,})$"
)
_SAID_TO_BE = re.compile(
    r"^(.{3,50}?) (is|are) ((?:said to be|considered(?: to be)?|called|"
    r"regarded as) (?:an? )?[\w -]{3,30}?) (?:if|when) .{12,}$"
)


def _subject(text: str) -> str:
    """The subject of a sentence without what stands in brackets; "" if it is none to ask about."""
    subject = without_adverb(without_brackets(text))
    core = without_article(subject)
    if not is_subject(subject) or not is_subject(core) or ANY.fullmatch(core):
        return ""
    return subject


def _known(subject: str, prose: Prose) -> bool:
    """True for what the text is about, and for a term of more than one word that needs no context."""
    core = without_article(subject)
    named = len(core.split()) >= 2 and not subject.startswith(("The ", "the "))
    return named or core[:1].isupper() != subject[:1].isupper() or prose.about(core)


def states(sentence: str, prose: Prose) -> Draft | None:
    """``What does Wien's law state?``"""
    if " that " not in sentence:
        return None
    match = _STATES.match(sentence)
    if not match or _NOBODY.search(match.group(1)):
        return None
    subject = _subject(match.group(1))
    if not subject:
        return None
    law = bool(_LAW.search(subject))
    name = re.match(r"(?:The )?[A-Z][\w'’-]+ [A-Z]", subject) is not None
    single = subject[:1].isupper() and " " not in subject and subject.lower() not in prose.small
    if not law and not name and not single and not prose.about(subject):
        return None
    helper, verb = ask_of(subject, match.group(2))
    sure = 0.8 if law else 0.74 if name else 0.72 if single and helper == "did" else 0.64
    return f"What {helper} {lower_first(subject, prose)} {verb}?", sure, "statement"


def depends(sentence: str, prose: Prose) -> Draft | None:
    """``What does supply depend on?``"""
    match = _DEPENDS.match(sentence) if " on " in sentence else None
    if not match or re.match(r"(?:it|this|that|these|whether the)\b", match.group(3)):
        return None
    subject = _subject(match.group(1))
    if not subject:
        return None
    helper, verb = ask_of(subject, match.group(2))
    sure = 0.76 if prose.about(subject) else 0.7 if _known(subject, prose) else 0.6
    return f"What {helper} {lower_first(subject, prose)} {verb} on?", sure, "dependence"


def where(sentence: str, prose: Prose) -> Draft | None:
    """``Where do the light reactions take place?``"""
    match = _PLACE.match(sentence)
    if match:
        if _NO_PLACE.match(match.group(4)):
            return None
        subject = _subject(match.group(1))
        first, _, rest = match.group(2).partition(" ")
        helper, verb = ask_of(subject, first)
        ask = f"{helper} {lower_first(subject, prose)} {verb} {rest}".rstrip()
    else:
        match = _FOUND.match(sentence)
        if not match or _NO_PLACE.match(match.group(4)):
            return None
        subject = _subject(match.group(1))
        ask = f"{match.group(2)} {lower_first(subject, prose)} {match.group(3)}"
    if not subject or not prose.about(subject):
        return None
    return f"Where {ask}?", 0.74, "place"


def role(sentence: str, prose: Prose) -> Draft | None:
    """``What does NADPH serve as?``"""
    match = _ROLE.match(sentence) if " as " in sentence else None
    subject = _subject(match.group(1)) if match else ""
    if not match or not subject or not _known(subject, prose):
        return None
    helper, verb = ask_of(subject, match.group(2))
    sure = 0.74 if prose.about(subject) else 0.66
    return f"What {helper} {lower_first(subject, prose)} {verb} as?", sure, "role"


def maker(sentence: str, prose: Prose) -> Draft | None:
    """``Who invented the spinning jenny?`` and where a name comes from."""
    if " by " in sentence:
        match = _MADE.match(sentence)
        subject = _subject(match.group(1)) if match else ""
        if match and subject:
            sure = 0.76 if _known(subject, prose) else 0.62
            verb = "wrote" if match.group(2) == "written" else match.group(2)
            return f"Who {verb} {lower_first(subject, prose)}?", sure, "maker"
    match = _NAMED_FOR.match(sentence) if " named " in sentence else None
    subject = _subject(match.group(1)) if match else ""
    if not match or not subject:
        return None
    return f"What {match.group(2)} {lower_first(subject, prose)} named after?", 0.74, "maker"


def condition(sentence: str, prose: Prose) -> Draft | None:
    """``What happens when a record changes?``"""
    match = _CASE.match(sentence)
    if not match or _CASE_LEANS.search(match.group(2)) or _NO_RESULT.match(match.group(3)):
        return None
    if match.group(3).split(" ")[0].lower() in BASES or "," in match.group(3).split(" ")[0]:
        return None
    subject = _CASE_SUBJECT.match(match.group(2))
    if not subject or not is_noun_phrase(subject.group(1), 6) or not prose.about(subject.group(1)):
        return None
    core = without_article(subject.group(1))
    if ANY.fullmatch(core) or _GENERIC.match(core):
        return None
    past = (
        match.group(1) == "When" and _PAST.match(subject.group(2)) and _PAST.search(match.group(3))
    )
    the = subject.group(1).lower().startswith("the ")
    the = the and (
        not prose.about(core) or (" " not in core and subject.group(2) in ("was", "were"))
    )
    sure = 0.6 if the or len(match.group(2).split()) < 4 else 0.74
    return (
        f"What {'happened' if past else 'happens'} {match.group(1).lower()} {match.group(2)}?",
        sure,
        "condition",
    )


def occasion(sentence: str, prose: Prose) -> Draft | None:
    match = _SAID_TO_BE.match(sentence)
    if (
        match
        and is_noun_phrase(match.group(1), 5)
        and not re.search(r"\b(?:this|it)\b", match.group(1))
    ):
        subject = lower_first(match.group(1), prose)
        return f"When {match.group(2)} {subject} {match.group(3)}?", 0.76, "condition"
    match = _OCCURS.match(sentence)
    if (
        not match
        or not is_noun_phrase(match.group(1), 5)
        or JUDGED.match(without_article(match.group(1)))
        or re.search(r"\b(?:this|it)\b", match.group(1))
    ):
        return None
    subject, verb = lower_first(match.group(1), prose), match.group(2)
    plural = is_plural(without_article(subject))
    stemmed = re.sub(r"^(occur|happen|arise|appear|set)s?", r"\1", verb)
    return f"When {'do' if plural else 'does'} {subject} {stemmed}?", 0.76, "condition"
