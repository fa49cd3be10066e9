"""A still frame in the terminal before anything heavy is imported, and the way back from it.

Standard library only, and little of that: what is imported here is paid before the first paint.
"""

from __future__ import annotations

import os
import sys

ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H"
LEAVE = "\x1b[?1049l\x1b[?25h"
# What a full-screen application may have switched on: mouse, focus reports, paste marks, key
# reports, no line wrap, and a colour left behind.
RESET = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u\x1b[?7h\x1b[0m"


def lines(columns: int, rows: int, today: list[str] | None = None) -> list[str]:
    """The still frame as plain lines, at most `rows` of at most `columns` characters.

    `today` are the lines that Today showed last: they stand where Textual will draw them.
    """
    head = " Viva · Today" if today else " Viva"
    wait = "opening your memory"
    head += wait.rjust(columns - len(head) - 1) if columns > len(head) + len(wait) + 2 else ""
    body = [head, "", *(f"  {line}" for line in today or ["Opening your memory …"])]
    foot = " type ahead: what you type is kept"
    body = body[: max(0, rows - 1)]
    body += [""] * (rows - 1 - len(body))
    return [line[:columns] for line in [*body, foot]][:rows]


class Still:
    """Holds the terminal between the start of the process and the start of Textual.

    While it holds it, typed keys wait unechoed in the terminal's queue, where Textual's input
    thread finds them; Ctrl-C ends the process. `put_back` undoes everything and may be called at any
    time, repeatedly.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._attributes: list | None = None
        self._painted = False

    def paint(self, today: list[str] | None = None) -> None:
        """Draws the frame, with `today` if it is known what Today showed last.

        Does nothing where there is no terminal to draw on.
        """
        try:
            import termios
        except ImportError:  # no POSIX terminal: Textual starts without a still frame
            return
        if not (os.isatty(self._descriptor) and sys.stdout.isatty()):
            return
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
        self._attributes = termios.tcgetattr(self._descriptor)
        quiet = list(self._attributes)
        quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        quiet[0] &= ~(termios.ICRNL | termios.IXON)
        termios.tcsetattr(self._descriptor, termios.TCSANOW, quiet)
        text = ENTER + "\r\n".join(lines(columns, rows, today))
        os.write(sys.stdout.fileno(), text.encode("utf-8", "replace"))
        self._painted = True
        # A Ctrl-C may come in the middle of any import, and a second one while the first is dealt
        # with. Until there is a handler that ends it all at once, they wait with the typed keys.
        import signal

        signal.signal(signal.SIGINT, self._stop)
        quiet[3] |= termios.ISIG
        termios.tcsetattr(self._descriptor, termios.TCSANOW, quiet)

    def _stop(self, *_: object) -> None:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.put_back(crashed=True)
        os._exit(130)  # the engine ends by itself once its input is closed

    def hand_over(self) -> None:
        """Textual has the screen from here, and leaves it by itself."""
        import signal

        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._painted = False

    def put_back(self, crashed: bool = False) -> None:
        """Puts the terminal back as it was found; `crashed` also undoes an application's modes."""
        if self._attributes is None:
            return
        import termios

        text = (RESET if crashed else "") + (LEAVE if self._painted or crashed else "")
        self._painted = False
        try:
            if text:
                os.write(sys.stdout.fileno(), text.encode())
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._attributes)
        except (OSError, termios.error):  # the terminal is gone: nothing to put back
            return
