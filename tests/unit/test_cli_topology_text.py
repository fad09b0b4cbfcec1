"""Topologies as `clusterc topology` prints them can be typed back; those without endpoints have no bisection."""

import pytest

import clusterc

TEXTS = (
    "torus(dims = [4, 4], bw = [1, 2.5])",
    "dragonfly(a = 4, p = 2, h = 2)",
    "leaf_spine(leaves = 4, spines = 2, eps_per_leaf = [1, 2, 3, 4])",
    "xgft(m = [3, 3], w = [1, 2])",
    "rail(nodes = 4, gpus = 2)",
    "star(n = 8)",
    "torus(dims = [4, 4], block = [2, 4], bw_between = 0.5, ocs = 8)",
    'mesh(dims = [4, 4], block = [2, 2], links = "between")',
    "rail_clos(nodes = 5, gpus = 2, su = 2)",
)


def head(text: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert clusterc.main(["topology", text]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_printed_can_be_typed(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = head(text, capsys)

    assert head(printed.splitlines()[0], capsys) == printed


@pytest.mark.parametrize(
    "text",
    ["leaf_spine(leaves = 1, spines = 0, eps_per_leaf = 0)", "switch_graph(switches = 2, T = 0, edges = [[0, 1]])"],
)
def test_a_topology_without_endpoints_has_no_bisection_and_says_so(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "it has no endpoints" in head(text, capsys)
