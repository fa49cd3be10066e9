"""The one registry of what can be done: it feeds bindings, footer, help, palette and the keymap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.views import Phase

OPEN: tuple[Phase, ...] = ("answering", "working")
CLOSED: tuple[Phase, ...] = ("closed",)
JUDGED: tuple[Phase, ...] = ("answering", "working", "closed")
DONE: tuple[Phase, ...] = ("finished",)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the learner can do.

    `keys` are Textual key names, the first one is shown; `label` is for the footer, `help` a
    sentence; `scope` is the screen it belongs to (``everywhere`` for all); `phases` are those of an
    interview in which it makes sense (empty: always); `call` is the Textual action behind it.
    `own` marks keys that a widget of the screen handles by itself.
    """

    id: str
    keys: str
    label: str
    help: str
    scope: str
    call: str
    phases: tuple[Phase, ...] = ()
    footer: bool = True
    own: bool = False

    @property
    def name(self) -> str:
        """The id under which the keymap knows it, e.g. ``interview.hint``."""
        return f"{self.scope}.{self.id}"


def _everywhere() -> Iterable[Action]:
    for id_, key, label, help_ in (
        ("today", "f2", "today", "What is due, and what Viva plans."),
        ("library", "f3", "library", "Decks, questions, imports and cards to review."),
        ("memory", "f4", "memory", "What Viva believes about you, to correct or forget."),
        ("ask", "f5", "ask", "Talk to the explainer about anything you study."),
        ("recap", "f6", "recap", "What moved, with plots."),
        ("settings", "f10", "settings", "Settings and doctor."),
    ):
        yield Action(id_, key, label, help_, "everywhere", f"app.go('{id_}')", footer=False)
    yield Action(
        "palette", "ctrl+p", "all", "Search everything that can be done.", "everywhere",
        "app.palette", footer=False,
    )  # fmt: skip
    yield Action(
        "help", "f1", "help", "All keys of this screen.", "everywhere", "app.help", footer=False
    )
    yield Action(
        "theme", "f12", "theme", "Next theme: dark, light, high contrast, ANSI.", "everywhere",
        "app.next_theme", footer=False,
    )  # fmt: skip
    yield Action(
        "quit", "ctrl+q", "quit", "Leave; the session is kept and can be resumed.", "everywhere",
        "app.leave", footer=False,
    )  # fmt: skip
    yield Action(
        "interrupt", "ctrl+c", "stop", "Copy what is selected; pressed twice, leave.", "everywhere",
        "app.interrupt", footer=False,
    )  # fmt: skip


def _today() -> Iterable[Action]:
    yield Action(
        "start",
        "enter,ctrl+j",
        "start",
        "Start, or go on where you stopped.",
        "today",
        "screen.start",
    )
    yield Action(
        "fresh", "ctrl+s", "new session", "Start afresh and leave the unfinished session.", "today",
        "screen.fresh",
    )  # fmt: skip
    yield Action(
        "mock",
        "ctrl+g",
        "mock interview",
        "A mock interview: no hints, timed.",
        "today",
        "screen.mock",
    )
    yield Action("goal", "ctrl+f", "goal", "Set the date of the interview.", "today", "screen.goal")


def _interview() -> Iterable[Action]:
    def act(
        id_: str, keys: str, label: str, help_: str, phases: tuple[Phase, ...], footer: bool = True
    ) -> Action:
        return Action(id_, keys, label, help_, "interview", f"screen.act('{id_}')", phases, footer)

    yield Action(
        "send", "enter", "send", "Send the answer; on an empty box, the next question.", "interview",
        "screen.send", OPEN, own=True,
    )  # fmt: skip
    yield Action(
        "next", "enter", "next question", "Go on, or reply if something is typed.", "interview",
        "screen.send", CLOSED, own=True,
    )  # fmt: skip
    yield Action(
        "recap", "enter", "recap", "See what moved.", "interview", "screen.recap", DONE, own=True
    )
    yield Action(
        "newline", "ctrl+j,shift+enter,alt+enter", "new line", "A new line in the answer.", "interview",
        "screen.newline", JUDGED, own=True,
    )  # fmt: skip
    yield act("hint", "ctrl+g", "hint", "A hint for a point that is missing.", OPEN)
    yield act(
        "dont_know", "ctrl+l", "don't know", "Say that you do not know: a small hint follows.", OPEN
    )
    yield act("tell", "ctrl+r", "tell me", "Have the missing point told; it counts as told.", OPEN)
    yield act("skip", "ctrl+s", "skip", "Leave this question for another day.", OPEN)
    yield Action(
        "ask_back", "ctrl+b", "ask back", "Send what is typed as a question; never judged.", "interview",
        "screen.ask_back", JUDGED,
    )  # fmt: skip
    yield act("more", "ctrl+r", "more", "A longer explanation.", CLOSED)
    yield act("challenge", "ctrl+g", "challenge", "A harder question about the same.", CLOSED)
    yield Action(
        "sure", "f8", "how sure", "Say how sure you are: unsure, fairly, sure.", "interview",
        "screen.sure(0)", OPEN,
    )  # fmt: skip
    for level, word in ((1, "unsure"), (2, "fairly sure"), (3, "sure")):
        yield Action(
            f"sure{level}", f"alt+{level}", word, f"Say that you are {word}.", "interview",
            f"screen.sure({level})", OPEN, footer=False,
        )  # fmt: skip
    yield Action(
        "source", "ctrl+o", "source", "Open the source of the last explanation.", "interview",
        "screen.source", JUDGED + DONE,
    )  # fmt: skip
    yield Action(
        "verdict", "ctrl+t,alt+v", "verdict", "Look at the verdict and overrule it.", "interview",
        "screen.verdict", JUDGED,
    )  # fmt: skip
    yield Action(
        "undo_verdict", "alt+z", "undo override", "Take the last override back; or ^t, then u.", "interview",
        "screen.undo_override", JUDGED, footer=False,
    )  # fmt: skip
    yield Action(
        "why", "f7", "why", "Why this question, and why now.", "interview", "screen.why", JUDGED
    )
    yield Action(
        "rate", "ctrl+n", "rate", "Say whether the last reply of the tutor was good or bad.",
        "interview", "screen.rate", footer=False,
    )  # fmt: skip
    yield Action(
        "thumbs_up", "alt+u", "good", "The last reply of the tutor was good.", "interview",
        "screen.thumbs(1)", footer=False,
    )  # fmt: skip
    yield Action(
        "thumbs_down", "alt+d", "bad", "The last reply of the tutor was bad.", "interview",
        "screen.thumbs(-1)", footer=False,
    )  # fmt: skip
    yield Action(
        "editor", "f9", "$EDITOR", "Write the answer in your editor.", "interview", "screen.editor",
        JUDGED, footer=False,
    )  # fmt: skip
    yield act("finish", "ctrl+f", "finish", "End the session with its recap.", JUDGED)
    yield Action(
        "read", "escape", "read back", "Scroll through the conversation; typing returns.", "interview",
        "screen.read", JUDGED, footer=False,
    )  # fmt: skip
    yield Action(
        "cancel", "ctrl+x", "don't wait", "Stop waiting for the model; the built-in tutor goes on.",
        "interview", "screen.cancel", ("working",),
    )  # fmt: skip


def _recap() -> Iterable[Action]:
    yield Action(
        "own",
        "w",
        "your own words",
        "Write your own recap and have it judged.",
        "recap",
        "screen.own",
    )
    yield Action("plots", "p", "next plot", "Show the next plot.", "recap", "screen.plot(1)")
    yield Action(
        "back_plot",
        "P",
        "previous plot",
        "Show the plot before.",
        "recap",
        "screen.plot(-1)",
        footer=False,
    )
    yield Action(
        "save", "x", "export", "Write the recap as HTML and Markdown.", "recap", "screen.export"
    )
    yield Action(
        "period",
        "s",
        "last 30 days",
        "Between the last session and the last 30 days.",
        "recap",
        "screen.period",
    )
    yield Action("start", "enter", "study", "Start a session.", "recap", "screen.start")


def _library() -> Iterable[Action]:
    yield Action("open", "enter", "open", "The question in full.", "library", "screen.open")
    yield Action("search", "slash", "search", "Search the questions.", "library", "screen.search")
    yield Action(
        "study", "s", "study this", "Start a session with this question.", "library", "screen.study"
    )
    yield Action("add", "a", "add files", "Import a file or folder.", "library", "screen.add")
    yield Action(
        "review",
        "r",
        "review cards",
        "Accept, edit or drop generated cards.",
        "library",
        "screen.review",
    )
    yield Action("edit", "e", "edit", "Edit the question in your editor.", "library", "screen.edit")
    yield Action(
        "deck", "d", "next deck", "Show the next deck only.", "library", "screen.next_deck"
    )
    yield Action("due", "u", "due only", "Show only what is due.", "library", "screen.due")
    yield Action(
        "stop",
        "ctrl+x",
        "stop import",
        "Cancel the import that runs.",
        "library",
        "screen.stop",
        footer=False,
    )


def _memory() -> Iterable[Action]:
    yield Action("open", "enter", "events", "What this rests on.", "memory", "screen.open")
    yield Action(
        "search", "slash", "search", "Search what Viva knows of you.", "memory", "screen.search"
    )
    yield Action(
        "recall",
        "h",
        "search history",
        "Search everything you have said.",
        "memory",
        "screen.recall",
    )
    yield Action("correct", "c", "correct", "Write it as it should be.", "memory", "screen.correct")
    yield Action(
        "wrong", "w", "wrong", "Say that it is not true; it goes.", "memory", "screen.wrong"
    )
    yield Action("forget", "delete", "forget", "Erase it for good.", "memory", "screen.forget")


def _ask() -> Iterable[Action]:
    yield Action("send", "enter", "ask", "Ask what is typed.", "ask", "screen.send", own=True)
    yield Action(
        "newline",
        "ctrl+j,shift+enter,alt+enter",
        "new line",
        "A new line.",
        "ask",
        "screen.newline",
        own=True,
    )
    yield Action(
        "source", "ctrl+o", "source", "Open the sources of the last reply.", "ask", "screen.source"
    )
    yield Action(
        "rate",
        "ctrl+n",
        "rate",
        "Say whether the last reply was good or bad.",
        "ask",
        "screen.rate",
    )
    yield Action(
        "thumbs_up", "alt+u", "good", "The last reply was good.", "ask", "screen.thumbs(1)",
        footer=False,
    )  # fmt: skip
    yield Action(
        "thumbs_down", "alt+d", "bad", "The last reply was bad.", "ask", "screen.thumbs(-1)",
        footer=False,
    )  # fmt: skip
    yield Action("editor", "f9", "$EDITOR", "Write in your editor.", "ask", "screen.editor")
    yield Action(
        "read",
        "escape",
        "read back",
        "Scroll through the conversation.",
        "ask",
        "screen.read",
        footer=False,
    )
    yield Action(
        "cancel",
        "ctrl+x",
        "don't wait",
        "Stop waiting for the model.",
        "ask",
        "screen.cancel",
        footer=False,
    )


def _settings() -> Iterable[Action]:
    yield Action(
        "change",
        "enter",
        "change",
        "Change the setting, or mend what is wrong.",
        "settings",
        "screen.change",
    )
    yield Action("doctor", "d", "check again", "Run the doctor again.", "settings", "screen.doctor")
    yield Action(
        "model", "m", "check model", "Try the configured model.", "settings", "screen.model"
    )
    yield Action(
        "rebuild",
        "b",
        "rebuild",
        "Rebuild the indexes from the events.",
        "settings",
        "screen.rebuild",
    )
    yield Action(
        "stop",
        "ctrl+x",
        "stop",
        "Cancel the work that runs.",
        "settings",
        "screen.stop",
        footer=False,
    )


ACTIONS: tuple[Action, ...] = (
    *_today(), *_interview(), *_recap(), *_library(), *_memory(), *_ask(), *_settings(), *_everywhere(),
)  # fmt: skip
SCOPES = ("today", "interview", "recap", "library", "memory", "ask", "settings")

_MARKS = {
    "enter": "⏎", "escape": "esc", "slash": "/", "delete": "del", "pageup": "pgup", "pagedown": "pgdn",
    "space": "space",
}  # fmt: skip


def of(scope: str) -> tuple[Action, ...]:
    """The actions of one screen, without those that work everywhere."""
    return tuple(action for action in ACTIONS if action.scope == scope)


def find(name: str) -> Action:
    """The action called e.g. ``interview.hint``. Raises `KeyError`."""
    for action in ACTIONS:
        if action.name == name:
            return action
    raise KeyError(name)


def fits(action: Action, phase: str) -> bool:
    """Whether `action` makes sense in `phase` (empty: outside an interview)."""
    return not action.phases or not phase or phase in action.phases


def keys_of(action: Action, keymap: Mapping[str, str]) -> str:
    """The keys of `action` as remapped by the learner."""
    return keymap.get(action.name) or action.keys


def mark(keys: str) -> str:
    """The first of `keys` as a reader sees it: ``ctrl+g`` is ``^g``, ``f1`` is ``F1``."""
    key = keys.split(",")[0]
    if key.startswith("ctrl+"):
        return "^" + key[5:]
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return _MARKS.get(key, key)


def faulty_keymap(keymap: Mapping[str, str]) -> list[str]:
    """What is wrong with a learner's keymap, one sentence each: unknown names, keys used twice."""
    known = {action.name: action for action in ACTIONS}
    wrong = [f"keys: there is no action {name!r}" for name in keymap if name not in known]
    for scope in SCOPES:
        seen: dict[str, Action] = {}
        for action in (*of(scope), *of("everywhere")):
            for key in keys_of(action, keymap).split(","):
                other = seen.get(key)
                if (
                    other
                    and (action.name in keymap or other.name in keymap)
                    and _meet(action, other)
                ):
                    wrong.append(f"keys: {key} means both {other.name} and {action.name}")
                seen[key] = action
    return list(dict.fromkeys(wrong))


def _meet(one: Action, two: Action) -> bool:
    return not one.phases or not two.phases or bool(set(one.phases) & set(two.phases))
