"""How one turn of a conversation looks, as lines of spans; and where its quotes stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.views import JudgementView, PointView, SourceView, TurnView
from tui import wording
from tui.literal import one_line, shown
from tui.prose import BLANK, Line, Mark, crop, flow, formatted, keep_width, literal, rule

GUTTER: Line = (("│ ", "dim"),)
INDENT: Line = ((" ", "text"),)
_STYLE = {
    "covered": "right",
    "partial": "partial",
    "missing": "wrong",
    "contradicted": "against",
    "open": "dim",
}
_HANG: Line = ((" " * 12, "text"),)  # under the text beside the sign and word of a verdict
SAME_WORDS = "for the same words"
_MARK = {"covered": "mark-right", "partial": "mark-partial", "contradicted": "mark-against"}


def turn_lines(
    turn: TurnView, width: int, marks: Sequence[Mark] = (), number: int = 0, live: bool = False
) -> list[Line]:
    """The lines of `turn`, at most `width` cells wide, with a blank line after it."""
    head = _head(turn, number)
    if turn.role == "question":
        lines: list[Line] = [rule(head, width), *formatted(turn.text, width, INDENT)]
    elif turn.judgement is not None:
        lines = judgement_lines(turn.judgement, width)
    elif turn.speaker == "learner":
        lines = [((head, "learner"),), *literal(turn.text, width, "text", GUTTER, marks)]
    elif turn.role == "notice":
        lines = flow(one_line(turn.text), width, "dim", (("· ", "dim"),), (("  ", "dim"),))
    else:
        text = turn.text + ("▌" if live else "")
        lines = [((head, "title"),), *formatted(text, width, INDENT)]
        lines += source_lines(turn.sources, width)
    return [*lines, BLANK]


def _head(turn: TurnView, number: int) -> str:
    if turn.speaker == "learner" and turn.role == "conversation":
        return "You asked" if turn.text.rstrip().endswith("?") else "You"
    if turn.role == "question" and number:
        return f"Question {number}"
    return wording.ROLES[turn.role]


def source_lines(sources: Iterable[SourceView], width: int) -> list[Line]:
    """One line naming the first source and how many more there are, or none."""
    named = [name for name in map(wording.source, sources) if name]
    if not named:
        return []
    rest = f" and {len(named) - 1} more" if len(named) > 1 else ""
    tail = f"{rest} · ^o opens" if width >= 40 else rest
    name = crop(f"source: {named[0]}", max(8, width - len(tail) - 1))
    return [keep_width((*INDENT, (name + tail, "dim")), width)]


def judgement_lines(judgement: JudgementView, width: int) -> list[Line]:
    """The verdict, point by point, each with the quote it rests on."""
    got = wording.score_words(judgement.points)
    title = f"Verdict: {wording.overall(judgement)}"
    lines: list[Line] = [((title, "title"), (f"  {got}", "dim"))]
    hidden = [p for p in judgement.points if p.verdict in ("missing", "open") and not p.text]
    lines += _before(judgement.points, width)
    shown: set[str] = set()
    for group in wording.alike(p for p in judgement.points if p not in hidden and not p.old):
        first = group[0]
        again = first.quote and first.quote in shown
        point = replace(first, quote="", note=first.note or SAME_WORDS) if again else first
        shown.add(first.quote)
        lines += point_lines(point, width, many=len(group), short=True)
        for about in dict.fromkeys(point.about for point in group if point.about):
            lines += flow(f"still open: {one_line(about)}", width, "dim", _HANG, _HANG)
    if hidden:
        lead: Line = ((f" {wording.VERDICTS['missing'][0]} {'missing':<9}", "wrong"),)
        text = f"{wording.count(len(hidden), 'point')} you have not made yet"
        lines += flow(text, width, "dim", lead, _HANG)
    for error in judgement.errors:
        lines += flow(
            one_line(error.text),
            width,
            "against",
            ((" ‼ ", "against"), ("still not so: " if error.old else "not so: ", "against")),
            (("   ", "text"),),
        )
        if error.correction and not error.old:
            lines += flow(
                one_line(error.correction), width, "text", (("   → ", "dim"),), (("     ", "text"),)
            )
    for note in judgement.notes:
        lines += flow(one_line(note), width, "dim", (("   ", "dim"),), (("   ", "dim"),))
    return lines


def _before(points: Iterable[PointView], width: int) -> list[Line]:
    """A line each on the points that were made, and half made, in earlier turns."""
    lines: list[Line] = []
    for verdict in ("covered", "partial"):
        many = sum(p.old and p.verdict == verdict for p in points)
        if many:
            sign, word = wording.VERDICTS[verdict]
            lead: Line = ((f" {sign} {word:<9}", _STYLE[verdict]),)
            lines += flow(f"{wording.count(many, 'point')} before", width, "dim", lead, _HANG)
    return lines


def point_lines(
    point: PointView, width: int, lead: str = " ", many: int = 1, short: bool = False
) -> list[Line]:
    """One expectation, or `many` alike: sign and word of its verdict, its text if it may be shown, its
    quote. With `short` the quote takes one line; the sheet of the verdict shows all of it."""
    sign, word = wording.VERDICTS[point.verdict]
    style = _STYLE[point.verdict]
    head: Line = ((f"{lead}{sign} {word:<9}", style),)
    hang: Line = ((" " * (len(lead) + 11), "text"),)
    text = wording.point_text(point, many)
    if point.overridden:
        text += " (your verdict)"
    elif aid := wording.AIDS.get(point.aid, ""):
        text += f" ({aid})"
    lines = flow(text, width, "text" if point.text else "dim", head, hang)
    if point.quote and short:
        room = width - len(lead) - 13
        lines.append((*hang, (f"“{crop(one_line(point.quote), room)}”", "quote")))
    elif point.quote:
        lines += flow(f"“{one_line(point.quote)}”", width, "quote", hang, hang)
    if point.note:
        lines += flow(one_line(point.note), width, "dim", hang, hang)
    return lines


def quote_marks(text: str, judgement: JudgementView) -> tuple[Mark, ...]:
    """Where the quotes of `judgement` stand in an answer, as offsets into `shown(text)`."""
    body = shown(text)
    folded = body.casefold() if len(body.casefold()) == len(body) else body
    marks = []
    quotes = [(_MARK.get(p.verdict, ""), p.quote) for p in judgement.points]
    quotes += [("mark-against", error.quote) for error in judgement.errors]
    for style, quote in quotes:
        wanted = shown(quote)
        if not style or not wanted:
            continue
        at = body.find(wanted)
        if at < 0:
            at = folded.find(wanted.casefold())
        if at >= 0:
            marks.append((at, at + len(wanted), style))
    return tuple(marks)
