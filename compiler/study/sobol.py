"""Sobol indices of a figure by SALib, of the extra `studies`; without it the shares that its samples give."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from compiler.errors import required
from compiler.quantities.draws import shaped
from compiler.quantities.graph import Quantity
from compiler.quantities.inputs import NO_NAMES, Names, prepared_of
from compiler.quantities.samples import evaluate
from compiler.quantities.sensitivity import Indices, VarianceShare, by_share, first_order

Salib = Any
"""A module of SALib, which comes without types."""

SOBOL_BASE = 1024
"""Base points of a Sobol estimate; the model is read (inputs + 2) times as often."""
SEED = 910
"""Any seed would do; a fixed one gives a figure one answer."""
INSIDE = 1e-12
"""Uniform draws are kept this far from 0 and 1, where a quantile is infinite."""


def indices(quantity: Quantity, names: Names = NO_NAMES, base: int = SOBOL_BASE) -> Indices:
    """Sobol indices by SALib where it is installed, else the first-order shares of the Latin-hypercube samples."""
    return sobol(quantity, names, base) if has_salib() else first_order(quantity, names)


def has_salib() -> bool:
    """True when SALib, of the extra `studies`, is installed."""
    return find_spec("SALib") is not None


def sobol(quantity: Quantity, names: Names = NO_NAMES, base: int = SOBOL_BASE) -> Indices:
    """First-order and total Sobol indices: Saltelli's design of `base` points, a power of two (Saltelli et al. 2010).

    The seed is fixed, so that a figure has one answer. Raises `ClusterError` naming the extra when SALib is missing.
    """
    required("SALib", "studies", "the Sobol indices of a figure")
    prepared = prepared_of(quantity, names)
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
        one.symbol: shaped(prepared.spreads[one.symbol], np.clip(uniform[:, place], INSIDE, 1 - INSIDE))[:, np.newaxis]
        for place, one in enumerate(prepared.inputs)
    }
    values = np.broadcast_to(evaluate([prepared.root], 1, points)[0], (len(uniform), 1))[:, 0]
    variance = float(np.var(values))
    method = f"Sobol, {len(uniform):,} readings of Saltelli's design"
    if not variance > 0:
        return Indices(variance, tuple(VarianceShare(one, 0.0, 0.0) for one in prepared.inputs), method)
    found = analyzer.analyze(problem, values, calc_second_order=False, seed=SEED)
    rows = zip(prepared.inputs, found["S1"], found["ST"], found["S1_conf"], strict=True)
    return Indices(
        variance,
        by_share([VarianceShare(one, float(s1), float(st), float(error)) for one, s1, st, error in rows]),
        method,
    )


def _module(name: str) -> Salib:
    return import_module(name)
