"""A routing by way of the top switches is believed only when the checker confirms it."""

import numpy as np
import pytest

from compiler.networks.bisection import hose
from compiler.networks.bisection.checker import Unproven, checked_routing
from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.reduction import simple
from compiler.networks.bisection.weighted import Loaded, loaded
from compiler.networks.topologies.catalogue import topology


def leaves() -> Loaded:
    return loaded(folded(simple(topology("leaf_spine", leaves=4, spines=2, eps_per_leaf=4, bw_up=1.5).unroll())))


def test_a_tapered_leaf_spine_gives_each_endpoint_its_share_of_the_uplinks() -> None:
    found = hose.hose(leaves(), 1e9)
    assert found is not None and found.rate == pytest.approx(2 * 1.5 / 4)


def test_a_routing_that_claims_more_than_its_flow_is_refused() -> None:
    view = leaves()
    found = hose.hose(view, 1e9)
    assert found is not None
    arcs, capacity = (found.tails, found.heads), view.capacity[found.links]
    checked_routing(view.loads, found.tops, found.share, arcs, found.flow, capacity)
    for share, flow in (
        (found.share * 1.01, found.flow),
        (found.share * 1.01, found.flow * 1.01),
        (found.share, -found.flow),
    ):
        with pytest.raises(Unproven):
            checked_routing(view.loads, found.tops, np.asarray(share), arcs, np.asarray(flow), capacity)


def test_an_unproven_routing_is_no_routing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Unproven("for the test")

    monkeypatch.setattr(hose, "checked_routing", refuse)
    assert hose.hose(leaves(), 1e9) is None
