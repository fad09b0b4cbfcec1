"""What is true of throughput: of one network, and of the whole, where a linear program is small."""

from __future__ import annotations

from tests.judge.cut import Ends
from tests.judge.flow import all_to_all, worst_pairing
from tests.judge.graph import Graph, Groups
from tests.judge.instances import OUTSIDE, Wired
from tests.judge.truth import Judged, Truth

MOST_ENDPOINTS = 8
MOST_PAIRED = 4
MOST_EDGES = 40

Pair = tuple[Truth | None, Truth | None]
"""All to all, and the worst permutation; None is not judged."""


def network_traffic(judged: Judged, wired: Wired) -> Pair:
    """Of one network by itself, per endpoint. Not judged where links leave the design."""
    weights = judged.network_weights(wired)
    if any(one.right == OUTSIDE for one in wired.links):
        return None, None
    return _pair(judged, weights, [wired], Groups())


def whole_traffic(judged: Judged) -> Pair:
    """Of all accelerators over all networks together, per accelerator."""
    networks = judged.carrying
    if any(one.right == OUTSIDE for wired in networks for one in wired.links):
        return None, None
    ties = judged.ties(networks)
    return _pair(judged, judged.blocks(ties), networks, ties)


def _pair(judged: Judged, weights: dict[object, int], networks: list[Wired], ties: Groups) -> Pair:
    links = [one for wired in networks for one in wired.links]
    low, high = (judged.drawn(weights, links, ties, end) for end in (False, True))
    if not 2 <= len(weights) <= MOST_ENDPOINTS or not 0 < len(low.edges) <= MOST_EDGES:
        return None, None
    even = (all_to_all(network) for network in (low, high))
    pairs = (_permuted(network) for network in (low, high))
    return Truth(*(Ends(value, value) for value in even)), _from_ends(*pairs)


def _from_ends(low: Ends | None, high: Ends | None) -> Truth | None:
    return None if low is None or high is None else Truth(low, high)


def _permuted(network: Graph) -> Ends | None:
    """The worst pairing, between its value with pauses allowed and without."""
    if max(network.weights) > 1 or sum(network.weights) > MOST_PAIRED:
        return None
    busy, idle = worst_pairing(network)
    return Ends(idle, busy)
