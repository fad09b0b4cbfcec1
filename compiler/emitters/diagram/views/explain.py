"""The trail of a figure: the figure on the left, its operands to the right, down to the stated inputs and their sources.

It is drawn from the same steps as the text. A tree that is too wide or too deep for a page is pruned.
"""

from collections.abc import Iterator

from attrs import evolve, field, frozen

from compiler.emitters.diagram.engine import DrawingError
from compiler.emitters.diagram.lettering import fitted, one_line, width
from compiler.emitters.diagram.picture import Box, Item, Line, Piece, Sheet, Text
from compiler.emitters.diagram.views.page import page
from compiler.emitters.diagram.views.view import View
from compiler.quantities import units
from compiler.quantities.display import number
from compiler.report.derivation import FigureTrail
from compiler.report.findings import Certified
from compiler.report.portrait import Portrait
from compiler.report.steps import TrailStep

WIDE, TALL, ACROSS, BETWEEN = 210.0, 62.0, 44.0, 9.0
MOST_LEAVES = 40
DEEPEST = 12


@frozen(eq=False)
class Node:
    """Box of the tree: at most four lines, its look, its tooltip, and the boxes of its inputs.

    `step` is the number of the step that it shows, None when it shows none; `again` is set when that is open elsewhere.
    """

    name: str
    value: str
    beside: str
    under: str
    look: str
    tooltip: str
    inputs: tuple["Node", ...] = ()
    step: int | None = None
    again: bool = False
    leaves: int = field(init=False)
    depth: int = field(init=False)

    @leaves.default
    def _leaves(self) -> int:
        return max(1, sum(node.leaves for node in self.inputs))

    @depth.default
    def _depth(self) -> int:
        return 1 + max((node.depth for node in self.inputs), default=0)


def _explain(portrait: Portrait, figure: str = "") -> Sheet:
    """A figure, its operands, and the sources of its inputs."""
    trail = portrait.trail(figure)
    if trail.bisection is None and not trail.steps:
        because = "; ".join(trail.notes)
        raise DrawingError(
            f"`{trail.figure}` is not known: {because}", "`clusterc report` lists the figures that are known"
        )
    root = _certificate(trail.title, trail.bisection) if trail.bisection is not None else _tree(trail)
    remark = "; ".join(trail.notes) if trail.bisection is None else ""
    legend = [("frame", "the figure"), ("even", "worked out"), ("panel", "stated"), ("note", "stated as a range")]
    return page(portrait, "explain", _laid(_pruned(root)), legend, remark, f"{trail.title}: {trail.display}")


explain = View("explain", _explain)


# ---- the tree --------------------------------------------------------------------------------


def _tree(trail: FigureTrail) -> Node:
    """Tree of the steps: each stands below every step that uses it, and is open only where it comes first."""
    opened: set[int] = set()

    def node(number: int, above: float | None, depth: int) -> Node:
        step = trail.steps[number]
        again = number in opened
        inputs: tuple[Node, ...] = ()
        if step.inputs and not again and depth < DEEPEST:
            opened.add(number)
            inputs = tuple(node(inner, step.share, depth + 1) for inner in step.inputs)
        return Node(
            one_line(trail.title if number == 0 else step.heading),
            step.display,
            step.shares(above),
            _under(step, again, bool(inputs)),
            _look(step),
            _tooltip(step, again),
            inputs,
            number,
            again,
        )

    return node(0, 1.0, 1)


def _under(step: TrailStep, again: bool, is_open: bool) -> str:
    """The formula of a step under its name, or the word for whom it stands, or its place."""
    if again:
        return "shown above"
    if step.inputs:
        formula = step.formula if step.heading != step.formula else ""
        return formula if is_open else f"{formula} …".strip()
    if step.sources:
        return f"{step.sources[0].grade}: {step.sources[0].title}"
    return _short_place(step) if step.at else "counted"


def _short_place(step: TrailStep) -> str:
    """File and line of a step, without the folders when they leave no room."""
    return step.at if width(step.at, 7.5) <= WIDE - 16 else f"…/{step.at.rpartition('/')[2]}"


def _look(step: TrailStep) -> str:
    if step.number == 0:
        return "frame"
    if step.inputs:
        return "even"
    if step.value is None:
        return "outside"
    return "panel" if step.low == step.high else "note"


def _tooltip(step: TrailStep, again: bool) -> str:
    """Tooltip of a step: the facts that the text has about it, a line each."""
    return "\n".join([step.line(again), *([step.at] if step.at else []), *(f"from {cited}" for cited in step.sources)])


def _certificate(title: str, certified: Certified) -> Node:
    """Tree of a bisection: the proof of its lower end, and the cut that proves the upper one."""
    found, cut = certified.found, certified.cut
    if found.lower is None and found.upper is None:
        return Node(title, found.display, "", found.reason, "frame", found.reason)
    proof = "\n".join(cut.proof) if cut is not None else ""
    inputs = [Node("proven by", found.status, "", found.method, "even", proof or found.method)]
    if cut is not None:
        sizes = " and ".join(f"{size:,}" for size in cut.endpoints)
        crossing = tuple(
            Node(
                one_line(row.links),
                "links cross" if row.count is None else f"{row.count:,} links cross",
                "",
                number(row.capacity, units.RATE),
                "panel",
                row.links,
            )
            for row in cut.crossing
        )
        standing = "; ".join(cut.standing)
        inputs.append(Node("the cut", f"{sizes} endpoints", "", standing, "even", "\n".join(cut.standing), crossing))
    return Node(title, found.display, "", found.status, "frame", found.reason, tuple(inputs))


# ---- places ----------------------------------------------------------------------------------


def _pruned(root: Node) -> Node:
    """The tree with as many leaves as a page has room for."""
    kept = _within(root, MOST_LEAVES)
    drawn = {node.step for node in _walk(kept) if node.inputs}
    return _without_lost(kept, drawn)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for each in node.inputs:
        yield from _walk(each)


def _without_lost(node: Node, drawn: set[int | None]) -> Node:
    """The tree without references to steps that pruning has removed."""
    if node.again and node.step not in drawn:
        return evolve(node, under="…")
    return evolve(node, inputs=tuple(_without_lost(each, drawn) for each in node.inputs))


def _within(node: Node, room: int) -> Node:
    """A tree with at most `room` leaves: each level shares them out among its inputs, and one box counts the rest."""
    if node.leaves <= room or not node.inputs:
        return node
    kept, left = [], room
    for place, each in enumerate(node.inputs):
        if left <= 1 and place + 1 < len(node.inputs):
            rest = node.inputs[place:]
            kept.append(Node(f"and {len(rest)} more", "", "", "", "outside", "\n".join(n.name for n in rest)))
            break
        share = max(1, left - (len(node.inputs) - place - 1))
        small = _within(each, share)
        if small.leaves > share:
            small = evolve(each, under=f"{each.under} …".strip(), inputs=())
        kept.append(small)
        left -= small.leaves
    return evolve(node, inputs=tuple(kept))


def _laid(root: Node) -> Piece:
    """Layout of the tree: boxes in columns by depth, each beside the middle of its inputs."""
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
    return Piece(root.depth * (WIDE + ACROSS) - ACROSS, middle[0] - BETWEEN, (*boxes, *lines))


def _box(node: Node, id: str, x: float, y: float) -> Box:
    """Box of a node, its lines centred in its height."""
    room, at = WIDE - 16, x + 8
    lines = [
        (14.0, Text(fitted(node.name, room, 10), at, 0, 10, ink="soft")),
        (14.0, Text(fitted(node.value, room, 11.5, True), at, 0, 11.5, bold=True)),
        (12.0, Text(fitted(node.beside, room, 8), at, 0, 8)),
        (11.0, Text(fitted(one_line(node.under), room, 7.5), at, 0, 7.5, ink="soft")),
    ]
    shown = [(tall, text) for tall, text in lines if text.text]
    top = y + (TALL - sum(tall for tall, _ in shown)) / 2
    texts: list[Text] = []
    for tall, text in shown:
        texts.append(evolve(text, y=top + tall / 2))
        top += tall
    return Box(id, x, y, WIDE, TALL, node.look, node.tooltip, tuple(texts))


def _line(tail: str, head: str, x: float, y: float, right: float, end: float) -> Line:
    bend = (right - x) / 2
    return Line(tail, head, ((x, y), (x + bend, y), (right - bend, end), (right, end)), "link", curved=True)
