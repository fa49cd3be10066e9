"""The recap's plots as shapes, drawn to SVG or PNG: figures in, rectangles, lines and words out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from agents.views import RecapView
from tui import wording
from tui.literal import one_line

INK, PALE, GRID, MARK = "#1d1f23", "#c9d8e8", "#d8d5cd", "#1f5f9e"
WIDTH, ROW = 640, 24


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str = MARK


@dataclass(frozen=True, slots=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = GRID


@dataclass(frozen=True, slots=True)
class Words:
    x: float
    y: float
    text: str
    size: int = 13


Shape = Box | Stroke | Words


@dataclass(frozen=True, slots=True)
class Chart:
    """A titled drawing of `WIDTH` by `height` points."""

    title: str
    height: float
    shapes: tuple[Shape, ...]


def topics(view: RecapView) -> Chart | None:
    """Expected recall by topic: a dark bar with its band behind."""
    if not view.topics:
        return None
    shapes: list[Shape] = []
    left, room = 170, 330
    for number, topic in enumerate(view.topics):
        y = number * ROW
        shapes += [
            Words(0, y + 16, one_line(topic.topic, 22)),
            Box(left, y + 5, room, 14, "#f0eee8"),
            Box(
                left + topic.low * room, y + 5, max(1.0, (topic.high - topic.low) * room), 14, PALE
            ),
            Box(left, y + 8, max(1.0, topic.recall * room), 8),
            Words(
                left + room + 10,
                y + 16,
                f"{wording.percent(topic.recall)}, {topic.seen} of {topic.questions}",
            ),
        ]
    return Chart("Recall by topic", len(view.topics) * ROW + 6, tuple(shapes))


def calibration(view: RecapView) -> Chart | None:
    """Predicted against actual recall; on the line is right."""
    if not view.calibration:
        return None
    side, left = 200, 60
    shapes: list[Shape] = [
        Box(left, 0, side, side, "#f0eee8"),
        Stroke(left, side, left + side, 0, MARK),
    ]
    for predicted, actual, answers in view.calibration:
        size = min(16.0, 5 + answers**0.5)
        shapes.append(
            Box(left + predicted * side - size / 2, side - actual * side - size / 2, size, size)
        )
    shapes += [
        Words(0, 12, "100 %"),
        Words(0, side, "0 %"),
        Words(left, side + 18, "predicted, 0 to 100 %"),
    ]
    return Chart("Predicted against actual", side + 26, tuple(shapes))


def confidence(view: RecapView) -> Chart | None:
    """Share right by how sure the learner was."""
    if not view.confidence:
        return None
    shapes: list[Shape] = []
    for number, (level, share, answers) in enumerate(view.confidence):
        y = number * ROW
        said = f"{wording.percent(share)} of {wording.count(answers, 'answer')}"
        shapes += [
            Words(0, y + 16, wording.SURE[max(0, min(3, level))]),
            Box(170, y + 5, 330, 14, "#f0eee8"),
            Box(170, y + 5, max(1.0, share * 330), 14),
            Words(510, y + 16, said),
        ]
    return Chart("Confidence against correctness", len(view.confidence) * ROW + 6, tuple(shapes))


def _bars(
    title: str, values: Sequence[float], top: float, ends: tuple[str, str], say: str
) -> Chart:
    height, left = 120, 60
    step = min(44.0, (WIDTH - left) / max(1, len(values)))
    shapes: list[Shape] = [Stroke(left, height, left + step * len(values), height)]
    for number, value in enumerate(values):
        tall = value / top * height
        shapes.append(Box(left + number * step + 1, height - tall, max(1.0, step - 3), tall))
    shapes += [Words(0, 12, say), Words(0, height, "0"), Words(left, height + 18, ends[0])]
    if len(values) > 1:
        shapes.append(Words(max(left + 90.0, left + step * len(values) - 50), height + 18, ends[1]))
    return Chart(title, height + 26, tuple(shapes))


def coverage(view: RecapView) -> Chart | None:
    """Mean coverage by session."""
    if not view.coverage:
        return None
    ends = (wording.day(view.coverage[0][0]), wording.day(view.coverage[-1][0]))
    return _bars(
        "Coverage over sessions", [share for _, share in view.coverage], 1.0, ends, "100 %"
    )


def forecast(view: RecapView) -> Chart | None:
    """Questions that come due on each day."""
    if not view.forecast:
        return None
    values = [float(number) for _, number in view.forecast]
    top = max(1.0, *values)
    return _bars(
        "Due in the next 14 days",
        values,
        top,
        (view.forecast[0][0], view.forecast[-1][0]),
        f"{top:.0f}",
    )


def calendar(view: RecapView) -> Chart | None:
    """Minutes of study by day."""
    if not view.calendar:
        return None
    values = [minutes for _, minutes in view.calendar]
    top = max(1.0, *values)
    return _bars(
        "Minutes a day", values, top, (view.calendar[0][0], view.calendar[-1][0]), f"{top:.0f}"
    )


CHARTS: tuple[Callable[[RecapView], Chart | None], ...] = (
    topics, calibration, confidence, coverage, forecast, calendar,
)  # fmt: skip


def of(view: RecapView) -> list[Chart]:
    """The charts there are figures for."""
    return [chart for make in CHARTS if (chart := make(view)) is not None]


def to_svg(chart: Chart) -> str:
    """`chart` as an inline SVG element with its title for readers that speak."""
    parts = [
        f'<svg role="img" viewBox="0 0 {WIDTH} {chart.height:.0f}" width="{WIDTH}">'
        f"<title>{escape(chart.title)}</title>"
    ]
    for shape in chart.shapes:
        match shape:
            case Box(x, y, width, height, fill):
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'
                )
            case Stroke(x1, y1, x2, y2, colour):
                parts.append(
                    f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'
                )
            case Words(x, y, text, size):
                parts.append(
                    f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{INK}">{escape(text)}</text>'
                )
    return "".join([*parts, "</svg>"])


def to_png(title: str, lines: Sequence[str], charts: Sequence[Chart], path: Path) -> None:
    """One picture with `lines` above the charts. Raises `ImportError` without Pillow, `OSError`."""
    from PIL import Image, ImageDraw, ImageFont

    scale = 2
    fonts = {size: ImageFont.load_default(size * scale) for size in (13, 15, 20)}
    height = 60 + len(lines) * 20 + sum(chart.height + 50 for chart in charts)
    image = Image.new("RGB", ((WIDTH + 60) * scale, int(height) * scale), "#fbfaf7")
    draw = ImageDraw.Draw(image)

    def write(x: float, y: float, text: str, size: int = 13) -> None:
        text = text.encode("latin-1", "replace").decode("latin-1")  # what the built-in font has
        draw.text(((30 + x) * scale, (y - size) * scale), text, INK, font=fonts[size])

    write(0, 40, title, 20)
    top = 66.0
    for line in lines:
        write(0, top, line)
        top += 20
    for chart in charts:
        write(0, top + 20, chart.title, 15)
        top += 32
        for shape in chart.shapes:
            match shape:
                case Box(x, y, wide, tall, fill):
                    box = [30 + x, top + y, 30 + x + wide, top + y + tall]
                    draw.rectangle([edge * scale for edge in box], fill=fill)
                case Stroke(x1, y1, x2, y2, colour):
                    ends = [30 + x1, top + y1, 30 + x2, top + y2]
                    draw.line([edge * scale for edge in ends], fill=colour, width=scale)
                case Words(x, y, text, _):
                    write(x, top + y, text)
        top += chart.height + 18
    image.save(path, "PNG")
