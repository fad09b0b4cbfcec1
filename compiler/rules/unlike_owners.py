"""Networks whose owners a key tells apart."""

from collections.abc import Iterator

from compiler.ir.hardware import Part, counting, walk
from compiler.networks.equijoin import MOST_KEYS
from compiler.networks.owners import comparisons
from compiler.rules import rule
from dsl.diagnostic import Code, Diagnostic

OWNERS_TOO_MANY = Code(
    "C0904",
    "a key tells more owners apart than the budget allows",
    cause="A key that reads the place of the part that has the network may give each such part other links; they are then compared part by part, and the number of keys that are read is limited. A key that grows alike on both sides tells no parts apart.",
    wrong="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  a = 4 of C { rail = index * parent.index }\n  b = 2 of C { rail = index }\n  network n { connect a to b on rail with 1 of L }\n}\nrack R { nodes = 100_000 of N }\n",
    right="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  a = 4 of C { rail = index + parent.index }\n  b = 2 of C { rail = index + parent.index }\n  network n { connect a to b on rail with 1 of L }\n}\nrack R { nodes = 100_000 of N }\n",
)


@rule
def owners_can_be_compared(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """The owners of a network that a key tells apart are few enough to be compared."""
    for group in walk(part):
        for network in counting(group.part, group.slots, group.parents):
            read = comparisons(network, group.slots)
            if read > MOST_KEYS and network.origin is not None:
                message = (
                    f"`{network.name}` of `{group.path}` may be other links in each: {read:,.0f} keys are to be read"
                )
                yield OWNERS_TOO_MANY.at(
                    network.origin.span, message, "give both sides the same share of `parent.index`, or join on a part"
                )
