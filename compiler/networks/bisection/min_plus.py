"""(min,+) powers of rows: the least cost of many like parts, by how many endpoints of theirs stand on side A.

A row, shape (k + 1,), is the least cost of one part with 0 .. k of its endpoints on side A; infinite where that cannot
be. The n-fold (min,+) power of a row is the least cost of n such parts by their total.

Nearly all copies of a least choice stand at the two ends of one edge of the lower convex hull of the row: a copy
elsewhere costs its height above the edge and moves the total, so what matters is the total modulo the length of the
edge. That gives a lower end for any number of such copies (a shortest path over residues) and an upper end for two of
them at most. Where both meet the answer is exact, and costs what one copy costs.
"""

import numpy as np

from compiler.networks.bisection.lower_hull import Edge, Floats, Ints, edges, is_concave
from compiler.networks.bisection.residues import shortest
from compiler.numerics.tolerances import TIE

PLAIN = 64
"""Totals up to which a power is taken by squaring straight away."""


def convolved(one: Floats, other: Floats) -> Floats:
    """The (min,+) convolution of two rows, shapes (a + 1,) and (b + 1,): shape (a + b + 1,)."""
    if one.size < other.size:
        one, other = other, one
    out = np.full(one.size + other.size - 1, np.inf)
    for i in np.flatnonzero(np.isfinite(other)).tolist():
        np.minimum(out[i : i + one.size], one + other[i], out=out[i : i + one.size])
    return out


def power(row: Floats, copies: int) -> Floats:
    """The least cost of at least one copy of a row by their total, exact: shape (copies * k + 1,)."""
    top = row.size - 1
    if copies == 1:
        return row
    if top == 0:
        return row * copies
    if copies * top > PLAIN and np.isfinite(row).any():
        found = _along_hull(row, copies)
        if found is not None:
            return found
    return _squared(row, copies)


def cost_of_power(top: int, copies: int) -> float:
    """The most steps that the power of a row over 0 .. top may take: what a budget is charged before it is taken."""
    total = copies * top
    return float(total) if total <= PLAIN else float(total) * min(total, 4 * top + 4) / 4


def _squared(row: Floats, copies: int) -> Floats:
    """The power of a row by squaring."""
    out: Floats | None = None
    base, left = row, copies
    while left:
        if left & 1:
            out = base if out is None else convolved(out, base)
        left >>= 1
        if left:
            base = convolved(base, base)
    assert out is not None
    return out


def _along_hull(row: Floats, copies: int) -> Floats | None:
    """The power with all copies but two at the ends of one hull edge; None where that does not meet the lower end."""
    found = edges(row)
    if not found:
        return None
    out = np.full(copies * (row.size - 1) + 1, np.inf)
    for edge in found:
        totals = np.arange(copies * edge.start, copies * edge.end + 1)
        at_end, rest = np.divmod(totals - copies * edge.start, edge.length)
        upper = _one_or_two_off(edge, copies, at_end, rest)
        lower = _by_residue(edge)
        if not np.all(upper <= lower[rest] * (1 + TIE)):
            return None
        chord = copies * row[edge.start] + edge.slope * (totals - copies * edge.start)
        out[totals] = np.minimum(out[totals], chord + upper)
    finite = row[np.isfinite(row)]
    # a slope of thirds makes whole costs unlike in the last bit; like tables have to be equal
    return np.rint(out) if np.array_equal(finite, np.rint(finite)) else out


def _one_or_two_off(edge: Edge, copies: int, at_end: Ints, rest: Ints) -> Floats:
    """The least height of one or two copies inside an edge, shape (totals,); `at_end` (totals,) are the copies at its
    end, and `rest` (totals,) the endpoints that are left over."""
    inside = edge.inside
    upper = inside[rest]
    if copies > 1 and not is_concave(inside):
        pairs = convolved(inside, inside)
        upper = np.minimum(upper, np.where(at_end <= copies - 2, pairs[rest], np.inf))
        wrapped = np.where((at_end >= 1) & (at_end <= copies - 1), pairs[rest + edge.length], np.inf)
        upper = np.minimum(upper, wrapped)
    return upper


def _by_residue(edge: Edge) -> Floats:
    """A lower end for the height of any number of copies off an edge, by their total modulo its length, shape (length,).

    A shortest path over residues. Heights that are concave over the edge, and no lower outside it at the same residue,
    are subadditive modulo its length: then one copy is never dearer than several.
    """
    finite = np.flatnonzero(np.isfinite(edge.heights))
    step = np.full(edge.length, np.inf)
    np.minimum.at(step, (finite - edge.start) % edge.length, edge.heights[finite])
    if is_concave(edge.inside) and np.array_equal(step, edge.inside[:-1]):
        return step
    return shortest(step)
