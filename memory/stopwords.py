"""English words that carry no topic: left out of every lexical query."""

from __future__ import annotations

STOPWORDS: frozenset[str] = frozenset(
    """
    a about above after again all also am an and any are aren as at be because been before being
    below between both but by can cannot could couldn d did didn do does doesn doing don done down
    during each etc ever few for from further get gets getting give given go goes going got had
    hadn has hasn have haven having he her here hers herself him himself his how however i if in
    into is isn it its itself just know let like ll m made make many may me might mine more most
    much must my myself need no nor not now of off on once one only or other our ours ourselves
    out over own please quite rather re really s said same say says see seem she should shouldn
    since so some such t tell than that the their theirs them themselves then there these they
    thing things this those through to too under until up upon us use used using ve very want was
    wasn we well were weren what when where whether which while who whom whose why will with won
    would wouldn yes yet you your yours yourself yourselves
    """.split()
)
