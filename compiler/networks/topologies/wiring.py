"""Bundles of links as lattices of numbers, and the topology that a list of tiers and bundles makes."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.topologies.hops import search
from compiler.networks.topologies.topology import (
    Hanging,
    Hops,
    LinkClass,
    Structure,
    Tier,
    TierLinks,
    Topology,
    TopologyError,
    Vertices,
)

Integers = NDArray[np.integer]
Step = int | Callable[[], Integers]

MOST = 10**15  # vertices: beyond it the sums of their products, which a mean distance needs, lose their digits
SMALL = 65_536  # a table of so many numbers stays in the cache while it is added to the rest


@frozen
class Along:
    """One direction of a lattice of links: `size` steps, the ends moving by `u` and `v` (a stride, or a table)."""

    size: int
    u: Step
    v: Step


def bundle(
    lower: str, upper: str, *axes: Along, u: int = 0, v: int = 0, bandwidth: float = 1.0, cables: int = 1
) -> TierLinks:
    """The links of a lattice: a row for every point of it, the last axis running fastest, from vertices `u` and `v`
    of their tiers on."""
    rows = 1
    for axis in axes:
        rows *= axis.size

    def fill(ends: Vertices, others: Vertices, first: int, second: int) -> None:
        _write(ends, [(axis.size, axis.u) for axis in axes], first + u)
        _write(others, [(axis.size, axis.v) for axis in axes], second + v)

    return TierLinks(lower, upper, rows, fill, bandwidth, cables)


def listed(
    lower: str,
    upper: str,
    rows: int,
    ends: Callable[[], tuple[Integers, Integers]],
    bandwidth: float = 1.0,
    cables: int = 1,
) -> TierLinks:
    """Links without a lattice: `ends()` gives both ends of the rows, shape (rows,) each, numbered within their tiers."""

    def fill(u: Vertices, v: Vertices, first: int, second: int) -> None:
        here, there = ends()
        np.add(here, first, out=u, casting="same_kind")
        np.add(there, second, out=v, casting="same_kind")

    return TierLinks(lower, upper, rows, fill, bandwidth, cables)


def access(
    upper: str, counts: int | Sequence[int], switches: int, bandwidth: float = 1.0, cables: int = 1
) -> TierLinks:
    """Endpoints in their order, so many on each switch of a tier."""
    if isinstance(counts, int):
        return bundle(
            "endpoint", upper, Along(switches, counts, 1), Along(counts, 1, 0), bandwidth=bandwidth, cables=cables
        )

    def ends() -> tuple[Integers, Integers]:
        return np.arange(sum(counts)), np.repeat(np.arange(switches), counts)

    return listed("endpoint", upper, sum(counts), ends, bandwidth, cables)


def pairs(size: int, stride: int = 1) -> Along:
    """Every pair of `size` vertices that lie `stride` apart: a clique."""
    rows = size * (size - 1) // 2

    def firsts() -> Integers:
        return np.repeat(np.arange(size), np.arange(size - 1, -1, -1)) * stride

    def seconds() -> Integers:
        first = np.repeat(np.arange(size), np.arange(size - 1, -1, -1))
        begin = first * (2 * size - 1 - first) // 2  # rows of the vertices before
        return (np.arange(rows) - begin + first + 1) * stride

    return Along(rows, firsts, seconds)


def _write(out: Vertices, axes: Iterable[tuple[int, Step]], base: int) -> None:
    """Every sum of one step along each axis. The inner axes are summed into a table first, so that the long
    array is written once."""
    if not out.size:
        return
    steps = [_steps(size, step) for size, step in axes if size > 1 or not isinstance(step, int)]
    inner = np.full(1, base, dtype=np.int32)
    while steps and steps[-1].size * inner.size <= max(SMALL, steps[-1].size):
        inner = np.add.outer(steps.pop(), inner).ravel()
    outer = np.zeros(1, dtype=np.int32)
    for step in steps:
        outer = np.add.outer(outer, step).ravel()
    np.add(outer[:, None], inner, out=out.reshape(outer.size, inner.size))


def _steps(size: int, step: Step) -> Vertices:
    if isinstance(step, int):
        return np.arange(size, dtype=np.int32) * np.int32(step)
    return step().astype(np.int32)


def wired(
    tiers: Sequence[Tier],
    bundles: Sequence[TierLinks],
    *,
    structure: Structure | None = None,
    in_order: bool = True,
    hanging: Hanging | None = None,
    hops: Callable[[Topology], Hops] = search,
) -> Topology:
    """The topology of these tiers and bundles, its counts following from them; the catalogue names it.

    Raises `TopologyError` for more vertices than can be counted.
    """
    size = sum(tier.count for tier in tiers)
    if size > MOST:
        raise TopologyError(
            f"a network of {size:.3g} vertices is beyond the {MOST:.0e} that are counted".replace("+", "")
        )
    kept = tuple(bundle for bundle in bundles if bundle.rows)
    outside = {tier.name for tier in tiers if tier.is_endpoint}
    counts: dict[tuple[str, str, float], int] = {}
    for row in kept:
        key = (row.lower, row.upper, row.bandwidth)
        counts[key] = counts.get(key, 0) + row.rows * row.cables
    return Topology(
        "",
        {},
        sum(tier.count for tier in tiers if tier.is_endpoint),
        sum(tier.count for tier in tiers if not tier.is_endpoint),
        sum(counts.values()),
        sum(n for (lower, upper, _), n in counts.items() if (lower in outside) == (upper in outside)),
        tuple(tiers),
        tuple(LinkClass(*key[:2], count, key[2]) for key, count in counts.items()),
        structure=structure,
        in_order=in_order,
        bundles=kept,
        hanging=hanging,
        hops=hops,
    )


def endpoints(count: int, ports: int) -> Tier:
    """The tier of the endpoints."""
    return Tier("endpoint", count, ports if count else 0, is_endpoint=True)
