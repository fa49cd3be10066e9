"""What the screens that are read say, as lines: Today, a plan's reason, a question in full, a recap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.views import (
    DetailView,
    ErrorView,
    ImportView,
    PlanView,
    RecapView,
    SourceView,
    TodayView,
    TopicView,
)
from tui import plots, wording
from tui.literal import one_line, shown
from tui.prose import BLANK, Line, crop, flow, formatted, literal, pad
from tui.turns import INDENT, judgement_lines, point_lines

TOPICS = 15
"""Topics named on Today: a library made from documents has hundreds."""


def today_lines(view: TodayView, width: int, early: str = "", planned: int = 5) -> list[Line]:
    """Today: what is due, how ready the learner is, what is planned (so many lines of it) and why."""
    lines: list[Line] = [((" · ".join(_facts(view)), "strong"),)]
    if len(lines[0][0][0]) > width:
        lines = flow(" · ".join(_facts(view)), width, "strong")
    if view.last_time:
        lines += flow(one_line(view.last_time), width, "dim")
    lines.append(BLANK)
    if early:
        lines += flow(f"Kept for your answer: {one_line(early)}▌", width, "warn")
    lines += _invitation(view, width)
    lines += _plan(view.plan[:planned], width)
    if len(view.plan) > planned:
        lines.append(((f"   and {len(view.plan) - planned} more", "dim"),))
    if view.readiness:
        lines += _readiness(view.readiness, width)
    if view.misconceptions:
        lines += [BLANK, (("Misconceptions still open", "title"),)]
        lines += errors(view.misconceptions, width)
    if not view.goal:
        goal = "^f sets the date of your interview; the plan then aims at it."
        lines += [BLANK, *flow(goal, width, "dim")]
    return lines


def _invitation(view: TodayView, width: int) -> list[Line]:
    """What Enter does now."""
    if view.unfinished:
        return flow("⏎ goes on with the session you left, to the letter.", width, "title")
    if view.first_run:
        return [
            *flow("⏎ asks the first question. There is nothing to fill in.", width, "title"),
            *flow(
                "Answer in your own words; what is missing is asked for, then explained.",
                width,
                "text",
            ),
            BLANK,
        ]
    if not view.questions:
        return flow("There is nothing to ask yet: F3, then a, adds a file.", width, "title")
    return flow("⏎ starts with the plan below.", width, "title")


def _readiness(readiness: Sequence[TopicView], width: int) -> list[Line]:
    """Readiness by topic, `main_topics` of many."""
    named = main_topics(readiness)
    lines: list[Line] = [
        BLANK,
        (("Readiness by topic", "title"), ("  expected recall, with its band", "dim")),
        *plots.topics(named, width),
    ]
    if len(named) < len(readiness):
        lines.append(((f"and {wording.count(len(readiness) - len(named), 'more topic')}", "dim"),))
    return lines


def main_topics(found: Sequence[TopicView], most: int = TOPICS) -> list[TopicView]:
    """Of many topics those that the learner has begun, then those with most questions, in their order."""
    weight = {t.topic: (t.topic == "all", t.seen > 0 or t.due > 0, t.questions) for t in found}
    kept = sorted(found, key=lambda t: weight[t.topic], reverse=True)[:most]
    return [topic for topic in found if topic in kept]


def moment_lines(width: int) -> list[Line]:
    """While the engine, which every other screen waits for, is still coming up."""
    return flow("One moment: Viva is opening your memory.", width, "dim")


def opening_lines(seconds: float, width: int, early: str = "") -> list[Line]:
    """While nothing is known yet: what is being done, once that takes longer than a moment."""
    lines = flow("Opening your memory …", width, "text")
    if seconds >= 1:
        lines[0] = (*lines[0], (f"  {seconds:.0f} s", "dim"))
        lines += [BLANK]
        lines += flow(
            "The engine reads its libraries, your decks and your history. It takes longest the first "
            "time after an installation or a restart of the computer; next time this screen stands at once.",
            width,
            "dim",
        )
        lines += [BLANK]
        lines += flow(
            "⏎ already starts a session, and what you type is kept for your first answer.",
            width,
            "text",
        )
    if early:
        lines += [BLANK, *flow(f"Kept for your answer: {one_line(early)}▌", width, "warn")]
    return lines


def _facts(view: TodayView) -> list[str]:
    facts = [f"{view.due_now} due now", f"{view.due_week} this week", f"{view.new} new"]
    if view.minutes_today:
        facts.append(f"{view.minutes_today:.0f} min planned")
    if view.days_left >= 0:
        facts.append(wording.until(view.days_left))
    if view.streak:
        facts.append(f"{wording.count(view.streak, 'study day')} in a row")
    return facts


def _plan(plan: Iterable[PlanView], width: int) -> list[Line]:
    lines: list[Line] = []
    for number, item in enumerate(plan, 1):
        facts = f" {wording.facts(one_line(item.topic, 18), f'{max(item.minutes, 1):.0f} min')}"
        ask = crop(one_line(item.ask), max(10, width - len(facts) - 5))
        lines.append(
            ((f" {number} ", "key"), (pad(ask, width - len(facts) - 4), "text"), (facts, "dim"))
        )
        if item.reason:
            lines += flow(one_line(item.reason), width, "dim", (("   ", "dim"),), (("   ", "dim"),))
    return lines


def errors(found: Iterable[ErrorView], width: int) -> list[Line]:
    """Misconceptions, each with what was said and what is right."""
    lines: list[Line] = []
    for error in found:
        lines += flow(
            one_line(error.text), width, "against", ((" ‼ ", "against"),), (("   ", "text"),)
        )
        if error.quote:
            lines += flow(
                f"you said “{one_line(error.quote)}”",
                width,
                "quote",
                (("   ", "text"),),
                (("   ", "text"),),
            )
        if error.correction:
            lines += flow(
                one_line(error.correction), width, "text", (("   → ", "dim"),), (("     ", "text"),)
            )
    return lines


def why_lines(plan: PlanView, width: int) -> list[Line]:
    """Why a question is asked, in full."""
    return [
        *flow(one_line(plan.ask), width, "strong"),
        *flow(wording.facts(plan.topic, f"about {plan.minutes:.0f} minutes"), width, "dim"),
        BLANK,
        *formatted(plan.reason or "No reason was recorded.", width),
    ]


def sources_lines(sources: Iterable[SourceView], width: int) -> list[Line]:
    """Sources with their excerpts, drawn literally."""
    lines: list[Line] = []
    for source in sources:
        lines += flow(one_line(source.title), width, "strong")
        if source.where:
            lines += flow(one_line(source.where), width, "dim")
        lines += (
            [*literal(source.excerpt, width, "text", (("▏ ", "dim"),)), BLANK]
            if source.excerpt
            else [BLANK]
        )
    return lines or [(("No source is recorded for this.", "dim"),)]


def detail_lines(view: DetailView, width: int) -> list[Line]:
    """A question in full: wording, answer, points, misconceptions, sources, history."""
    row = view.row
    lines: list[Line] = [*flow(shown(row.ask), width, "strong")]
    recall = f"recall {wording.percent(row.recall)}"
    facts = wording.facts(row.deck, row.topic, f"level {row.level}", row.state, recall)
    lines += [*flow(facts, width, "dim"), BLANK]
    lines += formatted(view.answer or "No model answer.", width)
    if view.points:
        lines += [BLANK, (("What an answer should contain", "title"),)]
        for point in view.points:
            lines += point_lines(point, width)
    if view.misconceptions:
        lines += [
            BLANK,
            (("What people wrongly say", "title"),),
            *errors(view.misconceptions, width),
        ]
    if view.sources:
        lines += [BLANK, (("Sources", "title"),), *sources_lines(view.sources, width)]
    if view.history:
        lines += [BLANK, (("History", "title"),)]
        for entry in view.history:
            lines += flow(one_line(entry), width, "text", INDENT, INDENT)
    return lines


def import_lines(view: ImportView, width: int) -> list[Line]:
    """What an import brought, what waits to be looked at, and what was left out and why."""
    added = f"{wording.count(view.added, 'question')} added to {one_line(view.deck)}"
    updated = f", {view.updated} changed" if view.updated else ""
    known = f", {view.known} known already" if view.known else ""
    lines = flow(f"{added}{updated}{known}.", width, "strong")
    if view.waiting:
        cards = wording.count(view.waiting, "card")
        lines += flow(f"{cards} made of its prose to be looked at first: r reviews.", width)
    if view.skipped:
        lines += [BLANK, (("Left out", "title"),)]
    for where, why in view.skipped:
        lines += flow(f"{one_line(where)}: {one_line(why)}", width, "dim", INDENT, INDENT)
    return lines


def recap_lines(view: RecapView, width: int, now: int) -> list[Line]:
    """A recap: what moved, in the learner's words; what is confidently wrong; what comes next."""
    lines: list[Line] = [*flow(one_line(view.headline), width, "strong")]
    for sentence in view.sentences:
        lines += flow(one_line(sentence), width)
    if view.next_step:
        lines += [
            BLANK,
            *flow(one_line(view.next_step), width, "text", (("One thing to do: ", "title"),)),
        ]
    if view.moved:
        lines += [BLANK, (("What moved", "title"), ("   recall before → after · back", "dim"))]
        lines += _moved(view, width, now)
    for title, found in (
        ("Sure, and wrong", view.confident_wrong),
        ("Misconceptions found", view.opened),
        ("Misconceptions cleared", view.closed),
    ):
        if found:
            lines += [BLANK, ((title, "title"),), *errors(found, width)]
    if view.own is not None:
        lines += [BLANK, (("Your own recap, judged", "title"),), *judgement_lines(view.own, width)]
    lines += [BLANK, *flow(_tail(view), width, "dim")]
    for row in view.agents:
        lines += flow(wording.agent_use(row), width, "dim")
    return lines


def _moved(view: RecapView, width: int, now: int) -> list[Line]:
    lines: list[Line] = []
    for item in view.moved:
        before, after = wording.percent(item.before), wording.percent(item.after)
        facts = f" {before:>5} → {after:>5} · {wording.due(item.next_due, now)}"
        ask = pad(one_line(item.ask), max(10, width - len(facts) - 5))
        bar = wording.bar(item.after)
        lines.append(((f"{bar} ", "bar"), (ask, "text"), (facts, "text")))
        helps = [f"{item.covered} of {wording.count(item.points, 'point')}"]
        if item.probes:
            helps.append(wording.count(item.probes, "follow-up"))
        if item.hints:
            helps.append(wording.count(item.hints, "hint"))
        if item.confident_wrong:
            helps.append("sure, and wrong")
        quote = f" “{one_line(item.quote, 80)}”" if item.quote else ""
        lines += flow(
            ", ".join(helps) + quote, width, "dim", (("     ", "dim"),), (("     ", "dim"),)
        )
    return lines


def _tail(view: RecapView) -> str:
    parts = [f"{view.minutes:.0f} min", wording.count(view.judged, "point judged", "points judged")]
    if view.overrides:
        parts.append(
            wording.count(view.overrides, "verdict overruled by you", "verdicts overruled by you")
        )
    parts.append(wording.usage(view.usage))
    return " · ".join(parts)
