"""Plots made of characters: pure functions from figures to lines, readable in 80x24 and without colour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from agents.views import RecapView, TopicView
from tui import wording
from tui.literal import one_line
from tui.prose import BLANK, Line, flow, pad

Plot = Callable[[RecapView, int], list[Line]]
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SHADES = "·░▒▓█"


def topics(found: Sequence[TopicView], width: int) -> list[Line]:
    """Expected recall by topic with its band: ``▓`` up to the low end, ``░`` up to the high end."""
    if not found:
        return [(("Nothing has been answered yet.", "dim"),)]
    label = min(22, max(len(one_line(t.topic)) for t in found) + 1)
    narrow = width < 60
    room = max(8, min(40, width - label - (13 if narrow else 28)))
    lines: list[Line] = []
    for topic in found:
        low, mid, high = (round(share * room) for share in (topic.low, topic.recall, topic.high))
        bar = "".join(
            "┃" if n == min(mid, room - 1) else "▓" if n < low else "░" if n < high else "·"
            for n in range(room)
        )
        facts = f" {wording.percent(topic.recall):>5}"
        facts += "" if narrow else f" {topic.seen:>3} of {topic.questions} seen"
        due = f" {topic.due} due" if topic.due else ""
        lines.append(
            (
                (pad(one_line(topic.topic, label - 1), label), "text"),
                (bar, "bar"),
                (facts, "text"),
                (due, "warn"),
            )
        )
    return lines


def calibration(points: Sequence[tuple[float, float, int]], width: int) -> list[Line]:
    """Predicted against actual share remembered: ``o`` where they meet, ``x`` elsewhere, ``.`` the ideal."""
    if not points:
        return [(("No predictions have come due yet.", "dim"),)]
    height, room = 9, min(44, width - 10)
    grid = [[" "] * room for _ in range(height)]
    for column in range(room):
        grid[height - 1 - round(column / (room - 1) * (height - 1))][column] = "."
    for predicted, actual, _ in points:
        column, row = round(predicted * (room - 1)), height - 1 - round(actual * (height - 1))
        grid[row][column] = "o" if abs(predicted - actual) <= 0.1 else "x"
    lines: list[Line] = []
    for number, row in enumerate(grid):
        label = {0: "100 %", height // 2: " 50 %", height - 1: "  0 %"}.get(number, "     ")
        lines.append(((f"{label} ┤", "dim"), ("".join(row), "bar")))
    lines.append((("      └" + "─" * room, "dim"),))
    lines.append((("       0 %" + "predicted".center(room - 9) + "100 %", "dim"),))
    total = sum(n for *_, n in points)
    off = sum(abs(p - a) * n for p, a, n in points) / max(1, total)
    lines.append(
        ((f"{wording.count(total, 'answer')}; on average {wording.percent(off)} off.", "text"),)
    )
    return lines


def confidence(levels: Sequence[tuple[int, float, int]], width: int) -> list[Line]:
    """How often each level of confidence was right."""
    if not levels:
        return [(("You have not said how sure you are yet (F8 before sending).", "dim"),)]
    room = max(4, min(40, width - 36))
    lines: list[Line] = []
    for level, share, answers in levels:
        lines.append(
            (
                (pad(wording.SURE[max(0, min(3, level))], 13), "text"),
                (wording.bar(share, room), "bar"),
                (f" {wording.percent(share):>5} of {wording.count(answers, 'answer')}", "text"),
            )
        )
    top = next(((s, n) for level, s, n in levels if level == 3), None)
    if top and top[1] >= 3 and top[0] < 0.7:
        lines += [BLANK, (("When you are sure, you are often wrong: look twice.", "warn"),)]
    return lines


def coverage(points: Sequence[tuple[int, float]], width: int) -> list[Line]:
    """Mean coverage by session, oldest on the left."""
    if not points:
        return [(("No session has ended yet.", "dim"),)]
    return columns(
        [share for _, share in points],
        [wording.day(at)[4:] for at, _ in points],
        width,
        1.0,
        wording.percent,
    )


def forecast(days: Sequence[tuple[str, int]], width: int) -> list[Line]:
    """Questions that fall due on each day."""
    if not days:
        return [(("Nothing is scheduled yet.", "dim"),)]
    top = max(1, *(number for _, number in days))
    return columns(
        [number for _, number in days],
        [_short(day) for day, _ in days],
        width,
        top,
        lambda x: f"{x:.0f}",
    )


def columns(
    values: Sequence[float],
    labels: Sequence[str],
    width: int,
    top: float,
    say: Callable[[float], str],
) -> list[Line]:
    """Vertical bars with a scale on the left and the first and last label below."""
    height, room = 8, max(4, width - 9)
    values, labels = values[-room:], labels[-room:]
    broad = max(1, min(5, room // max(1, len(values))))
    lines: list[Line] = []
    for row in range(height, 0, -1):
        text = ""
        for value in values:
            filled = min(8, max(0, round((value / top * height - row + 1) * 8)))
            text += (_EIGHTHS[filled] * max(1, broad - 1)).ljust(broad)
        label = say(top) if row == height else ""
        lines.append(((f"{label:>6} ┤", "dim"), (text, "bar")))
    span = len(values) * broad
    lines.append(((f"{say(0):>6} └" + "─" * span, "dim"),))
    ends = (
        labels[0]
        if len(labels) == 1
        else labels[0] + labels[-1].rjust(max(len(labels[-1]) + 1, span - len(labels[0])))
    )
    lines.append(((" " * 8 + ends, "dim"),))
    lines.append(((f"highest {say(max(values))}, last {say(values[-1])}", "text"),))
    return lines


def calendar(days: Sequence[tuple[str, float]], width: int) -> list[Line]:
    """Minutes studied, a column per week, Monday on top: ``·`` none, darker is more."""
    if not days:
        return [(("No day of study yet.", "dim"),)]
    spent = {dt.date.fromisoformat(day): minutes for day, minutes in days}
    last = max(spent)
    weeks = max(1, min((width - 8) // 2, ((last - min(spent)).days + 13) // 7))
    monday = last - dt.timedelta(days=last.weekday() + 7 * (weeks - 1))
    most = max(1.0, *spent.values())
    lines: list[Line] = []
    for weekday, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        text = ""
        for week in range(weeks):
            day = monday + dt.timedelta(days=7 * week + weekday)
            share = spent.get(day, 0.0) / most
            text += (
                " " if day > last else _SHADES[0 if not share else max(1, round(share * 4))]
            ) + " "
        lines.append(((f"{name}  ", "dim"), (text, "bar")))
    studied = [minutes for minutes in spent.values() if minutes]
    spent_in_all = wording.count(round(sum(studied)), "minute")
    count = f"{wording.count(len(studied), 'day')} of study, {spent_in_all}"
    total = f"{count}, up to {last.strftime('%d %b')}"
    return [*lines, *flow(total, width)]


def _short(day: str) -> str:
    return dt.date.fromisoformat(day).strftime("%d %b")


PLOTS: tuple[tuple[str, Plot], ...] = (
    ("Recall by topic", lambda r, w: topics(r.topics, w)),
    ("Predicted against actual", lambda r, w: calibration(r.calibration, w)),
    ("Confidence against correctness", lambda r, w: confidence(r.confidence, w)),
    ("Coverage over sessions", lambda r, w: coverage(r.coverage, w)),
    ("Due in the next 14 days", lambda r, w: forecast(r.forecast, w)),
    ("Calendar", lambda r, w: calendar(r.calendar, w)),
)
