"""From the still frame to the running application, and back to the shell."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from tui.still import Still


def launch(options: dict[str, Any], still: Still) -> int:
    """Starts the engine, then imports and runs the screens. Returns the exit code."""
    from agents.spawn import spawn_engine

    process = spawn_engine()  # it imports for seconds: begin before anything here does
    from agents.client import connect
    from agents.startup import begun
    from tui import look
    from tui.app import VivaApp

    app = VivaApp(lambda: connect(process), options, look.read(), home=look.home())

    def mounted() -> None:
        still.hand_over()
        app.call_after_refresh(begun)

    app.when_mounted = mounted
    try:
        app.run()
    finally:
        # The engine ends by itself once its input is closed.
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
    still.put_back()
    code = app.return_code or 0
    if app.is_web:  # the output is the browser's protocol: no words on it
        return code
    print(farewell(code, app.unfinished), file=sys.stderr if code else sys.stdout)
    return code


def farewell(code: int, unfinished: bool) -> str:
    """The last line: how to go on."""
    if code:
        return (
            "Viva stopped by a fault of its own. Your answers are kept; go on with: viva --resume"
        )
    if unfinished:
        return "Your session is kept to the letter. Go on with: viva --resume"
    return "Until next time: viva"
