"""The learner's own editor, on request."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import tempfile
from pathlib import Path


def edited(text: str, suffix: str = ".md") -> str | None:
    """`text` as `$VISUAL` or `$EDITOR` leaves it, None if that failed. Blocks meanwhile."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.NamedTemporaryFile(
        "w", suffix=suffix, delete=False, encoding="utf-8", errors="replace"
    ) as file:
        file.write(text)
    path = Path(file.name)
    try:
        if subprocess.run([*command, str(path)], check=False).returncode != 0:
            return None
        return path.read_text("utf-8", "replace").rstrip("\n")
    except OSError:
        return None
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
