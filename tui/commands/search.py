"""`viva search QUERY`: passages of the corpus."""

from __future__ import annotations

from agents.protocol import SearchCorpus
from agents.views import SourceView
from tui.commands.shell import answer, options, parsed, say

WORDS = 45
"""Words shown of a passage."""


def run(arguments: list[str]) -> int:
    parser = options("search", "Searches decks and documents by words and by meaning.")
    parser.add_argument("query", nargs="+")
    parser.add_argument("--limit", type=int, default=5)
    parser.add_argument("--full", action="store_true", help="whole passages, not their best lines")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    query = " ".join(args.query)
    limit = 0 if args.full else WORDS
    return answer(
        SearchCorpus(query, args.limit), lambda found: _show(found, query, limit), args.json
    )


def _show(found: tuple[SourceView, ...], query: str, limit: int) -> None:
    from agents.excerpts import excerpt

    if not found:
        say("Nothing found.")
    # The same text may have come in with two documents.
    for source in {source.excerpt: source for source in found}.values():
        name = f"{source.question} · " if source.question else ""
        say(f"{name}{source.title} {source.where}".strip())
        head, _, body = source.excerpt.partition("\n\n")
        best = excerpt(body, (query,), limit) if limit and body else body
        cut = len(best.split()) < len(body.split())
        say(head, 2)
        if best:
            say(f"… {best} …" if cut else best, 2)
