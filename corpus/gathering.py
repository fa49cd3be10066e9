"""Documents gathered from files, folders and web addresses, with a word for all that is left out."""

from __future__ import annotations

import bisect
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from corpus.loaders import web
from corpus.loaders.folder import refusal, walk
from corpus.loaders.parts import Part, Unreadable
from corpus.loaders.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Skip:
    """A place that was not imported, and why."""

    where: str
    why: str


@dataclass(slots=True)
class Source:
    """A document that was read. `title` is its name for the learner, stable between imports."""

    title: str
    parts: list[Part] = field(default_factory=list)

    @property
    def rows(self) -> list[Part]:
        """The parts that are rows of fields."""
        return [p for p in self.parts if p.row is not None]

    def text(self) -> tuple[str, Places]:
        """The whole text, and where its lines come from."""
        starts: list[int] = []
        names: list[str] = []
        texts: list[str] = []
        line = 1
        for part in self.parts:
            if part.row is None:
                starts.append(line)
                names.append(part.where)
                texts.append(part.text)
                line += part.text.count("\n") + 1
        return "\n".join(texts), Places(starts, names)


@dataclass(frozen=True, slots=True)
class Places:
    """Which place of a document a line of its joined text stands in."""

    starts: list[int]
    names: list[str]

    def of(self, line: int) -> str:
        """``page 3``, or ``line 12`` if the document has no places of its own."""
        at = bisect.bisect_right(self.starts, line) - 1
        name = self.names[at] if 0 <= at < len(self.names) else ""
        return name or f"line {line}"


Tell = Callable[[str], None]


def gather(
    places: Sequence[str | Path],
    *,
    online: bool = False,
    sandbox: Sandbox | None = None,
    tell: Tell | None = None,
) -> Iterator[Source | Skip]:
    """Every document under `places` (files, folders, addresses), and what was passed over.

    Addresses are only fetched with `online`. `tell` hears the name of each file before it is read.
    Nothing is raised for a document that cannot be read: it becomes a `Skip`.
    """
    own = sandbox or Sandbox()
    try:
        for place in places:
            text = str(place)
            if web.is_url(text):
                yield from _page(text, online, own, tell)
                continue
            path = Path(place).expanduser()
            if path.is_dir():
                yield from _folder(path, own, tell)
            else:
                why = refusal(path)
                yield from (
                    [Skip(path.name or text, why)] if why else _file(path, path.name, own, tell)
                )
    finally:
        if sandbox is None:
            own.__exit__(None, None, None)


def _folder(root: Path, sandbox: Sandbox, tell: Tell | None) -> Iterator[Source | Skip]:
    full = root.resolve()
    name = full.name or str(full)
    for entry in walk(root):
        inside = entry.path.relative_to(full).as_posix() if entry.path != full else ""
        title = f"{name}/{inside}" if inside else name
        if entry.why:
            yield Skip(title, entry.why)
        else:
            yield from _file(entry.path, title, sandbox, tell)


def _file(
    path: Path, title: str, sandbox: Sandbox, tell: Tell | None, content_type: str = ""
) -> Iterator[Source | Skip]:
    if tell:
        tell(title)
    loaded = sandbox.load(path, content_type)
    for note in loaded.notes:
        yield Skip(title, note)
    if loaded.parts:
        yield Source(title, loaded.parts)
    if loaded.error:
        yield Skip(title, loaded.error)


def _page(url: str, online: bool, sandbox: Sandbox, tell: Tell | None) -> Iterator[Source | Skip]:
    if not online:
        yield Skip(url, "web addresses are only read when you ask for it")
        return
    if tell:
        tell(url)
    try:
        page = web.fetch(url)
    except Unreadable as error:
        yield Skip(url, str(error))
        return
    suffix = Path(urlsplit(page.url).path).suffix[:8]
    with tempfile.NamedTemporaryFile(prefix="viva-page-", suffix=suffix) as file:
        file.write(page.data)
        file.flush()
        yield from _file(Path(file.name), url, sandbox, None, page.content_type)
