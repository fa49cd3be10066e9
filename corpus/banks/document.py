"""A text as lines, with what is known of each: fenced code, heading level, indentation.

Everything here takes one pass over the text, whatever is left open in it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from corpus.banks.line import Line
from corpus.banks.outline import mark_numbered

_FENCE = re.compile(r"^[ \t]*(?:>[ \t]*)?(`{3,}|~{3,})([^\n]*)$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S[^\n]*)$")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_STRONG = re.compile(
    r"^(?:\s*\d{1,4}\.\s+#{1,6}\s|#{1,6}\s+(?:Q\W?\s*\d*|\d{1,4}[.)])\s|</?details\b|<summary\b)"
)
_CONTROL = [*range(9), 0x0E, *range(0x0F, 0x20), *range(0x7F, 0xA0)]
_DIRECTION = [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_INVISIBLE = dict.fromkeys([*_CONTROL, *_DIRECTION, 0x200B, 0x2060, 0xFEFF, 0x00AD, 0xFFFE]) | {
    0x00A0: " ",
    0x202F: " ",
    0x2007: " ",
    0x000B: "\n",
    0x000C: "\n",
    0x0085: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_ODD = re.compile("[" + "".join(map(chr, _INVISIBLE)) + "]")
_ORG = re.compile(
    r"^(?:\*+ [^\n]*:(?:drill|fc|flashcard|card|anki)(?::\w+)*:[ \t]*|#\+(?:title|begin_src|startup):?[^\n]*|"
    r"\*\*+ [^*\n]+)$",
    re.M | re.I,
)
_ADOC = re.compile(r"\A\s*= \S[^\n]*\n|^:toc:", re.M)
_BOLD_LINES = 5
_ESCAPED_NUMBER = re.compile(r"^(\s*\d{1,4})\\([.)])")
_HTML_LINE = re.compile(
    r"^\s*(?:<(?:p|div|li)\b[^<>]*>\s*)?<(b|strong|h[1-6])\b[^<>]*>(.*?)</\1>\s*(?:</(?:p|div|li)>|<br\s*/?>|\s)*$",
    re.I,
)
_FRONT = re.compile(r"\A---[ \t]*\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)[ \t]*\n")


@dataclass
class Document:
    """The lines of a text. `front` is the YAML front matter of a Markdown file, if it had one."""

    lines: list[Line] = field(default_factory=list)
    front: str = ""
    judged: dict[str, bool] = field(default_factory=dict)
    """Headings already judged to label a part of a question or not."""

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, start: int, end: int) -> str:
        """Lines `start` to `end` (not included) joined."""
        return "\n".join(line.text for line in self.lines[start:end])

    @cached_property
    def sections(self) -> list[int]:
        """For each line the index of the heading above it or at it, -1 if there is none."""
        made: list[int] = []
        current = -1
        for index, line in enumerate(self.lines):
            if line.level:
                current = index
            made.append(current)
        return made

    @cached_property
    def parents(self) -> dict[int, int]:
        """For each heading the heading it stands under, -1 for none."""
        found: dict[int, int] = {}
        open_at: list[int] = []
        for index, line in enumerate(self.lines):
            if line.level:
                while open_at and self.lines[open_at[-1]].level >= line.level:
                    open_at.pop()
                found[index] = open_at[-1] if open_at else -1
                open_at.append(index)
        return found

    @cached_property
    def filled(self) -> int:
        """How many lines hold something."""
        return sum(not line.blank for line in self.lines)

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Heading texts, numbers and single letters aside, that stand three times or more.

        They are parts of a pattern (``Answer: B``, ``Explanation``), not sections.
        """
        counts: dict[str, int] = {}
        for line in self.lines:
            if line.level:
                key = heading_key(line.heading)
                counts[key] = counts.get(key, 0) + 1
        return frozenset(key for key, n in counts.items() if n >= 3)


def heading_key(heading: str) -> str:
    """A heading without numbers, single letters and marks, to recognise a pattern by."""
    return " ".join(w for w in re.findall(r"[^\W\d_]+", heading.casefold()) if len(w) > 1)


def parse(text: str) -> Document:
    """`text` as a `Document`; line numbers are those of the text."""
    text = normalise(text)
    front = _FRONT.match(text)
    head = front.group() if front else ""
    text = "\n" * head.count("\n") + text[len(head) :]
    if _ADOC.search(text[:2000]):
        text = _adoc_as_markdown(text)
    elif _ORG.search(text):
        text = _org_as_markdown(text)
    lines = [Line(line) for line in _without_comments(text).split("\n")]
    _mark_fences(lines)
    for line in lines:
        if not line.fenced:
            line.text = _as_markdown(line.text)
    _join_bold(lines)
    _mark_headings(lines)
    mark_numbered(lines)
    for line in lines:
        if line.text[:1] in (" ", "\t"):
            stripped = line.text.lstrip(" \t")
            line.indent = len(line.text[: len(line.text) - len(stripped)].expandtabs(4))
    return Document(lines, head)


def normalise(text: str) -> str:
    """One kind of line end and space, letters composed, nothing that steers a screen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ODD.sub(lambda odd: _INVISIBLE[ord(odd.group())] or "", text)
    return unicodedata.normalize("NFC", text)


def _without_comments(text: str) -> str:
    """`text` with HTML comments outside code replaced by their line ends."""
    if "<!--" not in text:
        return text
    made: list[str] = []
    at = 0
    while True:
        start = text.find("<!--", at)
        end = text.find("-->", start + 4) if start >= 0 else -1
        if end < 0:
            made.append(text[at:])
            return "".join(made)
        made.append(text[at:start])
        made.append("\n" * text.count("\n", start, end))
        at = end + 3


def _mark_fences(lines: list[Line]) -> None:
    """Mark fenced code. A fence that never closes ends before the next sign of structure."""
    open_at, mark = -1, ""
    closing = _last_fences(lines)
    for index, line in enumerate(lines):
        match = _FENCE.match(line.text) if ("`" in line.text or "~" in line.text) else None
        if open_at < 0:
            if match and not (match.group(1)[0] == "`" and "`" in match.group(2)):
                open_at, mark = index, match.group(1)
                line.fenced = True
            continue
        closes = match and match.group(1)[0] == mark[0] and len(match.group(1)) >= len(mark)
        if closes and match and not match.group(2).strip():
            line.fenced = True
            open_at = -1
        elif closes and match and index - open_at > 1:
            # An opening fence inside an open one: the first was never closed.
            open_at, mark = index, match.group(1)
            line.fenced = True
        elif closing.get(mark[0], -1) < index or (_STRONG.match(line.text) and mark[0] == "`"):
            open_at = -1
            if closing.get(mark[0], -1) >= index and not _STRONG.match(line.text):
                line.fenced = True
        else:
            line.fenced = True


def _last_fences(lines: list[Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, line in enumerate(lines):
        match = _FENCE.match(line.text) if ("`" in line.text or "~" in line.text) else None
        if match and not match.group(2).strip():
            found[match.group(1)[0]] = index
    return found


def _join_bold(lines: list[Line]) -> None:
    """Put a paragraph that is bold as a whole, but broken over lines, on its first line."""
    for index, line in enumerate(lines):
        if not line.text.startswith("**") or line.fenced or line.text.count("**") % 2 == 0:
            continue
        if index and not lines[index - 1].blank:
            continue
        for end in range(index + 1, min(index + _BOLD_LINES, len(lines))):
            below = lines[end]
            if below.blank or below.fenced:
                break
            if "**" in below.text:
                after = end + 1 == len(lines) or lines[end + 1].blank
                if after and below.text.count("**") == 1 and below.text.rstrip().endswith("**"):
                    line.text = " ".join(x.text.strip() for x in lines[index : end + 1])
                    for joined in lines[index + 1 : end + 1]:
                        joined.text = ""
                break


def _mark_headings(lines: list[Line]) -> None:
    for index, line in enumerate(lines):
        if line.fenced:
            continue
        match = _HEADING.match(line.text) if "#" in line.text[:5] else None
        if match:
            line.level = len(match.group(1))
            line.heading = _CLOSING.sub("", match.group(2)).strip()
        elif line.text[:3] in ("===", "---") and index and not line.text.strip("=-\t "):
            _mark_underlined(lines, index)
    _unmark_comments(lines)


def _unmark_comments(lines: list[Line]) -> None:
    """Lines with one ``#``, three or more without a gap, are comments of a program, not headings."""
    run: list[Line] = []
    for line in [*lines, Line("")]:
        if line.level == 1 and line.text.lstrip().startswith("#"):
            run.append(line)
            continue
        if len(run) >= 3:
            for comment in run:
                comment.level, comment.heading = 0, ""
        run = []


def _mark_underlined(lines: list[Line], index: int) -> None:
    above = lines[index - 1]
    alone = index < 2 or lines[index - 2].blank
    text = above.text.strip()
    if alone and text and len(text) < 120 and not above.level and text[0] not in "-*+>|<=#":
        above.level = 1 if lines[index].text[0] == "=" else 2
        above.heading = text
        lines[index].text = ""


def _as_markdown(line: str) -> str:
    """A line that HTML sets in bold or as a heading as Markdown; ``1\\.`` as ``1.``."""
    if "\\" in line:
        line = _ESCAPED_NUMBER.sub(r"\1\2", line)
    if "</" not in line or not line.lstrip().startswith("<"):
        return line
    match = _HTML_LINE.match(line)
    if not match or "</" + match.group(1) in match.group(2):
        return line
    tag, inner = match.group(1).lower(), match.group(2).strip()
    return "#" * int(tag[1]) + f" {inner}" if tag[0] == "h" else f"**{inner}**"


def _adoc_as_markdown(text: str) -> str:
    """AsciiDoc titles and listings as Markdown."""
    made: list[str] = []
    for line in text.split("\n"):
        title = re.match(r"(={1,6}) (\S.*)$", line)
        if title:
            line = "#" * len(title.group(1)) + " " + title.group(2)
        elif re.fullmatch(r"-{4,}\s*", line):
            line = "```"
        elif re.match(r"(?:\[[\w,%\"'= .-]+\]|:[\w-]+:.*)$", line):
            line = ""
        made.append(line)
    return "\n".join(made)


def _org_as_markdown(text: str) -> str:
    """Org headings, code blocks and drawers as Markdown; a card's tag becomes ``#flashcard``."""
    made: list[str] = []
    drawer = False
    for line in text.split("\n"):
        low = line.strip().lower()
        if low in (":properties:", ":logbook:"):
            drawer = True
        if drawer or low.startswith(("#+title", "#+filetags", "scheduled:", "deadline:")):
            drawer = drawer and low != ":end:"
            made.append("")
            continue
        if low.startswith("#+begin_"):
            line = "```" + low.split("_", 1)[1].removeprefix("src").removeprefix("example").strip()
        elif low.startswith("#+end_"):
            line = "```"
        elif re.match(r"\*+ ", line):
            stars = len(line) - len(line.lstrip("*"))
            tags = re.search(r"[ \t]+:((?:[\w@]+:)+)[ \t]*$", line)
            body = line[stars:].strip()
            if tags:
                body = line[stars : tags.start()].strip()
                if re.search(r"drill|fc|card|anki", tags.group(1)):
                    body += " #flashcard"
            line = "#" * min(stars, 6) + " " + re.sub(r"^(?:TODO|DONE)\s+", "", body)
        made.append(line)
    return "\n".join(made)
