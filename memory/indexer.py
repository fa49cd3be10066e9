"""Carries events from the journal into the indexes, in a thread of its own.

The order per event: words (SQLite FTS5), `events` in Chroma, the vector of the turn. Each step is
noted where it was done, so that after a kill the rest follows; nothing is lost by stopping anywhere.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from memory.forget import erase_in_collections
from memory.index import Index, checksum
from memory.journal import Journal
from memory.lexical import LexicalIndex, Turn, said
from memory.passages import PassageIndex

log = logging.getLogger(__name__)
ROWS = 500
TEXTS, BULK = 8, 128
"""Texts embedded in one step: few while somebody may be waiting, many when all is to be made."""
QUIET = 2.0
"""Seconds after opening before Chroma is touched: until then the screen comes first."""
IDLE = 1.0
BURST, LONGEST_BURST = 0.25, 3.0
"""Seconds after an append before the background works on, and how long it lets itself be put off."""
FOLLOW = 30.0
"""Seconds between two looks at a shared Chroma while nothing happens here."""
LONGEST_STEP = 30.0
"""Seconds that a step may take when Viva closes; a server that hangs is given up after ten."""
RETRIES = (2.0, 5.0, 15.0, 60.0)


class Indexer:
    """Keeps the indexes in step with the journal and the passages. Threads may share it.

    `agree` is called before Chroma is first written to; `fetch` to look for what other machines sent
    (at once, if it is given True); `settled` when all is done for the moment.
    """

    def __init__(
        self,
        journal: Journal,
        lexical: LexicalIndex,
        passages: PassageIndex,
        index: Index,
        agree: Callable[[], None] = lambda: None,
        fetch: Callable[[bool], None] = lambda _: None,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._journal = journal
        self._lexical = lexical
        self._passages = passages
        self._index = index
        self._agree = agree
        self._fetch = fetch
        self._settled = settled
        self._agreed = False
        self._work = threading.RLock()
        self._words = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._heard = threading.Event()
        self._thread: threading.Thread | None = None
        self._woken = 0.0
        self.follow = False
        """Whether others write to the same Chroma, so that it is opened without a reason here."""
        self.trouble = ""
        """Why Chroma does not follow at the moment, "" if it does."""

    def start(self) -> None:
        """Begin to follow in the background."""
        self._thread = threading.Thread(target=self._run, name="viva-indexer", daemon=True)
        self._thread.start()

    def heard(self, patience: float) -> bool:
        """Wait until a Chroma shared with other machines was asked for their events, or was found to
        be away; False if `patience` (seconds) ran out first."""
        return not self.follow or self._heard.wait(patience)

    def wake(self) -> None:
        """Something was appended."""
        self._woken = time.monotonic()
        self._wake.set()

    def _let_pass(self) -> None:
        """Wait until a burst of appends is over: whoever appends waits for the answer."""
        until = time.monotonic() + LONGEST_BURST
        while not self._stop.is_set() and time.monotonic() < until:
            left = self._woken + BURST - time.monotonic()
            if left <= 0:
                return
            self._stop.wait(left)

    def stop(self, patience: float) -> bool:
        """End the thread after the step it is in; finish what was said within `patience` seconds, if
        Chroma is open anyway. False if that step does not end: the files are still in use."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LONGEST_STEP)
            if self._thread.is_alive():
                return False
        if self._index.connected and not self.trouble:
            try:
                self.flush(patience, corpus=False)
            except Exception as error:  # what is left is done after the next opening
                log.warning("closing before all is indexed: %s", error)
        return True

    def behind(self) -> int:
        """How many records and vectors are still to be made."""
        unread = self._journal.latest_arrival() - self._lexical.seen()
        return sum(
            (unread, self._journal.pending(), self._lexical.missing(), self._passages.missing())
        )

    def read_words(self) -> None:
        """Take into the lexical index what has arrived since."""
        with self._words:
            while rows := self._journal.arrived(self._lexical.seen(), ROWS):
                self._lexical.take_in(rows)

    def rewrite_words(self, report: Callable[[int, int], None]) -> None:
        """Make the lexical index again from the journal, from nothing."""
        with self._work, self._words:
            total = self._journal.count()
            self._lexical.clear()
            done = 0
            while rows := self._journal.arrived(self._lexical.seen(), ROWS):
                self._lexical.take_in(rows)
                done += len(rows)
                report(done, total)

    def check_again(self) -> None:
        """Compare with Chroma before the next step, as at the first."""
        with self._work:
            self._agreed = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is indexed inside the block."""
        with self._work, self._words:
            yield

    def flush(self, patience: float | None = None, corpus: bool = True) -> bool:
        """Make everything that is still to be made; False if `patience` (seconds) ran out.

        Without `corpus` passages are left to the background: what was said does not wait for them.

        Raises `TimeoutError` if the background's step took longer than that (a server that hangs),
        and what Chroma raises.
        """
        until = None if patience is None else time.monotonic() + patience
        while True:
            if not self._work.acquire(timeout=-1 if patience is None else max(patience, 0.1)):
                raise TimeoutError("Chroma does not answer")
            try:
                if not self._step(corpus=corpus, texts=TEXTS if patience else BULK):
                    return True
            finally:
                self._work.release()
            if until is not None and time.monotonic() > until:
                return not self.behind()

    def _step(self, background: bool = False, corpus: bool = True, texts: int = TEXTS) -> bool:
        """One small piece of work; False if there was nothing to do."""
        self.read_words()
        if not self._agreed:
            if background and not self.follow and not self.behind():
                return False  # Chroma need not even be opened
            self._fetch(True)
            self._heard.set()
            self._agree()
            self._agreed = True
            return True
        self._fetch(False)
        if self._send():
            return True
        return self._embed(texts) or (corpus and (self._put_passages() or self._drop_passages()))

    def _send(self) -> bool:
        rows = self._journal.unsent(ROWS)
        if rows:
            self._index.add_events(rows)
            self._journal.mark_sent(rows)
            for event in (row.event for row in rows):
                if event.kind == "forgotten":
                    erase_in_collections(self._index, list(event.payload.get("ids", ())))
        return bool(rows)

    def _embed(self, texts: int) -> bool:
        turns = self._lexical.without_vector(texts)
        put_missing(self._index, self._lexical, turns)
        self._lexical.mark(turn.seq for turn in turns)
        return bool(turns)

    def _put_passages(self) -> bool:
        found = self._passages.without_vector(TEXTS)
        if found:
            self._index.put_passages([(shelf, passage) for _, shelf, passage in found])
            self._passages.mark(found)
        return bool(found)

    def _drop_passages(self) -> bool:
        gone = self._passages.gone()
        if gone:
            self._index.remove("passages", gone)
            self._passages.settle(gone)
        return bool(gone)

    def _run(self) -> None:
        self._stop.wait(0 if self.follow else QUIET)
        failures = 0
        while not self._stop.is_set():
            try:
                self._let_pass()
                if not self._turn():
                    self._wake.wait(IDLE)
                    if not self._wake.is_set():
                        with self._work:
                            self._settled()
                        self._wake.wait(FOLLOW if self.follow else None)
                    self._wake.clear()
                failures, self.trouble = 0, ""
            except Exception as error:
                self.trouble = f"{type(error).__name__}: {error}"
                self._heard.set()
                log.warning("Chroma does not follow: %s", self.trouble)
                self._stop.wait(RETRIES[min(failures, len(RETRIES) - 1)])
                failures += 1

    def _turn(self) -> bool:
        with self._work:
            return self._step(background=True)


def put_missing(index: Index, lexical: LexicalIndex, turns: Sequence[Turn]) -> None:
    """Give `turns` their vectors; those that have the right one are left as they are."""
    if not turns:
        return
    words = lexical.texts([turn.seq for turn in turns])
    # Without the speaker: names draw vectors together that have nothing in common.
    texts = {turn.id: said(turn.speaker, words[turn.seq]) for turn in turns}
    held = index.checksums("turns", list(texts))
    new = [name for name, text in texts.items() if held.get(name) != checksum(text)]
    index.put("turns", new, [texts[name] for name in new])
