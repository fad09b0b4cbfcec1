"""Provenance of a quantity: every source below it, and the weakest grade among them."""

from collections.abc import Iterator

from compiler.quantities.graph import Citation, Quantity

GRADES = ("measured", "datasheet", "paper", "vendor", "analyst", "press", "estimate")
"""Grades of sources, the best first."""
UNSOURCED = "unsourced"
"""The grade of a quantity that rests on a number with a unit and without a source."""


def citations(quantity: Quantity) -> tuple[Citation, ...]:
    """Citations below a quantity, each once, in the order met."""
    return tuple(dict.fromkeys(citation for _, found in _leaves(quantity) for citation in found))


def grade(quantity: Quantity) -> str | None:
    """The weakest grade below a quantity; None when nothing below needs a source, as for plain counts."""
    weakest = -1
    for node, found in _leaves(quantity):
        if found:
            weakest = max(weakest, *(_rank(citation.source.grade) for citation in found))
        elif node.dimension and node.symbol:  # a number of ours, a count or a factor, has no symbol and needs no source
            return UNSOURCED
    return GRADES[weakest] if weakest >= 0 else None


def _rank(word: str) -> int:
    return GRADES.index(word) if word in GRADES else len(GRADES) - 1


def _leaves(quantity: Quantity) -> Iterator[tuple[Quantity, tuple[Citation, ...]]]:
    """Literals with their citations, and cited results; a cited result vouches for the uncited literals it is made of."""
    seen: set[tuple[int, bool]] = set()
    stack: list[tuple[Quantity, bool]] = [(quantity, False)]
    while stack:
        node, covered = stack.pop()
        if (id(node), covered) in seen:
            continue
        seen.add((id(node), covered))
        found = node.origin.citations if node.origin else ()
        if found or (node.spread is not None and not covered):
            yield node, found
        stack.extend((arg, covered or bool(found)) for arg in reversed(node.args))
