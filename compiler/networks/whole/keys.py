"""Keys of connections, read along the whole path of a part: which instances of two paths `on` a key meet.

A key is a field of the parts themselves (`rail`, worked out from `index`, `parent.index`, ..), or a part around them, by
its kind or its name (`on rack`). `index` is the number of the part itself at every depth, `parent.index` that of the part
around it, whoever's network asks.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.topologies.topology import TopologyError
from compiler.networks.whole.carriers import Path
from compiler.quantities.graph import Quantity, order

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@frozen(eq=False)
class Key:
    """A key on a path. `levels` are the places along the path that it reads. Of a part around, `around` is the place;
    of a field it is None and `field` its quantity."""

    path: Path
    name: str
    levels: tuple[int, ...]
    field: Quantity | None = None
    around: int | None = None

    @property
    def read(self) -> tuple[int, ...]:
        """The places along the path that a field reads; none of a part around."""
        return () if self.field is None else self.levels

    def values(self, places: Mapping[int, Ints], size: int) -> Floats:
        """The values of a field, shape (size,), for parts at `places`: for each level read their numbers there.

        Raises `TopologyError` for a key that is made of something that no number stands for.
        """
        assert self.field is not None
        known: dict[int, Floats] = {}
        last = len(self.path) - 1
        for node in order([self.field]):
            if node.op == "index":
                level = last - int(node.symbol)
                known[id(node)] = places[level].astype(np.float64) if level >= 0 else np.zeros(size)
            elif node.spread is not None:
                known[id(node)] = np.full(size, node.spread.middle)
            elif node.op in _OPERATIONS:
                known[id(node)] = _OPERATIONS[node.op](*(known[id(arg)] for arg in node.args))
            else:
                raise TopologyError(f"a key cannot be made with `{node.op}`")
        return known[id(self.field)]


def key_of(path: Path, name: str) -> Key:
    """A key on a path. Raises `TopologyError` where the path has none of that name."""
    field = path[-1].part.quantity(name)
    if field is not None:
        last = len(path) - 1
        read = {last - int(node.symbol) for node in order([field]) if node.op == "index"}
        return Key(path, name, tuple(sorted(level for level in read if level >= 0)), field)
    for level in range(len(path) - 2, -1, -1):
        if name in (path[level].part.kind, path[level].name):
            return Key(path, name, tuple(range(level + 1)), around=level)
    raise TopologyError(f"`{'.'.join(slot.name for slot in path)}` has no `{name}` to join on")


def shared_depth(left: Sequence[Key], right: Sequence[Key], owner: int) -> int | None:
    """The number of places that the paths of two ends have in common where they meet: those of the owner, and those
    around a key. None where a key means unlike parts on both sides: they never meet."""
    depth = owner
    for one, other in zip(left, right, strict=True):
        if one.around is None and other.around is None:
            continue
        if one.around is None or other.around is None or one.around != other.around:
            return None
        if one.path[: one.around + 1] != other.path[: other.around + 1]:
            return None
        depth = max(depth, one.around + 1)
    return depth


def _floored(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.floor_divide(one, other))


_OPERATIONS: Mapping[str, Callable[..., Floats]] = {
    "add": lambda *terms: np.asarray(sum(terms[1:], terms[0])),
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "floor_divide": _floored,
    "negative": np.negative,
    "power": np.power,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "absolute": np.abs,
}
