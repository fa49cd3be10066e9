"""Search over a test collection: `python -m bench.search FOLDER`, the fusion beside its halves.

FOLDER holds a collection in the Cranfield layout: `cran.all` (documents), `cran.qry` (queries,
numbered by their order), `cran.qrel` (query, 0, document, grade). Every judged document counts as
relevant.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.passages import Passage
from memory.search import DEPTH
from memory.store import Memory


def documents(file: Path) -> list[Passage]:
    """The documents with their numbers as ids."""
    found = []
    for part in file.read_text("utf-8").removeprefix(".I ").split("\n.I "):
        number, _, rest = part.partition("\n")
        text = rest.partition("\n.W\n")[2].strip()
        found.append(Passage(number.strip(), text or "(empty)", "", ""))
    return found


def queries(file: Path) -> list[str]:
    parts = file.read_text("utf-8").split(".I ")[1:]
    return [" ".join(part.partition(".W")[2].split()) for part in parts]


def judgements(file: Path) -> dict[int, set[str]]:
    """Relevant documents by query number."""
    found: dict[int, set[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        query, _, document, grade = line.split()[:4]
        if int(grade) > 0:
            found.setdefault(int(query), set()).add(document)
    return found


def ndcg(found: Sequence[str], relevant: set[str], k: int = 10) -> float:
    gain = sum(1 / math.log2(n + 2) for n, name in enumerate(found[:k]) if name in relevant)
    return gain / sum(1 / math.log2(n + 2) for n in range(min(k, len(relevant))))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.search",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder: Path = parser.parse_args().folder
    missing = [n for n in ("cran.all", "cran.qry", "cran.qrel") if not (folder / n).is_file()]
    if missing:
        parser.error(f"{folder} lacks {', '.join(missing)}")
    relevant = judgements(folder / "cran.qrel")
    with tempfile.TemporaryDirectory() as home, Memory.open(Path(home) / "home") as memory:
        memory.set_passages("", documents(folder / "cran.all"))
        memory.flush()
        scores: dict[str, list[float]] = {"words": [], "meaning": [], "fusion": []}
        for number, query in enumerate(queries(folder / "cran.qry"), 1):
            if number not in relevant:
                continue
            words = [n for n, _ in memory._passages.ranked(query, DEPTH)]
            known = memory._passages.get(words)
            vector = memory._index.embedder.embed([query])[0]
            ranked = {
                "words": [known[n].id for n in words],
                "meaning": [name for name, _ in memory._index.nearest("passages", vector, 10)],
                "fusion": [found.id for found in memory.search(query, 10)],
            }
            for name, ids in ranked.items():
                scores[name].append(ndcg(ids, relevant[number]))
        print(f"{memory._index.embedder.name}, {len(scores['fusion'])} queries, nDCG@10")
        for name, values in scores.items():
            print(f"{name:8} {np.mean(values):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
