"""Cartesian products of rings, paths and cliques: what all grids, tori and Hamming graphs share."""

import math
from collections.abc import Sequence

from compiler.networks.topologies.hops import product_hops
from compiler.networks.topologies.topology import Hanging, Product, ProductAxis, Tier, TierLinks, Topology
from compiler.networks.topologies.wiring import Along, access, bundle, endpoints, pairs, wired


def ring(size: int, bandwidth: float, wrapped: bool = True, double: bool = False) -> ProductAxis:
    """A ring, or what is left of one: two vertices have one link unless `double`, and unwrapped it is a path."""
    if size > 2 and wrapped:
        return ProductAxis("ring", size, bandwidth)
    if size == 2 and wrapped and double:
        return ProductAxis("ring", 2, bandwidth, double=True)
    return ProductAxis("path", size, bandwidth)


def product(axes: Sequence[ProductAxis], hanging: int = 0, bandwidth: float = 1.0) -> Topology:
    """The product of axes, the last running fastest: of endpoints, or of switches with `hanging` endpoints each."""
    kept = tuple(axis for axis in axes if axis.size > 1)
    size = math.prod(axis.size for axis in kept)
    ports = sum(axis_ports(axis) for axis in kept)
    vertex = "switch" if hanging else "endpoint"
    bundles: list[TierLinks] = []
    tiers = [endpoints(size * max(hanging, 1), 1 if hanging else ports)]
    if hanging:
        tiers.append(Tier("switch", size, ports + hanging))
        bundles.append(access("switch", hanging, size, bandwidth))
    stride = size
    for axis in kept:
        stride //= axis.size
        bundles += _along(axis, vertex, size // (stride * axis.size), stride)
    return wired(
        tiers,
        bundles,
        structure=Product(kept, hanging, bandwidth),
        hanging=Hanging(hanging, bandwidth) if hanging else None,
        hops=lambda _: product_hops(kept, hanging),
    )


def axis_ports(axis: ProductAxis) -> int:
    """Most links of one vertex along an axis."""
    if axis.kind == "clique":
        return axis.size - 1
    return 2 if axis.size > 2 or axis.double else axis.size - 1


def _along(axis: ProductAxis, vertex: str, outer: int, stride: int) -> list[TierLinks]:
    """The links of one axis: `outer` copies, of lines whose vertices lie `stride` apart."""
    lines, within = Along(outer, axis.size * stride, axis.size * stride), Along(stride, 1, 1)
    if axis.kind == "clique":
        return [bundle(vertex, vertex, lines, pairs(axis.size, stride), within, bandwidth=axis.bandwidth)]
    steps = Along(axis.size - 1, stride, stride)
    cables = 2 if axis.double else 1
    found = [bundle(vertex, vertex, lines, steps, within, v=stride, bandwidth=axis.bandwidth, cables=cables)]
    if axis.kind == "ring" and axis.size > 2:
        last = (axis.size - 1) * stride
        found.append(bundle(vertex, vertex, lines, within, u=last, bandwidth=axis.bandwidth))
    return found
