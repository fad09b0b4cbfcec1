"""Symbols by which literals are sampled and swept."""

from compiler.quantities.graph import Quantity


def symbol_of(node: Quantity, met: int) -> str:
    """The symbol of a literal; one that nobody wrote, such as a bisection between bounds, is told by its label and by how
    many inputs were `met` before it, so that every run draws the same samples for it."""
    return node.symbol or f"unwritten {met} {node.label}"
