"""Capacitated trees: the parts of a folded Clos with their uplinks, like ones once, and divisions of them."""

from attrs import field, frozen


@frozen(cache_hash=True)
class Subtree:
    """A part of a capacitated tree: `children` with their counts (none: an endpoint) below one merged switch.

    `uplink` is the capacity to the parent in one direction, infinite where the part has no switch of its own.
    """

    children: tuple[tuple["Subtree", int], ...]
    uplink: float
    size: int = field(init=False)
    rank: int | None = field(init=False)

    @size.default
    def _size(self) -> int:
        return sum(child.size * count for child, count in self.children) if self.children else 1

    @rank.default
    def _rank(self) -> int | None:
        """Tiers above the endpoints while all children of a vertex are alike, else None."""
        if not self.children:
            return 0
        below = self.children[0][0].rank if len(self.children) == 1 else None
        return None if below is None else below + 1

    def is_like(self, tiers: int) -> bool:
        """True for a tree of like parts of at most so many tiers."""
        return self.rank is not None and self.rank <= tiers


def endpoint(bandwidth: float) -> Subtree:
    """One endpoint with its whole access capacity."""
    return Subtree((), bandwidth)


def grown(*children: tuple[Subtree, int], uplink: float = 0.0) -> Subtree:
    """A subtree from its children, empty ones dropped, like ones joined, non-blocking ones dissolved."""
    joined: dict[Subtree, int] = {}
    for child, count in children:
        for part, times in dissolved(child):
            if count * times and part.size:
                joined[part] = joined.get(part, 0) + count * times
    return Subtree(tuple(joined.items()), uplink)


def dissolved(node: Subtree) -> tuple[tuple[Subtree, int], ...]:
    """A switch that can carry all its endpoints at once never has them on the other side: they join its parent."""
    if node.rank == 1:
        child, count = node.children[0]
        if node.uplink >= child.uplink * count:
            return node.children
    return ((node, 1),)


@frozen
class Share:
    """A division of one subtree: endpoints on A, whether its top stands on A, and its children by like shares."""

    node: Subtree
    on_a: int
    top_on_a: bool
    groups: tuple[tuple["Share", int], ...] = ()
