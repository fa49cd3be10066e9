"""What keeps a process's start and end short. Imports next to nothing: it runs before the first
frame."""

from __future__ import annotations

import atexit
import gc
import os

_STARTING = (100_000, 10, 10)
_RUNNING = gc.get_threshold()


def begin() -> None:
    """Called first of all."""
    # Modules are made of objects that stay. The collector would look through them again and again
    # while they are imported, and twice when the process ends: a quarter of what a command costs.
    gc.set_threshold(*_STARTING)
    atexit.register(gc.freeze)
    # Looking for Pydantic's plugins means reading about every package that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def begun() -> None:
    """Called when a process that lives on has imported what it needs: none of it is garbage."""
    gc.freeze()
    gc.set_threshold(*_RUNNING)
