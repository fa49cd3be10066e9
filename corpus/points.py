"""What an answer should contain: atomic points derived from a reference text, without a model.

A list gives a point per item, prose a point per sentence, a long sentence a point per clause that
stands as a claim of its own. The follow-ups of a derived point are worded from its kind (a reason,
a number, a drawback ...) and from so few of its words that they cannot give it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from corpus.abbreviations import abbreviations
from corpus.clauses import clauses, subject_of
from corpus.columns import cells, with_columns
from corpus.followups import followups
from corpus.leads import Leads, is_aside
from corpus.model import Expectation
from corpus.naming import slug
from corpus.words import STOP, Asked, content, is_plural, sentences, stem, tokens

MOST = 8
FEWEST = 3
_MAX_CHARS = 20_000

_FENCE = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1[ \t]*$|^[ \t]*(?:```|~~~).*\Z", re.M | re.S)
_ITEM = re.compile(r"^\s*(?:[-*+•▪●◦‣–—]|\(?\d{1,2}[.)]|\(?[a-hA-H][.)])\s+")
_MARKS = re.compile(r"^[\s✅✔☑•▪●◦‣>#*+\-–—]+(?![=<>:])")
_RULE = re.compile(r"^[\s|:\-=_*]+$")
_INLINE = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"\*\*|__|`|[*_](?:(?<!\w[*_])(?=\S)|(?<=\S[*_])(?!\w))")
_GLUED = re.compile(r" (?<=[a-z)] )(?=(?:It|This|They|These) [a-z]+)")
_LEAD = re.compile(r":\s*$")
_FILLER = re.compile(
    r"(?:see|read (?:more|about|on|the|this|here|also)|refer to|for more|more (?:info|details|on|reading)|"
    r"here is|here are|let'?s|let us|note that this (?:list|answer)|hope (?:this|that|it|you)|thanks|"
    r"as an ai|click (?:here|on|the|this)|watch (?:this|the|here|out)|check out|good (?:answer|luck)|"
    r"further reading|useful (?:links|resources)|"
    r"(?:source|reference|image|figure)(?=\W*(?:[:\d(]|https?|$)))\b(?!-)",
    re.I,
)
_SOURCES = re.compile(
    r"\W*(?:(?:useful|more|further|additional|external|related) )?(?:resources?|links?|references?|sources?|"
    r"reading|sources? and further reading|see also|read more|learn more|credits?)\b.{0,25}$",
    re.I,
)
_TITLE = re.compile(r"\s*#{1,6}\s+\S")
_LONGEST_LINK = 500
_LINK_ALONE = re.compile(
    r"^\W*!?\[[^\[\]]*\]\([^()\s]*(?:\([^()]*\))?[^()\s]*\)[\W]*(?:\([\w ]+\))?\W*$"
)
_EXAMPLE = re.compile(r"(?:for example|for instance|e\.g\.|imagine|suppose)", re.I)
_MARKUP = re.compile(r"[\[<*_`]")
_PRONOUN = re.compile(
    r"(?:(?:It|They)(?='?s?\s+[a-z])|This(?=\s+[a-z]+(?<![siu])s\b)|"
    r"(?:This|These)(?=\s+(?:is|has|was|are|were|have|had|do|does|did|can|cannot|could|may|might|must|will|"
    r"would|should|also|then|often|usually|only|just|not|\w+ly|made|led|gave|let|meant|keep|help|allow|"
    r"make|give|reduce|increase|improve|enable|use|need|[a-z]+(?<!ie)ed)\b))"
)
"""A pronoun that stands alone: in ``This diversity`` it does not."""
_CONNECTIVE = re.compile(
    r"(?:But|And|So|Hence|Thus|Also|However|Therefore|Moreover|Furthermore|Finally|In addition|"
    r"As a result|Consequently|Additionally),?\s+(?=\w+ \S+ \S)(?!far\b|that\b|on\b|as\b)"
)
_EXPLETIVE = re.compile(
    r"It(?:'s| is| was| (?:can|may|might|would|will|could) be)\s+"
    r"(?:very |quite |more )?(?!(?:used|designed|meant|intended|able)\b)"
    r"(?:\w+\s+){1,2}(?:that|to|for|when|if)\b"
)
_SUBJECT = re.compile(
    r"(?:what\s+(?:is|are)(?:\s+meant\s+by)?|what'?s|define|explain|describe|how\s+(?:do|does|is|are|can)|"
    r"why\s+(?:do|does|is|are))\s+((?:(?:the|a|an)\s+)?[\w'/+.#-]+(?:\s+[\w'/+.#-]+){0,3}?)"
    r"(?=\s*[?.,]|\s+(?:and|in|for|used|work|help|important|on|when|of|to|do)\b|\s*$)",
    re.I,
)


_RELATION = re.compile(r"(?:the )?(?:\w+ )?(?:difference|similarity|similarities|comparison)", re.I)
"""A question about two things: "it" in the answer is one of them."""
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_LABEL_IS = re.compile(r"([^:.]{2,60}):\s+(?=(?:is|are|was|can be|means|refers to)\s)")


@dataclass(frozen=True, slots=True)
class _Claim:
    text: str
    lead: str = ""
    kind: Literal["sentence", "line", "item"] = "sentence"


def derive(answer: str, question: str = "") -> tuple[Expectation, ...]:
    """The points an answer should contain, at most 8, in the order of `answer`.

    A short single sentence is one point; no text, no point. `question` serves to resolve "it" and
    to weigh: 2 is what answers the question, 1 the normal point, 0.5 an example.
    """
    answer = answer[:_MAX_CHARS]
    fenced = "```" in answer or "~~~" in answer
    claims = _claims(_FENCE.sub("\n", answer) if fenced else answer)
    claims = claims or _claims(_code_as_text(answer))
    if not claims:
        return ()
    asked = Asked(question)
    subject = _subject(question)
    claims = _sentence_by_sentence(_fit(claims, asked), subject)
    short_forms = abbreviations(f"{question}\n{answer}")
    points: list[Expectation] = []
    taken: set[str] = set()
    for place, claim in enumerate(claims):
        text = _resolved(claim.text, subject, points)
        wordings = _wordings(claim, text, short_forms)
        points.append(
            Expectation(
                id=_name(text, asked, taken, place),
                text=text,
                weight=_weight(claim, asked, place),
                wordings=wordings,
                **followups(text, question, listed=claim.kind == "item", asked=asked),
            )
        )
    return tuple(points)


def _claims(text: str) -> list[_Claim]:
    """The claims of a text in order: items of lists, rows of tables, sentences of paragraphs."""
    lines = [line for line in text.splitlines() if line.strip()]
    lines = with_columns(lines) if "|" in text else lines
    lines = [line for line in lines if not _RULE.match(line)]
    lines = _without_sources(lines)
    plain = [_plain(line) for line in lines]
    pairs = [(line, p, bool(_ITEM.match(line))) for line, p in zip(lines, plain, strict=True) if p]
    marked = any(listed for _, _, listed in pairs)
    short_lines = len(pairs) >= 3 and sum(p.count(" ") + 1 for _, p, _ in pairs) < 28 * len(pairs)
    bare_list = short_lines and not marked
    found: list[_Claim] = []
    paragraph: list[str] = []
    lead = title = ""
    leads = Leads()

    def close() -> None:
        nonlocal lead, title
        text = " ".join(paragraph)
        paragraph.clear()
        if not text:
            return
        leads.clear()
        parts = [
            s for piece in text.split("✅") for s in sentences(_GLUED.sub(". ", piece.strip()))
        ]
        if parts and _LEAD.search(parts[-1]):
            lead = parts.pop().rstrip(": ")
        elif is_aside(lead):
            lead = ""
        if parts and title and not Asked(parts[0]).says(title):
            parts[0] = f"{title}: {parts[0]}"
        title = ""
        found.extend(_Claim(s) for s in parts if _is_claim(s))

    for line, text, listed in pairs:
        if line.lstrip().startswith("|"):
            close()
            found.append(_Claim(text, lead, "item"))
        elif _TITLE.match(line):
            close()
            leads.clear()
            lead = title = text.rstrip(": ")
        elif listed or bare_list:
            close()
            indent = len(line) - len(line.lstrip())
            if _LEAD.search(text) and len(sentences(text)) == 1:
                lead = text.rstrip(": ")
                leads.enter(indent, lead)
                continue
            if is_aside(lead):
                continue
            if (named := leads.named(indent, text)) != text:
                text, lead = named, ""
            if title and not listed and not Asked(text).says(title):
                text, lead = f"{title}: {text}", ""
            title = ""
            for number, piece in enumerate(_GLUED.sub("✅", text).split("✅")):
                if _is_claim(piece, listed=True):
                    kind = "line" if number or piece.rstrip().endswith(".") else "item"
                    found.append(_Claim(piece.strip(" ;,"), "" if number else lead, kind))
        else:
            if paragraph and not line[:1].isspace() and paragraph[-1].endswith((".", ":", "!")):
                close()
            paragraph.append(text)
    close()
    if not found and any(tokens(p) for p in plain):
        found.append(_Claim(" ".join(plain)))
    return _joined(found)


def _without_sources(lines: list[str]) -> list[str]:
    """`lines` without the links at their end that say where to read more."""
    end = len(lines)
    while end and len(lines[end - 1]) < _LONGEST_LINK and _LINK_ALONE.match(lines[end - 1]):
        end -= 1
    if not end:
        return lines
    return lines[: end - bool(_SOURCES.match(_plain(lines[end - 1])))] or lines


def _plain(line: str) -> str:
    if line.lstrip().startswith("|"):
        row = cells(line)
        line = ": ".join(c for c in row[:2] if c) + "".join(f"; {c}" for c in row[2:] if c)
    if _MARKUP.search(line):
        line = _INLINE.sub(lambda m: m.group(1) or "", line)
        line = _EMPHASIS.sub("", _without(_ITEM, line))
    else:
        line = _without(_ITEM, line)
    line = " ".join(_without(_MARKS, line).split())
    return _LABEL_IS.sub(r"\1 ", line, count=1) if ": " in line[:62] else line


def _without(start: re.Pattern[str], line: str) -> str:
    match = start.match(line)
    return line[match.end() :] if match else line


def _is_claim(text: str, *, listed: bool = False) -> bool:
    words = tokens(text)
    if not words or (len(words) < 2 and not listed) or _FILLER.match(text):
        return False
    return listed or not text.rstrip().endswith("?")


def _joined(claims: list[_Claim]) -> list[_Claim]:
    """Sentences too short to say something stand with the one before."""
    made: list[_Claim] = []
    for claim in claims:
        stub = claim.kind == "sentence" and claim.text.count(" ") < 2
        if stub and made and made[-1].kind == "sentence":
            made[-1] = _Claim(f"{made[-1].text} {claim.text}", made[-1].lead)
        else:
            made.append(claim)
    return made


def _fit(claims: list[_Claim], asked: Asked) -> list[_Claim]:
    """Between 3 and 8 claims, as far as the text holds them."""
    for _ in range(4):
        if len(claims) >= FEWEST:
            break
        longest = sorted(range(len(claims)), key=lambda i: -len(claims[i].text.split()))
        for place in longest:
            parts = clauses(claims[place].text)
            if len(parts) > 1:
                old = claims[place]
                claims = [
                    *claims[:place],
                    *(_Claim(p, old.lead) for p in parts),
                    *claims[place + 1 :],
                ]
                break
        else:
            break
    if len(claims) <= MOST:
        return claims
    worth = [_worth(claim, asked, place) for place, claim in enumerate(claims)]
    best = sorted(range(len(claims)), key=lambda i: -worth[i])[:MOST]
    return [claims[i] for i in sorted(best)]


def _sentence_by_sentence(claims: list[_Claim], subject: str) -> list[_Claim]:
    """Items of lists that hold several sentences as a claim for each, as far as there is room.

    A sentence that begins with a pronoun stays with the one before it, unless that is about the
    `subject` of the question, which the pronoun then stands for.
    """
    made: list[_Claim] = []
    room = MOST - len(claims)
    for claim in claims:
        parts = sentences(claim.text) if claim.kind != "sentence" and ". " in claim.text else []
        parts = _standing([p for p in parts if not _LEAD.search(p) and _is_claim(p)], subject)
        if not parts or len(parts) - 1 > room or any(p.count(" ") < 3 for p in parts):
            made.append(claim)
            continue
        room -= len(parts) - 1
        made += [
            _Claim(parts[0], claim.lead, claim.kind),
            *(_Claim(p, "", "line") for p in parts[1:]),
        ]
    return made


def _standing(parts: list[str], subject: str) -> list[str]:
    """`parts`, those that begin with a pronoun nobody can resolve joined to the one before."""
    made: list[str] = []
    label, mark, _ = parts[0].partition(": ") if parts else ("", "", "")
    about = _BRACKETED.sub("", label if mark else subject_of(label))
    known = subject if content(about) == content(subject) else ""
    for part in parts:
        if made and _PRONOUN.match(part) and _resolved(part, known, ()) == part:
            made[-1] += f" {part}"
        else:
            made.append(part)
    return made


def _worth(claim: _Claim, asked: Asked, place: int) -> float:
    words = {t for t in tokens(claim.text) if t not in STOP}
    told = {stem(w) for w in words if w in asked}
    example = bool(_EXAMPLE.match(claim.text))
    return min(len(words), 14) + 2 * len(told) + 3 / (1 + place) - 8 * example


def _subject(question: str) -> str:
    match = _SUBJECT.match(_BRACKETED.sub("", question.strip()))
    subject = match.group(1).strip() if match else ""
    return subject if Asked(subject) and not _RELATION.match(subject) else ""


def _resolved(text: str, subject: str, before: Sequence[Expectation]) -> str:
    """`text` without a word that ties it to the points `before`, and with a pronoun at its start replaced
    by what the question is about, or by the last subject of theirs."""
    tied = _CONNECTIVE.match(text)
    if tied:
        text = text[tied.end()].upper() + text[tied.end() + 1 :]
    match = _PRONOUN.match(text)
    if not match or _EXPLETIVE.match(text):
        return text
    plural = match.group() in {"They", "These"}
    for known in _meant(subject, () if match.group() == "This" else before[-3:]):
        if plural == is_plural(known) and not Asked(text).says(known):
            name = "." in known or "_" in known  # Of a part of a program, written as it is.
            return (known if name else known[0].upper() + known[1:]) + text[match.end() :]
    return text


def _meant(subject: str, before: Sequence[Expectation]) -> Iterator[str]:
    """What a pronoun may stand for, the likeliest first."""
    if subject:
        yield subject
    yield from islice(filter(None, (subject_of(p.text) for p in reversed(before))), 1)


def _wordings(claim: _Claim, text: str, short_forms: dict[str, str]) -> tuple[str, ...]:
    made: list[str] = [] if text == claim.text else [claim.text]
    if claim.lead and len(claim.lead.split()) <= 12:
        made.append(f"{claim.lead}: {claim.text}")
    small = text.lower() if short_forms else ""
    for short, long in short_forms.items():
        spelt = long.lower() in small
        if not spelt and short not in text:
            continue
        one, other = re.escape(long), re.escape(short)
        both = re.compile(rf"{one}\s*\({other}\)|\b{other}\s*\({one}\)", re.I)
        plain = both.sub(long, text)
        if plain != text:
            made += [plain, both.sub(short, text)]
        elif re.search(alone := rf"(?<![\w-]){other}(?![\w-])", text):
            made.append(re.sub(alone, lambda _, long=long: long, text))
        elif spelt:
            made.append(re.sub(one, lambda _, s=short: s, text, flags=re.I))
    return tuple(dict.fromkeys(w for w in made if w != text))[:4]


def _weight(claim: _Claim, asked: Asked, place: int) -> float:
    if _EXAMPLE.match(claim.text):
        return 0.5
    if place or claim.kind != "sentence":
        return 1.0
    return 2.0 if not asked or any(t in asked for t in tokens(claim.text)) else 1.0


def _name(text: str, asked: Asked, taken: set[str], place: int) -> str:
    """An id from the first telling words, so that it outlives changes elsewhere in the answer."""
    words = [t for t in tokens(text) if len(t) > 2 and t not in STOP]
    telling = islice((t for t in words if t not in asked), 3)
    base = slug(" ".join(telling) or " ".join(words[:3]), limit=40) or f"point-{place + 1}"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name


def _code_as_text(answer: str) -> str:
    """The lines of an answer that is only code, as one claim."""
    lines: Sequence[str] = [x.strip() for x in answer.splitlines() if x.strip()]
    return " ".join(x for x in lines if not x.startswith(("```", "~~~")))[:300]
