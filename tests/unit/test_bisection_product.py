"""Initial segments and theorems of products, recounted link by link."""

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.product_cut import Hung, ProductCut, axis_orders, line_cost, segment_cost
from compiler.networks.bisection.recognised_grids import grid, grid_sides
from compiler.networks.bisection.reduction import reduced, simple
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import ProductAxis


def drawn(seed: int) -> tuple[ProductAxis, ...]:
    pick = random.Random(seed)
    sizes = [pick.randint(2, 5) for _ in range(pick.randint(1, 3))]
    return tuple(
        ProductAxis(pick.choice(["ring", "path", "clique"]), size, pick.choice([1.0, 2.0, 3.0])) for size in sizes
    )


def recounted(axes: tuple[ProductAxis, ...], m: int) -> float:
    """Capacity around the first m vertices, line by line."""
    shape = [axis.size for axis in axes]
    chosen = (np.arange(np.prod(shape)) < m).reshape(shape)
    total = 0.0
    for position, axis in enumerate(axes):
        lines = np.moveaxis(chosen, position, -1).reshape(-1, axis.size)
        if axis.kind == "clique":
            total += axis.bandwidth * float((lines.sum(axis=1) * (axis.size - lines.sum(axis=1))).sum())
            continue
        total += axis.bandwidth * float((lines[:, 1:] != lines[:, :-1]).sum())
        if axis.kind == "ring" and axis.size > 2:
            total += axis.bandwidth * float((lines[:, 0] != lines[:, -1]).sum())
    return total


@pytest.mark.parametrize("seed", range(40))
def test_a_segment_is_priced_as_its_links_are(seed: int) -> None:
    axes = drawn(seed)
    m = np.arange(np.prod([axis.size for axis in axes]) + 1)
    assert np.allclose(segment_cost(axes, m), [recounted(axes, int(x)) for x in m])


def test_lines_are_cut_once_or_twice_or_between_all() -> None:
    x = np.arange(5)
    assert line_cost(ProductAxis("ring", 4), x).tolist() == [0, 2, 2, 2, 0]
    assert line_cost(ProductAxis("path", 4), x).tolist() == [0, 1, 1, 1, 0]
    assert line_cost(ProductAxis("clique", 4), x).tolist() == [0, 3, 4, 3, 0]
    assert line_cost(ProductAxis("ring", 2, double=True), np.arange(3)).tolist() == [0, 2, 0]


def test_equal_axes_have_one_order() -> None:
    assert len(list(axis_orders([ProductAxis("path", 2)] * 19))) == 1


@pytest.mark.parametrize(
    ("dims", "value"), [((9, 4), 10), ((7, 5), 12), ((9, 9, 9), 182), ((5, 4), 10), ((16, 16, 16), 512)]
)
def test_tori_have_their_theorem(dims: tuple[int, ...], value: float) -> None:
    curve = ProductCut(tuple(ProductAxis("ring", size) for size in dims))
    lower, upper = curve.bounds(np.array([curve.endpoints // 2]))
    assert lower[0] == upper[0] == value


def test_few_endpoints_a_switch_move_instead() -> None:
    fabric = ProductCut((ProductAxis("clique", 4), ProductAxis("clique", 4)))
    assert Hung(fabric, 1, 1.0).bounds(np.array([8]))[1][0] == 8
    assert Hung(fabric, 4, 1.0).bounds(np.array([32]))[1][0] == 16


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("torus", {"dims": [4, 3, 5], "bw": [1, 2, 3]}),
        ("mesh", {"dims": [3, 4]}),
        ("hamming", {"dims": [3, 4, 2]}),
        ("hyperx", {"dims": [3, 5], "T": 2}),
        ("switched_torus", {"dims": [4, 4], "T": 3}),
    ],
)
def test_a_product_is_recognised_by_its_numbering(family: str, parameters: dict[str, object]) -> None:
    net = folded(reduced(simple(topology(family, **parameters).unroll())).graph)
    found = grid(net)
    assert found is not None
    assert [axis.size for axis in found.axes] == parameters["dims"]
    assert all(abs(int(side.sum()) - found.endpoints / 2) < 1 for side in grid_sides(found))


def test_a_torus_with_one_link_moved_is_no_product() -> None:
    graph = topology("torus", dims=[4, 4]).unroll()
    graph.v[0] = 10
    assert grid(folded(simple(graph))) is None


@pytest.mark.parametrize("seed", range(60))
def test_two_axes_of_unlike_bandwidth_are_exact_at_halves(seed: int) -> None:
    pick = random.Random(seed)
    sizes = [pick.randint(2, 4), pick.randint(2, 4)]
    axes = tuple(ProductAxis(pick.choice(["ring", "path"]), size, pick.choice([0.5, 1, 1.5, 2, 7])) for size in sizes)
    curve = ProductCut(axes)
    truth = least_of_all(axes)
    m = np.arange(curve.endpoints + 1)
    lower, upper = curve.bounds(m)
    assert np.all(lower <= truth + 1e-9) and np.all(truth <= upper + 1e-9)
    half = curve.endpoints // 2
    assert lower[half] == pytest.approx(truth[half]) == upper[half]


def least_of_all(axes: tuple[ProductAxis, ...]) -> NDArray[np.float64]:
    """The least capacity around any m vertices, for every m, by trying all sets."""
    n = int(np.prod([axis.size for axis in axes]))
    chosen = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1 == 1
    cost = np.zeros(1 << n)
    grid = chosen.reshape(-1, *(axis.size for axis in axes))
    for position, axis in enumerate(axes):
        lines = np.moveaxis(grid, position + 1, -1)
        apart = (lines[..., 1:] != lines[..., :-1]).sum(axis=-1)
        if axis.kind == "ring" and axis.size > 2:
            apart = apart + (lines[..., 0] != lines[..., -1])
        cost += axis.bandwidth * apart.reshape(1 << n, -1).sum(axis=1)
    return np.array([cost[chosen.sum(axis=1) == m].min() for m in range(n + 1)])
