"""An error nobody expected: one clear line for the learner, the rest in a file."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from agents.redact import redact
from tui import lately
from tui.literal import one_line

CODE = 70
"""Exit code of a fault of our own (EX_SOFTWARE of sysexits.h)."""
NAME = "viva-fault.txt"
MOST = 5
"""Reports kept; the newest stands last."""
_MARK = "─" * 20


def own(error: BaseException, doing: str) -> int:
    """Reports `error`, which came up while `doing`; returns the exit code."""
    place = _written(error, doing)
    what = redact(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    print(f"viva: {doing} failed by a fault of Viva's own.", file=sys.stderr)
    print(f"      {one_line(what, 200)}", file=sys.stderr)
    where = f"The report lies in {place}." if place else "No report could be written."
    print(f"      Nothing you said is lost. {where}", file=sys.stderr)
    return CODE


def _written(error: BaseException, doing: str) -> Path | None:
    """Where the report was written: the data folder, or where that cannot be had the one for
    temporary files."""
    told = redact("".join(traceback.format_exception(error)))
    report = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {doing}\n{told}"
    for folder in (lately.home(), tempfile.gettempdir()):
        path = Path(folder) / NAME
        try:
            before = path.read_text("utf-8", "replace").split(_MARK) if path.exists() else []
            kept = [part.strip("\n") for part in before[-MOST + 1 :] if part.strip()]
            text = f"\n{_MARK}\n".join([*kept, report])
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
        except OSError:
            continue
        return path
    return None
