"""The engine's desk: every request a screen can make, and who does it."""

from __future__ import annotations

from agents.desk.desk import Desk, open_desk

__all__ = ["Desk", "open_desk"]
