"""What is said of the rows of a document that gave no question, no answer, or columns of no use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.banks.rows import columns, is_known
from corpus.loaders.parts import Part

_MOST = 10
"""Places or columns that are named."""
_LONGEST = 40


def row_notes(parts: Sequence[Part], answered: Mapping[str, bool]) -> Iterator[str]:
    """Notes on the rows in `parts`; `answered` says for each place of a question if it has an answer."""
    table = [(p.where, p.row) for p in parts if isinstance(p.row, (list, tuple))]
    head, named = columns([row for _, row in table])
    if table and not answered:
        first = ", ".join(" ".join(str(cell).split())[:_LONGEST] for cell in table[0][1][:_MOST])
        yield f"no question in its rows: name the columns question and answer; they begin: {first}"
        return
    if head and not named:
        shown = ", ".join(head)
        yield f"the first two of its columns ({shown}) are read as question and answer"
    odd = [name for name in head if named and name and not is_known(name)]
    if odd:
        yield f"no use is known for its columns {', '.join(odd)}"
    filled = [where for where, row in table if any(str(c).strip() for c in row)]
    empty = [where for where in filled[bool(head) :] if where not in answered]
    if empty:
        yield f"no question with an answer in {_listed(empty)}"
    bare = [where for where, told in answered.items() if not told]
    if bare:
        yield f"no answer, so it can be asked but not judged: {_listed(bare)}"


def _listed(places: Sequence[str]) -> str:
    more = len(places) - _MOST
    return ", ".join(places[:_MOST]) + (f" and {more} more" if more > 0 else "")
