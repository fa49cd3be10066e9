"""The clerk of moving: export, import, backup."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.protocol import BackUp, Done, Export, Import
from corpus.counting import counted
from corpus.model import Question
from memory.anki import read_reviews, write_apkg
from memory.backup import restore as put_back
from memory.home import Home, HomeError, learner_folder, locate
from memory.interchange import NOT_OURS, InterchangeError, write_markdown
from memory.settings import load_settings

ANKI = (".apkg", ".colpkg")


class InterchangeClerk:
    """Memory in and out of this machine."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @handles(Export)
    def export(self, request: Export) -> Done:
        path = Path(request.path).expanduser()
        try:
            if request.form == "anki":
                count = write_apkg(self._questions(request.deck), request.deck or "Viva", path)
                return Done(text=f"{counted(count, 'card')} written to {path}")
            beside = path.with_name(f".{path.name}.part")
            with beside.open("w", encoding="utf-8", errors="backslashreplace") as out:
                if request.form == "markdown":
                    write_markdown(self._room.memory.events(), out)
                    text = f"your history written to {path}"
                else:
                    count = self._room.memory.export(out)
                    text = f"{counted(count, 'event')} written to {path}"
            beside.replace(path)
        except OSError as error:
            raise refuse(f"{path} cannot be written: {error.strerror or error}") from error
        return Done(text=text)

    def _questions(self, deck: str) -> list[Question]:
        if deck and self._room.library.deck(deck) is None:
            raise refuse(f"there is no deck {deck!r}", "see `viva decks`")
        return [q for q in self._room.library.questions(deck) if q.answer]

    @handles(Import)
    def import_(self, request: Import) -> Done:
        path = Path(request.path).expanduser()
        try:
            if path.suffix.lower() in ANKI:
                return self._import_reviews(path)
            with path.open(encoding="utf-8-sig", newline="\n") as lines:
                new, held = self._room.memory.import_from(lines)
        except InterchangeError as error:
            raise refuse(f"{path}: {error}", error.mend) from error
        except UnicodeDecodeError as error:
            raise refuse(f"{path} is no text in UTF-8", NOT_OURS) from error
        except OSError as error:
            raise refuse(f"{path} cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            raise refuse(f"{path} cannot be read: {error}") from error
        self._room.library.reload()
        return Done(text=f"{new:,} of {counted(held, 'event')} {'was' if new == 1 else 'were'} new")

    def _import_reviews(self, path: Path) -> Done:
        asks = {q.ask: q.id for q in self._room.library.questions()}
        try:
            event = read_reviews(path, asks)
        except ValueError as error:
            mend = "export it from Anki as a package, with scheduling information"
            raise refuse(str(error), mend) from error
        if event is None:
            text = "none of its reviews is of a question in your decks; add the package first"
            raise refuse(text, f"viva add {path}")
        self._room.memory.append(event)
        return Done(event.id, "your Anki reviews are the start of the schedule")

    @handles(BackUp)
    def back_up(self, request: BackUp) -> Done:
        target = Path(request.path).expanduser() if request.path else None
        try:
            made = self._room.memory.back_up(target)
        except FileExistsError as error:
            raise refuse(
                f"{target} is there already", "name a folder that is still to be"
            ) from error
        except OSError as error:
            raise refuse(f"the backup cannot be written: {error.strerror or error}") from error
        return Done(text=f"backed up to {made}")


def restore(folder: Path) -> str:
    """Puts the backup in `folder` in place of the learner's memory, which is moved aside; says where
    it went. Raises `Refused`, e.g. while Viva is running."""
    home = locate()
    learner = load_settings(home).learner
    if not (folder / "journal.sqlite3").is_file():
        raise refuse(f"{folder} is no backup of Viva", "name a folder that `viva backup` made")
    try:
        with closing(Home.open(home)):
            put_back(folder, home, learner_folder(home, learner))
    except HomeError as error:
        raise refuse(error.message, error.mend) from error
    return f"restored from {folder}; what was there lies beside it"
