"""Distributions of numbers that are not known exactly: uniform draws in (0, 1) to draws of each named one.

Distributions without ends are cut off at four standard deviations, so that hard bounds contain every sample.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from compiler.quantities.graph import P95, Spread

Array = NDArray[np.float64]
TAIL = 3.167124183311986e-05  # probability beyond four standard deviations on one side

_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)  # fmt: skip
_SHOULDER = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)  # fmt: skip


def normal_quantile(p: Array) -> Array:
    """The standard normal quantile in the shape of p, to sixteen digits for p from 1e-10 to 1 - 1e-10.

    Wichura, Algorithm AS 241, Applied Statistics 37, 1988.
    """
    q = p - 0.5
    near = 0.180625 - q * q
    centre = q * np.polyval(_CENTRE[0][::-1], near) / np.polyval(_CENTRE[1][::-1], near)
    with np.errstate(all="ignore"):
        r = np.sqrt(-np.log(np.minimum(p, 1.0 - p))) - 1.6
        shoulder = np.polyval(_SHOULDER[0][::-1], r) / np.polyval(_SHOULDER[1][::-1], r)
    return np.asarray(np.where(np.abs(q) <= 0.425, centre, np.sign(q) * shoulder))


def _standard(u: Array) -> Array:
    """Standard normal draws cut off at four."""
    return normal_quantile(TAIL + u * (1.0 - 2.0 * TAIL))


def _uniform(spread: Spread, u: Array) -> Array:
    """Uniform on either side of the middle, half of the weight each; a straight uniform when the middle is the middle."""
    below = spread.low + 2 * u * (spread.middle - spread.low)
    above = spread.middle + (2 * u - 1) * (spread.high - spread.middle)
    return np.asarray(np.where(u < 0.5, below, above), dtype=np.float64)


def _normal(spread: Spread, u: Array) -> Array:
    mean, deviation = spread.parameters
    return np.asarray(mean + deviation * _standard(u))


def _lognormal(spread: Spread, u: Array) -> Array:
    median, factor = spread.parameters
    return np.asarray(median * factor ** _standard(u))


def _triangular(spread: Spread, u: Array) -> Array:
    (mode,) = spread.parameters
    low, high = spread.low, spread.high
    rise = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u < rise, left, right))


def _quantiles(spread: Spread, u: Array) -> Array:
    """Half a normal on either side of the median, each as wide as its quantile says; of logarithms where all are positive."""
    p05, p50, p95 = spread.parameters
    z = _standard(u)
    if p05 > 0:
        return np.asarray(p50 * np.where(z < 0, p50 / p05, p95 / p50) ** (z / P95))
    return np.asarray(p50 + z / P95 * np.where(z < 0, p50 - p05, p95 - p50))


SHAPES: Mapping[str, Callable[[Spread, Array], Array]] = {
    "uniform": _uniform,
    "normal": _normal,
    "lognormal": _lognormal,
    "triangular": _triangular,
    "quantiles": _quantiles,
}


def shaped(spread: Spread, uniform: Array) -> Array:
    """Uniform draws in (0, 1) as draws of a spread, in base units and the same shape."""
    return SHAPES[spread.shape](spread, uniform)
