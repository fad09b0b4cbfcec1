"""Studies as quantities: the columns, conditions and goals of a study, as one graph for all points of the same shape.

A swept number stays a symbol of the graph as long as possible. Where it is taken as a plain number (a count, a size),
each of its values gives another graph: `Formed.splits` names such axes, and the study is formed again at each of their
values.
"""

from collections.abc import Callable, Iterator, Mapping

from attrs import define

from compiler.quantities.graph import Quantity, apply, number
from compiler.quantities.swept import listening
from compiler.quantities.units import TRUTH
from compiler.semantics.axes import Swept, shown_unit, text_of
from compiler.semantics.claims import check_of
from compiler.semantics.evaluate import evaluate
from compiler.semantics.instances import make
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Bag, Entry, Instance, Scope, Template, Value, describe
from dsl import syntax
from dsl.diagnostic import Diagnostic
from dsl.limits import room_for_nesting
from dsl.record import node as plain
from dsl.record import replace


@plain
class Shown:
    """A column. `kind` is `number` (in `unit`, of `scale` base units), `truth`, or `text`: an index of `labels`."""

    name: str
    kind: str
    quantity: Quantity
    unit: str = ""
    scale: float = 1.0
    labels: tuple[str, ...] = ()


@plain
class Formed:
    """A study at one choice: the quantities of its columns, conditions and goals.

    With `splits`, only the axes to choose on first.
    """

    columns: tuple[Shown, ...] = ()
    requires: tuple[Quantity, ...] = ()
    expects: tuple[Quantity, ...] = ()
    goals: tuple[Quantity, ...] = ()
    sought: tuple[Quantity, ...] = ()
    splits: frozenset[str] = frozenset()
    complaints: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Complaints that are errors: with any, the design cannot be built."""
        return tuple(diagnostic for diagnostic in self.complaints if diagnostic.severity == "error")


@plain
class Goal:
    """Goal of a study, to minimize or maximize (`sense`): its line and expression; `is_pareto` in a `pareto` block."""

    sense: str
    entry: Entry[syntax.Field | syntax.Let]
    node: syntax.Expression
    is_pareto: bool

    @property
    def text(self) -> str:
        """The text as it was written."""
        return self.node.span.text


@plain
class Seek:
    """`seek { parameter = pods; such_that = … }`: the least or greatest value of an axis for which a condition holds."""

    parameter: str
    condition: Entry[syntax.Field]
    take: str = "least"


@define(eq=False)
class Study:
    """A study of a file, sorted and ready to be formed at any choice.

    `baseline` maps axes to the position compared with.
    """

    name: str
    template: Template
    state: State
    sweeps: tuple[Swept, ...]
    shows: tuple[tuple[str, Entry[syntax.Field | syntax.Let]], ...]
    checks: tuple[Entry[syntax.CheckStatement], ...]
    goals: tuple[Goal, ...]
    baseline: Mapping[str, int]
    seek: Seek | None
    sensitivities: tuple[Entry[syntax.Field], ...]

    @property
    def size(self) -> int:
        """The number of points."""
        product = 1
        for item in self.sweeps:
            product *= item.axis.size
        return product

    def conditions(self, *words: str) -> list[syntax.CheckStatement]:
        """The checks that begin with one of some words: `require`, `expect`, `assert`."""
        return [entry.node for entry in self.checks if entry.node.word in words]

    def locals(self, choice: Mapping[str, int]) -> dict[str, Value]:
        """The value of each axis by name: the chosen one, else a literal that stands for all of them."""
        return {
            item.axis.name: item.item(choice[item.axis.name]) if item.axis.name in choice else item.axis.stand_in()
            for item in self.sweeps
        }

    def form(self, choice: Mapping[str, int], also: Mapping[str, Value] | None = None) -> Formed:
        """The study with a position chosen on some axes. `also` replaces axes by values of the caller's own."""
        complaints: list[Diagnostic] = []
        state = self.state.apart_from(complaints.append)
        scope = Scope(self.template.module, None, {**self.locals(choice), **(also or {})})
        with listening() as heard, room_for_nesting():
            instance = make(replace(self.template, enclosing=scope), state)
            instance.fields.clear()  # `show` and `seek` are words of a study, not names that its expressions may mean
            found = _formed(self, instance, state)
        names = {item.axis.symbol: item.axis.name for item in self.sweeps}
        splits = frozenset(names[symbol] for symbol in heard if symbol in names)
        if splits:
            return Formed(splits=splits)
        return replace(found, complaints=tuple(complaints))


def _formed(study: Study, instance: Instance, state: State) -> Formed:
    columns: list[Shown] = []
    for name, entry in study.shows:
        columns += _columns(name, entry.node.value, instance.scope_of(entry), state)
    checks = {
        word: [check_of(e.node, instance.scope_of(e), state) for e in study.checks if e.node.word in words]
        for word, words in (("require", ("require",)), ("expect", ("expect", "assert")))
    }
    goals = [_goal(goal, study, instance, state) for goal in study.goals]
    return Formed(
        tuple(columns),
        tuple(check.condition for check in checks["require"] if check is not None),
        tuple(check.condition for check in checks["expect"] if check is not None),
        tuple(goal for goal in goals if goal is not None),
        tuple(_sought(study, instance, state)),
    )


def _sought(study: Study, instance: Instance, state: State) -> Iterator[Quantity]:
    """The condition of a seek, as one quantity or none."""
    if study.seek is None:
        return
    entry = study.seek.condition
    value = evaluate(entry.node.value, instance.scope_of(entry), state)
    if isinstance(value, Quantity) and value.dimension == TRUTH:
        yield value
    elif value is not POISON:
        message = f"`such_that` takes something true or false, this is {describe(value)}"
        state.complain(WRONG_TYPE.at(entry.node.value.span, message, "compare two quantities"))


def _goal(goal: Goal, study: Study, instance: Instance, state: State) -> Quantity | None:
    """The quantity of a goal; a bare name may be that of a column. None after a complaint."""
    entry, node = goal.entry, goal.node
    shown = dict(study.shows)
    if isinstance(node, syntax.Reference) and node.name in shown and not instance.has(node.name):
        entry, node = shown[node.name], shown[node.name].node.value
    value = evaluate(node, instance.scope_of(entry), state)
    if isinstance(value, Quantity) and value.dimension != TRUTH:
        return value
    if value is not POISON:
        state.complain(
            WRONG_TYPE.at(goal.node.span, f"what is {goal.sense}d is a quantity, this is {describe(value)}", "fold it")
        )
    return None


def _columns(name: str, node: syntax.Expression, scope: Scope, state: State) -> Iterator[Shown]:
    """The columns of one line of `show`: one, or one for each element of a list."""
    chosen = _choice(node, scope, state)
    if chosen is not None:
        yield Shown(name, "text", chosen[0], labels=chosen[1])
        return
    value = evaluate(node, scope, state)
    values = value if isinstance(value, tuple) else tuple(v for _, v in value.items) if isinstance(value, Bag) else None
    if values is None:
        yield from _column(name, value, node, state)
        return
    for place, item in enumerate(values):
        yield from _column(f"{name}[{place}]", item, node, state)


def _column(name: str, value: Value, node: syntax.Expression, state: State) -> Iterator[Shown]:
    if isinstance(value, Quantity) and value.dimension == TRUTH:
        yield Shown(name, "truth", value)
    elif isinstance(value, Quantity):
        unit, scale = shown_unit(value.dimension, value.unit)
        yield Shown(name, "number", value, unit, scale)
    elif (text := text_of(value)) is not None:
        yield Shown(name, "text", number(0.0), labels=(text,))
    elif value is not POISON:
        help = "fold many values with `sum`, `max`, `count`, … or name one quantity"
        state.complain(WRONG_TYPE.at(node.span, f"a column shows one value, this is {describe(value)}", help))


def _choice(node: syntax.Expression, scope: Scope, state: State) -> tuple[Quantity, tuple[str, ...]] | None:
    """`if a then "x" else "y"` as the number of a label and the labels; None when it is something else."""
    if isinstance(node, syntax.String):
        return number(0.0), (node.value,)
    if not isinstance(node, syntax.If):
        return None
    then, otherwise = (_choice(branch, scope, state) for branch in (node.then, node.otherwise))
    if then is None or otherwise is None:
        return None
    condition = evaluate(node.condition, scope, state)
    if not isinstance(condition, Quantity) or condition.dimension != TRUTH:
        return None
    shifted = apply("add", otherwise[0], number(float(len(then[1]))))
    return apply("where", condition, then[0], shifted), (*then[1], *otherwise[1])


# ---- shapes ------------------------------------------------------------------------------------

Choice = tuple[int, ...]
"""A position for each axis, -1 where the axis is left open."""


def chosen(study: Study, choice: Choice) -> dict[str, int]:
    """Positions of a choice by the name of the axis, open axes left out."""
    return {item.axis.name: place for item, place in zip(study.sweeps, choice, strict=True) if place >= 0}


def shapes_of(study: Study, most: int) -> dict[Choice, Formed]:
    """The first shapes of a study by choice, about `most` of them; one that splits comes before those below it."""
    texts = frozenset(item.axis.name for item in study.sweeps if item.axis.kind != "number")
    first = tuple(-1 for _ in study.sweeps)
    found: dict[Choice, Formed] = {}
    waiting = [first]
    while waiting and len(found) <= most:
        choice = waiting.pop(0)
        # an axis of texts has no symbol that stands for all: it is chosen on before anything else
        form = Formed(splits=texts) if choice == first and texts else study.form(chosen(study, choice))
        found[choice] = form
        if form.splits:
            waiting += _below(study, choice, form.splits, most + 1 - len(found))
    return found


def _below(study: Study, choice: Choice, splits: frozenset[str], most: int) -> list[Choice]:
    """Choices below one: every position on each of the axes `splits`, at most `most` of them."""
    found = [choice]
    for number_, item in enumerate(study.sweeps):
        if item.axis.name in splits:
            places = range(min(item.axis.size, most))
            found = [(*c[:number_], place, *c[number_ + 1 :]) for c in found for place in places][:most]
    return found


def heard(formed: Mapping[Choice, Formed], complain: Callable[[Diagnostic], None]) -> bool:
    """Pass on the complaints of all shapes; False when no shape can be built. Errors are passed on only then."""
    leaves = [form for form in formed.values() if not form.splits]
    is_ok = not all(form.errors for form in leaves)
    for form in leaves:
        for diagnostic in form.complaints:
            # a point that cannot be built is a row without values, no mistake of the study, as long as others can
            if diagnostic.severity != "error" or not is_ok:
                complain(diagnostic)
    return is_ok
