"""What the event store promises."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from memory.events import Event, event_id
from memory.home import HomeError, learner_folder, locate
from memory.store import Memory


def said(number: int, text: str = "", **fields: object) -> Event:
    kind = fields.pop("kind", "answered")
    return Event(
        id=event_id(1_000 + number, f"{number:06d}"),
        kind=kind,  # type: ignore[arg-type]
        at=1_000 + number,
        session=str(fields.pop("session", "s1")),
        text=text or f"answer {number}",
        **fields,  # type: ignore[arg-type]
    )


def test_events_come_back_as_they_were_in_order(tmp_path: Path) -> None:
    written = [said(n, payload={"turn": n, "deep": {"a": [1, None, "x"]}}) for n in range(5)]
    with Memory.open(tmp_path / "home") as memory:
        for event in written:
            memory.append(event)
        assert memory.events() == written
    with Memory.open(tmp_path / "home") as memory:
        assert memory.events() == written
        assert memory.event(written[2].id) == written[2]


def test_the_same_id_twice_keeps_the_first(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.append(said(1, "first"))
        memory.append(said(1, "second"))
        assert memory.append_many([said(1, "third"), said(2)]) == 1
        assert [e.text for e in memory.events()] == ["first", "answer 2"]


def test_events_are_filtered(tmp_path: Path) -> None:
    events = [
        said(1, kind="session_started"),
        said(2, question="q1"),
        said(3, question="q2"),
        said(4, session="s2", question="q1", kind="hinted"),
    ]
    with Memory.open(tmp_path / "home") as memory:
        memory.append_many(events)
        assert memory.events(kinds=["answered"]) == events[1:3]
        assert memory.events(kinds=[]) == []
        assert memory.events(session="s2") == events[3:]
        assert memory.events(question="q1") == [events[1], events[3]]
        assert memory.events(after=events[1].id) == events[2:]
        assert memory.events(newest_first=True, limit=2) == [events[3], events[2]]
        with pytest.raises(KeyError):
            memory.events(after="unknown")


@pytest.mark.parametrize(
    "text",
    ["", " \n", "x" * 100_000, "a\0b", "\x1b[31mred", "\ud800 lone", "שלום", "漢字🙂", "[/]"],
)
def test_any_text_comes_back_as_typed(tmp_path: Path, text: str) -> None:
    event = Event(event_id(5), "answered", 5, text, text, text, text, text, {"said": text})
    with Memory.open(tmp_path / "home") as memory:
        memory.append(event)
        assert memory.events(session=text) == [event]
        assert memory.events(question=text) == [event]


@pytest.mark.parametrize("payload", [{"x": float("nan")}, {"x": {1, 2}}, {"x": b"bytes"}])
def test_what_is_not_json_is_refused_and_nothing_is_written(
    tmp_path: Path, payload: dict[str, object]
) -> None:
    with Memory.open(tmp_path / "home") as memory:
        with pytest.raises(ValueError):
            memory.append_many([said(1), said(2, payload=payload)])
        assert memory.events() == []


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory, pytest.raises(ValueError, match="kind"):
        memory.append(said(1, kind="danced"))


def test_order_holds_when_the_clock_goes_backwards(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        for number in (500, 100, 50, 400):
            memory.append(said(number))
        assert [e.at for e in memory.events()] == [1500, 1100, 1050, 1400]
        assert memory.latest() > 1500
    with Memory.open(tmp_path / "home") as memory:
        memory.append(said(7))
        assert [e.at for e in memory.events()] == [1500, 1100, 1050, 1400, 1007]


def test_the_unfinished_session_is_found(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        assert memory.open_session() is None
        memory.append(said(1, kind="session_started", session="a"))
        memory.append(said(2, kind="session_ended", session="a"))
        assert memory.open_session() is None
        memory.append(said(3, kind="session_started", session="b"))
        assert memory.open_session() == "b"


def closing(number: int, coverage: float) -> Event:
    outcomes = [{"expectation": "e1", "coverage": coverage, "aid": "none", "sure": 1.0}]
    return said(number, kind="closed", question=f"q{number % 3}", payload={"outcomes": outcomes})


def test_knowledge_follows_the_events_and_outlives_a_restart(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.append_many([closing(n, n % 2) for n in range(10)])
        before = memory.knowledge().to_json()
        memory.append(closing(10, 1.0))
        after = memory.knowledge().to_json()
        assert before != after
    with Memory.open(tmp_path / "home") as memory:
        assert memory.knowledge().to_json() == after


def test_knowledge_handed_out_does_not_change_later(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.append(closing(1, 1.0))
        held = memory.knowledge()
        text = held.to_json()
        memory.append(closing(2, 0.0))
        memory.knowledge()
        assert held.to_json() == text


def test_knowledge_is_the_same_from_a_snapshot_and_from_all_events(tmp_path: Path) -> None:
    events = [closing(n, (n * 7 % 10) / 10) for n in range(40)]
    events[20:20] = [closing(3000, 1.0)]  # the clock goes backwards after this one
    with Memory.open(tmp_path / "one") as memory:
        memory.append_many(events)
        whole = memory.knowledge().to_json()
    for start in (0, 13, 27):
        with Memory.open(tmp_path / "parts") as memory:
            memory.append_many(events[start : start + 14])
            parts = memory.knowledge().to_json()
    assert parts == whole
    assert '"dirty":false' in whole


def test_a_damaged_payload_does_not_stop_the_fold(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.append(said(1, kind="closed", question="q", payload={"outcomes": [17]}))
        memory.append(closing(2, 1.0))
        assert memory.knowledge().points


def test_opening_reads_only_what_follows_the_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.append_many([closing(n, 1.0) for n in range(300)])
    steps = 0
    from memory.knowledge import KnowledgeState

    apply = KnowledgeState.apply

    def counted(self: KnowledgeState, event: Event) -> None:
        nonlocal steps
        steps += 1
        apply(self, event)

    monkeypatch.setattr(KnowledgeState, "apply", counted)
    with Memory.open(tmp_path / "home") as memory:
        memory.append(closing(301, 0.0))
        memory.knowledge()
    assert steps == 1


def test_learners_are_kept_apart(tmp_path: Path) -> None:
    names = ["ada", "Ada", "a/da", "../../x", "", "日本"]
    assert len({learner_folder(tmp_path, name) for name in names}) == len(names)
    for name in names:
        assert learner_folder(tmp_path, name).parent == tmp_path / "learners"
        with Memory.open(tmp_path / "home", learner=name) as memory:
            assert memory.events() == []
            memory.append(said(1, name or "nobody"))


# The data folder.


def test_the_folder_is_private_even_if_it_was_open_before(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    with Memory.open(tmp_path / "home"):
        assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_second_process_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from memory.store import Memory\n"
        "from memory.home import HomeError\n"
        "try: Memory.open(Path(sys.argv[1]))\n"
        "except HomeError as e: print(e.reason, '|', e.message, '|', e.mend)"
    )
    with Memory.open(tmp_path / "home"):
        ran = _python(script, tmp_path / "home")
        assert ran.startswith("locked") and str(os.getpid()) in ran and "close it" in ran
        with pytest.raises(HomeError, match="Another Viva"):
            Memory.open(tmp_path / "home")
    assert _python(script, tmp_path / "home") == ""


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(HomeError, match=r"thesis\.tex.*empty folder") as caught:
        Memory.open(tmp_path)
    assert caught.value.reason == "foreign"
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_decks_and_settings_made_before_are_not_foreign(tmp_path: Path) -> None:
    (tmp_path / "decks").mkdir()
    (tmp_path / "viva.toml").touch()
    with Memory.open(tmp_path) as memory:
        assert memory.home.path == tmp_path
    assert {"decks", "viva.toml"} <= {p.name for p in tmp_path.iterdir()}


def test_a_folder_of_a_newer_viva_is_refused(tmp_path: Path) -> None:
    (tmp_path / "viva-home.json").write_text('{"layout": 99, "id": "x"}')
    with pytest.raises(HomeError, match="newer Viva"):
        Memory.open(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(HomeError):
        Memory.open(tmp_path / "home")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="drops root's rights")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Memory.open(home).close()
    script = (
        "import os, sys; from pathlib import Path; from memory.home import HomeError\n"
        "from memory.store import Memory\n"
        "os.setuid(65534)\n"
        "try: Memory.open(Path(sys.argv[1]))\n"
        "except HomeError as e: print(e.reason, '|', e.mend)"
    )
    for folder in (tmp_path.parent.parent, tmp_path.parent, tmp_path, home):
        folder.chmod(0o755)
    for path in home.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert _python(script, home).startswith("read_only | Make the folder writable")


def test_a_full_disk_stops_an_append_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from memory.events import Event, event_id
from memory.home import HomeError
from memory.store import Memory
memory = Memory.open(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, resource.RLIM_INFINITY))
kept = 0
try:
    for n in range(1000):
        memory.append(Event(event_id(n, f"{n:06d}"), "answered", n, "s", "x" * 3000))
        kept += 1
except HomeError as error:
    assert error.reason == "full", error
    assert len(memory.events()) == kept
    print(kept, error.mend)
"""
    kept = _python(script, tmp_path / "home")
    assert "Free some space" in kept
    with Memory.open(tmp_path / "home") as memory:
        assert len(memory.events()) == int(kept.split()[0]) > 10


def test_a_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    script = """
import sys
import threading
from pathlib import Path
from memory.events import Event, event_id
from memory.store import Memory
memory = Memory.open(Path(sys.argv[1]))
n = len(memory.events())
while True:
    memory.append(Event(event_id(n, f"{n:06d}"), "answered", n, "s", f"answer {n}"))
    print(n, flush=True)
    n += 1
"""
    home = tmp_path / "home"
    for _ in range(3):
        child = _start(script, home)
        assert child.stdout
        seen = [child.stdout.readline() for _ in range(40)]
        child.send_signal(signal.SIGKILL)
        seen += child.stdout.readlines()
        child.wait()
        acknowledged = int([line for line in seen if line.endswith("\n")][-1])
        with Memory.open(home) as memory:
            numbers = [e.at for e in memory.events()]
            assert numbers == list(range(len(numbers)))
            assert numbers[-1] >= acknowledged


def test_a_lock_left_by_a_killed_process_does_not_hold(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from memory.store import Memory\n"
        "Memory.open(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    assert _start(script, tmp_path / "home").wait() == -signal.SIGKILL
    with Memory.open(tmp_path / "home") as memory:
        assert memory.folder.is_relative_to(tmp_path / "home")


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert locate({"VIVA_HOME": str(tmp_path)}) == tmp_path
    assert locate({}).name == "viva"


def test_disk_errors_of_sqlite_are_told_apart(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.journal._db.execute("PRAGMA query_only = on")
        with pytest.raises((HomeError, sqlite3.OperationalError)) as caught:
            memory.append(said(1))
        assert isinstance(caught.value, HomeError) and caught.value.reason == "read_only"


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _python(script: str, *arguments: object) -> str:
    child = _start(script, *arguments)
    return child.communicate(timeout=60)[0].strip()


def test_a_step_that_outlasts_closing_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files stay locked while the background writes; nothing is thought to be damaged."""
    monkeypatch.setattr("memory.indexer.QUIET", 0.0)
    monkeypatch.setattr("memory.indexer.LONGEST_STEP", 0.01)
    begun, end = threading.Event(), threading.Event()
    memory = Memory.open(tmp_path / "home")

    def connect() -> object:
        begun.set()
        end.wait(30)
        raise OSError("no Chroma")

    memory._index._connect = connect  # type: ignore[assignment]
    memory.append(Event(event_id(1), "answered", 1, "s", "word"))
    assert begun.wait(30)
    memory.close()
    with pytest.raises(HomeError, match="Another Viva"):
        Memory.open(tmp_path / "home")
    memory.journal.close()
    with pytest.raises(sqlite3.ProgrammingError):
        memory.journal.set_meta(a="b")
    end.set()
    memory.home.close()
    with Memory.open(tmp_path / "home") as again:
        assert again.notice == ""
        assert len(again.events()) == 1
