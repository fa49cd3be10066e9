"""`viva doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

from agents.protocol import Doctor
from agents.views import CheckView
from tui.commands.shell import options, parsed, print_json, say, with_tutor

SIGNS = {"ok": "ok  ", "warn": "note", "fail": "FAIL"}


def run(arguments: list[str]) -> int:
    args = parsed(options("doctor", "Checks this installation."), arguments)
    if isinstance(args, int):
        return args
    failed = False

    def show(checks: tuple[CheckView, ...]) -> None:
        nonlocal failed
        failed = any(check.state == "fail" for check in checks)
        if args.json:
            print_json(checks)
            return
        for check in checks:
            say(f"{SIGNS[check.state]}  {check.name}: {check.text}")
            if check.mend:
                say(f"mend: {check.mend}", 6)

    code = with_tutor(lambda served: served(Doctor()), show)
    return code or int(failed)
