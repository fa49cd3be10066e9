"""How figures are said in words: shared by the screens, the line mode and the exports."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from agents.figures import UseRow
from agents.protocol import Progress
from agents.views import DOUBTFUL, JudgementView, PointView, SourceView, UsageView
from tui.literal import one_line

VERDICTS = {
    "covered": ("✓", "covered"),
    "partial": ("◐", "partly"),
    "missing": ("✗", "missing"),
    "contradicted": ("‼", "wrong"),
    "open": ("·", "open"),
}
OVERALL = {
    "correct": "right",
    "partial": "partly right",
    "incorrect": "not yet",
    "contradictory": "something is wrong in it",
}
UNNAMED = {
    "partial": "you have half made",
    "contradicted": "you have turned round",
}
LEFT = "The unfinished session is closed; what you answered in it is kept and counts."
SURE = ("not said", "unsure", "fairly sure", "sure")
AIDS = {
    "none": "",
    "pump": "after being asked for more",
    "hint": "with a hint",
    "prompt": "with a prompt",
}
ROLES = {
    "question": "Question",
    "answer": "You",
    "judgement": "Verdict",
    "pump": "Follow-up",
    "hint": "Hint",
    "prompt": "Follow-up",
    "challenge": "Challenge",
    "assertion": "The point",
    "explanation": "Explanation",
    "conversation": "Viva",
    "notice": "Note",
}


def count(number: int, one: str, many: str = "") -> str:
    """``1 point``, ``3 points``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def facts(*parts: str) -> str:
    """What is known of something, on a line; empty parts are left out."""
    return " · ".join(filter(None, map(one_line, parts)))


def until(days: int) -> str:
    """How far the interview is away."""
    return f"{count(days, 'day')} to the interview" if days else "the interview is today"


def percent(share: float) -> str:
    return f"{round(100 * min(1.0, max(0.0, share)))} %"


def minutes(seconds: float) -> str:
    """A duration to the minute: ``12 min``, ``1 h 05 min``."""
    whole = int(seconds // 60)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d} min"


def day(milliseconds: int) -> str:
    """A date in the learner's time zone: ``Tue 24 Nov``."""
    return time.strftime("%a %d %b", time.localtime(milliseconds / 1000))


def due(milliseconds: int, now: int) -> str:
    """When something comes back, seen from `now`: ``today``, ``tomorrow``, ``in 9 days``."""
    if not milliseconds:
        return "-"
    days = _midnight(milliseconds) - _midnight(now)
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days} days"


def _midnight(milliseconds: int) -> int:
    seconds = milliseconds / 1000
    return int((seconds + time.localtime(seconds).tm_gmtoff) // 86400)


def bar(share: float, width: int = 4) -> str:
    """A share as `width` blocks, filled ones first; at least one if the share is above nothing."""
    share = min(1.0, max(0.0, share))
    full = min(width, max(int(share > 0.02), round(share * width)))
    return "▰" * full + "▱" * (width - full)


def score_words(points: Sequence[PointView]) -> str:
    """How many points have been made, half of them counting as such: ``2.5 of 4 points``.

    Points count alike here, whatever they weigh, so that the sum is the one seen line by line.
    """
    got = sum({"covered": 1.0, "partial": 0.5}.get(point.verdict, 0.0) for point in points)
    return f"{got:g} of {count(len(points), 'point')}"


def usage(used: UsageView) -> str:
    """Who thinks, what it cost so far and how long a reply takes; the built-in tutor costs nothing."""
    if used.degraded:
        return f"built-in tutor ({used.degraded})"
    if not used.model:
        return "built-in tutor"
    parts = [f"{used.model.rsplit('/', 1)[-1]} {used.tokens:,} tokens"]
    if used.price:
        parts.append(f"${used.price:.3f}")
    if used.seconds:
        parts.append(f"{used.seconds:.1f} s")
    if used.cached:
        parts.append(f"{used.cached} kept")
    return " ".join(parts)


def agent_use(row: UseRow) -> str:
    """What one agent used: ``evaluator: 3 replies, 1,204 tokens, $0.002, 1.3 s each``."""
    parts = [count(row.replies, "reply", "replies"), f"{row.tokens:,} tokens"]
    if row.price:
        parts.append(f"${row.price:.4f}")
    parts.append(f"{row.seconds:.1f} s each")
    if row.hits:
        parts.append(f"{row.hits} kept from before")
    if row.skipped:
        parts.append(f"{row.skipped} left to the built-in tutor for want of time")
    if row.failures:
        parts.append(f"{row.failures} failed")
    return f"{row.name}: {', '.join(parts)}"


def estimate(seconds: float) -> str:
    """The rest of some long work: ``about 2 min left``; empty while unknown."""
    if seconds < 0:
        return ""
    return (
        f"about {max(1, round(seconds))} s left"
        if seconds < 90
        else f"about {round(seconds / 60)} min left"
    )


def source(view: SourceView) -> str:
    """A source by its title, and the place in it."""
    return one_line(", ".join(filter(None, (view.title, view.where))))


def progress(update: Progress) -> str:
    """How far some long work is, and the key that stops it."""
    where = f" {update.done} of {update.total}" if update.total else ""
    left = estimate(update.eta)
    return f"{update.text}{where}{', ' + left if left else ''} · ^x stops"


def point_text(point: PointView, many: int = 1) -> str:
    """What an expectation is called: its text, or while that is a secret how far it has been made;
    `many` if as many stand alike."""
    if point.text:
        return one_line(point.text)
    way = UNNAMED.get(point.verdict, "you have not made yet")
    if perhaps(point):
        way = "you seem to have turned round"
    return f"{count(many, 'point')} {way}" if many > 1 else f"a point {way}"


def perhaps(point: PointView) -> bool:
    """Whether the judge takes the point to be contradicted, but would not swear to it."""
    return point.verdict == "contradicted" and point.sure < DOUBTFUL and not point.overridden


def overall(judgement: JudgementView) -> str:
    """The verdict in words; what the judge is not sure is wrong is not called so."""
    against = [point for point in judgement.points if point.verdict == "contradicted"]
    unsure = against and all(map(perhaps, against)) and not judgement.errors
    if unsure and judgement.verdict == "contradictory":
        return "something in it may be wrong"
    return OVERALL[judgement.verdict]


def alike(points: Iterable[PointView]) -> list[list[PointView]]:
    """The points in order, those together whose texts are a secret and that rest on the same words."""
    groups: dict[tuple[str, ...], list[PointView]] = {}
    for point in points:
        secret = not point.text and point.quote and not point.overridden and not point.note
        key = (point.verdict, point.quote) if secret else (point.id,)
        groups.setdefault(key, []).append(point)
    return list(groups.values())
