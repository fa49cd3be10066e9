"""Chroma in a folder beside the journal: opened after a check, closed with a seal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memory.chroma import DATABASE, connect_local, wait_closed
from memory.forget import erase_in_collections, erase_in_files
from memory.home import translated
from memory.index import Index
from memory.journal import Journal, Row
from memory.repair import mend, seal

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

log = logging.getLogger(__name__)
SEAL = "chroma_seal"


class LocalChroma:
    """The folder of one learner's Chroma.

    After a clean close the journal holds a seal (sizes and times of the files). Anything else at the
    next opening means a kill or a foreign hand: the folder is probed and repaired first.
    """

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.folder = folder
        self._journal = journal
        self.doubtful = False
        """Whether what Chroma holds is to be compared with the journal."""

    def connect(self) -> ClientAPI:
        """A client over a sound folder. Raises `HomeError` or what Chroma raises."""
        sealed = self._journal.meta(SEAL)
        with translated(self.folder):
            if self.folder.exists() and (not sealed or seal(self.folder) != sealed):
                outcome = mend(self.folder)
                log.info("Chroma was not closed cleanly: %s", outcome)
                self.doubtful = True
            elif sealed and not self.folder.exists():
                self.doubtful = True
            self._journal.set_meta(**{SEAL: ""})
            self.folder.mkdir(mode=0o700, exist_ok=True)
            return connect_local(self.folder)

    def fetch(self, index: Index, take: Callable[[list[Row]], None], now: bool) -> None:
        """Nobody else writes here."""

    def erase(self, index: Index, ids: Sequence[str]) -> bool:
        """Leave no trace of records in the folder; True when that is done."""
        if not (self.folder / DATABASE).is_file():
            return True
        erase_in_collections(index, ids)
        index.drop()
        wait_closed(self.folder)
        with translated(self.folder):
            erase_in_files(self.folder, ids)
        self.closed()
        self.doubtful = True
        return True

    def closed(self) -> None:
        """Chroma was closed: write the seal."""
        wait_closed(self.folder)
        if (self.folder / DATABASE).is_file():
            self._journal.set_meta(**{SEAL: seal(self.folder)})
