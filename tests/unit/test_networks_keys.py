"""Keys of connections read along the path of a part, by hand."""

import numpy as np
import pytest

from compiler.networks.topologies.topology import TopologyError
from compiler.networks.whole.carriers import Path, wires
from compiler.networks.whole.instance_counts import counts_of, instances, numbers_along
from compiler.networks.whole.keys import key_of, shared_depth
from compiler.workspace.compilation import compile_text

HALL = """
chip Toy { tdp = 1 W }
switch Hub { ports = 64; rate = 50 GB/s }
link Wire { rate = 50 GB/s }
node Box {
  toys = 1 of Toy
  hubs = 4 of Hub { rail = index // 3; plane = parent.index * 4 + index }
}
rack Row {
  boxes = 3 of Box
  network inner { connect boxes.toys to boxes.hubs on node with 1 of Wire }
}
supernode Hall { rows = 2 of Row; spare = 1 of Row }
"""


def hubs() -> Path:
    compilation = compile_text(HALL)
    design = compilation.design()
    assert design is not None and not [one for one in compilation.diagnostics if one.severity == "error"]
    return wires(design.root)[0].right[0]


def values(path: Path, name: str) -> list[float]:
    """A key of every instance of a path, in order."""
    key = key_of(path, name)
    return key.values(numbers_along(path, key.levels), instances(path)).tolist()


def test_a_path_counts_its_slots() -> None:
    path = hubs()

    assert [slot.name for slot in path] == ["rows", "boxes", "hubs"]
    assert (counts_of(path), instances(path)) == ((2, 3, 4), 24)
    assert numbers_along(path, (0, 2))[0].tolist() == [0] * 12 + [1] * 12
    assert numbers_along(path, (0, 2))[2].tolist() == [0, 1, 2, 3] * 6


def test_a_field_has_a_value_for_each_instance() -> None:
    path = hubs()

    assert values(path, "rail") == [0, 0, 0, 1] * 6
    assert values(path, "plane") == [4 * box + hub for _ in range(2) for box in range(3) for hub in range(4)]
    assert key_of(path, "plane").levels == (1, 2)


def test_a_part_around_is_a_key_by_kind_and_by_name() -> None:
    path = hubs()

    by_kind, by_name = key_of(path, "rack"), key_of(path, "rows")

    assert (by_kind.around, by_kind.levels, by_kind.field) == (0, (0,), None)
    assert (by_name.around, by_name.levels) == (0, (0,))
    assert key_of(path, "node").around == 1


def test_a_key_that_is_not_there_is_told() -> None:
    with pytest.raises(TopologyError, match=r"`rows.boxes.hubs` has no `tray` to join on"):
        key_of(hubs(), "tray")


def test_ends_share_the_parts_around_their_keys() -> None:
    path = hubs()
    rail, rack, node = (key_of(path, name) for name in ("rail", "rack", "node"))

    assert shared_depth([rail], [rail], 0) == 0
    assert shared_depth([rack], [rack], 0) == 1
    assert shared_depth([node], [node], 0) == 2
    assert shared_depth([rack], [rack], 2) == 2
    assert shared_depth([rack], [node], 0) is None
    assert shared_depth([rack], [rail], 0) is None


def test_a_key_reads_single_instances_too() -> None:
    key = key_of(hubs(), "plane")

    assert key.values({1: np.array([2]), 2: np.array([3])}, 1).tolist() == [11]
