"""Sampling of the quantity graph: values over (design points, samples), every shared node computed once.

A plain report is one point. Uncertain inputs fill the second axis with Latin-hypercube samples seeded by the name of
the input, so that adding a line elsewhere changes nothing and everything that uses an input varies with it.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from compiler.numerics.tolerances import CLOSE, WHOLE
from compiler.quantities.draws import shaped
from compiler.quantities.graph import Quantity, order
from compiler.quantities.symbols import symbol_of

Array = NDArray[np.float64]
SAMPLES = 4096


def evaluate(
    roots: Sequence[Quantity], samples: int = SAMPLES, points: Mapping[str, Array] | None = None
) -> list[Array]:
    """The values of quantities in base units, each an array that broadcasts to (points, samples).

    `points` gives symbols a column of values, shape (points, 1), instead of their own spread.
    """
    known: dict[int, Array] = {}
    drawn: dict[str, Array] = dict(points or {})
    nodes = order(roots)
    with np.errstate(all="ignore"):  # 0/0 is a value here: no number
        for node in nodes:
            if node.spread is not None:
                known[id(node)] = _literal(node, samples, drawn)
            elif node.op in OPERATIONS:
                known[id(node)] = OPERATIONS[node.op](*(known[id(arg)] for arg in node.args))
            else:  # what nobody stated: that it is unknown is said by its bounds, not by samples
                known[id(node)] = np.zeros((1, 1))
    return [known[id(root)] for root in roots]


def _literal(node: Quantity, samples: int, drawn: dict[str, Array]) -> Array:
    spread = node.spread
    assert spread is not None
    if node.symbol in drawn:
        return drawn[node.symbol]
    if spread.shape == "point":
        return np.full((1, 1), spread.middle)
    key = symbol_of(node, len(drawn))
    drawn[key] = shaped(spread, hypercube(key, samples))[np.newaxis, :]
    return drawn[key]


def hypercube(symbol: str, samples: int) -> Array:
    """One Latin-hypercube column, shape (samples,): a point in each of so many equal strata, shuffled, the same everywhere.

    The stream is SplitMix64 (Steele, Lea, Flood 2014) over a hash of the symbol, so that no library version changes it;
    its values are all different, so that every way of sorting them gives the same order.
    """
    seed = int.from_bytes(hashlib.blake2b(symbol.encode(), digest_size=8).digest(), "little")
    stream = _splitmix(seed, 2 * samples)
    strata = np.argsort(stream[:samples]).astype(np.float64)
    jitter = (stream[samples:] >> np.uint64(11)).astype(np.float64) * 2.0**-53  # 53 bits are what a float holds
    return (strata + jitter) / samples


def _splitmix(seed: int, count: int) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def nearly(x: Array | float, y: Array | float) -> NDArray[np.bool_]:
    """Equality of computed numbers within a billionth, in the common shape of both; what has no end is near only to itself."""
    return np.isfinite(x - y) & (np.abs(x - y) <= CLOSE * np.maximum(np.abs(x), np.abs(y)))


def _folded(function: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def over(first: Array, *rest: Array) -> Array:
        result = first
        for value in rest:
            result = function(result, value)
        return result

    return over


def _floor(x: Array) -> Array:
    return np.floor(x + WHOLE * np.abs(x))


def _ceil(x: Array) -> Array:
    return np.ceil(x - WHOLE * np.abs(x))


def _where(condition: Array, then: Array, otherwise: Array) -> Array:
    return np.asarray(np.where(condition != 0, then, otherwise), dtype=np.float64)


def _as_truth(function: Callable[[Array, Array], NDArray[np.bool_]]) -> Callable[..., Array]:
    return lambda x, y: function(x, y).astype(np.float64)


OPERATIONS: dict[str, Callable[..., Array]] = {
    "add": _folded(np.add),
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "floor_divide": lambda x, y: _floor(np.divide(x, y)),
    "negative": np.negative,
    "power": np.power,
    "minimum": _folded(np.minimum),
    "maximum": _folded(np.maximum),
    "floor": _floor,
    "ceil": _ceil,
    "round": np.round,
    "sqrt": np.sqrt,
    "log2": np.log2,
    "log10": np.log10,
    "absolute": np.abs,
    "where": _where,
    "and": _folded(np.minimum),
    "or": _folded(np.maximum),
    "not": lambda x: 1.0 - x,
    "less": _as_truth(lambda x, y: (x < y) & ~nearly(x, y)),
    "greater": _as_truth(lambda x, y: (x > y) & ~nearly(x, y)),
    "less_equal": _as_truth(lambda x, y: (x <= y) | nearly(x, y)),
    "greater_equal": _as_truth(lambda x, y: (x >= y) | nearly(x, y)),
    "equal": _as_truth(lambda x, y: (x == y) | nearly(x, y)),
    "not_equal": _as_truth(lambda x, y: ~((x == y) | nearly(x, y))),
}
