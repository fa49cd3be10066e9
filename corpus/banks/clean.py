"""The wording and the answer of a found question, without what is only there for the page."""

from __future__ import annotations

import re

from corpus.banks.inline import links, plain, without_tags
from corpus.banks.wording import ANSWER, ANSWER_ALONE, ANSWER_WORDS, likeness, without_number

_FENCE = re.compile(r"^\s*(?:>\s*)?(?:`{3,}|~{3,})")
_CHATTER = re.compile(
    r"^\W*(?:would you like (?:me|these|this|to|a|an|more)\b.*|let me know (?:if|when|which)\b.*|"
    r"do you want me to\b.*|(?:i )?hope (?:this|these|that) helps?\b.*|feel free to (?:ask|reach)\b.*|"
    r"last (?:updated|edited|modified)\b.{0,60}|if you(?:'d| would) like,? I can\b.*|"
    r"(?:happy|good luck)\b.{0,30}(?:interview|learning|coding|studying|preparation).{0,20}|"
    r"thanks? (?:you )?for reading\b.*|share this\b.*|was this (?:page )?helpful.*|"
    r"(?:like|follow|subscribe|star)\b.{0,60}(?:channel|repo(?:sitory)?|newsletter|us|me)\W*)$",
    re.I,
)
_FIRST_WORD = re.compile(
    r"[\W_]*(?:(?<=[<&(])|(?<=!\[)|would|let|do|i\b|hope|feel|last|if|happy|good|thank|share|was|like|"
    r"follow|subscribe|star)",
    re.I,
)
"""How a line of chatter begins, marks aside; behind a tag, an entity or a picture it may be any word."""
_PAGE = re.compile(
    r"^\W*(?:share|copy code|copy|edit|like|reply|\d+\s+(?:likes?|views?)|↥?\s*back to top|"
    r"(?:go )?(?:back )?to (?:the )?top|page \d+(?: of \d+)?|next|previous|home|↑|⬆)\W*$",
    re.I,
)
_RULE = re.compile(
    r"^\s*(?:<br\s*/?>|<hr\s*/?>|-{3,}|\*{3,}|_{3,}|={3,}|(?:- ){2,}-?|(?:\* ){2,}\*?|"
    r"</?(?:p|b|div|details|center|summary)\b[^<>]*>)[\s<>/brph-]*$",
    re.I,
)
_RULE_STARTS = ("<", "-", "*", "_", "=")
_TOP = re.compile(
    r"\[\W*back to (?:the )?top\W*\]\(#[^)]*\)|<a href=\"#[^\"<>]*\">[^<]*top[^<]*</a>", re.I
)
_BLOCK_TAG = re.compile(
    r"</?(?:details|summary|p|br|b|div|strong|center|font|ul|ol|li|span|u|small)\b[^<>]*>", re.I
)
_PLACEHOLDER = re.compile(
    r"^\W*(?:(?:answer )?(?:is )?to be (?:completed|done|added|written|filled(?: in)?|continued)|"
    r"tbd|tba|todo|"
    r"(?:your |write |add |insert |type )*(?:an? |the |your )*answer (?:goes )?here|answer|"
    r"coming soon|wip|work in progress|n/?a|no answer(?: yet)?|not (?:yet )?answered(?: yet)?|"
    r"fill (?:me )?in|pending|under construction|placeholder|lorem ipsum.*|\.{3,}|…|x{3,}|tk)\W*$",
    re.I,
)
_POINTERS = re.compile(
    r"^\W*(?:useful resources|(?:for )?(?:more|further|additional) (?:reading|info(?:rmation)?|details)|"
    r"read more|references?|related|sources?|resources?|links?|see(?: also)?(?: here)?|"
    r"(?:explained|answered|described)(?: in detail)?(?: here| in (?:this|the) \w+)?|"
    r"check (?:this|out)(?: \w+)?|watch(?: \w+)?|click here|here|"
    r"refer(?:ence)?(?: to)?|video|article|documentation|docs|learn more|solution|code|github|"
    r"image|picture|diagram|screenshot)\W*(?:and\W*)?$",
    re.I,
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]+")
_EMOJI_LEVEL = {
    "👶": 1, "🐣": 1, "🌱": 1, "🟢": 2, "⭐": 3, "🌟": 3, "🟡": 3,
    "🟠": 4, "🔥": 4, "🚀": 5, "🔴": 5, "💀": 5,
}  # fmt: skip
_WORD_LEVEL = {
    "beginner": 1, "basic": 1, "basics": 1, "novice": 1, "trivial": 1, "fundamental": 1, "junior": 1,
    "easy": 2, "simple": 2, "low": 2, "medium": 3, "intermediate": 3, "moderate": 3, "mid": 3,
    "normal": 3, "hard": 4, "difficult": 4, "advanced": 4, "high": 4, "senior": 4,
    "expert": 5, "very hard": 5, "insane": 5, "research": 5, "staff": 5,
}  # fmt: skip
_LEVEL_MARK = re.compile(
    r"\s*[\[({<]\s*(?:level|difficulty)?\s*:?\s*(" + "|".join(_WORD_LEVEL) + r")\s*[\])}>]\s*", re.I
)
_CARD_TAG = re.compile(
    r"\s+#(?:flashcards?|cards?|anki|spaced|fc|drill)(?:/[\w/-]+)?(?=\s|$)", re.I
)
_SOURCE_LABEL = re.compile(
    r"\s*\[+\s*(?:src|source|ref|reference|answer|link|solution)?s?\s*\d*\s*\]+", re.I
)
_PLAINLY_TEXT = 60
_SAYS = re.compile(rf"[^\W_][^\[\]<>()|:]{{{_PLAINLY_TEXT},}}")
_STARS = re.compile(r"\s*[*✱⭑]{1,5}\s*$")
_LEADING = re.compile(r"^\s*(?:[-*+]\s+|#{1,6}\s+|>\s*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
_AFTER_MARK = re.compile(r"(?<=[?？])\s*[^\w\s\"')\]”’`.…]+\s*$")
_COLON = re.compile(r"\s*:\s*$")
_ORNAMENT = re.compile(r"^[^\w\s\"'(\[<`“‘¿¡.$/#@&*{=\-+~]+\s*")
_GAPS = re.compile(r"\n{3,}")
_BARE_BOLD = re.compile(r"^(?:[ \t]*\*\*[ \t]*\n)+")
_MARKING = re.compile(r"[\s*_`>|#+-]+")
_TEXT = re.compile(r"\w|[^\s\x00-\x7f]")
_LABEL_LINE = re.compile(rf"^\W*(?:{ANSWER_WORDS})\W*$", re.I)
_TURN = r"(?:next|prev(?:ious)?|up|home|(?:table of )?contents?|index|top)"
_TURNS = re.compile(rf"^\W*(?:{_TURN}(?:\s+(?:chapter|section|page|topic))?\W*)+$", re.I)
"""What leads to the pages before and after."""
SECTION = re.compile(r"\d{1,3}\.\d{1,3}((?:\.\d{1,3}){1,4})?\.?\s+(?=[^\W\d_]|[\"'“‘(])")
_LABEL = re.compile(r"^(?:Q|Question|Front|Prompt)\s*[.:：]\s+", re.I)


def level_of(word: str) -> int:
    """1..5 for a word or number of difficulty, 0 if it is none."""
    word = plain(word).strip(" .:").lower()
    if word.isdigit() and 1 <= int(word) <= 5:
        return int(word)
    for emoji, level in _EMOJI_LEVEL.items():
        if emoji in word:
            return level
    return _WORD_LEVEL.get(word, 0)


def clean_ask(raw: str, *, sectioned: bool = False) -> tuple[str, int]:
    """The wording, with code blocks below it kept, and the level that marks in it give (0 if none).

    `sectioned` says that a number such as ``2.8`` before it is that of a section.
    """
    head, _, rest = raw.strip().partition("\n")
    level = 0
    for emoji, value in _EMOJI_LEVEL.items():
        if emoji in head:
            level = level or value
            head = head.replace(emoji, "")
    head = _CARD_TAG.sub("", head.replace("\ufe0f", "").replace("\u200d", ""))
    head = plain(_LEADING.sub("", head))
    head = _SOURCE_LABEL.sub("", head).strip() or head
    mark = _LEVEL_MARK.search(head)
    if mark:
        level = level or _WORD_LEVEL[mark.group(1).lower()]
        head = (head[: mark.start()] + " " + head[mark.end() :]).strip()
    head = _LABEL.sub("", _without_section(without_number(head), sectioned))
    head = _STARS.sub("", head) if head.rstrip().endswith(("*", "✱", "⭑")) else head
    head = _AFTER_MARK.sub("", head)
    if not head.endswith(("?", "？")) and not rest.strip():
        head = _COLON.sub("", head)
    head = _ORNAMENT.sub("", head).strip(" \t")
    below = _clean_rest(rest)
    gap = "\n\n" if below.startswith(("```", "~~~")) else "\n"
    return gap.join(x for x in (head, below) if x), level


def _without_section(text: str, sure: bool) -> str:
    """`text` without the number of a section, such as ``1.1``; what may be a measure stays."""
    match = SECTION.match(text)
    rest = text[match.end() :] if match else ""
    return rest if match and (sure or match[1] or likeness(rest) >= 0.9) else text


def _clean_rest(rest: str) -> str:
    """What belongs to a question below its first line."""
    made: list[str] = []
    fenced = False
    for line in rest.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
            made.append(line.strip() if not fenced or line.lstrip() != line else line.rstrip())
        elif fenced:
            made.append(line.rstrip())
        elif _RULE.match(line):
            made.append("")
        else:
            item = _ITEM.match(line)
            mark = item.group() if item else ""
            made.append(mark + plain(line[len(mark) :]))
    return _GAPS.sub("\n\n", "\n".join(made)).strip("\n ")


def clean_answer(raw: str, *, labelled: bool = True) -> str:
    """The answer as Markdown: whole, code as written, without rules, labels and page furniture.

    With `labelled` False a label such as ``A:`` at its start is part of it.

    "" if it says nothing: empty, a placeholder, only links or pictures.
    """
    made: list[str] = []
    fenced = False
    for line in _TOP.sub("", raw).split("\n"):
        if ("`" in line or "~" in line) and _FENCE.match(line):
            fenced = not fenced
            made.append(line.rstrip())
        elif fenced:
            made.append(line.rstrip())
        elif (line.lstrip()[:1] in _RULE_STARTS and _RULE.match(line)) or (
            len(line) < 40 and _PAGE.match(plain(line))
        ):
            made.append("")
        else:
            made.append(_untagged(line).rstrip() if "<" in line else line.rstrip())
    _drop_chatter(made)
    text = _dedented(made)
    text = _unlabelled(text) if labelled else text
    text = _GAPS.sub("\n\n", text).strip("\n").rstrip()
    text = _BARE_BOLD.sub("", text).strip("\n")
    return text if says_something(text) else ""


_MARKS = (
    (re.compile(r"<li\b[^<>]*>\s*", re.I), "- "),
    (re.compile(r"</?(?:b|strong)>", re.I), "**"),
    (re.compile(r"</?(?:code|kbd|tt)>", re.I), "`"),
    (re.compile(r"</?(?:i|em)>", re.I), "*"),
)


def _untagged(line: str) -> str:
    """A line of an answer with its HTML as Markdown; code is left alone."""
    if "`" in line:
        return _BLOCK_TAG.sub("", line)
    for tag, mark in _MARKS:
        line = tag.sub(mark, line)
    return _BLOCK_TAG.sub("", line)


def _drop_chatter(lines: list[str]) -> None:
    """Take chatter off the end, and what follows an offer of a chat model."""
    for index in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        start = _FIRST_WORD.match(lines[index])
        if start and _CHATTER.match(plain(lines[index])):
            del lines[index:]
    while lines and (not lines[-1].strip() or _leads_elsewhere(lines[-1])):
        lines.pop()


def _leads_elsewhere(line: str) -> bool:
    """True for a line of links to the pages before and after."""
    if "](" not in line:
        return False
    beside = links(line, keep=False)
    return bool(_TURNS.match(beside if _TEXT.search(beside) else plain(line)))


def _dedented(lines: list[str]) -> str:
    filled = [x for x in lines if x.strip()]
    common = min((len(x) - len(x.lstrip(" ")) for x in filled), default=0)
    first = len(filled[0]) - len(filled[0].lstrip(" ")) if filled else 0
    if common == 0 and first:
        lines = [x[first:] if x[:first].isspace() else x for x in lines]
    return "\n".join(x[common:] if x[:common].isspace() or not common else x for x in lines)


def _unlabelled(text: str) -> str:
    text = text.lstrip("\n ")
    match = ANSWER.match(text)
    if match:
        rest = text[match.end() :]
        opened = match.group().count("**") % 2
        if opened:
            rest = rest.replace("**", "", 1)
        return rest.lstrip("* \n") if not rest[:2].strip("* ") else rest
    head, _, rest = text.partition("\n")
    alone = _LABEL_LINE.match(head)
    return rest if alone and rest.strip() else text


def says_something(answer: str) -> bool:
    """False for an answer that is empty, a placeholder, a bare link or a picture."""
    if not answer.strip():
        return False
    kept: list[str] = []
    fenced = False
    for line in answer.split("\n")[:400]:
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced:
            if line.strip():
                return True
            continue
        if _SAYS.match(line) and not _URL.match(line):
            return True
        bare = _URL.sub("", links(line[:5000], keep=False))
        bare = ANSWER.sub("", without_tags(bare)).strip()
        bare = _MARKING.sub(" ", bare).strip(" :.;,()[]\"'")
        if bare and not _POINTERS.match(bare) and not _label_alone(bare):
            kept.append(bare)
            if len(bare) > _PLAINLY_TEXT:
                return True
    text = " ".join(kept)
    return bool(_TEXT.search(text)) and not _PLACEHOLDER.match(text)


def _label_alone(text: str) -> bool:
    return len(text) < 40 and bool(ANSWER_ALONE.match(text)) and bool(_LABEL_LINE.match(text))


def is_chatter(line: str) -> bool:
    """True for a line that belongs to a chat or a page, not to the text."""
    bare = plain(line)
    return bool(_CHATTER.match(bare) or _PAGE.match(bare))
