"""Reading of the text of a study: its statements sorted into axes, columns, conditions and goals."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from attrs import define, field

from compiler.numerics.tolerances import CLOSE
from compiler.quantities.graph import Quantity
from compiler.semantics.axes import Swept, swept, text_of
from compiler.semantics.evaluate import evaluate
from compiler.semantics.instances import template_of
from compiler.semantics.names import DECLARED_TWICE
from compiler.semantics.state import State
from compiler.semantics.studies import Goal, Seek, Study, heard, shapes_of
from compiler.semantics.values import POISON, Declaration, Entry, Scope, Template, Value, holds
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Label
from dsl.source import Span
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
"""Words of studies that compare designs instead of sweeping, which `compiler.study.questions` reads."""
SEEK_WORDS = ("parameter", "such_that", "take")
TAKES = ("least", "greatest")
SENSES = ("minimize", "maximize")
MOST_SEARCHED = 1_000_000
"""Limit of the values of an axis among which a baseline is looked for."""
Line: TypeAlias = Entry[syntax.Field]
Column: TypeAlias = tuple[str, Entry[syntax.Field | syntax.Let]]


def studies(declarations: Sequence[Declaration]) -> list[str]:
    """The names of the studies among declarations."""
    return [declaration.name for declaration in declarations if declaration.kind.name == "study"]


def checked(declaration: Declaration, state: State) -> None:
    """Complain about the mistakes of a study, for which its first few shapes are formed."""
    study = study_of(declaration, state)
    if study is not None:
        heard(shapes_of(study, SHAPES_CHECKED), state.complain)


SHAPES_CHECKED = 4


def study_of(declaration: Declaration, state: State) -> Study | None:
    """The study of a declaration, its axes evaluated; None after a complaint."""
    template = template_of(declaration, state)
    if template is None:
        return None
    return _Reader(declaration.name, template, state).study()


@define(eq=False)
class _Lines:
    """Lines of a study, sorted by what they state."""

    shows: list[Column] = field(factory=list)
    goals: list[Goal] = field(factory=list)
    seeks: dict[str, Line] = field(factory=dict)
    baselines: list[Line] = field(factory=list)
    sensitivities: list[Line] = field(factory=list)
    unknown: list[Line] = field(factory=list)

    def take(self, entry: Line) -> None:
        """Put a line into its list; those of `COMPARING` are passed over."""
        first, last, depth = entry.path[0], entry.path[-1], len(entry.path)
        if first == "show" and depth > 1:
            self.shows.append((".".join(entry.path[1:]), entry))
        elif last in SENSES and (depth == 1 or (first == "pareto" and depth == 2)):
            self.goals += _goals(entry)
        elif first == "seek" and depth == 2 and last in SEEK_WORDS:
            self.seeks[last] = entry
        elif first == "baseline" and depth <= 2:
            self.baselines.append(entry)
        elif entry.name == "sensitivity":
            self.sensitivities.append(entry)
        elif entry.name not in COMPARING:
            self.unknown.append(entry)


def _goals(entry: Line) -> list[Goal]:
    value = entry.node.value
    nodes = value.items if isinstance(value, syntax.List) else (value,)
    return [Goal(entry.path[-1], entry, node, entry.path[0] == "pareto") for node in nodes]


@define(eq=False)
class _Reader:
    """Reader of one study; `is_wrong` is set by the first complaint, and reading goes on for the others."""

    name: str
    template: Template
    state: State
    is_wrong: bool = False

    def wrong(self, diagnostic: Diagnostic) -> None:
        """Complain; the study will be None in the end."""
        self.is_wrong = True
        self.state.complain(diagnostic)

    def study(self) -> Study | None:
        """The study; None after a complaint."""
        entries = self.template.entries
        sweeps = self._sweeps([entry.node for entry in entries if holds(entry, syntax.Sweep)])
        lines = _Lines()
        for entry in entries:
            if holds(entry, syntax.Field):
                lines.take(entry)
        for line in lines.unknown:
            self._unknown(line)
        lets = self._named_apart(_lets(self.template), sweeps)
        shows = self._named_apart(self._named_once(lines.shows), sweeps) if lines.shows else lets
        checks = tuple(entry for entry in entries if holds(entry, syntax.CheckStatement))
        baseline = self._baseline(lines.baselines, sweeps)
        seek = self._seek(lines.seeks, sweeps)
        if self.is_wrong:
            return None
        return Study(
            self.name,
            self.template,
            self.state,
            tuple(sweeps),
            tuple(shows),
            checks,
            tuple(lines.goals),
            baseline,
            seek,
            tuple(lines.sensitivities),
        )

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
            item = swept(node, Scope(self.template.module), self.state)
            if item is None:
                self.is_wrong = True
            else:
                found.append(item)
        return found

    def _named_once(self, shows: list[Column]) -> list[Column]:
        seen: dict[str, Entry[syntax.Field | syntax.Let]] = {}
        for name, entry in shows:
            if name in seen:
                labels = (Label(_place(seen[name]), "first here"),)
                message = f"`{name}` is shown twice"
                self.wrong(DECLARED_TWICE.at(_place(entry), message, "give one another name", labels=labels))
            seen[name] = entry
        return list(seen.items())

    def _named_apart(self, shows: list[Column], sweeps: list[Swept]) -> list[Column]:
        """Columns without those that show an axis under its own name, since axes are columns anyway."""
        axes = {item.axis.name: item.node for item in sweeps}
        kept: list[Column] = []
        for name, entry in shows:
            value = entry.node.value
            value = value.value if isinstance(value, syntax.Conversion) else value
            if name not in axes:
                kept.append((name, entry))
            elif isinstance(entry.node, syntax.Let) or not (isinstance(value, syntax.Reference) and value.name == name):
                labels = (Label(axes[name].name.span, "an axis here"),)
                message = f"`{name}` is an axis, and something else here"
                self.wrong(DECLARED_TWICE.at(_place(entry), message, "give one another name", labels=labels))
        return kept

    def _unknown(self, entry: Line) -> None:
        legal = [*WORDS, *COMPARING, *(f"seek.{word}" for word in SEEK_WORDS), *(f"pareto.{word}" for word in SENSES)]
        own = f"a value of your own is a `let`; a study has {', '.join(WORDS)}"
        help = did_you_mean(entry.name, legal) or (own,)
        self.wrong(UNKNOWN_WORD.at(entry.node.path.span, f"a study has no `{entry.name}`", *help))

    def _seek(self, lines: dict[str, Line], sweeps: list[Swept]) -> Seek | None:
        """The seek of a study; None when it has none, or after a complaint."""
        if not lines:
            return None
        first = next(iter(lines.values()))
        for word in ("parameter", "such_that"):
            if word not in lines:
                example = "seek { parameter = pods; such_that = power <= 60 MW }"
                self.wrong(NO_SEEK.at(first.node.path.span, f"`seek` needs `{word}`", f"write `{example}`"))
                return None
        names = [item.axis.name for item in sweeps if item.axis.kind == "number"]
        node = lines["parameter"].node.value
        name = node.name if isinstance(node, syntax.Reference) else ""
        if name not in names:
            help = did_you_mean(name, names) or (f"sweep it over numbers: `sweep {name or 'pods'} in 1 .. 4096`",)
            self.wrong(NO_SEEK.at(node.span, f"`{node.span.text}` is not an axis of numbers of this study", *help))
            return None
        take = self._take(lines["take"].node.value) if "take" in lines else "least"
        return Seek(name, lines["such_that"], take) if take else None

    def _take(self, node: syntax.Expression) -> str:
        """The word after `take`, `least` or `greatest`; empty after a complaint."""
        if isinstance(node, syntax.String) and node.value in TAKES:
            return node.value
        self.wrong(NO_SEEK.at(node.span, '`take` is "least" or "greatest"', 'write `take = "least"`'))
        return ""

    def _baseline(self, lines: list[Line], sweeps: list[Swept]) -> dict[str, int]:
        """Positions of the baseline by the name of the axis."""
        found: dict[str, int] = {}
        for line in lines:
            node = line.node.value
            value = evaluate(node, Scope(self.template.module), self.state)
            if value is POISON:
                self.is_wrong = True
                continue
            among = [item for item in sweeps if len(line.path) == 1 or item.axis.name == line.path[1]]
            places = [(item.axis.name, place) for item in among for place in _places(item, value, self.state)]
            if places:
                found.setdefault(*places[0])
                continue
            listed = ", ".join(f"`{item.axis.name}`" for item in sweeps) or "none"
            message = f"`{node.span.text}` is not a value of an axis"
            help = f"add it to one of the axes of this study: {listed}"
            self.wrong(NO_BASELINE.at(node.span, message, help))
        return found


def _place(entry: Entry[syntax.Field | syntax.Let]) -> Span:
    """Span of the name of a column."""
    return entry.node.name.span if isinstance(entry.node, syntax.Let) else entry.node.path.span


def _places(item: Swept, value: Value, state: State) -> Iterator[int]:
    """Positions at which an axis has a value."""
    axis = item.axis
    if isinstance(value, Quantity) and axis.kind == "number" and value.dimension == axis.dimension:
        wanted = state.number(value) / axis.scale
        for place in range(axis.size) if axis.size <= MOST_SEARCHED else ():
            if abs(axis.at(place) - wanted) <= CLOSE * abs(wanted):
                yield place
        return
    text = text_of(value) if axis.kind == "text" else None
    for place, other in enumerate(item.items):
        if other is value or (text is not None and axis.values[place] == text):
            yield place


def _lets(template: Template) -> list[Column]:
    """Lets of a study, which are its columns when it has no `show`."""
    return [(entry.path[0], entry) for entry in template.entries if holds(entry, syntax.Let)]
