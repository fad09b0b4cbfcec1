"""Specification of the columns of a study: the quantities computed for every point, their names and readings."""

from collections.abc import Iterator

from attrs import frozen

from compiler.quantities.graph import COMPARISONS, Quantity, apply, order
from compiler.semantics.axes import Axis, shown_unit
from compiler.semantics.studies import Formed, Study
from dsl import syntax

HIDDEN = ("require", "seek", "side")
"""Roles of roots that a study needs and does not show."""
SIDES = ("left", "right")


@frozen
class ResultColumn:
    """A column of results. `kind` is number, text or truth; `role` what it is there for.

    Roles: axis, show, low and high (the 5 and 95 % quantiles of the column that `of` names), goal, expect, certainty.
    """

    name: str
    unit: str
    kind: str
    role: str = "show"
    of: str = ""


@frozen
class Spec:
    """One root of every tape: the name of its column and its reading. `scale` is the size of its unit in base units."""

    name: str
    kind: str
    unit: str
    scale: float
    role: str
    reading: str

    def columns(self) -> Iterator[ResultColumn]:
        """The columns it fills, in the order of its reading."""
        if self.reading == "quantiles":
            yield ResultColumn(f"{self.name}.p05", self.unit, self.kind, "low", self.name)
        yield ResultColumn(self.name, self.unit, self.kind, self.role)
        if self.reading == "quantiles":
            yield ResultColumn(f"{self.name}.p95", self.unit, self.kind, "high", self.name)


def axis_column(axis: Axis) -> ResultColumn:
    """The column of an axis."""
    return ResultColumn(axis.name, axis.unit, axis.kind, "axis")


def specs_of(study: Study, shapes: list[Formed], is_sampled: bool) -> tuple[Spec, ...]:
    """Roots of all tapes. A column is sampled if it is uncertain in any shape and inputs are drawn."""

    def is_spread(quantity: Quantity) -> bool:
        return is_sampled and any(
            n.spread is not None and n.spread.shape not in ("point", "swept") for n in order([quantity])
        )

    found = []
    for number, shown in enumerate(shapes[0].columns):
        is_any = any(number < len(f.columns) and is_spread(f.columns[number].quantity) for f in shapes)
        found.append(_shown_spec(Spec(shown.name, shown.kind, shown.unit, shown.scale, "show", "value"), is_any))
    names = {spec.name for spec in found} | {item.axis.name for item in study.sweeps}
    for number, goal in enumerate(study.goals):
        name = goal.text
        if name not in names:
            names.add(name)
            found.append(_goal_spec(name, [shape.goals[number] for shape in shapes if number < len(shape.goals)]))
    for node in study.conditions("expect", "assert"):
        found.append(_truth(f"{node.word} {node.condition.span.text}", "expect"))
    if any(is_spread(condition) for shape in shapes for condition in shape.requires):
        found.append(Spec("certainty", "number", "%", 0.01, "certainty", "share"))
    found += [_truth(said(node), "require") for node in study.conditions("require")]
    return (*found, *_sought_specs(study, shapes[0]))


def _sought_specs(study: Study, form: Formed) -> Iterator[Spec]:
    if study.seek is None:
        return
    yield _truth("seek", "seek")
    for name, condition in conditions_of(form):
        for side, quantity in zip(SIDES, sides_of(condition) or (), strict=False):
            unit, scale = shown_unit(quantity.dimension, quantity.unit)
            yield Spec(f"{side} {name}", "number", unit, scale, "side", "value")


def _truth(name: str, role: str) -> Spec:
    return Spec(name, "truth", "", 1.0, role, "share")


def _shown_spec(spec: Spec, is_spread: bool) -> Spec:
    if spec.kind == "truth" and is_spread:
        return Spec(spec.name, "number", "%", 0.01, "show", "share")
    reading = "quantiles" if spec.kind == "number" and is_spread else "value" if spec.kind != "truth" else "share"
    return Spec(spec.name, spec.kind, spec.unit, spec.scale, "show", reading)


def _goal_spec(name: str, quantities: list[Quantity]) -> Spec:
    unit, scale = shown_unit(quantities[0].dimension, quantities[0].unit)
    return Spec(name, "number", unit, scale, "goal", "value")


def conditions_of(form: Formed) -> Iterator[tuple[str, Quantity]]:
    """The conditions that a seek must satisfy, by the names of the columns that say whether it does."""
    for condition in form.sought:
        yield "seek", condition
    for number, condition in enumerate(form.requires):
        yield f"require {number}", condition


def sides_of(condition: Quantity) -> tuple[Quantity, Quantity] | None:
    """The two sides of a comparison; None for another truth."""
    if condition.op in COMPARISONS and len(condition.args) == 2:
        return condition.args[0], condition.args[1]
    return None


def said(node: syntax.CheckStatement) -> str:
    """A condition in its own words, with its message where it has one."""
    text = node.condition.span.text
    return f"{text}: {node.message}" if node.message else text


def roots_of(form: Formed, study: Study, specs: tuple[Spec, ...]) -> list[Quantity]:
    """The quantities of a shape, one for each spec."""
    names = {shown.name: shown.quantity for shown in form.columns}
    goals = {goal.text: q for goal, q in zip(study.goals, form.goals, strict=True)}
    expects, requires = iter(form.expects), iter(form.requires)
    sides = {
        f"{side} {name}": quantity
        for name, condition in conditions_of(form)
        for side, quantity in zip(SIDES, sides_of(condition) or (), strict=False)
    }
    found = []
    for spec in specs:
        if spec.role == "expect":
            found.append(next(expects))
        elif spec.role == "require":
            found.append(next(requires))
        elif spec.role == "seek":
            found += form.sought
        elif spec.role == "side":
            found.append(sides.get(spec.name, _NOTHING))
        elif spec.role == "certainty":
            found.append(apply("and", *form.requires) if len(form.requires) > 1 else form.requires[0])
        else:
            found.append(goals[spec.name] if spec.role == "goal" else names.get(spec.name, _NOTHING))
    return found


_NOTHING = Quantity("missing", label="a column that another shape of the design has")
