"""HTML as Markdown-like text: headings, lists, tables, code and ``<details>`` keep their meaning.

The walk is iterative, so that nesting without end costs no stack.
"""

from __future__ import annotations

import html
import re

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
from lxml import html as lxml_html

_SKIP = frozenset(
    "script style nav footer aside noscript template svg iframe select button head object canvas".split()
)
_ASIDE = frozenset(
    """navbar nav navheader navfooter docnav sidebar sphinxsidebar related breadcrumb breadcrumbs
    pagination footer nav-panel""".split()
)
"""Classes of what stands around the text of a page."""
_ASIDE_ROLES = frozenset(("navigation", "search", "contentinfo"))
_ANCHORS = frozenset("¶#§🔗∞")
"""What a heading's link to itself shows."""
_BLOCK = frozenset(
    """p div section article main header blockquote figure figcaption address fieldset form ul ol dl
    center body html hgroup""".split()
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_CODE = "`"
_MARKS = (
    dict.fromkeys(("code", "kbd", "samp", "tt"), _CODE)
    | dict.fromkeys(("b", "strong"), "**")
    | dict.fromkeys(("i", "em"), "*")
)
"""What stands on both sides of an element's text, except in preformatted text."""
_TOLD = "\n: "
_OPENS = {tag: "\n\n" + "#" * level + " " for tag, level in _HEADINGS.items()} | {
    "br": "\n",
    "hr": "\n\n---\n\n",
    "button": "\n\n**",
    "details": "\n\n<details>",
    "summary": "\n<summary>",
    "dt": "\n\n",
    "dd": _TOLD,
}
_CLOSES = dict.fromkeys(_HEADINGS, "\n\n") | {
    "summary": "</summary>\n",
    "details": "\n</details>\n\n",
}
_TAG = re.compile(r"<[A-Za-z/!]")
_XML = re.compile(r"\A\s*<\?xml\b[^<>]*\?>")
"""The declaration of XHTML: lxml takes no text that says how its bytes were encoded."""
_BARE = re.compile(r"^[^<>&]*$")
_MAX_CELLS = 40
_MARK = re.compile("\ue000(\\d+)\ue001")
"""What says in which line of the page a text stands, while it is written."""
_NO_MARKS = {0xE000: None, 0xE001: None}


def looks_like_html(text: str) -> bool:
    """True if `text` holds a tag of HTML that lays out text."""
    return bool(
        re.search(
            r"<(?:br|p|div|b|i|ul|ol|li|span|img|strong|em|pre|table|h\d)\b[^<>]*>", text, re.I
        )
    )


def to_markdown(text: str, *, targets: bool = True) -> str:
    """The text of an HTML page or fragment as Markdown. Broken HTML is read as far as it goes.

    Without `targets` the labels of links are kept, but not where they lead, and no pictures.
    """
    return _markdown(text, targets)


def with_lines(page: str) -> list[tuple[int, str]]:
    """The text of an HTML page as Markdown in pieces, each with its line in the page.

    Joined by line ends they are what `to_markdown` gives.
    """
    made: list[tuple[int, list[str]]] = []
    for line in _markdown(page.translate(_NO_MARKS), targets=True, marked=True).split("\n"):
        mark = _MARK.search(line)
        at = int(mark.group(1)) if mark else 0
        if not made or (at and at != made[-1][0]):
            made.append((at or 1, []))
        made[-1][1].append(_MARK.sub("", line))
    return [(at, "\n".join(lines)) for at, lines in made]


def _markdown(text: str, targets: bool, marked: bool = False) -> str:
    if _BARE.match(text):
        return text.strip()
    if not _TAG.search(text):
        return html.unescape(text).strip()
    parser = lxml_html.HTMLParser(
        recover=True, no_network=True, remove_comments=True, huge_tree=True
    )
    try:
        page = _XML.sub("", text.replace("\x00", "").removeprefix("\ufeff"), count=1)
        root = lxml_html.document_fromstring(page, parser=parser)
    except (etree.ParserError, ValueError):
        return html.unescape(re.sub(r"<[^<>]*>", " ", text)).strip()
    return _Writer(targets, marked).write(root)


class _Writer:
    def __init__(self, targets: bool, marked: bool = False) -> None:
        self.targets = targets
        self.marked = marked
        self.out: list[str] = []
        self.lists: list[list[int]] = []  # one per open list: [next number] or [-1] for bullets
        self.skipping = 0
        self.pre = 0
        self.rows: list[list[str]] = []
        self.tables = 0
        self.marks: list[int] = []
        self.heading = False

    def write(self, root: lxml_html.HtmlElement) -> str:
        for event, node in etree.iterwalk(root, events=("start", "end")):
            tag = node.tag if isinstance(node.tag, str) else ""
            if event == "start":
                if _is_skipped(tag, node):
                    self.skipping += 1
                if not self.skipping:
                    self.start(tag, node)
                    self.text(node.text, node.sourceline or 0)
            else:
                if not self.skipping:
                    self.end(tag, node)
                if _is_skipped(tag, node):
                    self.skipping -= 1
                if not self.skipping and node is not root:
                    self.text(node.tail)
        return tidy("".join(self.out))

    def text(self, text: str | None, line: int = 0) -> None:
        """Text of the page, which begins in its `line` or on one after it."""
        if not text:
            return
        mark = ""
        if self.marked and line and text.strip():
            mark = f"\ue000{line + text[: -len(text.lstrip())].count(chr(10))}\ue001"
        if self.pre:
            self.out.append(mark + text)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", text)
        if words == " " and (not self.out or self.out[-1].endswith(("\n", " "))):
            return
        if self.out and self.out[-1].endswith("\n"):
            words = words.lstrip(" ")
        self.out.append(mark + words)

    def start(self, tag: str, node: lxml_html.HtmlElement) -> None:
        if tag in _OPENS:
            self.out.append(_OPENS[tag])
            self.heading = self.heading or tag in _HEADINGS
        elif tag in _MARKS:
            if not self.pre:
                self.out.append(_MARKS[tag])
        elif tag in ("ul", "ol"):
            self.out.append("\n" if self.lists else "\n\n")
            first = node.get("start", "1")
            self.lists.append([int(first) if first.isdigit() else 1] if tag == "ol" else [-1])
        elif tag == "li":
            self.out.append("\n" + self._item())
        elif tag == "pre":
            self.pre += 1
            self.out.append("\n\n```\n")
        elif tag == "a" and self._leads_on(node):
            self.out.append("[")
        elif tag == "img" and self.targets:
            self.out.append(f"![{node.get('alt') or ''}]({node.get('src') or ''})")
        elif tag == "table":
            self.tables += 1
            self.out.append("\n\n")
        elif tag == "tr":
            self.marks.append(len(self.out))
        elif tag in ("td", "th") and self.marks:
            self.out.append("\x00")
        elif tag in _BLOCK and (not self.out or self.out[-1] != _TOLD):
            self.out.append("\n\n" if not self.lists else "\n  " if self._line_filled() else "")

    def end(self, tag: str, node: lxml_html.HtmlElement) -> None:
        if tag in _CLOSES:
            self.out.append(_CLOSES[tag])
            self.heading = self.heading and tag not in _HEADINGS
        elif tag in _MARKS:
            if not self.pre:
                self._close(_MARKS[tag])
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.out.append("\n" if self.lists else "\n\n")
        elif tag == "pre":
            self.pre -= 1
            self.out.append("\n```\n\n")
        elif tag == "button":
            self._close("**")
            self.out.append("\n\n")
        elif tag == "a" and self._leads_on(node):
            self.out.append(f"]({node.get('href')})")
        elif tag == "tr" and self.marks:
            self._row("".join(self.out[(at := self.marks.pop()) :]), at)
        elif tag == "table":
            self.tables -= 1
            self._table()
        elif tag in _BLOCK:
            self.out.append("\n\n" if not self.lists else "\n")

    def _leads_on(self, node: lxml_html.HtmlElement) -> bool:
        """True for a link whose target is kept; a heading's links lead to itself or to its contents."""
        return bool(self.targets and not self.heading and node.get("href"))

    def _close(self, mark: str) -> None:
        """Close code; close emphasis before trailing space, and drop it when nothing stands in it."""
        last = _MARK.sub("", self.out[-1]) if self.out else ""
        if mark == _CODE:
            self.out.append(mark)
        elif last == mark:
            self.out.pop()
        elif last.endswith(" "):
            self.out[-1] = self.out[-1].rstrip()
            self.out.append(mark + " ")
        else:
            self.out.append(mark)

    def _item(self) -> str:
        depth = max(0, len(self.lists) - 1)
        if not self.lists or self.lists[-1][0] < 0:
            return "    " * depth + "- "
        self.lists[-1][0] += 1
        return "    " * depth + f"{self.lists[-1][0] - 1}. "

    def _line_filled(self) -> bool:
        tail = "".join(self.out[-3:])
        return bool(re.search(r"\w[^\n]*$", tail))

    def _row(self, text: str, at: int) -> None:
        del self.out[at:]
        cells = [" ".join(c.split("\n")).strip() for c in text.split("\x00")[1:]]
        if not self.marks and self.tables == 1:
            self.rows.append(
                [tidy(c).replace("\n", "<br>").replace("|", "\\|") for c in text.split("\x00")[1:]]
            )
        elif cells:
            self.out.append("\n" + "\n\n".join(c for c in cells if c) + "\n")

    def _table(self) -> None:
        rows, self.rows = self.rows, []
        width = max((len(r) for r in rows), default=0)
        laid_out = width < 2 or any("<br><br>" in c or len(c) > 2000 for r in rows for c in r)
        if laid_out or width > _MAX_CELLS:
            for row in rows:
                self.out.append(
                    "\n\n" + "\n\n".join(c.replace("<br>", "\n").replace("\\|", "|") for c in row)
                )
            self.out.append("\n\n")
            return
        for place, row in enumerate(rows):
            self.out.append("| " + " | ".join([*row, *[""] * (width - len(row))]) + " |\n")
            if place == 0:
                self.out.append("|" + " --- |" * width + "\n")
        self.out.append("\n")


def _is_skipped(tag: str, node: lxml_html.HtmlElement) -> bool:
    """True for what is no text of the page; a button that asks is the head of a folded answer."""
    if tag == "button":
        return not "".join(node.itertext()).rstrip().endswith(("?", "？"))
    if tag == "a":
        return "".join(node.itertext()).strip() in _ANCHORS and "#" in node.get("href", "")
    if tag in ("div", "ul", "p", "table", "header"):
        classes = (node.get("class") or "").casefold().split()
        return node.get("role") in _ASIDE_ROLES or not _ASIDE.isdisjoint(classes)
    return not tag or tag in _SKIP


def tidy(text: str) -> str:
    """No more than one empty line in a row, no spaces before a line's end, code left alone."""
    made: list[str] = []
    blank = 0
    fenced = False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        if not fenced and not line.strip():
            blank += 1
            continue
        if blank and made:
            made.append("")
        blank = 0
        made.append(line if fenced else line.rstrip())
    return "\n".join(made).strip("\n")
