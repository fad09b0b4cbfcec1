"""Networks that lost something."""

import pytest

from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.connectivity import components
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.topologies.without import without


def test_a_lost_spine_leaves_the_other() -> None:
    network = without(topology("leaf_spine", leaves=3, spines=2, eps_per_leaf=2), switches=[4])
    assert (network.switches, network.links, network.diameter, network.structure) == (4, 9, 4, None)


def test_a_lost_leaf_cuts_its_endpoints_off() -> None:
    network = without(topology("leaf_spine", leaves=3, spines=2, eps_per_leaf=2), switches=[0])
    assert (network.endpoints, network.diameter, network.average_hops) == (6, None, None)
    assert components(network.unroll()) == 3
    assert network.switch_graph() is None


def test_a_trunk_loses_one_cable_at_a_time() -> None:
    whole = topology("star", n=2, trunk=3, bw=5)
    assert without(whole, links=[0]).unroll().bandwidth.tolist() == [10.0, 15.0]
    assert without(whole, links=[0, 0, 0]).links == 3


def test_what_is_not_there_cannot_fail() -> None:
    with pytest.raises(TopologyError, match="`links` are numbered 0 to 7"):
        without(topology("ring", n=8), links=[8])


def test_a_ring_without_a_link_is_a_path() -> None:
    network, path = without(topology("ring", n=7), links=[2]), topology("path", n=7)
    assert (network.diameter, network.average_hops) == (path.diameter, pytest.approx(path.average_hops))
