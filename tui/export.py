"""A recap as a file: one self-contained HTML page, Markdown, or a PNG picture."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from agents.views import ErrorView, RecapView
from tui import charts, plain_words, plots, wording
from tui.literal import one_line
from tui.prose import plain, wrap

STYLE = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;
color:#1d1f23;background:#fbfaf7}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .5rem;text-align:left;
border-bottom:1px solid #d8d5cd;vertical-align:top}q{font-style:italic}svg{max-width:100%;height:auto}
.do{border-left:4px solid #1f5f9e;padding-left:.8rem}footer{color:#55585f;margin-top:2rem}
@media(prefers-color-scheme:dark){body{background:#16181c;color:#e4e4e0}svg{background:#e9e6df}}"""


class ExportError(Exception):
    """Why a recap could not be written, in words for the learner."""


def write(view: RecapView, path: Path, now: int) -> Path:
    """Writes `view` in the format of `path`'s ending; `now` in milliseconds. Raises `ExportError`."""
    ending = path.suffix.lower()
    try:
        if ending in (".html", ".htm"):
            path.write_text(to_html(view, now), "utf-8", "replace")
        elif ending in (".md", ".markdown"):
            path.write_text(to_markdown(view, now), "utf-8", "replace")
        elif ending == ".png":
            charts.to_png(view.title, _summary(view), charts.of(view), path)
        else:
            raise ExportError(f"{path.name}: the ending must be .html, .md or .png")
    except ImportError as error:
        raise ExportError(f"a PNG needs Pillow ({error}); .html and .md need nothing") from error
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def _summary(view: RecapView) -> list[str]:
    text = [view.headline, *view.sentences]
    if view.next_step:
        text.append(f"One thing to do: {view.next_step}")
    lines: list[str] = []
    for part in map(one_line, text):
        lines += [part[start:end] for start, end in wrap(part, 92)]
    return lines


def to_html(view: RecapView, now: int) -> str:
    """One page with everything in it: no scripts, no fonts, nothing fetched."""
    parts = [f"<h1>{escape(view.title)}</h1>", f"<p><strong>{escape(view.headline)}</strong></p>"]
    parts += [f"<p>{escape(sentence)}</p>" for sentence in view.sentences]
    if view.next_step:
        parts.append(f'<p class="do">One thing to do: {escape(view.next_step)}</p>')
    if view.moved:
        parts.append(
            "<h2>What moved</h2><table><tr><th>question</th><th>recall</th><th>points</th><th>back</th></tr>"
        )
        for item in view.moved:
            quote = f"<br><q>{escape(one_line(item.quote))}</q>" if item.quote else ""
            wrong = "<br>sure, and wrong" if item.confident_wrong else ""
            parts.append(
                f"<tr><td>{escape(one_line(item.ask))}{quote}{wrong}</td>"
                f"<td>{wording.percent(item.before)} → {wording.percent(item.after)}</td>"
                f"<td>{item.covered} of {item.points}</td><td>{wording.due(item.next_due, now)}</td></tr>"
            )
        parts.append("</table>")
    for title, found in _errors(view):
        parts.append(f"<h2>{title}</h2><ul>")
        parts += [
            f"<li>{escape(one_line(e.text))}<br>{escape(one_line(e.correction))}</li>"
            for e in found
        ]
        parts.append("</ul>")
    for chart in charts.of(view):
        parts.append(f"<h2>{escape(chart.title)}</h2>{charts.to_svg(chart)}")
    parts.append(f"<footer>{escape(_tail(view))}</footer>")
    head = f'<meta charset="utf-8"><title>{escape(view.title)}</title><style>{STYLE}</style>'
    body = "\n".join(parts)
    return f'<!doctype html><html lang="en"><head>{head}</head><body>\n{body}\n</body></html>\n'


def to_markdown(view: RecapView, now: int) -> str:
    """The recap as Markdown, the plots as text."""
    parts = [f"# {_md(view.title)}", f"**{_md(view.headline)}**", *map(_md, view.sentences)]
    if view.next_step:
        parts.append(f"> One thing to do: {_md(view.next_step)}")
    if view.moved:
        rows = ["| question | recall | points | back |", "|---|---|---|---|"]
        for item in view.moved:
            quote = f" “{_md(item.quote)}”" if item.quote else ""
            rows.append(
                f"| {_md(item.ask)}{quote} | {wording.percent(item.before)} → {wording.percent(item.after)} "
                f"| {item.covered} of {item.points} | {wording.due(item.next_due, now)} |"
            )
        parts += ["## What moved", "\n".join(rows)]
    for title, found in _errors(view):
        parts += [
            f"## {title}",
            "\n".join(f"- {_md(e.text)} {_md(e.correction)}".rstrip() for e in found),
        ]
    for title, plot in plots.PLOTS:
        parts += [f"## {title}", f"```\n{plain(plot(view, 78))}\n```"]
    if view.own is not None:
        parts += ["## Your own recap, judged", _md(plain_words.judgement(view.own))]
    return "\n\n".join([*parts, _tail(view)]) + "\n"


def _md(text: str) -> str:
    """Foreign text that must not become markup or leave its table cell."""
    line = one_line(text)
    return "".join("\\" + c if c in "\\`*_[]<>|#" else c for c in line)


def _errors(view: RecapView) -> Iterable[tuple[str, tuple[ErrorView, ...]]]:
    every = (
        ("Sure, and wrong", view.confident_wrong),
        ("Misconceptions found", view.opened),
        ("Misconceptions cleared", view.closed),
    )
    return ((title, found) for title, found in every if found)


def _tail(view: RecapView) -> str:
    return (
        f"{view.minutes:.0f} minutes, {wording.count(view.judged, 'point')} judged. Made by Viva."
    )
