"""`viva search QUERY`: passages of the corpus."""

from __future__ import annotations

from agents.protocol import SearchCorpus
from agents.views import SourceView
from tui.commands.shell import answer, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("search", "Searches decks and documents by words and by meaning.")
    parser.add_argument("query", nargs="+")
    parser.add_argument("--limit", type=int, default=5)
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    return answer(SearchCorpus(" ".join(args.query), args.limit), _show, args.json)


def _show(found: tuple[SourceView, ...]) -> None:
    if not found:
        say("Nothing found.")
    for source in found:
        say(f"{source.title} {source.where}".strip())
        say(source.excerpt, 2)
