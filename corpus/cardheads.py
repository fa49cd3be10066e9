"""Cards from headings, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.banks.wording import ends_asking
from corpus.carddefinitions import EMPTY
from corpus.cardrelations import Draft
from corpus.phrasing import (
    is_noun_phrase,
    lower_first,
    mid_sentence,
    stands_alone,
    without_article,
)
from corpus.prose import Block, Prose, shared, stems
from corpus.verbs import BASES
from corpus.words import is_plural, sentences

_GENERIC = re.compile(
    r"^(?:introduction|overview|summary|conclusions?.*|examples?(?: (?:for|of)\b.*)?|"
    r"setup|installation|install|getting started|"
    r"background|abstract|notes?|next steps|faq|results?|experiments?|evaluation|requirements|usage|"
    r"implementation.*|preface|what.s next|quick ?start|todo|motivation|intuition|details?|"
    r"basics?|the basics|"
    r"more|tl;?dr|key takeaways?|parameters?|complete example.*|data|methods?|prerequisites?|training|model|"
    r"approach|analysis|general|misc\w*|links?|options|configuration|commands?|syntax|code|demo|features|"
    r"key (?:terms?|concepts?|ideas|points|facts|definitions?)\b.*|terms|terminology|definitions?|"
    r".*\bglossary|vocabulary|"
    r"when .*|where .*|history|description|purpose|design|architecture|testing|deployment|tips.*|tools?|"
    r"other|others|format|structure|content|files?|summary|terms?)$",
    re.I,
)
_NUMBERED = re.compile(
    r"^\s*(?:(?:Lecture|Chapter|Part|Section|Unit|Module|Week|Day|"
    r"Step)\s+)?(?:(?:[A-Z]\.)?\d{1,2}(?:\.\d{1,2})*[.:]?|"
    r"[A-Z]\.)\s+"
)
_NO_TOPIC = re.compile(r"[\[\](){}<>:\"'`=?!]")
_QUESTION = re.compile(r"(?:how|what|why|which|who|where|when) ", re.I)
_NO_HEADING = re.compile(r"^\W|[`{}<>=|]|\b(?:I|we|you|my|our|your|this|that|it)\b", re.I)
_ASPECT = re.compile(
    r"^(advantages?|disadvantages?|benefits?|drawbacks?|limitations?|pros and cons|trade-?offs?|use cases?|"
    r"applications?|properties|types?|kinds?|components?|steps?|pitfalls?|challenges|features?|assumptions?|"
    r"best practices)(?:\(s\))?(?:\s*(?:of|for|:)\s*(.+))?$",
    re.I,
)
_VERSUS = re.compile(r"^(.+?)\s+(?:vs\.?|versus|v\.s\.|compared (?:to|with))\s+(.+)$", re.I)
_TERM = re.compile(r"^([A-Z][\w'’()/&+. -]{1,50}?)\s*(?::|\s[-–—]\s|—)\s*(\S.{18,})$")
_NO_TERM = re.compile(
    r"(?:(?:line|row|column|item|page|figure|table)s? \d|"
    r"note|example|e\.g|step|see|input|output|source|warning|tip|day|week|part|chapter|important)\b",
    re.I,
)
_NO_MEANING = re.compile(r"\W|\w+(?:ed|ing)\b|per\b|via\b|all\b|same\b|async\b", re.I)
_NAMING_COLUMN = re.compile(
    r"(?:term|name|concept|metric|method|operator|option|parameter|field|type|property)s?\b", re.I
)

_DEFINING_COLUMN = re.compile(
    r"(?:meaning|definition|description|explanation)s?\b|what it is", re.I
)
_REMARK = re.compile(r"https?://|\?\?|\bTODO\b|\bXXX\b|\bnot (?:quite |yet )?clear\b", re.I)
_COMMANDS = frozenset(
    """open close save import export create delete edit new cut paste print quit exit find add go view show
    set""".split()
)
"""How the entries of a menu begin."""
_LEANING = re.compile(r"\b(?:this|these|those|they|it|such|them)\b", re.I)
_SETTING = re.compile(
    r"(?:selects?|specif(?:y|ies)|checks?|enters?|use|uses|sets?|toggles?|enables?|disables?|turns|"
    r"indicates?|"
    r"synchronize|show|display|configure|if (?:checked|selected|enabled|set)|when (?:checked|selected|"
    r"enabled)|"
    r"whether|opens|closes|saves|runs|shows|displays|prints|deletes|creates|edits|select|click|press|"
    r"choose)\b",
    re.I,
)
"""What the explanation of a setting or of a button begins with."""
_ORDER = re.compile(r"(\w+) (?:an?|the|all|any|your)\b")
_OF_A_SCREEN = re.compile(
    r"\b(?:windows?|dialogs?|buttons?|menus?|tabs?|panels?|commands?|functions?|files?|options?|settings?|"
    r"pages?|support|mode|examples?|interface|module|class|method|columns?|setup|tools?)$"
)
_ARTICLE = re.compile(r"(?:the|an?) ", re.I)
_DEFINES = re.compile(
    r"(?:\s*\([^()]*\))?\s+(?:(?:is|are) (?:an? |the |any |what |how |"
    r"(?:[\w-]+ ){0,4}?\w+s (?:of|that|which|in|used) )|refers? to |means? |denotes? )",
    re.I,
)
_OPENS_WITH_NAME = re.compile(r"[A-Z]{2,}\d?$")


def unnumbered(heading: str) -> str:
    """``1.2. Trees`` as ``Trees``."""
    return _NUMBERED.sub("", heading)


def topic(path: tuple[str, ...], prose: Prose) -> str:
    """The nearest heading that says what the text is about."""
    for heading in reversed(path):
        name = unnumbered(heading)
        if _NO_TOPIC.search(name) or _QUESTION.match(name):
            continue
        if not _GENERIC.match(name) and not _ASPECT.match(name) and len(name.split()) <= 6:
            return mid_sentence(name, prose)
    return ""


def heading_question(block: Block, body: str, prose: Prose) -> Draft | None:
    """What a heading asks of the text below it, None if that is not certain enough."""
    heading = unnumbered(block.text).strip(" :.")
    if ends_asking(block.text):
        if heading.isupper():
            words = heading.lower().split()
            heading = " ".join(w.upper() if w.strip("?'s") in prose.names else w for w in words)
        heading = re.sub(r"^(?:But|And|So),? ", "", heading)
        first, _, rest = heading.partition(" ")
        if len(rest.split()) < 2:
            return None
        leans = 0.25 if _LEANING.search(rest) else 0.0
        return f"{first[:1].upper()}{first[1:]} {mid_sentence(rest, prose)}", 0.9 - leans, "heading"
    if _GENERIC.match(heading) or len(heading.split()) > 9 or _NO_HEADING.search(heading):
        return None
    versus = _VERSUS.match(re.sub(r"^(?:Choosing|Comparing|Using)\s+", "", heading))
    if versus and len(heading) < 80 and not _OF_A_SCREEN.search(heading.lower()):
        one, other = mid_sentence(versus.group(1), prose), mid_sentence(versus.group(2), prose)
        return f"How do {one} and {other} compare?", 0.86, "contrast"
    aspect = _ASPECT.match(heading)
    if aspect:
        about = aspect.group(2) or topic(block.path[:-1], prose)
        if not about:
            return None
        name = aspect.group(1).lower()
        name = name if name.endswith("s") else name + "s"
        return f"What are the {name} of {mid_sentence(about, prose)}?", 0.84, "heading"
    if (
        re.match(r"^(?:why|how|when|where|what|who)\s+\w+", heading, re.I)
        and len(heading.split()) >= 3
    ):
        said = mid_sentence(heading, prose)
        asks = re.match(
            r"^(?:why|how|when|where) (?!(?:is|are|was|were|do|does|did|can|could|should|would|will|must|"
            r"many|much|long|often)\b)",
            said,
            re.I,
        )
        text = f"Explain {said}." if asks else f"{said[:1].upper()}{said[1:]}?"
        return text, 0.66, "heading"
    return _plain_heading(heading, block, body, prose)


def _plain_heading(heading: str, block: Block, body: str, prose: Prose) -> Draft | None:
    if not is_noun_phrase(heading) or shared(heading, body) < 0.6:
        return None
    first = sentences(body)[0] if sentences(body) else ""
    said = without_article(mid_sentence(heading, prose))
    article = _ARTICLE.match(first)
    start = article.end() if article else 0
    opens = None
    if first[start : start + len(said)].lower() == said.lower():
        opens = _DEFINES.match(first, start + len(said))
    opens = None if opens and EMPTY.match(first[opens.end() :]) else opens
    parent = topic(block.path[:-1], prose)
    inside = (
        f" (in {parent})" if parent and len(block.path) > 2 and shared(parent, said) == 0 else ""
    )
    if opens and not re.match(r"^\w+ing\b", heading):
        verb = "are" if is_plural(said) else "is"
        the = article.group().lower() if article else ""
        return f"What {verb} {the}{said}{inside}?", 0.78, "definition"
    named = len(heading.split()) >= 2 and shared(heading, first) == 1.0
    if named and f" {stems(body)} ".count(f" {stems(heading)} ") >= 2:
        before = re.search(rf"\b(the|an?) {re.escape(said)}\b", first, re.I)
        the = f"{before.group(1).lower()} " if before else ""
        clear = (
            shared(said.split()[-1], " ".join(first.split()[:5])) == 1.0
            and len(body.split()) >= 30
            and stands_alone(first, 6, 60)
            and not _OF_A_SCREEN.search(said)
        )
        sure = 0.72 if clear and not re.match(r"\w+ing\b", said) else 0.62
        return f"Explain {the}{said}{inside}.", sure, "heading"
    return None


def notes_question(block: Block, items: Sequence[str], prose: Prose) -> Draft | None:
    """What a heading asks of the sentences of a list that stands right below it, as in notes."""
    heading = unnumbered(block.text).strip(" :.")
    whole = [i for i in items if i.endswith(".") and len(i.split()) >= 6]
    if not 3 <= len(items) <= 8 or len(whole) < 0.75 * len(items):
        return None
    if _GENERIC.match(heading) or _NO_HEADING.search(heading) or not is_noun_phrase(heading, 7):
        return None
    text = " ".join(items)
    if (
        len(heading.split()) < 2
        or shared(heading, text) < 0.3
        or _OF_A_SCREEN.search(heading.lower())
    ):
        return None
    if any(map(_SETTING.match, items)) or re.search(r"\b(?:you|your|we|our|I)\b|[{}`]|\w_\w", text):
        return None
    said = without_article(mid_sentence(heading, prose))
    the = "the " if " of the " in said or f"the {said}" in text.lower() else ""
    parent = topic(block.path[:-1], prose)
    inside = f" (in {parent})" if parent and shared(parent, said) == 0 else ""
    return f"Explain {the}{said}{inside}.", 0.71, "heading"


def term_cards(block: Block, prose: Prose) -> list[tuple[Draft, str]]:
    """Items of the form ``Term: meaning`` as questions with answers."""
    pairs = [m for m in (_TERM.match(i) for i in block.items) if m]
    pairs = [m for m in pairs if len(m.group(1).split()) <= 5 and not _NO_TERM.match(m.group(1))]
    if len(pairs) < 2 or len(pairs) < 0.6 * len(block.items):
        return []
    above = block.path[-1] if block.path else ""
    if _ASPECT.match(above) or re.search(
        r"practices|tips|gotcha|advice|steps|sources?|questions?|changes|news", above, re.I
    ):
        return []
    about = topic(block.path, prose)
    settings = sum(bool(_SETTING.match(m.group(2))) for m in pairs) > len(pairs) // 4
    made: list[tuple[Draft, str]] = []
    for match in pairs:
        term, meaning = match.group(1).strip(), match.group(2).strip()
        first = term.split()[0].lower()
        begins = _ORDER.match(meaning)
        if begins and begins.group(1).lower() in BASES:
            continue
        if _REMARK.search(meaning) or first in _COMMANDS or _SETTING.match(meaning):
            continue
        if is_noun_phrase(term, 5) and not re.search(r"[()]|^\w+ing\b", term):
            named = _OPENS_WITH_NAME.match(term.split()[0])
            said = term if named else mid_sentence(term, prose)
            inside = f" (in {about})" if about and shared(said, about) == 0 else ""
            verb = "are" if is_plural(said) else "is"
            full = meaning[:1].upper() + meaning[1:].rstrip(";, ")
            sure = 0.76 if len(meaning.split()) >= 6 and not _NO_MEANING.match(meaning) else 0.62
            ask = f"What {verb} {said}{inside}?"
            article = _ARTICLE.match(meaning)
            if article and meaning[article.end() :].lower().startswith(f"{said.lower()} is "):
                ask = f"What is {article.group().lower()}{said}?"
            elif verb == "is" or " " in said:
                ask = f"What is meant by {said}{inside}?"
            made.append(((ask, sure - 0.16 * settings, "term"), full))
    return made


def table_cards(block: Block, prose: Prose) -> list[tuple[Draft, str]]:
    """Rows of a table whose first column names things and whose second explains them."""
    if len(block.rows) < 3 or len(block.rows[0]) < 2 or not _NAMING_COLUMN.match(block.rows[0][0]):
        return []
    column = lower_first(block.rows[0][1], prose) or "meaning"
    defines = _DEFINING_COLUMN.match(column)
    made: list[tuple[Draft, str]] = []
    for row in block.rows[1:]:
        if len(row) >= 2 and row[0] and len(row[1].split()) >= 4 and len(row[0].split()) <= 6:
            if defines:
                ask = f"What is meant by {mid_sentence(row[0], prose)}?"
            else:
                ask = f"What is the {column} of {row[0]}?"
            made.append(((ask, 0.76 if defines else 0.64, "term"), row[1]))
    return made
