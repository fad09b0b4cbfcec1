"""Leaf-spine planes over the same endpoints, each with its own map of endpoints to leaves."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from attrs import evolve

from compiler.networks.topologies.family import closest, family
from compiler.networks.topologies.hops import search
from compiler.networks.topologies.leaf_spine import leaf_spine
from compiler.networks.topologies.parameters import Count, Words, many, rate, whole
from compiler.networks.topologies.planes import overlay
from compiler.networks.topologies.topology import Parameter, Topology, TopologyError
from compiler.networks.topologies.wiring import Integers, listed

Plane = Mapping[str, Parameter]


def _leaf_of(name: str, value: object) -> int | tuple[int, ...]:
    return whole(1)(name, value) if isinstance(value, int) else many(whole(0))(name, value)


CHECKS: Words = {
    "leaf_of": _leaf_of,
    "spines": whole(0),
    "trunk": whole(1),
    "bw_ep": rate(),
    "bw_up": rate(),
}


def plane(name: str, value: object) -> Plane:
    """A plane: `leaf_of` (a leaf for each endpoint, or so many endpoints to a leaf in order), `spines`, `trunk`, `bw_ep`,
    `bw_up`. Raises `TopologyError` for anything else."""
    if not isinstance(value, Mapping):
        raise TopologyError(f"`{name}` is a group of `leaf_of`, `spines`, `trunk`, `bw_ep`, `bw_up`", parameter=name)
    for key in value:
        if key not in CHECKS:
            raise TopologyError(f"`{name}` has no `{key}`", parameter=name, help=closest(key, CHECKS))
    for key in ("leaf_of", "spines"):
        if key not in value:
            raise TopologyError(f"`{name}` needs `{key}`", parameter=name)
    return {key: CHECKS[key](f"{name}.{key}", entry) for key, entry in value.items()}


@family("multiplane")
def multiplane(
    N: Count,  # noqa: N803 -- the letter of the table of cases
    planes: Annotated[tuple[Plane, ...], many(plane)],
) -> Topology:
    """`N` endpoints on several leaf-spine networks at once; planes need not agree on who shares a leaf."""
    maps = [entry["leaf_of"] for entry in planes]
    aligned = all(own == maps[0] for own in maps)
    networks = [_plane(N, entry, place) for place, entry in enumerate(planes)]
    network = overlay(networks, aligned)
    if not aligned:
        return evolve(network, hops=search)
    joined = max(networks, key=lambda own: own.switches)
    spined = [own for own, entry in zip(networks, planes, strict=True) if entry["spines"]]
    return evolve(network, hops=(spined or [joined])[0].hops)


def _plane(n: int, entry: Plane, place: int) -> Topology:
    rest = {key: value for key, value in entry.items() if key != "leaf_of"}
    leaf_of = entry["leaf_of"]
    assert isinstance(leaf_of, int | tuple)
    if isinstance(leaf_of, int):
        full, more = divmod(n, leaf_of)
        counts = (leaf_of,) * full + ((more,) if more else ())
        return leaf_spine(leaves=len(counts), eps_per_leaf=leaf_of if not more else counts, **rest)
    if len(leaf_of) != n:
        raise TopologyError(
            f"`planes[{place}].leaf_of` has {len(leaf_of):,} items, there are {n:,} endpoints", parameter="planes"
        )
    own = np.unique(np.array(leaf_of, dtype=np.int64), return_inverse=True)[1]  # a leaf nobody is on is not there
    counts = tuple(np.bincount(own).tolist())
    network = leaf_spine(leaves=len(counts), eps_per_leaf=counts, **rest)

    def ends() -> tuple[Integers, Integers]:
        return np.arange(n), own

    access = next(row for row in network.bundles if row.lower == "endpoint")
    mapped = listed("endpoint", "leaf", n, ends, access.bandwidth)
    return evolve(
        network,
        bundles=tuple(mapped if row is access else row for row in network.bundles),
        parameters={**network.parameters, "leaf_of": leaf_of},
    )
