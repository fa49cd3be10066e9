"""The child process that parses: reads requests as JSON lines, answers with parts as JSON lines.

It limits its own memory and processor time. When it dies, the parent starts another one.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from corpus.loaders.parts import MAX_FILE, MAX_TEXT, MAX_TEXT_FILE, Unreadable

_TEXT_KINDS = frozenset(
    (".txt", ".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".html", ".htm")
)


def limit(memory: int) -> None:
    """Cap this process at `memory` bytes of address space, and write no core or large file."""
    with contextlib.suppress(ValueError, OSError):  # macOS takes no limit of address space
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000_000, 400_000_000))


def allow(seconds: int) -> None:
    """Let this process use `seconds` more of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main() -> int:
    """Serve requests from standard input until it ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    # A parser that prints must not be taken for an answer.
    os.dup2(2, 1)
    limit(int(sys.argv[1]))
    for line in sys.stdin:
        request = json.loads(line)
        allow(int(request["seconds"]))
        try:
            serve(request, out)
        except MemoryError:
            _tell(out, {"error": "it needs too much memory: it looks like a bomb", "last": True})
            return 1
    return 0


def serve(request: Mapping[str, str], out: TextIO) -> None:
    """Answer one request: parts, notes, and a last line with `done` or `error`."""
    path = Path(request["path"])
    try:
        _check_size(path)
        from corpus.loaders.langchain import loader_for

        loader = loader_for(path, request.get("type", ""))
        total = 0
        for document in loader.lazy_load():
            total += len(document.page_content)
            if total > MAX_TEXT:
                _tell(out, {"note": "the rest was left out: too much text"})
                break
            _tell(
                out,
                {
                    "text": document.page_content,
                    "where": document.metadata.get("where", ""),
                    "row": document.metadata.get("row"),
                },
            )
        for note in loader.notes:
            _tell(out, {"note": note})
        _tell(out, {"done": True})
    except Unreadable as error:
        _tell(out, {"error": str(error)})
    except OSError as error:
        _tell(out, {"error": error.strerror or "it cannot be read"})
    except RecursionError:
        _tell(out, {"error": "it is nested too deeply"})
    except MemoryError:
        raise
    except Exception as error:
        _tell(out, {"error": f"the parser failed ({type(error).__name__})"})


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    most = MAX_TEXT_FILE if path.suffix.lower() in _TEXT_KINDS else MAX_FILE
    if size > most:
        raise Unreadable(f"it is {size / 1e6:.0f} MB; the most that is read is {most / 1e6:.0f} MB")


def _tell(out: TextIO, answer: Mapping[str, object]) -> None:
    out.write(json.dumps(answer, ensure_ascii=True, default=str) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
