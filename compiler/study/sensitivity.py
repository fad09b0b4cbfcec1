"""What moves a figure: each uncertain input alone (tornado), and its share of the variance (Sobol indices).

An input is a literal with a range. It is named by where it was written, because that is where it can be narrowed.
"""

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from compiler.display import interval
from compiler.engine import SAMPLES, evaluate, hypercube
from compiler.ir.quantity import Bounds, Quantity, Spread, order
from compiler.shapes import shaped
from compiler.study.formats import required
from dsl.source import Span

Array = NDArray[np.float64]
SOBOL_BASE = 1024
"""Base points of a Sobol estimate; the model is read (inputs + 2) times as often."""
BINS = 64
SEED = 910
Names = Mapping[int, str]
NO_NAMES: Names = {}
"""What inputs are called, by the identity of their literals: `places.input_names(design)`; else by their own labels."""


@frozen(eq=False)
class Input:
    """An uncertain input: what it is called, where and on whose word it was written, and its ends in base units."""

    symbol: str
    label: str
    text: str
    place: Span | None
    sources: tuple[str, ...]
    low: float
    middle: float
    high: float
    display: str

    @property
    def at(self) -> str:
        """File and line: `stdlib/huawei/ascend910.cluster:123`."""
        if self.place is None:
            return ""
        line, _ = self.place.source.line_column(self.place.start)
        return f"{self.place.source.name}:{line}"


@frozen(eq=False)
class Swing:
    """One bar of a tornado: the figure at the low and at the high end of one input, all others at their middle."""

    input: Input
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far the input moves the figure."""
        return abs(self.at_high - self.at_low)


@frozen(eq=False)
class Tornado:
    """What each input does by itself, the strongest first. `middle` is the figure with every input at its middle."""

    middle: float
    swings: tuple[Swing, ...]


@frozen(eq=False)
class Index:
    """The share of the variance that one input explains alone (`first`) and with all its interactions (`total`).

    `error` is half the width of the 95 % confidence interval of `first`; None where the method gives none.
    """

    input: Input
    first: float
    total: float | None
    error: float | None = None


@frozen(eq=False)
class Indices:
    """The variance of a figure shared out over its inputs, the strongest first, with the method that did it."""

    variance: float
    shares: tuple[Index, ...]
    method: str


@frozen(eq=False)
class _Prepared:
    """A graph whose uncertain leaves all have a symbol: the root, the inputs, and the spread behind each symbol."""

    root: Quantity
    inputs: tuple[Input, ...]
    spreads: Mapping[str, Spread]


def inputs(quantity: Quantity, names: Names = NO_NAMES) -> tuple[Input, ...]:
    """The uncertain inputs of a quantity, each once, in the order met. A literal used twice is one input."""
    return _prepared(quantity, names).inputs


def tornado(quantity: Quantity, names: Names = NO_NAMES) -> Tornado:
    """Each input of a quantity to its low and its high end, the others at their middle; one array reading for all."""
    prepared = _prepared(quantity, names)
    count = len(prepared.inputs)
    points = {}
    for place, one in enumerate(prepared.inputs):
        column = np.full((2 * count + 1, 1), one.middle)
        column[2 * place + 1], column[2 * place + 2] = one.low, one.high
        points[one.symbol] = column
    values = np.broadcast_to(evaluate([prepared.root], 1, points)[0], (2 * count + 1, 1))[:, 0]
    swings = (
        Swing(one, float(values[2 * place + 1]), float(values[2 * place + 2]))
        for place, one in enumerate(prepared.inputs)
    )
    return Tornado(float(values[0]), tuple(sorted(swings, key=lambda swing: -_known(swing.width))))


def indices(quantity: Quantity, names: Names = NO_NAMES, base: int = SOBOL_BASE) -> Indices:
    """Sobol indices by SALib where it is installed, else the first-order shares of the Latin-hypercube samples."""
    return sobol(quantity, names, base) if has_salib() else first_order(quantity, names)


def has_salib() -> bool:
    """Whether SALib, of the extra `studies`, is installed."""
    return find_spec("SALib") is not None


def first_order(quantity: Quantity, names: Names = NO_NAMES, samples: int = SAMPLES) -> Indices:
    """First-order shares from the samples of a report: the variance between the means of equal slices of an input.

    This is the correlation ratio (Pearson 1905) with the correction of Epsilon squared (Kelley 1935), without which
    an input that does nothing would be given (slices - 1) / samples.
    """
    prepared = _prepared(quantity, names)
    values = np.broadcast_to(evaluate([prepared.root], samples)[0], (1, samples))[0]
    variance = float(np.var(values))
    shares = []
    for one in prepared.inputs:
        slices = np.minimum((hypercube(one.symbol, samples) * BINS).astype(np.int64), BINS - 1)
        shares.append(Index(one, _between(values, slices, variance), None))
    return Indices(variance, _sorted(shares), f"first order, from {samples:,} Latin-hypercube samples")


def _between(values: Array, slices: NDArray[np.int64], variance: float) -> float:
    """The share of the variance that lies between slices."""
    if not variance > 0:
        return 0.0
    counts = np.bincount(slices, minlength=BINS)
    means = np.bincount(slices, weights=values, minlength=BINS) / np.maximum(counts, 1)
    within = float(np.mean((values - means[slices]) ** 2)) / variance
    freedom = (len(values) - 1) / max(1, len(values) - int(np.count_nonzero(counts)))
    return max(0.0, 1.0 - within * freedom)


def sobol(quantity: Quantity, names: Names = NO_NAMES, base: int = SOBOL_BASE) -> Indices:
    """First-order and total Sobol indices: Saltelli's design of `base` points, a power of two (Saltelli et al. 2010).

    The seed is fixed, so that a figure has one answer. Raises `ClusterError` naming the extra when SALib is missing.
    """
    required("SALib", "studies", "the Sobol indices of a figure")
    prepared = _prepared(quantity, names)
    if not prepared.inputs:
        return Indices(0.0, (), "no input is uncertain")
    problem = {
        "num_vars": len(prepared.inputs),
        "names": [one.symbol for one in prepared.inputs],
        "bounds": [[0.0, 1.0]] * len(prepared.inputs),
    }
    sampler, analyzer = (_module(f"SALib.{name}.sobol") for name in ("sample", "analyze"))
    uniform = sampler.sample(problem, base, calc_second_order=False, seed=SEED)
    points = {
        one.symbol: shaped(prepared.spreads[one.symbol], np.clip(uniform[:, place], 1e-12, 1 - 1e-12))[:, np.newaxis]
        for place, one in enumerate(prepared.inputs)
    }
    values = np.broadcast_to(evaluate([prepared.root], 1, points)[0], (len(uniform), 1))[:, 0]
    variance = float(np.var(values))
    method = f"Sobol, {len(uniform):,} readings of Saltelli's design"
    if not variance > 0:
        return Indices(variance, tuple(Index(one, 0.0, 0.0) for one in prepared.inputs), method)
    found = analyzer.analyze(problem, values, calc_second_order=False, seed=SEED)
    rows = zip(prepared.inputs, found["S1"], found["ST"], found["S1_conf"], strict=True)
    return Indices(
        variance, _sorted([Index(one, float(s1), float(st), float(error)) for one, s1, st, error in rows]), method
    )


def _module(name: str) -> Any:
    return import_module(name)


def _sorted(shares: Sequence[Index]) -> tuple[Index, ...]:
    return tuple(sorted(shares, key=lambda share: -max(share.first, share.total or 0.0)))


def _known(width: float) -> float:
    return width if math.isfinite(width) else math.inf


# ---- inputs ----------------------------------------------------------------------------------


def _prepared(quantity: Quantity, names: Names) -> _Prepared:
    """The graph with a symbol on every uncertain leaf: a bisection between bounds is an input that nobody wrote."""
    rebuilt: dict[int, Quantity] = {}
    found: dict[str, Input] = {}
    spreads: dict[str, Spread] = {}
    for node in order([quantity]):
        made = node
        if node.spread is not None and node.spread.shape != "point":
            symbol = node.symbol or f"unwritten {len(found)} {node.label}"
            made = node if node.symbol else evolve(node, symbol=symbol)
            if symbol not in found:
                found[symbol], spreads[symbol] = _input(node, node.spread, symbol, names), node.spread
        elif any(rebuilt[id(arg)] is not arg for arg in node.args):
            made = evolve(node, args=tuple(rebuilt[id(arg)] for arg in node.args))
        rebuilt[id(node)] = made
    return _Prepared(rebuilt[id(quantity)], tuple(found.values()), spreads)


def _input(node: Quantity, spread: Spread, symbol: str, names: Names) -> Input:
    origin = node.origin
    text = " ".join(origin.span.text.split()) if origin else ""
    cited = origin.citations if origin else ()
    sources = tuple(dict.fromkeys(c.source.title or c.source.name for c in cited))
    display = interval(Bounds(spread.low, spread.middle, spread.high), node)
    return Input(
        symbol,
        names.get(id(node)) or node.label or text or "an input",
        text,
        origin.span if origin else None,
        sources,
        spread.low,
        spread.middle,
        spread.high,
        display,
    )
