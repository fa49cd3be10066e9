"""What Today showed last, so that the screen has something to say before the engine is up.

One file in the data folder: a line with what it holds for, the lines of the screen, a form feed, and
the view as JSON. Read before anything heavy is imported, so nothing but `os` is needed for the lines.
"""

from __future__ import annotations

import os
import sys

NAME = "front-end-today"
END = "\f"
MOST = 1 << 20  # bytes read at most


def home() -> str:
    """The learner's data folder: `VIVA_HOME`, or the platform's place for it."""
    if place := os.environ.get("VIVA_HOME"):
        return os.path.expanduser(place)  # noqa: PTH111 (pathlib costs a tenth of the first paint)
    if sys.platform == "linux":  # what `platformdirs` says there, without importing it
        data = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share")  # noqa: PTH111
        return f"{data}/viva"
    from platformdirs import user_data_dir

    return user_data_dir("viva")


def key(folder: str, options: dict[str, object]) -> str:
    """What a kept view holds for: deck, topic, learner, and the settings as they are."""
    try:
        settings = os.stat(f"{folder}/viva.toml").st_mtime_ns  # noqa: PTH116
    except OSError:
        settings = 0
    learner = os.environ.get("VIVA_LEARNER", "")
    wanted = (options.get("deck", ""), options.get("topic", ""), learner, settings)
    return " ".join(str(part) for part in wanted).replace("\n", " ")


def _parts(folder: str, wanted: str) -> tuple[list[str], str]:
    try:
        with open(f"{folder}/{NAME}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            head, _, view = file.read(MOST).partition(END)
    except OSError:
        return [], ""
    first, _, body = head.partition("\n")
    return (body.split("\n"), view) if first == wanted else ([], "")


def lines(folder: str, wanted: str) -> list[str]:
    """The lines of the screen as they were kept under the key `wanted`; none if it is another."""
    return _parts(folder, wanted)[0]


def view(folder: str, wanted: str) -> object | None:
    """The `TodayView` kept under the key `wanted`, or None."""
    text = _parts(folder, wanted)[1]
    if not text:
        return None
    import json

    from agents.codec import CodecError, from_json
    from agents.views import TodayView

    try:
        return from_json(TodayView, json.loads(text))
    except (CodecError, ValueError, TypeError):
        return None


def keep(folder: str, wanted: str, view: object, shown: str) -> None:
    """Keeps `view` (a `TodayView`) and the text it was shown as. Failing to is no harm."""
    import contextlib
    import json

    from agents.codec import to_json

    beside = f"{folder}/{NAME}.part"
    body = shown.replace(END, " ")
    with contextlib.suppress(OSError):
        with open(beside, "w", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            file.write(f"{wanted}\n{body}{END}{json.dumps(to_json(view))}")
        os.replace(beside, f"{folder}/{NAME}")  # noqa: PTH105
