"""Where a figure comes from: the figure on the left, what it is made of to the right, down to what was stated, and by whom."""

import math
import re
from collections.abc import Mapping

from attrs import field, frozen

from compiler.analysis.figures import by_path
from compiler.analysis.metric import Figure
from compiler.emitters.diagram.engine import DrawingError
from compiler.emitters.diagram.lettering import fitted, one_line
from compiler.emitters.diagram.page import page
from compiler.emitters.diagram.picture import Block, Box, Item, Line, Sheet, Text
from compiler.emitters.diagram.view import View
from compiler.ir.cluster import Design
from compiler.networks.bisection.proofs import sentences
from compiler.networks.composition import whole_bisection
from compiler.networks.cut_in_words import whole_cut
from compiler.quantities import display, provenance, units
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.report.measured import is_uncertain
from dsl.suggest import did_you_mean

FIRST = ("power.facility", "power.it", "cost.capital", "compute.fp8", "compute.bf16", "accelerators")
"""The figure that is drawn when none is asked for: the first of these that is known."""
SIGNS = {"add": "sum of", "subtract": "difference of", "multiply": "product of", "divide": "quotient of"}
WIDE, TALL, ACROSS, BETWEEN = 196.0, 48.0, 44.0, 9.0
MOST_LEAVES = 40
DEEPEST = 12
LISTED = "`clusterc report` lists the figures that are known"
_TAG = re.compile(r"@\w+")


@frozen(eq=False)
class Node:
    """A box of the tree: four lines at most, the look, and what it is made of."""

    name: str
    value: str
    under: str
    look: str
    tooltip: str
    inputs: tuple["Node", ...] = ()
    leaves: int = field(init=False)
    depth: int = field(init=False)

    @leaves.default
    def _leaves(self) -> int:
        return max(1, sum(node.leaves for node in self.inputs))

    @depth.default
    def _depth(self) -> int:
        return 1 + max((node.depth for node in self.inputs), default=0)


def _explain(design: Design, figure: str = "") -> Sheet:
    """A figure, what it is made of, and the sources of its inputs."""
    return explained(design, figure)


explain = View("explain", _explain)


def explained(design: Design, path: str = "") -> Sheet:
    """The trail of a figure of a design as a page, of `bisection` by its certificate. Raises `DrawingError`."""
    figures = by_path(design.root, design.site)
    known = {name: found for name, found in figures.items() if found.quantity is not None}
    known |= {name: Figure(name, name.replace("_", " "), quantity) for name, quantity in design.values.items()}
    wanted = path or next((name for name in FIRST if name in known), "bisection")
    if wanted == "bisection":
        return _page(design, "Bisection bandwidth, one direction", _bisection(design))
    if wanted not in known:
        absent = figures.get(wanted)
        if absent is not None:
            raise DrawingError(f"`{wanted}` is not known: {absent.reason or ', '.join(absent.missing)}", LISTED)
        hint = did_you_mean(wanted, (*known, "bisection")) or (LISTED,)
        raise DrawingError(f"there is no figure `{wanted}` to explain", "; ".join(hint))
    found = known[wanted]
    assert found.quantity is not None
    node = _tree(found.quantity, found.title, _Reading(found.quantity), 1)
    lost = f"not counted: {', '.join(found.missing)}" if found.missing else ""
    return _page(design, found.title, node, lost)


def _page(design: Design, title: str, root: Node, remark: str = "") -> Sheet:
    pruned = _pruned(root)
    legend = [("frame", "the figure"), ("even", "worked out"), ("panel", "stated"), ("note", "stated as a range")]
    return page(design, "explain", _laid(pruned), legend, remark, f"{title}: {root.value}")


# ---- the tree --------------------------------------------------------------------------------


class _Reading:
    """What is read of a figure's graph: the bounds of each quantity, and the share of the variance of each uncertain input."""

    def __init__(self, root: Quantity) -> None:
        self.intervals = Intervals()
        self.variances: Mapping[int, float] = {}
        if root.dimension != units.TRUTH and is_uncertain(root):
            from compiler.quantities.influence import movers, shares  # numpy, for figures that something moves

            self.variances = shares(root, movers(root))

    def said(self, leaf: Quantity) -> str:
        """`98 % of the variance; ` before the source of an uncertain input."""
        share = self.variances.get(id(leaf))
        return "" if share is None else f"{display.percent(share)} of the variance; "


def _tree(quantity: Quantity, name: str, reading: _Reading, depth: int) -> Node:
    """A quantity and its operands; sums of sums and products of products without names of their own are one."""
    bounds = reading.intervals.of(quantity)
    value = _TAG.sub("", display.interval(bounds, quantity))
    if quantity.op == "missing":
        return Node(one_line(quantity.label), "not stated", "", "outside", quantity.label)
    operands = _operands(quantity) if depth < DEEPEST else ()
    inputs = tuple(_tree(each, _name(each), reading, depth + 1) for each in operands)
    if depth == 1:
        look = "frame"
    elif inputs:
        look = "even"
    else:
        look = "panel" if bounds.low == bounds.high else "note"
    under = (
        f"{SIGNS.get(quantity.op, quantity.op)} {len(inputs)}" if inputs else reading.said(quantity) + _source(quantity)
    )
    if inputs and quantity.op == "add":
        inputs = tuple(
            _with_share(node, reading.intervals.of(each).middle, bounds.middle)
            for node, each in zip(inputs, operands, strict=True)
        )
    return Node(one_line(name), value, under, look, _told(quantity, name, value), inputs)


def _operands(quantity: Quantity) -> tuple[Quantity, ...]:
    found: list[Quantity] = []
    for arg in quantity.args:
        is_same = arg.op == quantity.op and quantity.op in ("add", "multiply") and not arg.label
        found += _operands(arg) if is_same else [arg]
    return tuple(found)


def _name(quantity: Quantity) -> str:
    if quantity.label:
        return quantity.label
    if quantity.origin is not None and not quantity.args:
        return quantity.origin.span.text
    sign = {"multiply": " × ", "divide": " / "}.get(quantity.op)
    if sign is None:
        return _noun(quantity)
    return sign.join(each.label or _noun(each) for each in _operands(quantity))


def _noun(quantity: Quantity) -> str:
    """What a quantity without a name measures: `power`."""
    return units.noun(quantity.dimension).removeprefix("a ").removeprefix("an ")


def _with_share(node: Node, part: float, whole: float) -> Node:
    if not whole or not math.isfinite(part / whole):
        return node
    return Node(node.name, f"{node.value}   ({part / whole:.0%})", node.under, node.look, node.tooltip, node.inputs)


def _source(quantity: Quantity) -> str:
    """On whose word a literal stands, or where it was written."""
    origin = quantity.origin
    if origin is None:
        return "counted"
    if origin.citations:
        first = origin.citations[0].source
        return f"{first.grade}: {first.title or first.name}"
    line, _ = origin.span.source.line_column(origin.span.start)
    return f"{origin.span.source.name}:{line}"


def _told(quantity: Quantity, name: str, value: str) -> str:
    """Everything that is known of a box, to read on pointing."""
    lines = [f"{name} = {value}"]
    if quantity.origin is not None:
        line, _ = quantity.origin.span.source.line_column(quantity.origin.span.start)
        lines.append(f"{quantity.origin.span.source.name}:{line}")
    for cited in provenance.citations(quantity)[:6]:
        locator = f', "{cited.locator}"' if cited.locator else ""
        lines.append(f"{cited.source.title or cited.source.name} ({cited.source.grade}){locator}")
    return "\n".join(lines)


def _bisection(design: Design) -> Node:
    """The bisection with its certificate: what proves the lower end, and the cut that shows the upper one."""
    bound = whole_bisection(design.root)
    if bound.lower is None and bound.upper is None:
        return Node("bisection", "absent", bound.reason or "", "frame", bound.reason or "")
    ends = [display.number(end, units.RATE) for end in dict.fromkeys((bound.lower, bound.upper)) if end is not None]
    proof = Node(
        "proven by", bound.status, bound.method or "", "even", "\n".join(sentences(bound.method)) or bound.method
    )
    inputs = [proof]
    if (cut := whole_cut(design.root, "", bound)) is not None:
        sizes = " and ".join(f"{n:,}" for n in cut.endpoints)
        crossing = tuple(
            Node(
                one_line(row.links),
                "links cross" if row.count is None else f"{row.count:,} links cross",
                display.number(row.capacity, units.RATE),
                "panel",
                row.links,
            )
            for row in cut.crossing
        )
        inputs.append(
            Node(
                "the cut",
                f"{sizes} endpoints",
                "; ".join(cut.standing),
                "even",
                "\n".join(cut.standing),
                crossing,
            )
        )
    return Node("bisection", " to ".join(ends), bound.status, "frame", bound.reason or "", tuple(inputs))


# ---- places ----------------------------------------------------------------------------------


def _pruned(node: Node, room: int = MOST_LEAVES) -> Node:
    """The tree with at most so many leaves: each level shares the room among what is below it, the rest is counted."""
    if node.leaves <= room or not node.inputs:
        return node
    kept, left = [], room
    for place, each in enumerate(node.inputs):
        if left <= 1 and place + 1 < len(node.inputs):
            rest = len(node.inputs) - place
            kept.append(Node(f"and {rest} more", "", "", "outside", "\n".join(n.name for n in node.inputs[place:])))
            break
        share = max(1, left - (len(node.inputs) - place - 1))
        small = _pruned(each, share)
        kept.append(
            small if small.leaves <= share else Node(each.name, each.value, f"{each.under} …", each.look, each.tooltip)
        )
        left -= kept[-1].leaves
    return Node(node.name, node.value, node.under, node.look, node.tooltip, tuple(kept))


def _laid(root: Node) -> Block:
    """Boxes in columns by depth, each beside the middle of what it is made of."""
    boxes: list[Item] = []
    lines: list[Item] = []
    middle = [0.0]

    def place(node: Node, id: str, column: int) -> float:
        x = column * (WIDE + ACROSS)
        if node.inputs:
            ends = [place(each, f"{id}.{number}", column + 1) for number, each in enumerate(node.inputs)]
            y = (ends[0] + ends[-1]) / 2
            for number, end in enumerate(ends):
                lines.append(_line(f"{id}.{number}", id, x + WIDE, y, x + WIDE + ACROSS, end))
        else:
            y = middle[0] + TALL / 2
            middle[0] += TALL + BETWEEN
        boxes.append(_box(node, id, x, y - TALL / 2))
        return y

    place(root, "figure", 0)
    return Block(root.depth * (WIDE + ACROSS) - ACROSS, middle[0] - BETWEEN, (*boxes, *lines))


def _box(node: Node, id: str, x: float, y: float) -> Box:
    room = WIDE - 16
    texts = [
        Text(fitted(node.name, room, 10), x + 8, y + 11, 10, ink="soft"),
        Text(fitted(node.value, room, 11.5, True), x + 8, y + 25, 11.5, bold=True),
        Text(fitted(one_line(node.under), room, 7.5), x + 8, y + 39, 7.5, ink="soft"),
    ]
    return Box(id, x, y, WIDE, TALL, node.look, node.tooltip, tuple(text for text in texts if text.text))


def _line(tail: str, head: str, x: float, y: float, right: float, end: float) -> Line:
    bend = (right - x) / 2
    return Line(tail, head, ((x, y), (x + bend, y), (right - bend, end), (right, end)), "link", curved=True)
