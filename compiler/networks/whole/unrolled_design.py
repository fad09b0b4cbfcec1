"""A design written out: its joint graph with hosts as one vertex each, for what counts of like parts do not tell."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Bound
from compiler.networks.bisection.effort import Effort
from compiler.networks.bisection.graph_bisection import graph_bisection
from compiler.networks.bisection.weighing import halves
from compiler.networks.bisection.weighted import sums
from compiler.networks.links import End
from compiler.networks.topologies.connectivity import components, islands
from compiler.networks.topologies.topology import Graph
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.division import Division, Ints, Sides
from compiler.networks.whole.hosts import Host
from compiler.networks.whole.instance_counts import counts_of, instances
from compiler.networks.whole.joint_graph import JointGraph, joint_graph

SWEEPS = 8
"""Rounds in which switches follow the larger part of what they are linked to."""


@frozen(eq=False)
class UnrolledDesign:
    """The joint graph of a design, and the `graph` that is cut: `image` (vertices of the joint graph,) is where each went."""

    joint: JointGraph
    graph: Graph
    image: Ints

    def most_even(self) -> int | None:
        """The endpoints on side A of the most even division; None where there is none."""
        total = int(self.graph.weights.sum())
        least = min(halves(self.graph.weights)) if total > 1 else 0
        return least if 0 < least < total else None

    def is_possible(self, total: int) -> bool:
        """True when some whole hosts have `total` endpoints together."""
        return bool((sums(self.graph.weights) == total).any())

    def is_joined(self) -> bool:
        """True when all endpoints can reach each other."""
        return components(self.graph) <= 1

    def search(self, total: int, effort: Effort) -> Bound:
        """The least cut with `total` endpoints on side A, as far as the effort goes; its cut is of this graph."""
        everything = int(self.graph.weights.sum())
        return graph_bisection(self.graph, effort, tuple(sorted({total, everything - total})))

    def division(self, side: Sides) -> Division:
        """The division that sides of the vertices of `graph` mean, shape (vertices,)."""
        own, starts, counts = side[self.image], self.joint.starts, self.joint.counts
        return Division({}, {place: own[start : start + counts[place]] for place, start in starts.items()})

    def candidates(self, total: int) -> Iterator[Sides]:
        """Sides of the vertices, shape (vertices,), that need no search: the first `total` endpoints on side A, switches
        with the larger part of their links; none where the first hosts do not add up to so many."""
        order = np.cumsum(self.graph.weights)
        if not (order == total).any():
            return
        weighs = self.graph.weights > 0
        yield self.followed(weighs & (order <= total))

    def followed(self, side: Sides) -> Sides:
        """The sides of endpoints, and switches with the larger part of their links, shape (vertices,) both."""
        weighs = self.graph.weights > 0
        for _ in range(SWEEPS):
            after = np.where(weighs, side, self._pull(side) > 0)
            if np.array_equal(after, side):
                break
            side = after
        return side

    def _pull(self, side: Sides) -> NDArray[np.float64]:
        """The bandwidth of each vertex to side A, less that to side B, shape (vertices,)."""
        pull = np.zeros(side.size)
        for a, b in ((self.graph.u, self.graph.v), (self.graph.v, self.graph.u)):
            np.add.at(pull, a, np.where(side[b], self.graph.bandwidth, -self.graph.bandwidth))
        return pull


def unrolled_design(
    ends: Sequence[Path],
    wires: Sequence[Wire],
    hosts: Sequence[Host] = (),
    end: End = "middle",
    leaving: Sequence[Wire] = (),
) -> UnrolledDesign:
    """The design of some wires over some endpoints written out. Raises `TopologyError` where it is too large."""
    joint = joint_graph(ends, wires, end, leaving)
    image = _with_whole_hosts(joint, ends, hosts)
    weights = np.bincount(image, weights=joint.weights, minlength=int(image.max(initial=-1)) + 1).astype(np.int64)
    u, v = image[joint.u], image[joint.v]
    apart = u != v
    graph = Graph(
        weights,
        u[apart].astype(np.int32),
        v[apart].astype(np.int32),
        joint.capacity[apart],
        np.ones(int(apart.sum()), dtype=np.int32),
    )
    return UnrolledDesign(joint, graph, image)


def _with_whole_hosts(joint: JointGraph, ends: Sequence[Path], hosts: Sequence[Host]) -> Ints:
    """The vertex that each one becomes when the cards and accelerators of a host are one, shape (vertices,)."""
    if not hosts:
        return np.arange(joint.order)
    tied = [pair for host in hosts for pair in _tied(joint, ends, host)]
    u, v = (np.concatenate(column) for column in zip(*tied, strict=True))
    return islands(joint.order, u, v)


def _tied(joint: JointGraph, ends: Sequence[Path], host: Host) -> Iterator[tuple[Ints, Ints]]:
    """The vertices of a host's accelerators and cards, path by path, each with the first vertex of its host."""
    inside = [path for path in (*ends, *host.cards) if path[: len(host.path)] == host.path]
    firsts = joint.starts[inside[0]] + np.arange(instances(host.path)) * _each(inside[0], host)
    for path in inside:
        numbers = np.arange(instances(path))
        if host.whole is not None:
            numbers = numbers[host.whole[numbers // _each(path, host)]]
        if path in host.tied:
            numbers = numbers[host.tied[path][numbers]]
        yield joint.starts[path] + numbers, firsts[numbers // _each(path, host)]


def _each(path: Path, host: Host) -> int:
    """The number of instances of a path in each host."""
    return prod(counts_of(path)[len(host.path) :])
