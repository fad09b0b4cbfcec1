"""Grids that their endpoints fill block by block, so that a rack is a cube of a torus."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated

from attrs import evolve, frozen

from compiler.networks.topologies.hops import product_hops, search
from compiler.networks.topologies.parameters import Counts, Rate, exactly, given, many, one_of, whole
from compiler.networks.topologies.parameters import rate as above_zero
from compiler.networks.topologies.products import axis_ports, product
from compiler.networks.topologies.topology import Circuits, Product, ProductAxis, TierLinks, Topology, TopologyError
from compiler.networks.topologies.wiring import Along, bundle, endpoints, wired

Block = Annotated[Counts | None, given(many(whole(1)))]
Between = Annotated[Rate | None, given(above_zero())]
CircuitPorts = Annotated[int | None, given(whole(2))]
Part = Annotated[str | None, given(one_of("inside", "between"))]


@frozen
class Blocks:
    """Blocks of a grid: their `sizes` along each axis, the bandwidth of links `between` them (None: that of the axis), the
    `ports` of the optical circuit switches these pass (None: none), and which `links` there are (None: all)."""

    sizes: tuple[int, ...] | None
    between: float | None = None
    ports: int | None = None
    links: str | None = None

    @property
    def extras(self) -> dict[str, object]:
        """The parameters that mean nothing without blocks, by name."""
        return {"bw_between": self.between, "ocs": self.ports, "links": self.links}


@frozen
class BlockedAxis:
    """An axis in blocks: `plain` is the axis before, `number` the blocks along it, `inner` and `outer` how far apart
    neighbours within a block and like places of neighbouring blocks are numbered. `is_closed` by a link of its own, which
    leaves a block where it `closes_outside`."""

    plain: ProductAxis
    size: int
    number: int
    between: float
    inner: int
    outer: int
    closes_outside: bool

    @property
    def is_closed(self) -> bool:
        """True for a ring that has a closing link."""
        return self.plain.kind == "ring"

    @property
    def crossings(self) -> int:
        """Links that leave a block along one line."""
        return self.number - 1 + (self.is_closed and self.closes_outside)

    @property
    def axis(self) -> ProductAxis:
        """The axis as the theorems read it: alike where all of its links are."""
        if self.size == 1:
            return evolve(self.plain, bandwidth=self.between)
        return evolve(self.plain, block=self.size, between=self.between) if self.crossings else self.plain


def filled(axes: Sequence[ProductAxis], blocks: Blocks) -> Topology:
    """The product of rings and paths whose endpoints fill it block by block, or axis by axis where there are no blocks.

    Raises `TopologyError` for blocks that do not fill it, and for what is said of blocks that are not there.
    """
    if blocks.sizes is None:
        for name, value in blocks.extras.items():
            if value is not None:
                raise TopologyError(
                    f"`{name}` is about blocks, and no `block` is written", parameter=name, help="write `block = [...]`"
                )
        return product(axes)
    lines = _lines(axes, blocks.sizes, blocks)
    bundles = [row for place in range(len(lines)) for row in _along(lines, place, blocks.links)]
    total = math.prod(axis.size for axis in axes)
    kept = tuple(line.axis for line in lines)
    return evolve(
        wired(
            [endpoints(total, sum(_ports(line, blocks.links) for line in lines))],
            bundles,
            structure=Product(kept, block=tuple(line.size for line in lines)) if blocks.links is None else None,
            in_order=False,
            hops=search if blocks.links else lambda _: product_hops(kept, 0),
        ),
        circuits=_circuits(lines, blocks.ports) if blocks.ports and blocks.links != "inside" else None,
    )


def _lines(axes: Sequence[ProductAxis], sizes: tuple[int, ...], blocks: Blocks) -> tuple[BlockedAxis, ...]:
    """The axes of more than one vertex, in blocks."""
    exactly("block", sizes, len(axes))
    for place, (axis, size) in enumerate(zip(axes, sizes, strict=True)):
        if axis.size % size:
            raise TopologyError(
                f"blocks of {size:,} do not fill the {axis.size:,} of axis {place}",
                parameter="block",
                help=f"take a divisor of {axis.size:,}",
            )
    pairs = [(axis, size) for axis, size in zip(axes, sizes, strict=True) if axis.size > 1]
    lines: list[BlockedAxis] = []
    inner, outer = 1, math.prod(size for _, size in pairs)
    for axis, size in reversed(pairs):
        number = axis.size // size
        between = axis.bandwidth if blocks.between is None else blocks.between
        # circuit switches are what closes a ring, that of a single block too
        lines.append(BlockedAxis(axis, size, number, between, inner, outer, number > 1 or blocks.ports is not None))
        inner, outer = inner * size, outer * number
    return tuple(reversed(lines))


def _along(lines: Sequence[BlockedAxis], place: int, wanted: str | None) -> Iterator[TierLinks]:
    """The links along one axis: those within blocks, from block to block, and the closing ones."""
    line = lines[place]
    rest = [
        step
        for other in (*lines[:place], *lines[place + 1 :])
        for step in (Along(other.number, other.outer, other.outer), Along(other.size, other.inner, other.inner))
    ]
    last = (line.size - 1) * line.inner
    block = Along(line.number, line.outer, line.outer), Along(line.size - 1, line.inner, line.inner)
    steps = Along(line.number - 1, line.outer, line.outer)
    if wanted != "between":
        yield bundle("endpoint", "endpoint", *rest, *block, v=line.inner, bandwidth=line.plain.bandwidth)
    if wanted != "inside":
        yield bundle("endpoint", "endpoint", *rest, steps, u=last, v=line.outer, bandwidth=line.between)
    if line.is_closed and wanted in (None, "between" if line.closes_outside else "inside"):
        end = (line.number - 1) * line.outer + last
        rate = line.between if line.closes_outside else line.plain.bandwidth
        yield bundle("endpoint", "endpoint", *rest, u=end, bandwidth=rate)


def _ports(line: BlockedAxis, wanted: str | None) -> int:
    """Most links of one endpoint along an axis."""
    if wanted is None:
        return axis_ports(line.plain)
    within = min(2, line.size - 1)
    if wanted == "inside":
        return axis_ports(line.plain) if line.is_closed and not line.closes_outside else within
    if line.size == 1:
        return axis_ports(line.plain)
    return min(1, line.crossings)


def _circuits(lines: Sequence[BlockedAxis], ports: int) -> Circuits:
    """One circuit switch for each place on a face of a block, which every block enters there from both sides.

    Jouppi et al., TPU v4, ISCA 2023: 48 switches for the 3 x 16 places of a cube of 4 x 4 x 4, 64 cubes by two ports each.
    Raises `TopologyError` where a switch has too few ports for that.
    """
    block, number = math.prod(line.size for line in lines), math.prod(line.number for line in lines)
    crossed = [line for line in lines if line.crossings]
    links = [number // line.number * line.crossings for line in crossed]  # at one place
    used = 2 * max(links, default=0)
    if used > ports:
        raise TopologyError(
            f"{used // 2:,} links pass each place of a face and take {used:,} ports there, `ocs` has {ports:,}",
            parameter="ocs",
            help=f"take circuit switches of {used:,} ports, or larger blocks",
        )
    faces = [block // line.size for line in crossed]
    return Circuits(sum(face * many for face, many in zip(faces, links, strict=True)), sum(faces), used)
