"""Trail of a figure: as text, a tree of lines and a table of what moves it; as JSON, `clusterc.explain/1`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from compiler.emitters.json import plain, written
from compiler.emitters.text import table
from compiler.quantities.display import number, percent
from compiler.report.sections import Section, columns

if TYPE_CHECKING:
    from compiler.report.derivation import FigureTrail
    from compiler.report.findings import Certified
    from compiler.report.steps import TrailStep

SCHEMA = "clusterc.explain/1"
MOST_MOVERS = 8
MOVERS = columns(
    "Input:40 | Known as | >Of the variance | >Figure at its low end | >At its high end | Stated in | By:40"
)
MOVING = (
    "The share of the variance is what an input explains by itself, over 4,096 seeded samples of all; the figure at an "
    "end is with the others at their middle."
)


def emit(trail: FigureTrail) -> str:
    """The trail as text, ended by a newline."""
    head = f"{trail.title} ({trail.figure}): {trail.display}"
    notes = (f"  - {note}" for note in trail.notes)
    return "\n".join([head, *_tree(trail), *notes, *_moving(trail)]) + "\n"


def emit_json(trail: FigureTrail) -> str:
    """The trail as a JSON text, ended by a newline."""
    return written(data(trail))


# ---- text ------------------------------------------------------------------------------------


def _tree(trail: FigureTrail) -> Iterator[str]:
    """Lines of the steps, each indented below the one that uses it; a step shown before is only named."""
    if not trail.steps:
        return
    seen: set[int] = set()
    waiting: list[tuple[int, str, str, float | None]] = [(0, "", "", 1.0)]
    while waiting:
        number, branch, below, above = waiting.pop()
        step = trail.steps[number]
        again = number in seen and bool(step.inputs)
        yield branch + step.line(again) + _beside(step, again, above)
        if again:
            continue
        seen.add(number)
        yield from (f"{below}{'│   ' if step.inputs else '    '}from {cited}" for cited in step.sources)
        for place, inner in reversed(list(enumerate(step.inputs))):
            last = place == len(step.inputs) - 1
            waiting.append(
                (inner, below + ("└── " if last else "├── "), below + ("    " if last else "│   "), step.share)
            )


def _beside(step: TrailStep, again: bool, above: float | None) -> str:
    """Text behind the line of a step: its place and its shares."""
    place = f"   [{step.at}]" if step.at and not again else ""
    said = step.shares(above)
    return f"{place}{'   (shown above)' if again else ''}{f'   {{{said}}}' if said else ''}"


def _moving(trail: FigureTrail) -> list[str]:
    """Table of the uncertain inputs: share of the variance, and the figure at both ends of each."""
    figure = trail.quantity
    if not trail.movers or figure is None:
        return []
    unit = "" if figure.dimension else figure.unit
    rows = []
    for mover in trail.movers[:MOST_MOVERS]:
        one = mover.input
        ends = (number(end, figure.dimension, unit) for end in (mover.at_low, mover.at_high))
        rows.append((one.label, one.display, percent(mover.share), *ends, one.at, "; ".join(one.sources)))
    left = len(trail.movers) - len(rows)
    notes = (MOVING, *((f"{left} more move it less",) if left else ()))
    section = Section("movers", "What moves it", MOVERS, tuple(rows), notes)
    return ["", section.title, *(line.rstrip() for line in table(section))]


# ---- data ------------------------------------------------------------------------------------


def data(trail: FigureTrail) -> dict[str, object]:
    """The trail as JSON values, numbers in base units."""
    return {
        "schema": SCHEMA,
        "figure": trail.figure,
        "title": trail.title,
        "display": trail.display,
        "steps": [_step(step) for step in trail.steps],
        "movers": _movers(trail),
        "notes": list(trail.notes),
        **({"bisection": _certified(trail.bisection)} if trail.bisection is not None else {}),
    }


def _step(step: TrailStep) -> dict[str, object]:
    at = None
    if step.place is not None:
        row, column = step.place.source.line_column(step.place.start)
        at = {"file": step.place.source.name, "line": row, "column": column, "text": step.place.text}
    return {
        "id": step.number,
        "name": step.name,
        "formula": step.formula or None,
        "display": step.display,
        "value": plain(step.value),
        "low": plain(step.low),
        "high": plain(step.high),
        "unit": step.unit,
        "place": at,
        "sources": [
            {"title": c.title, "date": c.date, "grade": c.grade, "locator": c.locator, "url": c.url}
            for c in step.sources
        ],
        "grade": step.grade,
        "share": plain(step.share),
        "variance": _rounded(step.variance),
        "inputs": list(step.inputs),
    }


def _movers(trail: FigureTrail) -> list[dict[str, object]]:
    """Uncertain inputs; `low` and `high` are their ends, `at_low` and `at_high` the figure there, in base units."""
    return [
        {
            "input": mover.input.label,
            "display": mover.input.display,
            "low": plain(mover.input.low),
            "high": plain(mover.input.high),
            "place": mover.input.at or None,
            "sources": list(mover.input.sources),
            "variance": _rounded(mover.share),
            "at_low": plain(mover.at_low),
            "at_high": plain(mover.at_high),
        }
        for mover in trail.movers
    ]


def _rounded(share: float | None) -> float | int | None:
    """A share, rounded to six digits since it comes from samples; None stays None."""
    return None if share is None else plain(round(share, 6))


def _certified(certified: Certified) -> dict[str, object]:
    """Bisection with its proof and its cut; bandwidth in B/s, one direction."""
    found, cut = certified.found, certified.cut
    ends = {"lower": plain(found.lower), "upper": plain(found.upper), "status": found.status}
    words = {"method": found.method or None, "reason": found.reason or None}
    if cut is None:
        return {**ends, **words, "proof": [], "cut": None}
    crossing = [
        {"network": row.network, "links": row.links, "count": row.count, "capacity": plain(row.capacity)}
        for row in cut.crossing
    ]
    shown = {"capacity": plain(cut.capacity), "endpoints": list(cut.endpoints), "sides": list(cut.standing)}
    return {**ends, **words, "proof": list(cut.proof), "cut": {**shown, "crossing": crossing}}
