"""Word lists the grader reads answers with: function words, negation, opposites, numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.words import snowball

FUNCTION_WORDS = frozenset(
    """a an the of to in on at by for with from and or but so as is are was were be been being am do
    does did done doing have has had having it its this that these those there here they them their
    he she his her him we us our you your i me my mine who whom which what when where why how if
    then than into onto about while during also just very can could will would shall should may
    might must such some any each every own too s t re ve ll d m one ones get gets got""".split()
)
NEGATIONS = frozenset(
    """no not never none nothing neither nor without cannot cant can't don't dont doesn't doesnt
    didn't didnt isn't isnt aren't arent wasn't wasnt weren't werent won't wont wouldn't wouldnt
    couldn't couldnt shouldn't hasn't haven't hadn't fail fails failed lack lacks lacking unable
    instead rather hardly barely w/o""".split()
)
_OPPOSITES = """open closed; connected disconnected; connected unconnected; connected separated;
connected separate; attached detached; touching separated; high low; higher lower; highest lowest;
increase decrease; increase reduce; raise lower; raise reduce; grow shrink; more less; more fewer;
most least; same different; same opposite; positive negative; hot cold; hotter colder; warm cool;
warmer cooler; faster slower; fast slow; quick slow; big small; bigger smaller; large small;
larger smaller; long short; longer shorter; tall short; heavy light; heavier lighter; up down;
top bottom; above below; over under; before after; first last; first second; start end; begin end;
front back; left right; inside outside; internal external; on off; true false; yes no;
strong weak; stronger weaker; hard soft; harder softer; harder easier; hard easy; gain lose;
rise fall; add remove; add subtract; insert delete; push pop; public private; static dynamic;
mutable immutable; supervised unsupervised; linear nonlinear; linear quadratic; local global;
input output; parent child; ascending descending; minimum maximum; min max; minimise maximise;
minimize maximize; best worst; better worse; good bad; full empty; complete incomplete; valid
invalid; dependent independent; equal unequal; synchronous asynchronous; overfitting underfitting;
bias variance; precision recall; series parallel; attract repel; solid liquid; acid base; dark
bright; dark light; thick thin; deep shallow; near far; closer farther; dead alive; always never;
all none; many few; include exclude; accept reject; encode decode; encoder decoder; train test;
training inference; early late; earlier later; wet dry; rough smooth; float sink; evaporate
condense; evaporation condensation; absorb reflect; random deterministic; sharp flat; sharper
flatter; sharpen flatten; wide narrow; wider narrower; cheap expensive; cheaper costlier; query
key; exact approximate; lossless lossy; dense sparse; discrete continuous; forward backward;
source target; client server; read write; hit miss; pass fail; success failure; freeze unfreeze;
frozen trainable; compress expand; allow prevent; allow block; enable disable; keep drop; keep
discard; unchanged changed; simple complex; common rare; frequent rare; known unknown; safe unsafe;
stable unstable; necessary unnecessary; required optional; create destroy; win lose; north south;
east west; male female; odd even; upper lower; front rear; push pull; heat cool; melt freeze;
expand contract; gas solid; conductor insulator; conduct insulate; opaque transparent; producer
consumer; predator prey; inhale exhale; loud quiet; louder quieter; frozen updated; frozen trained;
sequential parallel; serial parallel; automatic manual; automatically manually; shared separate;
share separate; together separately; jointly separately; single multiple; one many; relative absolute;
likely unlikely; likeliest rarest; possible impossible; stochastic deterministic; greedy random;
learned fixed; trainable fixed; constant growing; unidirectional bidirectional; causal bidirectional;
online offline; upstream downstream; remember forget; retain forget; store recompute; reuse
recompute; cached recomputed; necessary optional; required unnecessary; whole part; similar different;
agree disagree; narrow broad; broader narrower; specific general; clean noisy; smooth jagged;
visible hidden; known hidden; trust distrust; trusted untrusted; direct indirect; directly
indirectly; once repeatedly; once again; exact fuzzy; continuous discrete; encrypted plain;
aligned misaligned; balanced unbalanced; supervised self-supervised; tracked ignored; matter
irrelevant; independent tied; compatible incompatible; bounded unbounded; finite infinite; ahead
behind; leading trailing; older newer; old new; oldest newest; human automatic; toxic harmless;
nearer farther; southern northern; evaporate freeze; vibrate still; rough smooth; rougher smoother;
damp dry; dissolve settle; predictable random; creative predictable; peaked flat; sharp smooth; student
teacher; multiply divide; multiplies divides; multiplied divided; stored recomputed; exact approximated;
alive extinct; native foreign; voltage current"""
_SIDES = (
    """increase raise grow rise boost expand climb gain enlarge widen lengthen multiply up |
    decrease reduce lower shrink fall drop cut decline diminish lessen narrow shorten halve down""",
    "increases raises grows rises | decreases reduces lowers shrinks falls drops cuts declines",
    "more higher larger bigger greater longer | less lower smaller fewer shorter",
    "better improve improves help helps benefit | worse degrade degrades hurt hurts harm worsen",
    "faster quicker sooner | slower later",
    "allow allows let enable enables | prevent prevents block blocks stop stops forbid forbids",
    "avoid avoids prevent prevents solve solves fix fixes remove removes | cause causes create creates",
    "always all every everything entirely completely | never none nothing partly sometimes some",
    "cheap cheaper cheapest | expensive dear costly pricier costlier",
    "easy easier simple simpler | hard harder difficult complex",
)
ABSOLUTES = frozenset(
    """only just always never all every everything any anything automatically guaranteed guarantees
    guarantee completely entirely enough sufficient suffices simply perfect perfectly exactly free
    anymore impossible regardless anyway whatever totally fully itself alone unnecessary needless
    pointless useless irrelevant instantly immediately forever certainly obviously""".split()
)
"""Words of sweeping claims, which wrong answers are fond of."""
_PREFIXES = ("un", "dis", "in", "im", "non", "ir", "de", "mis", "a")

NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
WORD = re.compile(
    r"\b[wW]/[oO]\b|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*|[<>=+*/%^≤≥≈]+", re.UNICODE
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball English stem of a lower-case word."""
    return snowball(word[:64])


def _pairs() -> list[tuple[str, str]]:
    listed = [pair.split() for pair in _OPPOSITES.split(";")]
    sides = [[side.split() for side in group.split("|")] for group in _SIDES]
    crossed = [(one, other) for left, right in sides for one in left for other in right]
    return [(one, other) for one, other in listed] + crossed


def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for one, other in _pairs():
        table.setdefault(stem(one), set()).add(stem(other))
        table.setdefault(stem(other), set()).add(stem(one))
    return {key: frozenset(values - {key}) for key, values in table.items()}


OPPOSITES = _opposites()


@lru_cache(maxsize=65536)
def opposites(one: str) -> frozenset[str]:
    """The stems that mean the opposite of a stem: listed, or with a negating prefix more or less."""
    longer = {prefix + one for prefix in _PREFIXES} if len(one) >= 4 else set()
    shorter = {one[len(prefix) :] for prefix in _PREFIXES if one.startswith(prefix)}
    return (
        OPPOSITES.get(one, frozenset()) | longer | {other for other in shorter if len(other) >= 4}
    )


def opposite(one: str, other: str) -> bool:
    """Whether two stems mean the opposite."""
    return other in opposites(one)


@lru_cache(maxsize=65536)
def same_side(one: str, other: str) -> bool:
    """Whether two stems say the same direction, as "grow" and "rise": they share several opposites."""
    return (
        one != other
        and len(OPPOSITES.get(one, frozenset()) & OPPOSITES.get(other, frozenset())) > 3
    )


_ALIKE = 0.74


@lru_cache(maxsize=131072)
def alike(one: str, other: str) -> float:
    """How alike two stems are spelt, 0..1; below `_ALIKE` counts as unlike and gives 0."""
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    if min(len(one), len(other)) < 4 or longest > 24 or abs(len(one) - len(other)) > 2:
        return 0.0
    if one[0] != other[0] and one[1:3] != other[1:3]:
        return 0.0
    fewest = max(len(set(one) - set(other)), len(set(other) - set(one)))
    if 1 - fewest / longest < _ALIKE:  # every edit brings or takes one letter at most
        return 0.0
    ratio = 1 - _distance(one, other) / longest
    return ratio if ratio >= _ALIKE and not opposite(one, other) else 0.0


def _distance(one: str, other: str) -> int:
    """Optimal string alignment distance (edits and swaps of neighbours)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        line = [i]
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, line[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            line.append(best)
        before, row = row, line
    return row[-1]
