"""All that can be done, screen by screen, in the order in which the rows of keys name it."""

from __future__ import annotations

from dataclasses import dataclass

from agents.views import Phase

OPEN: tuple[Phase, ...] = ("answering", "working")
WORKING: tuple[Phase, ...] = ("working",)
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


# fmt: off
ACTIONS: tuple[Action, ...] = (
    # ── today ─────────────────────────────────────────────────────────────────────────────────────
    Action("start", "enter,ctrl+j", "start", "Start, or go on where you stopped.", "today", "screen.start"),
    Action("fresh", "ctrl+s", "new session", "Start afresh and leave the unfinished session.", "today",
           "screen.fresh"),
    Action("mock", "ctrl+g", "mock", "A mock interview: no hints, and no verdicts before its end.", "today",
           "screen.mode('mock')"),
    Action("review", "ctrl+r", "review", "Only what is due, nothing new.", "today",
           "screen.mode('review')"),
    Action("drill", "ctrl+l", "drill", "Weak spots: what was missed, once more.", "today",
           "screen.mode('drill')"),
    Action("design", "ctrl+o", "design", "A design interview, stage by stage.", "today",
           "screen.mode('design')"),
    Action("goal", "ctrl+f", "goal", "Set the date of the interview.", "today", "screen.goal"),
    # ── interview ─────────────────────────────────────────────────────────────────────────────────
    Action("send", "enter", "send", "Send the answer; on an empty box, the next question.", "interview",
           "screen.send", phases=OPEN, own=True),
    Action("next", "enter", "next question", "Go on, or reply if something is typed.", "interview",
           "screen.send", phases=CLOSED, own=True),
    Action("recap", "enter", "recap", "See what moved.", "interview", "screen.recap", phases=DONE,
           own=True),
    Action("newline", "ctrl+j,shift+enter,alt+enter", "new line", "A new line in the answer.", "interview",
           "screen.newline", phases=JUDGED, own=True),
    Action("hint", "ctrl+g", "hint", "A hint for a point that is missing.", "interview",
           "screen.act('hint')", phases=OPEN),
    Action("dont_know", "ctrl+l", "don't know", "Say that you do not know: a small hint follows.",
           "interview", "screen.act('dont_know')", phases=OPEN),
    Action("tell", "ctrl+r", "tell me", "Have the missing point told; it counts as told.", "interview",
           "screen.act('tell')", phases=OPEN),
    Action("skip", "ctrl+s", "skip", "Leave this question for another day.", "interview",
           "screen.act('skip')", phases=OPEN),
    Action("ask_back", "ctrl+b", "ask back", "Send what is typed as a question; never judged.", "interview",
           "screen.ask_back", phases=JUDGED),
    Action("more", "ctrl+r", "more", "A longer explanation.", "interview", "screen.act('more')",
           phases=CLOSED),
    Action("challenge", "ctrl+g", "challenge", "A harder question about the same.", "interview",
           "screen.act('challenge')", phases=CLOSED),
    Action("sure", "f8", "how sure", "Say how sure you are: unsure, fairly, sure.", "interview",
           "screen.sure(0)", phases=OPEN),
    Action("sure1", "alt+1", "unsure", "Say that you are unsure.", "interview", "screen.sure(1)",
           phases=OPEN, footer=False),
    Action("sure2", "alt+2", "fairly sure", "Say that you are fairly sure.", "interview", "screen.sure(2)",
           phases=OPEN, footer=False),
    Action("sure3", "alt+3", "sure", "Say that you are sure.", "interview", "screen.sure(3)", phases=OPEN,
           footer=False),
    Action("source", "ctrl+o", "source", "Open the source of the last explanation.", "interview",
           "screen.source", phases=JUDGED + DONE),
    Action("verdict", "ctrl+t,alt+v", "verdict", "Look at the verdict and overrule it.", "interview",
           "screen.verdict", phases=JUDGED + DONE),
    Action("undo_verdict", "alt+z", "undo override", "Take the last override back; or ^t, then u.",
           "interview", "screen.undo_override", phases=JUDGED + DONE, footer=False),
    Action("why", "f7", "why", "Why this question, and why now.", "interview", "screen.why", phases=JUDGED),
    Action("rate", "ctrl+n", "rate", "Say whether the last reply of the tutor was good or bad.",
           "interview", "screen.rate", footer=False),
    Action("thumbs_up", "alt+u", "good", "The last reply of the tutor was good.", "interview",
           "screen.thumbs(1)", footer=False),
    Action("thumbs_down", "alt+d", "bad", "The last reply of the tutor was bad.", "interview",
           "screen.thumbs(-1)", footer=False),
    Action("editor", "f9", "$EDITOR", "Write the answer in your editor.", "interview", "screen.editor",
           phases=JUDGED, footer=False),
    Action("finish", "ctrl+f", "finish", "End the session with its recap.", "interview",
           "screen.act('finish')", phases=JUDGED),
    Action("read", "escape", "read back", "Scroll through the conversation; typing returns.", "interview",
           "screen.read", phases=JUDGED, footer=False),
    Action("cancel", "ctrl+x", "don't wait", "Stop waiting for the model; the built-in tutor goes on.",
           "interview", "screen.cancel", phases=WORKING),
    # ── recap ─────────────────────────────────────────────────────────────────────────────────────
    Action("send", "enter", "have it judged", "Have your own recap judged; an empty one is passed over.",
           "recap", "screen.send", phases=OPEN, own=True),
    Action("newline", "ctrl+j,shift+enter,alt+enter", "new line", "A new line in your own recap.", "recap",
           "screen.newline", phases=OPEN, own=True),
    Action("pass", "escape", "not now", "See what moved without a recap of your own.", "recap",
           "screen.pass", phases=OPEN),
    Action("own", "w", "own words", "Write your own recap and have it judged.", "recap", "screen.own",
           phases=DONE),
    Action("plots", "p", "next plot", "Show the next plot.", "recap", "screen.plot(1)", phases=DONE),
    Action("back_plot", "P", "previous plot", "Show the plot before.", "recap", "screen.plot(-1)",
           phases=DONE, footer=False),
    Action("save", "x", "export", "Write the recap to a .html, .md or .png file.", "recap",
           "screen.export", phases=DONE),
    Action("period", "s", "last 30 days", "Between the last session and the last 30 days.", "recap",
           "screen.period", phases=DONE),
    Action("start", "enter", "study", "Start a session.", "recap", "screen.start", phases=DONE),
    # ── library ───────────────────────────────────────────────────────────────────────────────────
    Action("open", "enter", "open", "The question in full.", "library", "screen.open"),
    Action("search", "slash", "search", "Search the questions.", "library", "screen.search"),
    Action("study", "s", "study this", "Start a session with this question.", "library", "screen.study"),
    Action("add", "a", "add files", "Import a file or folder.", "library", "screen.add"),
    Action("review", "r", "review cards", "Accept, edit or drop generated cards.", "library",
           "screen.review"),
    Action("edit", "e", "edit", "Edit the question in your editor.", "library", "screen.edit"),
    Action("deck", "d", "next deck", "Show the next deck only.", "library", "screen.next_deck"),
    Action("remove", "delete", "remove deck", "Take the deck shown out of the library.", "library",
           "screen.remove", footer=False),
    Action("due", "u", "due only", "Show only what is due.", "library", "screen.due"),
    Action("stop", "ctrl+x", "stop import", "Cancel the import that runs.", "library", "screen.stop",
           footer=False),
    # ── memory ────────────────────────────────────────────────────────────────────────────────────
    Action("open", "enter", "events", "What this rests on.", "memory", "screen.open"),
    Action("search", "slash", "search", "Search what Viva knows of you.", "memory", "screen.search"),
    Action("recall", "h", "search history", "Search everything you have said.", "memory", "screen.recall"),
    Action("correct", "c", "correct", "Write it as it should be.", "memory", "screen.correct"),
    Action("wrong", "w", "wrong", "Say that it is not true; it goes.", "memory", "screen.wrong"),
    Action("forget", "delete", "forget", "Erase it for good.", "memory", "screen.forget"),
    # ── ask ───────────────────────────────────────────────────────────────────────────────────────
    Action("send", "enter", "ask", "Ask what is typed.", "ask", "screen.send", own=True),
    Action("newline", "ctrl+j,shift+enter,alt+enter", "new line", "A new line.", "ask", "screen.newline",
           own=True),
    Action("source", "ctrl+o", "source", "Open the sources of the last reply.", "ask", "screen.source"),
    Action("rate", "ctrl+n", "rate", "Say whether the last reply was good or bad.", "ask", "screen.rate"),
    Action("thumbs_up", "alt+u", "good", "The last reply was good.", "ask", "screen.thumbs(1)",
           footer=False),
    Action("thumbs_down", "alt+d", "bad", "The last reply was bad.", "ask", "screen.thumbs(-1)",
           footer=False),
    Action("editor", "f9", "$EDITOR", "Write in your editor.", "ask", "screen.editor"),
    Action("read", "escape", "read back", "Scroll through the conversation.", "ask", "screen.read",
           footer=False),
    Action("cancel", "ctrl+x", "don't wait", "Stop waiting for the model.", "ask", "screen.cancel",
           footer=False),
    # ── settings ──────────────────────────────────────────────────────────────────────────────────
    Action("change", "enter", "change", "Change the setting, or mend what is wrong.", "settings",
           "screen.change"),
    Action("doctor", "d", "check again", "Run the doctor again.", "settings", "screen.doctor"),
    Action("model", "m", "check model", "Try the configured model.", "settings", "screen.model"),
    Action("rebuild", "b", "rebuild", "Rebuild the indexes from the events.", "settings", "screen.rebuild"),
    Action("stop", "ctrl+x", "stop", "Cancel the work that runs.", "settings", "screen.stop", footer=False),
    # ── everywhere ────────────────────────────────────────────────────────────────────────────────
    Action("today", "f2", "today", "What is due, and what Viva plans.", "everywhere", "app.go('today')",
           footer=False),
    Action("library", "f3", "library", "Decks, questions, imports and cards to review.", "everywhere",
           "app.go('library')", footer=False),
    Action("memory", "f4", "memory", "What Viva believes about you, to correct or forget.", "everywhere",
           "app.go('memory')", footer=False),
    Action("ask", "f5", "ask", "Talk to the explainer about anything you study.", "everywhere",
           "app.go('ask')", footer=False),
    Action("recap", "f6", "recap", "What moved, with plots.", "everywhere", "app.go('recap')",
           footer=False),
    Action("settings", "f10", "settings", "Settings and doctor.", "everywhere", "app.go('settings')",
           footer=False),
    Action("palette", "ctrl+p", "all", "Search everything that can be done.", "everywhere", "app.palette",
           footer=False),
    Action("help", "f1", "help", "All keys of this screen.", "everywhere", "app.help", footer=False),
    Action("theme", "f12", "theme", "Next theme: dark, light, high contrast, ANSI.", "everywhere",
           "app.next_theme", footer=False),
    Action("quit", "ctrl+q", "quit", "Leave; the session is kept and can be resumed.", "everywhere",
           "app.leave", footer=False),
    Action("interrupt", "ctrl+c", "stop", "Copy what is selected; pressed twice, leave.", "everywhere",
           "app.interrupt", footer=False),
)
# fmt: on
SCOPES = ("today", "interview", "recap", "library", "memory", "ask", "settings")
