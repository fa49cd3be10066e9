"""A turn that grows on the screen while it is written. Nothing of it is stored."""

from __future__ import annotations

from typing import Protocol

from agents.views import Role, TurnView


class Screen(Protocol):
    """Where turns are shown."""

    def turn(self, turn: TurnView, final: bool = True, replaces: str = "") -> None: ...

    def chunk(self, turn: str, text: str) -> None: ...


class Live:
    """`shown` is the turn's id once it stands on the screen: the finished turn takes its place."""

    def __init__(self, screen: Screen, role: Role, at: int, question: str = "") -> None:
        self._screen = screen
        self._turn = TurnView(f"live-{at}", "tutor", role, "", at, question)
        self.shown = ""

    def add(self, text: str) -> None:
        """More of the text."""
        if not self.shown:
            self.shown = self._turn.id
            self._screen.turn(self._turn, final=False)
        self._screen.chunk(self.shown, text)
