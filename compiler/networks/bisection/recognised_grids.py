"""Products of lines recognised in explicit networks that number their vertices axis by axis."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from compiler.networks.bisection.curve import CutFunction
from compiler.networks.bisection.folding import Folded
from compiler.networks.bisection.product_cut import Hung, ProductCut, axis_orders
from compiler.networks.topologies.topology import ProductAxis

Ints = NDArray[np.int64]
MOST_NEIGHBOURS = 4096


def grid(net: Folded) -> ProductCut | None:
    """The product that the core is, the last axis running fastest, compared link by link; None when it is none."""
    n = net.core.size
    if n < 2 or not net.u.size:
        return None
    first = net.u == 0
    near, capacity = net.v[first], net.capacity[first]
    if not near.size or near.size > MOST_NEIGHBOURS:
        return None
    strength = dict(zip(near.tolist(), capacity.tolist(), strict=True))
    for axes in _readings(sorted(strength), 0, n):
        product = tuple(ProductAxis(kind, size, strength[stride]) for kind, size, stride in axes)
        if _is_product(net, axes, product):
            return ProductCut(product[::-1])
    return None


Reading = tuple[tuple[str, int, int], ...]


def _readings(near: list[int], at: int, n: int) -> Iterator[Reading]:
    """Ways to read the neighbours of vertex 0 as lines (kind, size, stride), the fastest first."""
    if at == len(near):
        return
    stride = near[at]
    if at == 0 and stride != 1:
        return

    def rest(used: int, kind: str) -> Iterator[Reading]:
        end = at + used
        size, left = divmod(n if end == len(near) else near[end], stride)
        if left or size < 2 or (used > 1 and near[end - 1] != (size - 1) * stride):
            return
        if kind == "clique" and used != size - 1:
            return
        if end == len(near):
            yield ((kind, size, stride),)
        for following in _readings(near, end, n):
            yield ((kind, size, stride), *following)

    yield from rest(1, "path")
    if at + 1 < len(near):
        yield from rest(2, "ring")
    run = 1
    while at + run < len(near) and near[at + run] == (run + 1) * stride:
        run += 1
    for used in range(2, run + 1):
        yield from rest(used, "clique")


def _is_product(net: Folded, axes: Reading, product: tuple[ProductAxis, ...]) -> bool:
    n = net.core.size
    vertex = np.arange(n)
    keys, capacities = [], []
    for (kind, size, stride), axis in zip(axes, product, strict=True):
        place = vertex // stride % size
        jumps = range(1, size) if kind == "clique" else (1, size - 1) if kind == "ring" else (1,)
        for jump in jumps:
            start = vertex[place == 0] if kind == "ring" and jump == size - 1 else vertex[place < size - jump]
            keys.append(start * n + start + jump * stride)
            capacities.append(np.full(start.size, axis.bandwidth))
    key, capacity = np.concatenate(keys), np.concatenate(capacities)
    if key.size != net.u.size:
        return False
    ours, theirs = np.argsort(key), np.argsort(net.u * n + net.v)
    same = np.array_equal(key[ours], (net.u * n + net.v)[theirs])
    return same and np.array_equal(capacity[ours], net.capacity[theirs])


def grid_curve(net: Folded, fabric: ProductCut) -> CutFunction | None:
    """The cut function of a network whose core is a product: of endpoints, or with as many hung on each alike."""
    if np.all(net.weights == 1) and not net.members:
        return fabric
    if net.weights.any() or len(net.members) != net.core.size:
        return None
    sizes, rates = set(net.sizes.tolist()), {float(p[0]) for p in net.pull if p.size == 1}
    homes = {int(near[0]) for near in net.neighbours if near.size == 1}
    if len(sizes) > 1 or len(rates) > 1 or len(homes) < net.core.size:
        return None
    return Hung(fabric, sizes.pop(), rates.pop())


def grid_sides(fabric: ProductCut) -> Iterator[NDArray[np.bool_]]:
    """Initial halves of the core, shape (core,), in several orders of the axes."""
    n = fabric.endpoints
    for count, order in enumerate(axis_orders(fabric.axes)):
        if count == 24:
            return
        yield _rank(fabric.axes, order, n) < n // 2


def _rank(axes: tuple[ProductAxis, ...], order: tuple[ProductAxis, ...], n: int) -> Ints:
    """The place of every vertex when the axes run in another order, the first slowest."""
    left = list(range(len(axes)))
    permutation = []
    for axis in order:
        position = next(i for i in left if axes[i] == axis)
        left.remove(position)
        permutation.append(position)
    numbers = np.arange(n).reshape([axes[i].size for i in permutation])
    return np.asarray(numbers.transpose(np.argsort(permutation)).ravel())
