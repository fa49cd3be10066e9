"""Word and PowerPoint files, read from their XML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from corpus.loaders.archive import Archive
from corpus.loaders.parts import Part, Unreadable

_WIDEST = 64
"""Columns from which a cell's width is no longer believed."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def read_docx(path: Path) -> Iterator[Part]:
    """A Word document as Markdown: headings, automatic numbers, bullets, bold lines, tables."""
    archive = Archive(path)
    if "word/document.xml" not in archive:
        raise Unreadable("it is not a Word document inside")
    body = archive.xml("word/document.xml").find(f"{_W}body")
    if body is None:
        raise Unreadable("the Word document has no body")
    writer = _Word(_numberings(archive), *_styles(archive))
    yield Part(writer.write(body))


def _numberings(archive: Archive) -> dict[tuple[str, str], str]:
    """The number format for (list, level)."""
    if "word/numbering.xml" not in archive:
        return {}
    root = archive.xml("word/numbering.xml")
    formats: dict[str, dict[str, str]] = {}
    for abstract in root.iter(f"{_W}abstractNum"):
        levels: dict[str, str] = {}
        for level in abstract.iter(f"{_W}lvl"):
            kind = level.find(f"{_W}numFmt")
            levels[level.get(f"{_W}ilvl", "0")] = (
                kind.get(f"{_W}val", "") if kind is not None else ""
            )
        formats[abstract.get(f"{_W}abstractNumId", "")] = levels
    found: dict[tuple[str, str], str] = {}
    for number in root.iter(f"{_W}num"):
        link = number.find(f"{_W}abstractNumId")
        levels = formats.get(link.get(f"{_W}val", ""), {}) if link is not None else {}
        for level, kind in levels.items():
            found[number.get(f"{_W}numId", ""), level] = kind
    return found


def _styles(archive: Archive) -> tuple[dict[str, int], dict[str, etree._Element]]:
    """The heading level, and the numbering, of each paragraph style that has one."""
    levels: dict[str, int] = {}
    numbers: dict[str, etree._Element] = {}
    if "word/styles.xml" not in archive:
        return levels, numbers
    for style in archive.xml("word/styles.xml").iter(f"{_W}style"):
        name, identity = style.find(f"{_W}name"), style.get(f"{_W}styleId", "")
        text = (name.get(f"{_W}val", "") if name is not None else "").lower()
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        heading = re.fullmatch(r"heading (\d)", text)
        if heading:
            levels[identity] = int(heading.group(1))
        elif text == "title":
            levels[identity] = 1
        elif outline is not None and outline.get(f"{_W}val", "9") in "012345":
            levels[identity] = int(outline.get(f"{_W}val", "0")) + 1
        props = style.find(f"{_W}pPr/{_W}numPr")
        if props is not None and identity not in levels:
            numbers[identity] = props
    return levels, numbers


class _Word:
    def __init__(
        self,
        numbers: dict[tuple[str, str], str],
        levels: dict[str, int],
        styled: dict[str, etree._Element],
    ) -> None:
        self.numbers, self.levels, self.styled = numbers, levels, styled
        self.counts: dict[tuple[str, int], int] = {}

    def write(self, body: etree._Element) -> str:
        made: list[str] = []
        for node in body.iter(f"{_W}p", f"{_W}tbl"):
            inside = any(a.tag in (f"{_W}tbl", f"{_W}txbxContent") for a in node.iterancestors())
            if node.tag == f"{_W}tbl":
                if not inside:
                    made.append(self._table(node))
            elif not inside:
                made.append(self._paragraph(node))
        return "\n\n".join(x for x in made if x.strip())

    def _paragraph(self, node: etree._Element) -> str:
        text = self._text(node)
        if not text.strip():
            return ""
        style = node.find(f"{_W}pPr/{_W}pStyle")
        level = self.levels.get(style.get(f"{_W}val", "") if style is not None else "", 0)
        mark = self._mark(node)
        if level:
            number = mark.strip() + " " if mark.strip()[:1].isdigit() else ""
            return "#" * min(level, 6) + " " + number + text.replace("\n", " ").replace("**", "")
        return mark + text

    def _mark(self, node: etree._Element) -> str:
        """The number or bullet that Word would draw before the paragraph."""
        props = node.find(f"{_W}pPr/{_W}numPr")
        if props is None:
            style = node.find(f"{_W}pPr/{_W}pStyle")
            props = self.styled.get(style.get(f"{_W}val", "")) if style is not None else None
        if props is None:
            return ""
        number, level = props.find(f"{_W}numId"), props.find(f"{_W}ilvl")
        name = number.get(f"{_W}val", "0") if number is not None else "0"
        depth = level.get(f"{_W}val", "0") if level is not None else "0"
        if name == "0" or not depth.isdigit():
            return ""
        kind = self.numbers.get((name, depth), "bullet")
        indent = "    " * int(depth)
        if kind in ("bullet", "none", ""):
            return indent + "- "
        key = (name, int(depth))
        for other in [k for k in self.counts if k[0] == name and k[1] > int(depth)]:
            del self.counts[other]
        self.counts[key] = self.counts.get(key, 0) + 1
        count = self.counts[key]
        if "etter" in kind:
            letter = chr(ord("A") + (count - 1) % 26)
            return indent + f"{letter if kind.startswith('upper') else letter.lower()}. "
        return indent + f"{count}. "

    def _text(self, node: etree._Element) -> str:
        runs: list[tuple[str, bool]] = []
        for run in node.iter(f"{_W}r"):
            if any(a.tag == f"{_W}txbxContent" for a in run.iterancestors()):
                continue
            bold = run.find(f"{_W}rPr/{_W}b")
            on = bold is not None and bold.get(f"{_W}val", "1") not in ("0", "false")
            said = "".join(_run_text(child) for child in run)
            if said:
                runs.append((said, on))
        text = "".join(t for t, _ in runs).strip()
        filled = [b for t, b in runs if t.strip()]
        whole = filled and all(filled) and "\n" not in text and len(text) < 400
        return f"**{text}**" if whole else text

    def _table(self, node: etree._Element) -> str:
        rows: list[list[str]] = []
        for row in _own(node, "tr"):
            cells: list[str] = []
            for cell in _own(row, "tc"):
                texts = [self._mark(p) + self._text(p) for p in cell.iter(f"{_W}p")]
                cells.append(_cell(texts))
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                wide = span.get(f"{_W}val", "1") if span is not None else "1"
                cells += [""] * (int(wide) - 1 if wide.isdigit() and int(wide) < _WIDEST else 0)
            rows.append(cells)
        return markdown_table(rows)


def _own(node: etree._Element, kind: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, those of tables inside it left out."""
    for found in node.iter(f"{_W}{kind}"):
        if next(found.iterancestors(node.tag)) is node:
            yield found


def _cell(texts: list[str]) -> str:
    """Paragraphs as a cell of a Markdown table."""
    return "<br>".join(t for t in texts if t.strip()).replace("|", "\\|").replace("\n", "<br>")


def _run_text(node: etree._Element) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    if node.tag == f"{_W}tab":
        return "\t"
    return "\n" if node.tag in (f"{_W}br", f"{_W}cr") else ""


def markdown_table(rows: list[list[str]]) -> str:
    """Rows of cells as a Markdown table; a single column as paragraphs."""
    width = max((len(r) for r in rows), default=0)
    if width < 2:
        return "\n\n".join(
            r[0].replace("<br>", "\n").replace("\\|", "|") for r in rows if r and r[0]
        )
    lines = ["| " + " | ".join([*r, *[""] * (width - len(r))]) + " |" for r in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def read_pptx(path: Path) -> Iterator[Part]:
    """A presentation, one part per slide with title, text, tables and speaker's notes."""
    archive = Archive(path)
    if "ppt/presentation.xml" not in archive:
        raise Unreadable("it is not a PowerPoint file inside")
    deck = archive.xml("ppt/presentation.xml")
    targets = _relations(archive, "ppt/presentation.xml")
    order = [s.get(f"{_R}id", "") for s in deck.iter(f"{_P}sldId")]
    slides = [targets[i] for i in order if i in targets]
    for number, name in enumerate(slides, 1):
        if name in archive:
            text = _slide(archive.xml(name))
            notes = next((t for t in _relations(archive, name).values() if "notesSlide" in t), "")
            if notes in archive:
                said = _notes(archive.xml(notes))
                text += f"\n\n{said}" if said else ""
            if text.strip():
                yield Part(text, f"slide {number}")


def _relations(archive: Archive, name: str) -> dict[str, str]:
    folder, file = posixpath.split(name)
    rels = f"{folder}/_rels/{file}.rels"
    if rels not in archive:
        return {}
    found: dict[str, str] = {}
    for rel in archive.xml(rels).iter(f"{_REL}Relationship"):
        target = rel.get("Target", "")
        if rel.get("TargetMode") != "External":
            full = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(f"{folder}/{target}")
            )
            found[rel.get("Id", "")] = full
    return found


def _slide(root: etree._Element) -> str:
    title = ""
    body: list[str] = []
    for shape in root.iter(f"{_P}sp", f"{_P}graphicFrame"):
        if shape.tag == f"{_P}graphicFrame":
            for table in shape.iter(f"{_A}tbl"):
                rows = [
                    [_cell([_paragraph(p) for p in c.iter(f"{_A}p")]) for c in r.iter(f"{_A}tc")]
                    for r in table.iter(f"{_A}tr")
                ]
                body.append(markdown_table(rows))
            continue
        holder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
        kind = holder.get("type", "body") if holder is not None else ""
        if kind in ("sldNum", "dt", "ftr"):
            continue
        lines = [(_depth(p), _paragraph(p)) for p in shape.iter(f"{_A}p")]
        lines = [(d, t) for d, t in lines if t.strip()]
        if kind in ("title", "ctrTitle") and not title:
            title = " ".join(t for _, t in lines)
        elif len(lines) > 1 or (holder is not None and kind == "body"):
            body.append("\n".join("    " * d + f"- {t}" for d, t in lines))
        else:
            body += [t for _, t in lines]
    return "\n\n".join(x for x in (f"## {title}" if title else "", *body) if x)


def _notes(root: etree._Element) -> str:
    made: list[str] = []
    for shape in root.iter(f"{_P}sp"):
        holder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
        if holder is not None and holder.get("type") == "body":
            made += [_paragraph(p) for p in shape.iter(f"{_A}p")]
    return "\n".join(x for x in made if x.strip())


def _depth(node: etree._Element) -> int:
    props = node.find(f"{_A}pPr")
    level = props.get("lvl", "0") if props is not None else "0"
    return int(level) if level.isdigit() else 0


def _paragraph(node: etree._Element) -> str:
    made: list[str] = []
    for child in node.iter(f"{_A}t", f"{_A}br"):
        made.append(" " if child.tag == f"{_A}br" else child.text or "")
    return "".join(made)
