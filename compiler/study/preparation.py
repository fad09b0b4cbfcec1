"""Preparation of a study: its plan from a compiled file, and the complaint about one that would take very long."""

import math
from collections.abc import Mapping

from compiler.errors import ClusterError
from compiler.quantities.graph import order
from compiler.semantics.studies import Choice, Formed, Study, heard, shapes_of
from compiler.study.plan import Optimum, Plan, Sought
from compiler.study.progress import duration, size
from compiler.study.specs import HIDDEN, axis_column, conditions_of, said, sides_of, specs_of
from compiler.study.variants import Variant, lowered, named_study, recipe_of
from compiler.workspace.compilation import Compilation
from dsl.diagnostic import Code
from dsl.source import Source, Span

TOO_MANY = Code(
    "C0910",
    "a study that takes very long",
    cause="The points of a study are the product of its axes. What would take hours, or fill a disk, is not begun without being "
    "asked for: `--yes` goes on, `--points N` sets a limit of your own.",
    wrong="",
    right="study s {\n  sweep n in 1 .. 100\n  show { n = n }\n}\n",
)
EAGER = 64
"""Shapes of a design that are formed when a plan is made; more are formed when their points are reached."""
FEW_POINTS, MANY_SAMPLES, FEW_SAMPLES = 1000, 4096, 256
"""Up to so many points each has so many samples, else fewer."""
SECONDS_A_POINT, SECONDS_A_STEP, SECONDS_A_NODE = 4e-8, 6e-10, 4e-5
"""Measured on one core (`benchmarks/sweep.py`): a point by itself, an operation of its tape, a node of a shape formed."""
CANNOT_BE = "cannot be built"


def plan(
    compilation: Compilation, study_name: str | None = None, samples: int | None = None, seed: int = 0
) -> Plan | None:
    """The plan of a study of a compiled file; None after complaints, which the compilation holds."""
    study = named_study(compilation, study_name)
    if study is None or compilation.module is None:
        return None
    count = samples or (MANY_SAMPLES if study.size <= FEW_POINTS else FEW_SAMPLES)
    formed = shapes_of(study, EAGER)
    if not heard(formed, compilation.complain):
        return None
    shapes = [form for form in formed.values() if not form.splits and not form.errors]
    specs, recipe = specs_of(study, shapes, count > 1), recipe_of(compilation, study, count, seed)
    known = {choice: lowered(form, study, specs, recipe) for choice, form in formed.items()}
    axes = tuple(item.axis for item in study.sweeps)
    shown = (column for spec in specs if spec.role not in HIDDEN for column in spec.columns())
    requires = [said(node) for node in study.conditions("require")]
    return Plan(
        name=study.name,
        size=study.size,
        axes=axes,
        columns=(*(axis_column(axis) for axis in axes), *shown),
        requires=(*requires, *((CANNOT_BE,) if len(formed) > 1 else ())),
        estimate=_estimate(study, known, shapes),
        specs=specs,
        conditions=len(requires),
        recipe=recipe,
        known=known,
        optima=tuple(Optimum(goal.text, goal.sense, goal.is_pareto) for goal in study.goals),
        baseline=study.baseline,
        sought=_sought(study, shapes[0]),
    )


def _sought(study: Study, form: Formed) -> Sought | None:
    if study.seek is None:
        return None
    axis = [item.axis.name for item in study.sweeps].index(study.seek.parameter)
    texts = [study.seek.condition.node.value.span.text, *(said(node) for node in study.conditions("require"))]
    found = [(name, sides_of(quantity) is not None) for name, quantity in conditions_of(form)]
    conditions = tuple((text, *each) for text, each in zip(texts, found, strict=True))
    return Sought(axis, study.seek.take, conditions)


def _estimate(study: Study, known: Mapping[Choice, Variant], shapes: list[Formed]) -> float:
    """Seconds a point, from the length of the tapes and from the shapes that are still to be formed."""
    tapes = [shape.tape for shape in known.values() if shape.tape is not None]
    steps = max((tape.length + tape.width for tape in tapes), default=1)
    total = math.prod(
        item.axis.size
        for number, item in enumerate(study.sweeps)
        if any(number in shape.splits for shape in known.values())
    )
    nodes = len(order([c.quantity for c in shapes[0].columns]))
    ahead = max(0, total - len(tapes)) * nodes * SECONDS_A_NODE
    return SECONDS_A_POINT + steps * SECONDS_A_STEP + ahead / max(1, study.size)


def too_many(plan: Plan, seconds: float, large: float, limit: int | None) -> ClusterError:
    """The complaint about more points than anybody waits for: `seconds` of work, `large` bytes of results (0: none are
    written), more than a `limit` of points where one was set."""
    axes = " x ".join(f"{axis.size:,} {axis.name}" for axis in plan.axes)
    takes = f"about {duration(seconds)}" + (f" and {size(large)} of results" if large else "")
    over = f", more than the {limit:,} of `--points`" if limit is not None else ""
    message = f"`{plan.name}` has {plan.size:,} points ({axes}){over}: {takes}"
    filtered = "" if plan.conditions else " and nothing is filtered by `require`"
    help = "sweep fewer values, use `seek` for a single answer, or go on with `--yes`"
    span = Span(Source(plan.recipe.path, ""), 0, 0)
    return ClusterError(message + filtered, (TOO_MANY.at(span, message + filtered, help),))
