"""The question behind a bisection of a whole design: which endpoints are to be separated, over which links."""

from collections.abc import Sequence

from attrs import frozen

from compiler.networks.links import End, rate_of
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.hosts import Host


@frozen(eq=False)
class CutQuestion:
    """The least capacity between some endpoints and the rest over some wires, hosts whole.

    `total` endpoints are to stand on side A, None for halves as even as whole hosts allow; `out` are wires that lead to
    the world outside, which then counts as one switch that can carry everything.
    """

    ends: tuple[Path, ...]
    wires: tuple[Wire, ...]
    hosts: tuple[Host, ...] = ()
    out: tuple[Wire, ...] = ()
    total: int | None = None

    def rate_ends(self) -> tuple[End, ...]:
        """The ends of rates that the answer is worked out at: the middle of known ones, else the least and the most."""
        connections = [wire.connection for wire in (*self.wires, *self.out)]
        is_certain = all(rate_of(one, "low") == rate_of(one, "high") for one in connections)
        return ("middle",) if is_certain else ("low", "high")

    def covering(self) -> list[Wire]:
        """The named topologies of the root that have every endpoint once; none where only some links are asked about."""
        if self.hosts or self.total is not None:
            return []
        ends = _named(self.ends)
        return [
            wire
            for wire in self.wires
            if not wire.owner and wire.connection.shape is not None and _named(wire.left) == ends
        ]


def _named(paths: Sequence[Path]) -> list[tuple[str, ...]]:
    return sorted(tuple(slot.name for slot in path) for path in paths)
