"""Jellyfish: a random regular graph of switches."""

from functools import cache
from typing import Annotated

import numpy as np

from compiler.networks.topologies.connectivity import islands
from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.galois import Elements
from compiler.networks.topologies.parameters import Amount, Count, Rate, whole
from compiler.networks.topologies.topology import Hanging, Tier, Topology, TopologyError
from compiler.networks.topologies.wiring import access, endpoints, listed, wired

DRAWS = 100  # graphs drawn before an unconnected one is accepted; from degree 3 on the first nearly always connects


def solve(request: Request) -> Sizes:
    """`T` from the number of switches, and every port that is left links switches."""
    n = request.whole("n") or request.switches
    if n is None and (each := request.whole("T")):
        n = request.endpoints // each
    if n is None:
        return Sizes((), "the number of switches follows from nothing; write `n` or `T`")
    hanging = request.whole("T", request.endpoints // n)
    if hanging * n != request.endpoints:
        return Sizes((), f"{request.endpoints:,} endpoints are not {hanging:,} on each of {n:,} switches")
    r = request.whole("r", min((request.ports or hanging) - hanging, n - 1))
    if r < 1:
        return Sizes(
            (), f"{request.ports or 0:,} ports leave none for other switches; write `r`, or take more switches"
        )
    return Sizes(({"n": n, "T": hanging, "r": r},))


@family("jellyfish", solve)
def jellyfish(
    n: Count,
    r: Count,
    T: Amount,  # noqa: N803 -- the letter of the literature
    seed: Annotated[int, whole(0)] = 0,
    bw: Rate = 1.0,
    bw_ep: Rate = 1.0,
) -> Topology:
    """`n` switches with `T` endpoints each, linked at random by `r` ports each; one port stays free when n r is odd.

    Singla et al., NSDI 2012. The same `seed` draws the same graph on every machine: the raw stream of PCG64, which
    numpy keeps stable, pairs the ports, and pairs that repeat or close on themselves trade ends until none does.
    Raises `TopologyError` for more links of a switch than there are others.
    """
    if r >= n:
        raise TopologyError(
            f"a switch meets each of {n - 1:,} others at most once, `r` is {r:,}",
            parameter="r",
            help=f"take r = {n - 1:,} or less",
        )

    def ends() -> tuple[Elements, Elements]:
        return drawn(n, r, seed)

    return wired(
        [endpoints(n * T, 1), Tier("switch", n, r + T)],
        [access("switch", T, n, bw_ep), listed("switch", "switch", n * r // 2, ends, bw)],
        hanging=Hanging(T, bw_ep),
    )


@cache
def drawn(n: int, r: int, seed: int) -> tuple[Elements, Elements]:
    """Both ends of the links, shape (links,) each, each pair of switches at most once; connected if one of a hundred draws is."""
    degrees = np.full(n, r, dtype=np.int64)
    degrees[-1] -= n * r % 2
    stream = np.random.PCG64(seed)
    for _ in range(DRAWS):
        # The complement of a random regular graph is one too, and a sparse one is drawn without many collisions.
        keys = _simple(degrees, stream) if r < n / 2 else _complement(n, _simple(n - 1 - degrees, stream))
        u, v = keys // n, keys % n
        if islands(n, u, v).max() == 0:
            break
    return u, v


def _simple(degrees: Elements, stream: "np.random.PCG64") -> Elements:  # in quotes: the name would load numpy.random
    """A random simple graph of these degrees, as sorted keys n u + v with u < v."""
    n = degrees.size
    ports = np.repeat(np.arange(n), degrees)
    while True:
        ends = ports[np.argsort(stream.random_raw(ports.size), kind="stable")].reshape(-1, 2)
        for _ in range(200):  # trades that do not come to an end are given up, and the ports are paired anew
            keys = ends.min(axis=1) * n + ends.max(axis=1)
            order = np.argsort(keys, kind="stable")
            again = np.zeros(keys.size, dtype=bool)
            again[order[1:]] = keys[order[1:]] == keys[order[:-1]]
            bad = np.flatnonzero(again | (ends[:, 0] == ends[:, 1]))
            if not bad.size:
                return np.sort(keys)
            for here, raw in zip(bad, stream.random_raw(bad.size), strict=True):
                there = int(raw) % len(ends)
                ends[here, 1], ends[there, 1] = ends[there, 1], ends[here, 1]


def _complement(n: int, keys: Elements) -> Elements:
    absent = np.triu(np.ones((n, n), dtype=bool), 1)
    absent.flat[keys] = False
    return np.flatnonzero(absent)
