"""A study of the text to quantities: its axes, what it shows, requires and seeks, at one choice of what gives it shape.

Numbers that are swept stay symbols. Where one is taken as a plain number, a count of ports or a size, the design has
another shape for each of its values: `Formed.splits` names those axes, and the study is formed again for each.
"""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import define, evolve, frozen

from compiler.quantities.graph import Quantity, apply, number
from compiler.quantities.intervals import Intervals
from compiler.quantities.swept import listening
from compiler.quantities.units import TRUTH
from compiler.semantics.axes import Swept, shown_unit, swept, text_of
from compiler.semantics.claims import check_of
from compiler.semantics.elaborate import template_of
from compiler.semantics.evaluate import evaluate
from compiler.semantics.instances import Entry, Instance, Template, make
from compiler.semantics.names import DECLARED_TWICE, Declaration, Scope
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Bag, describe
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Label
from dsl.limits import room_for_nesting
from dsl.suggest import did_you_mean

UNKNOWN_WORD = Code(
    "C0522",
    "a study is told something it does not know",
    cause="Besides `sweep`, `let`, `require`, `expect` and `assert` a study has `show { … }`, `baseline`, `minimize`, `maximize`, "
    "`pareto { … }`, `seek { … }` and `sensitivity`; one that compares has `compare`, `per`, `figures` and `waterfall`.",
    wrong="study s {\n  sweep n in [1, 2]\n  minimise = n\n}\n",
    right="study s {\n  sweep n in [1, 2]\n  minimize = n\n}\n",
)
NO_BASELINE = Code(
    "C0523",
    "a baseline that is not among the values of an axis",
    cause="`baseline = X` compares every row with the one that differs from it in one axis alone, where that axis is X. "
    "`baseline { axis = X }` says which axis is meant.",
    wrong="study s {\n  sweep n in [1, 2]\n  baseline = 3\n  show { n = n }\n}\n",
    right="study s {\n  sweep n in [1, 2]\n  baseline = 1\n  show { n = n }\n}\n",
)
NO_SEEK = Code(
    "C0525",
    "a seek that does not say what it seeks",
    cause="`seek { parameter = pods; such_that = power <= 60 MW }` looks for the least value of an axis of numbers for which the "
    'condition and every `require` hold; `take = "greatest"` for the greatest.',
    wrong="study s {\n  sweep n in 1 .. 9\n  seek { parameter = m; such_that = n > 3 }\n}\n",
    right="study s {\n  sweep n in 1 .. 9\n  seek { parameter = n; such_that = n > 3 }\n}\n",
)
WORDS = ("show", "baseline", "minimize", "maximize", "pareto", "seek", "sensitivity")
COMPARING = ("compare", "per", "figures", "waterfall")
"""What a study says that compares designs instead of sweeping; `analyses` reads it."""
SEEK_WORDS = ("parameter", "such_that", "take")
TAKES = ("least", "greatest")
SENSES = ("minimize", "maximize")


@frozen(eq=False)
class Shown:
    """A column: a quantity in `unit`, a truth, or one of `labels` by its number."""

    name: str
    kind: str
    quantity: Quantity
    unit: str = ""
    scale: float = 1.0
    labels: tuple[str, ...] = ()


@frozen(eq=False)
class Formed:
    """A study at one choice: its columns and conditions, the axes that need a choice first, and what went wrong."""

    columns: tuple[Shown, ...] = ()
    requires: tuple[Quantity, ...] = ()
    expects: tuple[Quantity, ...] = ()
    goals: tuple[Quantity, ...] = ()
    sought: tuple[Quantity, ...] = ()
    splits: frozenset[str] = frozenset()
    complaints: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The complaints for which nothing can be worked out."""
        return tuple(diagnostic for diagnostic in self.complaints if diagnostic.severity == "error")


@frozen(eq=False)
class Goal:
    """Something to make least or most: the column it is, when it is a column, and its expression."""

    sense: str
    entry: Entry
    node: syntax.Expression
    is_pareto: bool

    @property
    def text(self) -> str:
        """As it was written."""
        return self.node.span.text


@frozen(eq=False)
class Seek:
    """`seek { parameter = pods; such_that = … }`: the least or greatest value of an axis for which a condition holds."""

    parameter: str
    condition: Entry
    take: str = "least"


@define(eq=False)
class Study:
    """A study of a file, ready to be formed at any choice of its axes."""

    name: str
    template: Template
    world: World
    sweeps: tuple[Swept, ...]
    shows: tuple[tuple[str, Entry], ...]
    checks: tuple[Entry, ...]
    goals: tuple[Goal, ...]
    baseline: Mapping[str, int]
    seek: Seek | None
    sensitivities: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """How many points there are."""
        product = 1
        for item in self.sweeps:
            product *= item.axis.size
        return product

    def conditions(self, *words: str) -> list[syntax.Check]:
        """The checks that begin with some words."""
        return [entry.node for entry in self.checks if entry.node.word in words]

    def locals(self, choice: Mapping[str, int]) -> dict[str, Any]:
        """The value of each axis: the chosen one, else a symbol for all."""
        return {
            item.axis.name: item.item(choice[item.axis.name]) if item.axis.name in choice else item.axis.stand_in()
            for item in self.sweeps
        }

    def form(self, choice: Mapping[str, int], also: Mapping[str, Any] | None = None) -> Formed:
        """The study at a choice of places on some axes. `also` replaces axes by values of the caller's own."""
        complaints: list[Diagnostic] = []
        world = evolve(
            self.world,
            complain=complaints.append,
            made=ChainMap({}, self.world.made),
            known=ChainMap({}, self.world.known),
            intervals=Intervals(),
            networks=list(self.world.networks),
            items=0,
        )
        scope = Scope(self.template.module, None, {**self.locals(choice), **(also or {})})
        with listening() as heard, room_for_nesting():
            instance = make(evolve(self.template, enclosing=scope), world)
            found = _formed(self, instance, world)
        names = {item.axis.symbol: item.axis.name for item in self.sweeps}
        splits = frozenset(names[symbol] for symbol in heard if symbol in names)
        if splits:
            return Formed(splits=splits)
        return evolve(found, complaints=tuple(complaints))


def _formed(study: Study, instance: Instance, world: World) -> Formed:
    columns: list[Shown] = []
    for name, entry in study.shows:
        node = entry.node.value
        columns += _columns(name, node, instance.scope_of(entry), world)
    checks = {
        word: [check_of(e.node, instance.scope_of(e), world) for e in study.checks if e.node.word in words]
        for word, words in (("require", ("require",)), ("expect", ("expect", "assert")))
    }
    goals = [_goal(goal, study, instance, world) for goal in study.goals]
    return Formed(
        tuple(columns),
        tuple(check.condition for check in checks["require"] if check is not None),
        tuple(check.condition for check in checks["expect"] if check is not None),
        tuple(goal for goal in goals if goal is not None),
        tuple(_sought(study, instance, world)),
    )


def _sought(study: Study, instance: Instance, world: World) -> Iterator[Quantity]:
    """The condition of a seek."""
    if study.seek is None:
        return
    entry = study.seek.condition
    value = evaluate(entry.node.value, instance.scope_of(entry), world)
    if isinstance(value, Quantity) and value.dimension == TRUTH:
        yield value
    elif value is not POISON:
        message = f"`such_that` takes something true or false, this is {describe(value)}"
        world.complain(WRONG_TYPE.at(entry.node.value.span, message, "compare two quantities"))


def _goal(goal: Goal, study: Study, instance: Instance, world: World) -> Quantity | None:
    """The quantity of a goal; a bare name may be that of a column."""
    entry, node = goal.entry, goal.node
    shown = dict(study.shows)
    if isinstance(node, syntax.Reference) and node.name in shown and not instance.has(node.name):
        entry, node = shown[node.name], shown[node.name].node.value
    value = evaluate(node, instance.scope_of(entry), world)
    if isinstance(value, Quantity) and value.dimension != TRUTH:
        return value
    if value is not POISON:
        world.complain(
            WRONG_TYPE.at(goal.node.span, f"what is {goal.sense}d is a quantity, this is {describe(value)}", "fold it")
        )
    return None


def _columns(name: str, node: syntax.Expression, scope: Scope, world: World) -> Iterator[Shown]:
    """What one line of `show` comes to: a column, or one for each element of a list."""
    chosen = _choice(node, scope, world)
    if chosen is not None:
        yield Shown(name, "text", chosen[0], labels=chosen[1])
        return
    value = evaluate(node, scope, world)
    values = value if isinstance(value, tuple) else tuple(v for _, v in value.items) if isinstance(value, Bag) else None
    if values is None:
        yield from _column(name, value, node, world)
        return
    for place, item in enumerate(values):
        yield from _column(f"{name}[{place}]", item, node, world)


def _column(name: str, value: Any, node: syntax.Expression, world: World) -> Iterator[Shown]:
    if isinstance(value, Quantity) and value.dimension == TRUTH:
        yield Shown(name, "truth", value)
    elif isinstance(value, Quantity):
        unit, scale = shown_unit(value.dimension, value.unit)
        yield Shown(name, "number", value, unit, scale)
    elif (text := text_of(value)) is not None:
        yield Shown(name, "text", number(0.0), labels=(text,))
    elif value is not POISON:
        help = "fold many values with `sum`, `max`, `count`, … or name one quantity"
        world.complain(WRONG_TYPE.at(node.span, f"a column shows one value, this is {describe(value)}", help))


def _choice(node: syntax.Expression, scope: Scope, world: World) -> tuple[Quantity, tuple[str, ...]] | None:
    """`if a then "x" else "y"` as the number of a label and the labels; None when it is something else."""
    if isinstance(node, syntax.String):
        return number(0.0), (node.value,)
    if not isinstance(node, syntax.If):
        return None
    then, otherwise = (_choice(branch, scope, world) for branch in (node.then, node.otherwise))
    if then is None or otherwise is None:
        return None
    condition = evaluate(node.condition, scope, world)
    if not isinstance(condition, Quantity) or condition.dimension != TRUTH:
        return None
    shifted = apply("add", otherwise[0], number(float(len(then[1]))))
    return apply("where", condition, then[0], shifted), (*then[1], *otherwise[1])


# ---- shapes ------------------------------------------------------------------------------------

Choice = tuple[int, ...]
"""A place for each axis, -1 where all of them are meant."""


def chosen(study: Study, choice: Choice) -> dict[str, int]:
    """The places of a choice by axis, without the axes that it leaves open."""
    return {item.axis.name: place for item, place in zip(study.sweeps, choice, strict=True) if place >= 0}


def shapes_of(study: Study, most: int) -> dict[Choice, Formed]:
    """The first shapes of a study, at most so many, by their choice; what must be chosen on first comes before."""
    texts = frozenset(item.axis.name for item in study.sweeps if item.axis.kind != "number")
    first = tuple(-1 for _ in study.sweeps)
    found: dict[Choice, Formed] = {}
    waiting = [first]
    while waiting and len(found) <= most:
        choice = waiting.pop(0)
        form = Formed(splits=texts) if choice == first and texts else study.form(chosen(study, choice))
        found[choice] = form
        if form.splits:
            waiting += _below(study, choice, form.splits, most + 1 - len(found))
    return found


def _below(study: Study, choice: Choice, splits: frozenset[str], most: int) -> list[Choice]:
    """The choices one step down: a place on each of the axes named."""
    found = [choice]
    for number_, item in enumerate(study.sweeps):
        if item.axis.name in splits:
            places = range(min(item.axis.size, most))
            found = [(*c[:number_], place, *c[number_ + 1 :]) for c in found for place in places][:most]
    return found


def heard(formed: Mapping[Choice, Formed], complain: Callable[[Diagnostic], None]) -> bool:
    """Pass complaints on: errors when no shape at all can be built, which is the result, and otherwise warnings."""
    leaves = [form for form in formed.values() if not form.splits]
    is_ok = not all(form.errors for form in leaves)
    for form in leaves:
        for diagnostic in form.complaints:
            if diagnostic.severity != "error" or not is_ok:
                complain(diagnostic)
    return is_ok


# ---- the text of a study -----------------------------------------------------------------------


def studies(world: World, declarations: list[Declaration]) -> list[str]:
    """The names of the studies among declarations."""
    return [declaration.name for declaration in declarations if declaration.kind.name == "study"]


def checked(declaration: Declaration, world: World) -> None:
    """Work out enough of a study to hear what is wrong with it."""
    study = study_of(declaration, world)
    if study is not None:
        heard(shapes_of(study, SHAPES_CHECKED), world.complain)


SHAPES_CHECKED = 4


def study_of(declaration: Declaration, world: World) -> Study | None:
    """A study, its axes worked out; None after a complaint."""
    template = template_of(declaration, world)
    if template is POISON:
        return None
    return _Reader(declaration.name, template, world).study()


@define(eq=False)
class _Reader:
    """Sorts the statements of a study into what they are."""

    name: str
    template: Template
    world: World
    is_wrong: bool = False

    def wrong(self, diagnostic: Diagnostic) -> None:
        """Complain, and give up in the end."""
        self.is_wrong = True
        self.world.complain(diagnostic)

    def study(self) -> Study | None:
        """All of it."""
        entries = self.template.entries
        sweeps = self._sweeps([entry.node for entry in entries if isinstance(entry.node, syntax.Sweep)])
        fields = [entry for entry in entries if isinstance(entry.node, syntax.Field)]
        shows: list[tuple[str, Entry]] = []
        goals: list[Goal] = []
        seeks: dict[str, Entry] = {}
        sensitivities: list[Entry] = []
        baselines: list[Entry] = []
        for entry in fields:
            first, path = entry.path[0], ".".join(entry.path)
            if first == "show" and len(entry.path) > 1:
                shows.append((".".join(entry.path[1:]), entry))
            elif entry.path[-1] in SENSES and (path in SENSES or (first == "pareto" and len(entry.path) == 2)):
                goals += self._goals(entry)
            elif first == "seek" and len(entry.path) == 2 and entry.path[1] in SEEK_WORDS:
                seeks[entry.path[1]] = entry
            elif first == "baseline" and len(entry.path) <= 2:
                baselines.append(entry)
            elif path == "sensitivity":
                sensitivities.append(entry)
            elif path in COMPARING:
                continue
            else:
                self._unknown(entry, path)
        lets = self._named_apart(_lets(self.template), sweeps)
        shows = self._named_apart(self._named_once(shows), sweeps) if shows else lets
        checks = tuple(entry for entry in entries if isinstance(entry.node, syntax.Check))
        baseline = self._baseline(baselines, sweeps)
        seek = self._seek(seeks, sweeps)
        if self.is_wrong:
            return None
        return Study(
            self.name, self.template, self.world, tuple(sweeps), tuple(shows), checks, tuple(goals), baseline, seek,
            tuple(sensitivities),
        )  # fmt: skip

    def _sweeps(self, nodes: list[syntax.Sweep]) -> list[Swept]:
        found: list[Swept] = []
        places: dict[str, syntax.Sweep] = {}
        for node in nodes:
            if node.name.text in places:
                first = Label(places[node.name.text].name.span, "first here")
                message = f"`{node.name.text}` is swept twice"
                self.wrong(DECLARED_TWICE.at(node.name.span, message, "give one another name", labels=(first,)))
                continue
            places[node.name.text] = node
            item = swept(node, Scope(self.template.module), self.world)
            if item is None:
                self.is_wrong = True
            else:
                found.append(item)
        return found

    def _named_once(self, shows: list[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
        seen: dict[str, Entry] = {}
        for name, entry in shows:
            if name in seen:
                first = Label(seen[name].node.path.span, "first here")
                self.wrong(
                    DECLARED_TWICE.at(
                        entry.node.path.span, f"`{name}` is shown twice", "give one another name", labels=(first,)
                    )
                )
            seen[name] = entry
        return list(seen.items())

    def _named_apart(self, shows: list[tuple[str, Entry]], sweeps: list[Swept]) -> list[tuple[str, Entry]]:
        """The columns without those that show an axis under its own name, which stands there already."""
        axes = {item.axis.name: item.node for item in sweeps}
        kept: list[tuple[str, Entry]] = []
        for name, entry in shows:
            value = entry.node.value
            value = value.value if isinstance(value, syntax.Conversion) else value
            if name not in axes:
                kept.append((name, entry))
            elif isinstance(entry.node, syntax.Let) or not (isinstance(value, syntax.Reference) and value.name == name):
                place = entry.node.name.span if isinstance(entry.node, syntax.Let) else entry.node.path.span
                first = Label(axes[name].name.span, "an axis here")
                message = f"`{name}` is an axis, and something else here"
                self.wrong(DECLARED_TWICE.at(place, message, "give one another name", labels=(first,)))
        return kept

    def _goals(self, entry: Entry) -> list[Goal]:
        value = entry.node.value
        nodes = value.items if isinstance(value, syntax.List) else (value,)
        return [Goal(entry.path[-1], entry, node, entry.path[0] == "pareto") for node in nodes]

    def _unknown(self, entry: Entry, path: str) -> None:
        legal = [*WORDS, *COMPARING, *(f"seek.{word}" for word in SEEK_WORDS), *(f"pareto.{word}" for word in SENSES)]
        help = did_you_mean(path, legal) or (f"a value of your own is a `let`; a study has {', '.join(WORDS)}",)
        self.wrong(UNKNOWN_WORD.at(entry.node.path.span, f"a study has no `{path}`", *help))

    def _seek(self, entries: dict[str, Entry], sweeps: list[Swept]) -> Seek | None:
        """What is sought, when something is."""
        if not entries:
            return None
        first = next(iter(entries.values()))
        for word in ("parameter", "such_that"):
            if word not in entries:
                example = "seek { parameter = pods; such_that = power <= 60 MW }"
                self.wrong(NO_SEEK.at(first.node.path.span, f"`seek` needs `{word}`", f"write `{example}`"))
                return None
        names = [item.axis.name for item in sweeps if item.axis.kind == "number"]
        node, take = entries["parameter"].node.value, entries.get("take")
        name = node.name if isinstance(node, syntax.Reference) else ""
        if name not in names:
            help = did_you_mean(name, names) or (f"sweep it over numbers: `sweep {name or 'pods'} in 1 .. 4096`",)
            self.wrong(NO_SEEK.at(node.span, f"`{node.span.text}` is not an axis of numbers of this study", *help))
            return None
        word = take.node.value.value if take and isinstance(take.node.value, syntax.String) else "least"
        if take is not None and (word not in TAKES or not isinstance(take.node.value, syntax.String)):
            self.wrong(NO_SEEK.at(take.node.value.span, '`take` is "least" or "greatest"', 'write `take = "least"`'))
            return None
        return Seek(name, entries["such_that"], word)

    def _baseline(self, entries: list[Entry], sweeps: list[Swept]) -> dict[str, int]:
        """The place on an axis that rows are compared with, by axis."""
        found: dict[str, int] = {}
        for entry in entries:
            value = evaluate(entry.node.value, Scope(self.template.module), self.world)
            if value is POISON:
                self.is_wrong = True
                continue
            among = [item for item in sweeps if len(entry.path) == 1 or item.axis.name == entry.path[1]]
            places = [(item.axis.name, place) for item in among for place in _places(item, value, self.world)]
            if not places:
                listed = ", ".join(f"`{item.axis.name}`" for item in sweeps) or "none"
                self.wrong(
                    NO_BASELINE.at(
                        entry.node.value.span,
                        f"`{entry.node.value.span.text}` is not a value of an axis",
                        f"add it to one of the axes of this study: {listed}",
                    )
                )
            else:
                found.setdefault(*places[0])
        return found


def _places(item: Swept, value: Any, world: World) -> Iterator[int]:
    """Where on an axis a value is."""
    if isinstance(value, Quantity) and item.axis.kind == "number" and value.dimension == item.axis.dimension:
        wanted = world.number(value) / item.axis.scale
        if item.axis.size <= 1_000_000:
            for place in range(item.axis.size):
                if abs(float(item.axis.at(place)) - wanted) <= 1e-9 * abs(wanted):
                    yield place
    else:
        text = text_of(value)
        for place, other in enumerate(item.items):
            if other is value or (text is not None and item.axis.kind == "text" and item.axis.values[place] == text):
                yield place


def _lets(template: Template) -> list[tuple[str, Entry]]:
    """A study that shows nothing in particular shows its lets."""
    return [(entry.path[0], entry) for entry in template.entries if isinstance(entry.node, syntax.Let)]
