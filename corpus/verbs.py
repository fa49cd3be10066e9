"""Verbs of technical sentences in the third person, to find where a subject ends."""

from __future__ import annotations

VERBS = frozenset(
    """adds allows applies assigns attends avoids balances builds calculates captures combines
    compares computes contains controls converts creates decides defines depends describes determines
    disables divides enables encodes enforces ensures estimates exists explores filters focuses forces
    generates gives handles helps holds improves includes increases injects introduces involves keeps
    learns limits maintains maps masks measures minimizes minimises normalizes normalises optimizes
    optimises picks predicts preserves prevents processes produces promotes provides ranks reduces
    regularizes regularises removes replaces represents requires retains retrieves returns reuses runs
    samples saves scales scores selects separates shares simulates splits stabilizes stabilises stores
    supports teaches tells tests tracks trains transfers transforms translates treats tunes updates
    uses verifies weighs works""".split()
)

ACTIONS = (
    VERBS
    - frozenset("depends exists includes involves contains works processes scales samples".split())
) | frozenset(
    """absorbs accepts accumulates affects catalyses catalyzes executes implements influences inhibits
    integrates
    leverages regulates releases stimulates synthesizes adapts adjusts aggregates allocates answers
    asks assembles averages binds breaks
    bypasses catches checks chooses cleans closes collects compiles compresses concatenates copies corrects
    counts decodes decouples decrypts deletes delivers detects discards discounts distils distills distributes
    drops duplicates eliminates emits encrypts evicts executes expands exposes extends extracts fetches
    finds fixes freezes fuses guarantees guards halts hides ignores imposes initialises initializes inserts
    interleaves isolates joins launches loads lowers manages marks matches merges models monitors moves
    multiplies observes orders overwrites parses partitions passes penalises penalizes performs permits
    places plans projects propagates protects prunes publishes pulls pushes quantises quantizes queries
    raises randomises randomizes reads rearranges receives records recovers reflects reloads reorders repeats
    reports rescales resets resolves restores restricts rewards rewrites rotates searches sends serialises
    serializes serves sets shrinks shuffles shortens skips smooths sorts specifies standardises standardizes
    starts stops subtracts summarises summarizes swaps switches synchronises synchronizes takes terminates
    throws transports traverses truncates turns unifies validates verifies waits watches wraps writes yields
    zeroes""".split()
)
"""What a thing can be said to do: one of these answers "What does it do?"."""

PAST = {
    pair.partition(":")[0]: pair.partition(":")[2]
    for pair in """argued:argue asserted:assert assumed:assume believed:believe claimed:claim
    comprised:comprise
    concluded:conclude consisted:consist demonstrated:demonstrate depended:depend discovered:discover
    found:find held:hold observed:observe predicted:predict proposed:propose proved:prove realised:realise
    realized:realize relied:rely said:say served:serve showed:show stated:state suggested:suggest
    took:take led:lead resulted:result caused:cause occurred:occur acted:act functioned:function""".split()
}
"""Past forms with their base."""


def base(verb: str) -> str:
    """``ensures`` as ``ensure``, ``applies`` as ``apply``."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes")) else verb[:-1]


BASES = frozenset(map(base, ACTIONS))
"""The same as orders: ``assign``, ``apply``."""
