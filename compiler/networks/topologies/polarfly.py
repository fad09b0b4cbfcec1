"""PolarFly: points of a projective plane, linked when they are orthogonal."""

from typing import Annotated

import numpy as np

from compiler.networks.topologies.family import family
from compiler.networks.topologies.galois import Elements, galois
from compiler.networks.topologies.parameters import Amount, Rate
from compiler.networks.topologies.routers import order_of, routers, solver
from compiler.networks.topologies.topology import Topology
from compiler.networks.topologies.wiring import Integers, listed


@family("polarfly", solver(lambda q: q * q + q + 1, lambda q: q + 1, 2))
def polarfly(
    q: Annotated[int, order_of("a PolarFly", 2)], p: Amount = 0, bw: Rate = 1.0, bw_ep: Rate = 1.0
) -> Topology:
    """q^2 + q + 1 routers of degree q + 1 (q for the q + 1 that are orthogonal to themselves), `p` endpoints each.

    The polarity graph of Erdos and Renyi over q elements; Lakhotia et al., SC 2022. p = 0: they are endpoints.
    """
    vertex = "router" if p else "endpoint"
    bundles = [listed(vertex, vertex, q * (q + 1) ** 2 // 2, lambda: _orthogonal(q), bw)]
    return routers(q * q + q + 1, q + 1, bundles, p, bw_ep)


def _orthogonal(q: int) -> tuple[Integers, Integers]:
    """Pairs of orthogonal points, each once.

    Points are (1, y, z) with number q y + z, then (0, 1, z), then (0, 0, 1). What is orthogonal to a point is a line,
    spanned by two vectors r and s: its points are r + t s for every t, and s.
    """
    field = galois(q)
    number = np.arange(q * q + q + 1)
    a, b, c = _coordinates(number, q)
    zero, one = np.zeros_like(a), np.ones_like(a)
    first, second = a == 1, (a == 0) & (b == 1)
    minus_b, minus_c = field.negative(b), field.negative(c)
    r = np.where(first, minus_b, one), np.where(first, one, zero), zero
    s = (
        np.where(first, minus_c, zero),
        np.where(first, zero, np.where(second, minus_c, one)),
        np.where(first | second, one, zero),
    )
    t = np.arange(q)[None, :]
    span = [field.add(i[:, None], field.multiply(t, j[:, None])) for i, j in zip(r, s, strict=True)]
    line = [np.concatenate([points, j[:, None]], axis=1) for points, j in zip(span, s, strict=True)]
    other = _numbers(line, q)
    here = np.broadcast_to(number[:, None], other.shape)
    once = here < other
    return here[once], other[once]


def _coordinates(number: Elements, q: int) -> tuple[Elements, Elements, Elements]:
    """Homogeneous coordinates whose first that is not 0 is 1."""
    affine, last = number < q * q, number == q * q + q
    a = np.where(affine, 1, 0)
    b = np.where(affine, number // q, np.where(last, 0, 1))
    c = np.where(last, 1, number % q)  # (0, 1, z) begins at q^2, a multiple of q
    return a, b, c


def _numbers(point: list[Elements], q: int) -> Elements:
    """The number of a point from any of its coordinates."""
    field = galois(q)
    a, b, c = point
    affine = field.inverse(a)
    at_infinity = q * q + field.multiply(c, field.inverse(b))
    number = field.multiply(b, affine) * q + field.multiply(c, affine)
    return np.where(a != 0, number, np.where(b != 0, at_infinity, q * q + q))
