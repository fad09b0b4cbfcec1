"""Slim Fly: the graphs of McKay, Miller and Siran, of diameter two."""

from typing import Annotated

import numpy as np

from compiler.networks.topologies.family import family
from compiler.networks.topologies.galois import Elements, galois
from compiler.networks.topologies.parameters import Amount, Rate
from compiler.networks.topologies.routers import order_of, routers, solver
from compiler.networks.topologies.topology import TierLinks, Topology
from compiler.networks.topologies.wiring import Along, Integers, bundle, listed

DELTA = {0: 0, 1: 1, 3: -1}  # q = 4w + delta; only q = 2 leaves 2


@family("slimfly", solver(lambda q: 2 * q * q, lambda q: (3 * q - DELTA.get(q % 4, 0)) // 2, 3))
def slimfly(q: Annotated[int, order_of("a Slim Fly", 3)], p: Amount = 0, bw: Rate = 1.0, bw_ep: Rate = 1.0) -> Topology:
    """2 q^2 routers of degree (3q - d)/2, q = 4w + d a prime power, with `p` endpoints each; 0: they are endpoints.

    Router (0, x, y) meets (0, x, y') when y - y' is in X, (1, m, c) meets (1, m, c') when c - c' is in X', and
    (0, x, y) meets (1, m, c) when y = m x + c. Besta & Hoefler, SC 2014.
    """
    vertex = "router" if p else "endpoint"
    inside = (q - DELTA[q % 4]) // 2
    bundles = [
        bundle(vertex, vertex, Along(q, q, q), _column(q, 0, q * inside // 2), bandwidth=bw),
        bundle(vertex, vertex, Along(q, q, q), _column(q, 1, q * inside // 2), u=q * q, v=q * q, bandwidth=bw),
        _incidences(vertex, q, bw),
    ]
    return routers(2 * q * q, q + inside, bundles, p, bw_ep)


def generators(q: int, half: int) -> Elements:
    """The generator set of one half of the routers, shape (elements,): X for 0, X' for 1.

    Even powers of a generator, odd powers for X'; when -1 is no square (d = -1) the second half of each is negated
    so that the sets stay symmetric (McKay, Miller & Siran 1998; Hafner 2004).
    """
    field = galois(q)
    if q % 4 == 3:
        w = (q + 1) // 4
        exponents = [*range(0, 2 * w - 1, 2), *range(2 * w - 1, 4 * w - 2, 2)]
    else:
        exponents = list(range(0, q - 1, 2))
    powers: Elements = field.powers[(np.array(exponents) + half) % (q - 1)]
    return powers


def _column(q: int, half: int, rows: int) -> Along:
    """Pairs of one column whose difference is a generator, each once."""

    def ends() -> tuple[Elements, Elements]:
        first = np.arange(q)[:, None]
        second = galois(q).add(first, generators(q, half)[None, :])
        once = first < second
        return np.broadcast_to(first, once.shape)[once], second[once]

    return Along(rows, lambda: ends()[0], lambda: ends()[1])


def _incidences(vertex: str, q: int, bandwidth: float) -> TierLinks:
    """Points (x, y) on lines (m, c): y = m x + c."""

    def ends() -> tuple[Integers, Integers]:
        field, elements = galois(q), np.arange(q)
        x, m, c = np.broadcast_arrays(elements[:, None, None], elements[None, :, None], elements[None, None, :])
        y = field.add(field.multiply(x, m), c)
        return (x * q + y).ravel(), (q * q + m * q + c).ravel()

    return listed(vertex, vertex, q**3, ends, bandwidth)
