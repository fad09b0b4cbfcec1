"""Lattices of links."""

import numpy as np
import pytest

from compiler.networks.topologies.topology import TierLinks
from compiler.networks.topologies.wiring import Along, bundle, pairs


def rows(made: TierLinks) -> list[tuple[int, int]]:
    u, v = np.empty(made.rows, dtype=np.int32), np.empty(made.rows, dtype=np.int32)
    made.fill(u, v, 0, 0)
    return list(zip(u.tolist(), v.tolist(), strict=True))


@pytest.mark.parametrize("sizes", [(2, 3, 4), (1, 1, 1), (3, 70_000, 2), (70_000, 2, 3), (2, 3, 70_000)])
def test_a_lattice_has_a_row_for_every_point(sizes: tuple[int, int, int]) -> None:
    made = bundle("a", "b", *(Along(size, 10**i, i) for i, size in enumerate(sizes)), u=5, v=7)
    u, v = np.empty(made.rows, dtype=np.int32), np.empty(made.rows, dtype=np.int32)
    made.fill(u, v, 1000, 2000)
    i, j, k = np.indices(sizes).reshape(3, -1)
    assert (u == 1005 + i + 10 * j + 100 * k).all()
    assert (v == 2007 + j + 2 * k).all()


def test_a_clique_has_every_pair_once() -> None:
    assert rows(bundle("a", "a", pairs(4))) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert rows(bundle("a", "a", pairs(2, 5))) == [(0, 5)]
    assert rows(bundle("a", "a", pairs(1))) == []
