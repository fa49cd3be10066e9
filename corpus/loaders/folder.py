"""Which files of a folder or a git checkout are read. Links never lead out of it."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.counting import counted
from corpus.loaders.kinds import by_name
from corpus.loaders.parts import MAX_FILE

_SKIP_FOLDERS = frozenset(
    """node_modules __pycache__ venv env site-packages dist build target vendor .git .hg .svn .venv
    .tox .idea .vscode .obsidian .trash""".split()
)
_SKIP_NAMES = frozenset(
    """license licence copying changelog changes contributing code_of_conduct security authors
    codeowners notice pull_request_template issue_template package package-lock tsconfig composer
    requirements""".split()
)
_MAX_FILES = 20_000
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read, or, if `why` is not empty, a place that is not read."""

    path: Path
    why: str = ""


def refusal(path: Path) -> str:
    """Why a path named by the learner is not read as a file; "" if it is."""
    try:
        info = path.stat()
    except OSError as error:
        return error.strerror or "it cannot be read"
    if not stat.S_ISREG(info.st_mode):
        return _what(info.st_mode)
    if info.st_size > MAX_FILE:
        return (
            f"it is {info.st_size / 1e6:.0f} MB; the most that is read is {MAX_FILE / 1e6:.0f} MB"
        )
    return ""


def _what(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "it is a pipe, not a file"
    if stat.S_ISSOCK(mode):
        return "it is a socket, not a file"
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "it is a device, not a file"
    return "it is not a file"


def walk(root: Path) -> Iterator[Entry]:
    """The documents under `root` in a steady order, and the places that were passed over.

    Files of kinds that are not imported are counted in one entry at the end. Hidden and generated
    folders, licences and the like are left out without a word.
    """
    root = root.resolve()
    others: Counter[str] = Counter()
    count = 0
    stack = [(root, 0)]
    while stack:
        folder, depth = stack.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            yield Entry(folder, error.strerror or "it cannot be opened")
            continue
        below: list[tuple[Path, int]] = []
        for entry in entries:
            path = Path(entry.path)
            found = _sort(entry, path, root)
            if found is None:
                if depth >= _MAX_DEPTH:
                    yield Entry(path, "it is nested too deeply")
                else:
                    below.append((path, depth + 1))
            elif found == "other":
                others[path.suffix.lower() or "without ending"] += 1
            elif found:
                yield Entry(path, found)
            elif found == "" and by_name(path):
                count += 1
                if count > _MAX_FILES:
                    yield Entry(root, f"only the first {_MAX_FILES} documents were read")
                    return
                yield Entry(path)
        stack.extend(reversed(below))
    if others:
        kinds = ", ".join(f"{n} {k}" for k, n in others.most_common(6))
        files = counted(sum(others.values()), "file of a kind that is", "files of kinds that are")
        yield Entry(root, f"{files} not imported: {kinds}")


def _sort(entry: os.DirEntry[str], path: Path, root: Path) -> str | None:
    """None: a folder to enter; "": a document; "other": another kind; else why it is skipped."""
    hidden = entry.name.startswith(".")
    try:
        if entry.is_symlink():
            target = path.resolve(strict=True)
            if not target.is_relative_to(root):
                return "it is a link that leads out of the folder"
            return "it is a link to another place in the folder"
        mode = entry.stat(follow_symlinks=False).st_mode
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else ""
        return f"it is a link that leads nowhere or in a circle{f' ({why})' if why else ''}"
    if stat.S_ISDIR(mode):
        return "other" if hidden or entry.name in _SKIP_FOLDERS else None
    if not stat.S_ISREG(mode):
        return _what(mode)
    if hidden or path.stem.lower() in _SKIP_NAMES or by_name(path) is None:
        return "other"
    return refusal(path)
