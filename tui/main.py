"""The console entry: `viva`. Kept light, since all of it runs before the first paint."""

from __future__ import annotations

import os
import sys

from agents.startup import begin

# Sub-commands, imported only when called: each function takes the arguments after the name and
# returns the exit code.
COMMANDS: dict[str, str] = {
    "add": "tui.commands.add:run",
    "ask": "tui.commands.ask:run",
    "backup": "tui.commands.backup:run",
    "decks": "tui.commands.decks:run",
    "doctor": "tui.commands.doctor:run",
    "due": "tui.commands.due:run",
    "export": "tui.commands.export:run",
    "forget": "tui.commands.forget:run",
    "goal": "tui.commands.goal:run",
    "grade": "tui.commands.grade:run",
    "import": "tui.commands.import_:run",
    "models": "tui.commands.models:run",
    "profile": "tui.commands.profile:run",
    "rebuild": "tui.commands.rebuild:run",
    "recall": "tui.commands.recall:run",
    "recap": "tui.commands.recap:run",
    "search": "tui.commands.search:run",
    "serve": "tui.serve:run",
    "show": "tui.commands.show:run",
    "study": "tui.main:study",
    "why": "tui.commands.why:run",
}


def main(argv: list[str] | None = None) -> int:
    """Runs `viva` with `argv` (default: the process's own). Returns the exit code."""
    begin()
    args = sys.argv[1:] if argv is None else argv
    name = args[0] if args and not args[0].startswith("-") else ""
    if name and name not in COMMANDS:
        return _unknown(name)
    if not args or not name or name == "study":
        return study(args[1:] if name else args)
    module, _, function = COMMANDS[name].partition(":")
    from importlib import import_module

    try:
        code = int(getattr(import_module(module), function)(args[1:]) or 0)
    except BrokenPipeError:  # whoever reads has seen enough
        code = 0
    except Exception as error:  # whatever it is: a learner is no reader of tracebacks
        from tui.fault import own

        code = own(error, f"`viva {name}`")
    if argv is None:
        _leave(code)
    return code


def _leave(code: int) -> None:
    """Ends the process of a command at once where a thread still loads the agents: native libraries
    that are torn down while they load abort the process, after all was done."""
    import threading

    if any(thread.daemon for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def study(args: list[str]) -> int:
    """Opens the screens, or the line mode with `--plain` or where there is no terminal."""
    if args:
        from tui.options import parse

        options = parse(args)
        if isinstance(options, int):
            return options
    else:
        options = {}
    web = "TEXTUAL_DRIVER" in os.environ
    terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if options.pop("plain", False) or not (web or terminal):
        from tui.plain import run

        return run(options)
    return _screens(options, web)


def _screens(options: dict[str, object], web: bool) -> int:
    from tui.still import Still

    still = Still()
    crashed = True
    try:
        if not web:
            still.paint(_today(options))
        from tui.launch import launch

        code = launch(options, still)
        crashed = False
        return code
    except KeyboardInterrupt:
        return 130
    finally:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not stop the tidying up
        still.put_back(crashed)


def _today(options: dict[str, object]) -> list[str]:
    """What Today showed last, if Today is what comes first."""
    from tui import lately

    if options:
        from tui.wanted import at_once

        if options.get("room") or at_once(options):
            return []
    folder = lately.home()
    return lately.lines(folder, lately.key(folder, options))


def _unknown(name: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    hint = f" Did you mean `viva {near[0]}`?" if near else ""
    print(f"viva: there is no command {name!r}.{hint}", file=sys.stderr)
    print(f"Commands: {', '.join(sorted(COMMANDS))}. `viva --help` tells more.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
