"""Which language a text is in: as far as a tutor has to know who judges English only."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.words import STOP, content, tokens

FUNCTION_WORDS = 0.12
"""Share of function words below which a text of some length is not English."""
FOREIGN_WORDS = 0.15
"""Share of function words of other languages from which a text is in one of them."""
SHARED = 2
"""Words of the matter at hand that show that a list of terms is meant as an answer in English."""
OTHERS = frozenset(
    """
    aber als auch auf aus bei beim bis da dann das dass dem den der des die doch durch ein eine einem
    einen einer eines er es für hat ich im ist kann man mit nach nicht noch nur oder ohne schon sich sie
    sind sowie über um und unter vom von vor weil wenn werden wie wird zu zum zur zwischen
    al como con cuando cual de del desde donde el ella en entre era es esta este esto hay la las lo los
    más muy o para pero por porque que se según ser sin sobre son su sus también un una unos y ya
    au aux avec c'est ce ces cette chaque comme dans des du elle elles en est et être il ils je la le
    les leur mais même ne nous on ont ou où par pas plus pour qu'il que qui sa sans se ses si son sont
    sur tous un une vous
    anche che chi ci come con cui da dal dalla dei del della delle di e è gli ha hanno i il in la le lo
    ma nel nella nelle non o per perché più quando questo se si sono su sul tra un una uno
    ao aos as com como da das do dos é em entre essa esse isso já mais mas na nas não no nos o os ou
    para pela pelo pelos por porque quando que se sem seu ser são sua também um uma
    aan als bij dat de deze die dit door een en er het hij hun ik is je maar met naar niet of om onder
    ook op te tot uit van voor wat we wordt worden zijn zo
    """.split()
) - (
    STOP
    | {"i", "o", "e", "y", "die", "man", "son", "pour", "sur", "plus", "sans", "pas", "hat", "of"}
)
"""Function words of German, Spanish, French, Italian, Portuguese and Dutch that are not English."""


def looks_english(text: str) -> bool:
    """Whether a text of six words or more has the function words and letters of English; shorter
    ones are given the benefit of the doubt unless they are in another script."""
    if _other_script(text):
        return False
    words = tokens(text)
    if len(words) < 6:
        return True
    return sum(word in STOP for word in words) >= FUNCTION_WORDS * len(words)


def foreign(answer: str, matter: Iterable[str]) -> bool:
    """Whether an answer is in a language other than English. Notes without a function word are not,
    if they share terms with the texts of `matter`."""
    if _other_script(answer):
        return True
    words = tokens(answer)
    others = sum(word in OTHERS for word in words)
    english = sum(word in STOP for word in words)
    if others >= 2 and others > english and others >= FOREIGN_WORDS * len(words):
        return True
    if looks_english(answer):
        return False
    known = frozenset().union(*(content(text) for text in matter))
    return len(content(answer) & known) < SHARED


def _other_script(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isascii() for c in letters) < 0.7 * len(letters)
