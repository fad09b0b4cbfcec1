"""The trail of a figure: what it was made of, step by step, down to the words of the sources."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from compiler.emitters.json import plain
from compiler.emitters.text import table
from compiler.errors import UnknownError
from compiler.ir.cluster import Design, networks
from compiler.ir.stated import input_names
from compiler.quantities import provenance, units
from compiler.quantities.display import interval, number, percent
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Intervals
from compiler.quantities.tolerances import CLOSE
from compiler.report.findings import Bisected, Measured, Report
from compiler.report.measured import is_uncertain
from compiler.report.sections import Section, columns
from dsl.source import Span
from dsl.suggest import did_you_mean

if TYPE_CHECKING:
    from compiler.networks.cut_in_words import DesignCut
    from compiler.quantities.influence import Mover

SCHEMA = "clusterc.explain/1"
SIGNS = {"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / ", "floor_divide": " // ", "power": " ^ "}
SIGNS |= {"less": " < ", "less_equal": " <= ", "greater": " > ", "greater_equal": " >= ", "equal": " == "}
SIGNS |= {"not_equal": " != ", "and": " and ", "or": " or "}
WORDS = {"minimum": "min", "maximum": "max", "negative": "-", "not": "not "}
LONGEST = 60
MOST_MOVERS = 8
_MOVERS = columns(
    "Input:40 | Known as | >Of the variance | >Figure at its low end | >At its high end | Stated in | By:40"
)
MOVING = (
    "The share of the variance is what an input explains by itself, over 4,096 seeded samples of all; the figure at an "
    "end is with the others at their middle."
)
WHOLE = {"bisection.whole": "", "bisection.without_scale_up": "scale-up"}


@frozen
class Cited:
    """A source as the trail prints it."""

    title: str
    date: str
    grade: str
    locator: str
    url: str


@frozen(eq=False)
class Step:
    """One quantity of the trail. `formula` is what it was made of, in the words of the language; empty for a literal.

    `display` is its value for people; `value`, `low`, `high` are in `unit`, a base unit. `inputs` are numbers of steps.
    `share` is its share of the figure where the figure is a sum, all its uses together; `variance` that of an uncertain
    input in the variance of the figure, by itself. None: not a term, not uncertain.
    """

    number: int
    name: str
    formula: str
    display: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    place: Span | None
    sources: tuple[Cited, ...]
    grade: str | None
    inputs: tuple[int, ...]
    share: float | None = None
    variance: float | None = None


@frozen(eq=False)
class Certified:
    """What a bisection rests on: its certified ends, and the cut in the design's own words where there is one."""

    found: Bisected
    cut: "DesignCut | None" = None

    def to_dict(self) -> dict[str, object]:
        """Bandwidth in B/s, one direction."""
        found = self.found
        return {
            "lower": plain(found.lower),
            "upper": plain(found.upper),
            "status": found.status,
            "method": found.method or None,
            "reason": found.reason or None,
            "proof": list(self.cut.proof) if self.cut else [],
            "cut": _cut(self.cut) if self.cut else None,
        }


def _cut(cut: "DesignCut") -> dict[str, object]:
    crossing = [
        {"network": row.network, "links": row.links, "count": row.count, "capacity": plain(row.capacity)}
        for row in cut.crossing
    ]
    return {
        "capacity": plain(cut.capacity),
        "endpoints": list(cut.endpoints),
        "sides": list(cut.standing),
        "crossing": crossing,
    }


@frozen(eq=False)
class Trail:
    """A figure's whole trail: its steps, the figure itself first, each once however often it is used.

    `notes` say what the steps cannot: what was not counted, why a figure is absent, what certifies a bisection.
    `movers` are its uncertain inputs, the strongest first.
    """

    figure: str
    title: str
    display: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    bisection: "Certified | None" = None
    movers: "tuple[Mover, ...]" = ()
    quantity: Quantity | None = field(default=None, repr=False)

    def to_text(self) -> str:
        """The trail as a tree of lines, and what moves the figure as a table."""
        head = f"{self.title} ({self.figure}): {self.display}"
        return "\n".join([head, *_tree(self), *_notes(self), *_moving(self)]) + "\n"

    def to_dict(self) -> dict[str, object]:
        """The trail as data, `clusterc.explain/1`."""
        return {
            "schema": SCHEMA,
            "figure": self.figure,
            "title": self.title,
            "display": self.display,
            "steps": [_data(step) for step in self.steps],
            "movers": [_mover(mover) for mover in self.movers],
            "notes": list(self.notes),
            **({"bisection": self.bisection.to_dict()} if self.bisection is not None else {}),
        }

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def __str__(self) -> str:
        return self.to_text()


def trail(report: Report, path: str, design: Design | None = None, effort: str = "normal") -> Trail:
    """The trail of a figure, a let or a bisection of a report. Raises `UnknownError` with the nearest path.

    `design` is what the report is about; with it a bisection shows its cut. `bisection` is that of the whole.
    """
    bisections = {f"bisection.{name}": found for name, found in report.bisection.items()}
    bisections |= {f"{name}.bisection": network.bisection for name, network in report.networks.items()}
    figures = {**report.shown, **report.figures}
    figures |= {f"{name}.injection": network.injection for name, network in report.networks.items()}
    path = "bisection.whole" if path == "bisection" else path
    if path in bisections:
        return _of_bisection(path, bisections[path], _cut_of(design, path, effort) if design else None)
    if path not in figures:
        hint = did_you_mean(path, (*figures, *bisections)) or (f"`{report.design}` has {', '.join(figures)}",)
        raise UnknownError("; ".join((f"there is no figure `{path}`", *hint)))
    return _of_figure(figures[path], design)


def _cut_of(design: Design, path: str, effort: str) -> "DesignCut | None":
    from compiler.networks.composition import whole_bisection
    from compiler.networks.cut_in_words import network_cut, whole_cut
    from compiler.networks.cuts import network_bisection

    if path in WHOLE:
        return whole_cut(design.root, WHOLE[path], whole_bisection(design.root, WHOLE[path], effort))
    found = next(network for name, _, _, network in networks(design.root) if f"{name}.bisection" == path)
    return network_cut(found, network_bisection(found, effort))


def _of_figure(figure: Measured, design: Design | None) -> Trail:
    notes = [f"not counted: {item}" for item in figure.missing]
    notes += [figure.reason] if figure.reason else []
    quantity = figure.quantity
    if quantity is None:
        return Trail(figure.path, figure.title, figure.display, (), tuple(notes))
    moving: tuple[Mover, ...] = ()
    variances: Mapping[int, float] = {}
    if quantity.dimension != units.TRUTH and is_uncertain(quantity):
        from compiler.quantities.influence import movers, shares  # numpy, for figures that something moves

        moving = movers(quantity, input_names(design) if design else {})
        variances = shares(quantity, moving)
    steps = tuple(_steps(quantity, variances))
    return Trail(figure.path, figure.title, figure.display, steps, tuple(notes), None, moving, quantity)


def _of_bisection(path: str, found: Bisected, cut: "DesignCut | None") -> Trail:
    """A bisection has a certificate instead of operands."""
    notes = [f"status: {found.status}"]
    notes += [f"proven by {found.method}"] if found.method else []
    notes += [f"not better known because {found.reason}"] if found.reason else []
    if cut is not None:
        notes += [f"why it is no less: {sentence}" for sentence in cut.proof]
        notes.append("side A has {:,} endpoints, side B {:,}".format(*cut.endpoints))
        notes += list(cut.standing)
        for row in cut.crossing:
            many = f"{row.count:,} links" if row.count is not None else "links"
            of = f" of {row.network}" if row.network else ""
            notes.append(f"across: {many}{of}, {row.links}: {number(row.capacity, units.RATE)}")
        notes.append(f"together {number(cut.capacity, units.RATE)}, the upper end")
    certified = Certified(found, cut)
    return Trail(path, "Bisection bandwidth, one direction", found.display, (), tuple(notes), certified)


# ---- steps -----------------------------------------------------------------------------------


def _steps(root: Quantity, variances: Mapping[int, float]) -> Iterator[Step]:
    """Every quantity below a figure, operands in the order of the formula, each once."""
    numbers: dict[int, int] = {}
    waiting = [root]
    nodes: list[Quantity] = []
    while waiting:
        node = waiting.pop()
        if id(node) not in numbers:
            numbers[id(node)] = len(nodes)
            nodes.append(node)
            waiting.extend(reversed(_operands(node)))
    intervals = Intervals()
    terms = _terms(root, intervals)
    for node in nodes:
        bounds = intervals.of(node)
        origin = node.origin
        cites = origin.citations if origin else ()
        yield Step(
            numbers[id(node)],
            _name(node),
            _formula(node),
            interval(bounds, node),
            plain(bounds.middle),
            plain(bounds.low),
            plain(bounds.high),
            units.base_unit(node.dimension),
            origin.span if origin else None,
            tuple(
                Cited(c.source.title or c.source.name, c.source.date, c.source.grade, c.locator, c.source.url)
                for c in cites
            ),
            provenance.grade(node),
            tuple(numbers[id(operand)] for operand in _operands(node)),
            terms.get(id(node)),
            variances.get(id(node)),
        )


def _terms(root: Quantity, intervals: Intervals) -> dict[int, float]:
    """The share of the figure that each of its terms is, by their identity: a sum shares itself out over its terms.

    A product hands its share to the one factor that measures what it does, a quotient to what is divided: the terms of
    the terms then stand for themselves. Other operations share nothing out.
    """
    found = {id(root): 1.0}
    for node in reversed(order([root])):
        share = found.get(id(node))
        if share is None:
            continue
        if node.op == "add":
            whole = intervals.of(node).middle
            for arg in node.args if whole else ():
                found[id(arg)] = found.get(id(arg), 0.0) + share * intervals.of(arg).middle / whole
        elif (carrier := _carrier(node)) is not None:
            found[id(carrier)] = found.get(id(carrier), 0.0) + share
    return {id: share for id, share in found.items() if math.isfinite(share)}


def _carrier(node: Quantity) -> Quantity | None:
    """The factor of a product that has its dimension, or that alone is worked out; the numerator of a quotient."""
    if node.op == "divide":
        return node.args[0]
    if node.op != "multiply":
        return None
    bearing = [arg for arg in node.args if (arg.dimension if node.dimension else arg.args)]
    return bearing[0] if len(bearing) == 1 else None


def _operands(node: Quantity) -> tuple[Quantity, ...]:
    """The operands of a node; a sum of sums without names of their own is one sum."""
    found: list[Quantity] = []
    for arg in node.args:
        if arg.op == node.op == "add" and not arg.label and not arg.origin:
            found.extend(_operands(arg))
        else:
            found.append(arg)
    return tuple(found)


def _name(node: Quantity) -> str:
    """What a quantity is called, or how it was written."""
    if node.label:
        return node.label
    return _short(node.origin.span.text) if node.origin else ""


def _formula(node: Quantity) -> str:
    """What a quantity was made of: the text it was written as, else its operation over the names of its operands."""
    if not node.args:
        return ""
    if node.origin is not None and _is_expression(node.origin.span.text):
        return _short(node.origin.span.text)
    operands = [_name(operand) or _value(operand) for operand in _operands(node)]
    if node.op in SIGNS:
        return SIGNS[node.op].join(operands)
    return f"{WORDS.get(node.op, node.op)}({', '.join(operands)})"


def _is_expression(text: str) -> bool:
    return any(sign in text for sign in "+-*/^(") and not text[:1].isdigit()


def _value(node: Quantity) -> str:
    """An operand without a name stands by its value; its own line says what it was made of."""
    shown = interval(Intervals().of(node), node)
    return f"({shown})" if " to " in shown else shown


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


# ---- words -----------------------------------------------------------------------------------


def _tree(trail: Trail) -> Iterator[str]:
    """The steps indented below what uses them; what was already shown is named again and not opened again."""
    if not trail.steps:
        return
    seen: set[int] = set()
    waiting: list[tuple[int, str, str, float | None]] = [(0, "", "", 1.0)]
    while waiting:
        number, branch, below, above = waiting.pop()
        step = trail.steps[number]
        again = number in seen and bool(step.inputs)
        yield branch + _line(step, again) + _shares(step, above)
        if again:
            continue
        seen.add(number)
        yield from (f"{below}{'│   ' if step.inputs else '    '}{words}" for words in _sourced(step))
        for place, inner in reversed(list(enumerate(step.inputs))):
            last = place == len(step.inputs) - 1
            waiting.append(
                (inner, below + ("└── " if last else "├── "), below + ("    " if last else "│   "), step.share)
            )


def _line(step: Step, again: bool) -> str:
    named = f"{step.name} = " if step.name and step.name != step.formula else ""
    formula = f"{step.formula} = " if step.formula and not again else ""
    place = f"   [{_place(step.place)}]" if step.place is not None and not again else ""
    return f"{named}{formula}{step.display}{place}{'   (shown above)' if again else ''}"


def _shares(step: Step, above: float | None) -> str:
    """What a term is of the figure, where it is less than what it is a term of, and what an input is of its spread."""
    said = []
    if step.share is not None and above is not None and step.share < above * (1 - CLOSE):
        said.append(f"{percent(step.share)} of the figure")
    if step.variance is not None:
        said.append(f"{percent(step.variance)} of the variance")
    return f"   {{{', '.join(said)}}}" if said else ""


def _place(span: Span) -> str:
    return f"{span.source.name}:{span.source.line_column(span.start)[0]}"


def _sourced(step: Step) -> Iterator[str]:
    for cited in step.sources:
        date = f", {cited.date}" if cited.date else ""
        locator = f', "{cited.locator}"' if cited.locator else ""
        yield f"from {cited.title}{date} ({cited.grade}){locator}"


def _notes(trail: Trail) -> list[str]:
    return [f"  - {note}" for note in trail.notes]


def _moving(trail: Trail) -> list[str]:
    """The uncertain inputs as a table: share of the variance, and the figure at their ends."""
    if not trail.movers or trail.quantity is None:
        return []
    rows = tuple(_moves(mover, trail.quantity) for mover in trail.movers[:MOST_MOVERS])
    left = len(trail.movers) - len(rows)
    notes = (MOVING, *((f"{left} more move it less",) if left else ()))
    section = Section("movers", "What moves it", _MOVERS, rows, notes)
    return ["", section.title, *(line.rstrip() for line in table(section))]


def _moves(mover: "Mover", figure: Quantity) -> tuple[str, ...]:
    one = mover.input
    unit = "" if figure.dimension else figure.unit
    ends = (number(end, figure.dimension, unit) for end in (mover.at_low, mover.at_high))
    return one.label, one.display, percent(mover.share), *ends, one.at, "; ".join(one.sources)


def _mover(mover: "Mover") -> dict[str, object]:
    """An uncertain input; `low` and `high` are its ends, `at_low` and `at_high` the figure there, all in base units."""
    one = mover.input
    return {
        "input": one.label,
        "display": one.display,
        "low": plain(one.low),
        "high": plain(one.high),
        "place": one.at or None,
        "sources": list(one.sources),
        "variance": plain(round(mover.share, 6)),
        "at_low": plain(mover.at_low),
        "at_high": plain(mover.at_high),
    }


def _data(step: Step) -> dict[str, object]:
    at = None
    if step.place is not None:
        line, column = step.place.source.line_column(step.place.start)
        at = {"file": step.place.source.name, "line": line, "column": column, "text": step.place.text}
    return {
        "id": step.number,
        "name": step.name,
        "formula": step.formula or None,
        "display": step.display,
        "value": step.value,
        "low": step.low,
        "high": step.high,
        "unit": step.unit,
        "place": at,
        "sources": [
            {"title": c.title, "date": c.date, "grade": c.grade, "locator": c.locator, "url": c.url}
            for c in step.sources
        ],
        "grade": step.grade,
        "share": plain(step.share),
        "variance": None if step.variance is None else plain(round(step.variance, 6)),
        "inputs": list(step.inputs),
    }
