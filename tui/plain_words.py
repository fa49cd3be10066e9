"""The line mode's sentences: everything a screen shows by place or sign, said in words."""

from __future__ import annotations

from collections.abc import Iterable

from agents.protocol import Trouble
from agents.views import (
    ErrorView,
    JudgementView,
    PlanView,
    QuestionView,
    RecapView,
    SessionView,
    SourceView,
    TodayView,
    TurnView,
)
from tui import plots, wording
from tui.literal import one_line, shown
from tui.prose import plain

SAID = {
    "covered": "covered",
    "partial": "partly covered",
    "missing": "missing",
    "contradicted": "contradicted",
    "open": "open",
}


def safe(text: str) -> str:
    """`text` without control bytes, for a terminal or a pipe."""
    return shown(text)


def trouble(view: Trouble) -> str:
    """Why something could not be done, and what to do about it, as sentences."""
    parts = (part.strip() for part in (view.message, view.mend))
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in parts if part)


def today(view: TodayView, goes_on: bool = True) -> str:
    """What is due, and what is planned first; `goes_on`: an unfinished session is resumed."""
    facts = [f"{view.due_now} due now", f"{view.due_week} this week", f"{view.new} new"]
    if view.days_left >= 0:
        facts.append(wording.until(view.days_left))
    lines = [", ".join(facts) + "."]
    if view.last_time:
        lines.append(view.last_time)
    if view.unfinished and goes_on:
        lines.append("There is an unfinished session; it goes on where you stopped.")
    return "\n".join(lines)


def resumed(view: SessionView) -> str:
    """Where an unfinished session goes on, and what is kept of it."""
    if view.question is None:
        return "Resumed where you stopped."
    of = f" of {view.question.total}" if view.question.total else ""
    here = sum(t.role == "answer" and t.question == view.question.id for t in view.turns)
    kept = f"your {wording.count(here, 'answer')} to it and " if here else ""
    return (
        f"Resumed where you stopped, at question {view.question.number}{of}; {kept}all"
        " you said before is kept. This was said last:"
    )


def question(view: QuestionView) -> str:
    """A question with its number, topic, choices and reason."""
    of = f" of {view.total}" if view.total else ""
    about = one_line(view.topic or view.deck)
    lines = [f"\nQuestion {view.number}{of} ({about}, level {view.level}): {view.ask}"]
    lines += [f"  {option}" for option in view.options]
    if view.why:
        lines.append(f"Asked because: {view.why}")
    return "\n".join(lines)


def turn(view: TurnView) -> str:
    """One turn of the tutor or the judge."""
    if view.judgement is not None:
        return judgement(view.judgement)
    who = "You" if view.speaker == "learner" else wording.ROLES[view.role]
    text = f"{who}: {view.text}"
    if view.sources:
        named = "; ".join(dict.fromkeys(map(wording.source, view.sources)))
        text += f"\nSource: {named}. /source reads it out."
    return text


def judgement(view: JudgementView) -> str:
    """A verdict, one point a line."""
    got = wording.score_words(view.points)
    lines = [f"Verdict: {wording.overall(view)}, {got}."]
    hidden = sum(p.verdict in ("missing", "open") and not p.text for p in view.points)
    numbers = {point.id: number for number, point in enumerate(view.points, 1)}
    old = [sum(p.old and p.verdict == name for p in view.points) for name in ("covered", "partial")]
    if any(old):
        lines.append(f"  Before: {old[0]} covered, {old[1]} partly.")
    for group in wording.alike(p for p in view.points if not p.old):
        point, many = group[0], len(group)
        if hidden > 1 and point.verdict in ("missing", "open") and not point.text:
            continue
        which = ", ".join(str(numbers[one.id]) for one in group)
        line = f"  Point{'s' * (many > 1)} {which}, {SAID[point.verdict]}: "
        line += wording.point_text(point, many)
        if point.overridden:
            line += " (your verdict)"
        if point.quote:
            line += f' You said: "{one_line(point.quote)}".'
        lines.append(line)
        lines += [f"    Still open: {one_line(one.about)}" for one in group if one.about]
    if hidden > 1:
        lines.append(f"  Missing: {hidden} points you have not made yet.")
    lines += errors("Not so", (e for e in view.errors if not e.old))
    lines += [f"  Still not so: {one_line(e.text)}" for e in view.errors if e.old]
    lines += [f"  {one_line(note)}" for note in view.notes]
    return "\n".join(lines)


def errors(title: str, found: Iterable[ErrorView]) -> list[str]:
    """Misconceptions, one a line."""
    return [f"  {title}: {one_line(e.text)} {one_line(e.correction)}".rstrip() for e in found]


def why(view: PlanView) -> str:
    return f"{one_line(view.ask)}\n{view.reason or 'No reason was recorded.'}"


def sources(found: Iterable[SourceView]) -> str:
    """Sources with their excerpts."""
    return "\n".join(wording.source(s) + (f"\n{s.excerpt}" if s.excerpt else "") for s in found)


def recap(view: RecapView, now: int) -> str:
    """What moved, what is wrong, what comes next."""
    lines = [view.title, view.headline, *view.sentences]
    if view.next_step:
        lines.append(f"One thing to do: {view.next_step}")
    for item in view.moved:
        lines.append(
            f"  {one_line(item.ask)} From {wording.percent(item.before)} to {wording.percent(item.after)}; "
            f"{item.covered} of {wording.count(item.points, 'point')}, {wording.count(item.hints, 'hint')}; "
            f"back {wording.due(item.next_due, now)}."
            + (f' You said: "{one_line(item.quote)}".' if item.quote else "")
        )
    lines += errors("Sure, and wrong", view.confident_wrong)
    lines += errors("Misconception found", view.opened)
    lines += errors("Misconception cleared", view.closed)
    if view.own is not None:
        lines.append("Your own recap. " + judgement(view.own))
    if view.agents:
        lines.append(f"Models: {wording.usage(view.usage)}.")
        lines += [f"  {wording.agent_use(row)}." for row in view.agents]
    return "\n".join(lines)


def plots_of(view: RecapView, width: int = 78) -> str:
    """All plots, with their titles."""
    return "\n\n".join(f"{title}\n{plain(plot(view, width))}" for title, plot in plots.PLOTS)


def progress(text: str, done: int, total: int, eta: float) -> str:
    """How far some long work is."""
    where = f", {done} of {total}" if total else ""
    left = wording.estimate(eta)
    return f"{text[:1].upper()}{text[1:]}{where}{', ' + left if left else ''}."
