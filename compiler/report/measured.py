"""Evaluation of figures and checks for the report: values, bounds, quantiles, texts and sources."""

import math
from collections.abc import Mapping

from compiler.analysis.metric import Measurement
from compiler.ir.hardware import Check
from compiler.quantities import provenance, units
from compiler.quantities.display import interval, known_digits, number
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, Intervals
from compiler.report.findings import CheckResult, Measured

QUANTILES = (0.05, 0.5, 0.95)


def is_uncertain(quantity: Quantity) -> bool:
    """True when something below a quantity is only known as a range."""
    return any(node.spread is not None and node.spread.shape != "point" for node in order([quantity]))


def quantiles_of(quantities: list[Quantity]) -> dict[int, tuple[float, float, float]]:
    """Quantiles (5, 50, 95 %) of the uncertain quantities by `id`, base units; sampled together, so that they agree."""
    uncertain = [quantity for quantity in quantities if quantity.dimension != units.TRUTH and is_uncertain(quantity)]
    if not uncertain:
        return {}
    import numpy as np

    from compiler.quantities.samples import evaluate

    found = {}
    for quantity, values in zip(uncertain, evaluate(uncertain), strict=True):
        low, middle, high = (float(q) for q in np.quantile(values, QUANTILES))
        found[id(quantity)] = (low, middle, high)
    return found


def measure(figure: Measurement, intervals: Intervals, sampled: Mapping[int, tuple[float, float, float]]) -> Measured:
    """A figure of the report from a figure of the analysis; `sampled` are quantiles by `id`."""
    quantity = figure.quantity
    if quantity is None:
        return Measured(
            figure.path,
            figure.title,
            None,
            None,
            None,
            "",
            "absent",
            missing=figure.missing,
            reason=figure.reason,
            group=figure.group,
            essential=figure.essential,
        )
    bounds = intervals.of(quantity)
    quantiles = sampled.get(id(quantity))
    value = quantiles[1] if quantiles else bounds.middle
    at_least = "at least " if figure.missing else ""
    return Measured(
        figure.path,
        figure.title,
        value,
        bounds.low,
        None if figure.missing or math.isinf(bounds.high) else bounds.high,
        units.base_unit(quantity.dimension, tagged=False),
        at_least + shown(quantity, bounds, quantiles),
        provenance.grade(quantity),
        tuple(
            dict.fromkeys(citation.source.title or citation.source.name for citation in provenance.citations(quantity))
        ),
        figure.missing,
        figure.reason,
        quantiles,
        quantity,
        figure.group,
        figure.essential,
    )


def shown(quantity: Quantity, bounds: Bounds, quantiles: tuple[float, float, float] | None) -> str:
    """A figure as text: one number, or the median with its 90 % interval in the same unit."""
    unit = figure_unit(quantity)
    if quantiles is None or bounds.low == bounds.high:
        return number(bounds.middle, quantity.dimension, unit)
    low, middle, high = quantiles
    figures = known_digits(low, middle, high)
    ends = interval(Bounds(low, middle, high), Quantity("shown", (), quantity.dimension, None, unit), figures)
    return f"{number(middle, quantity.dimension, unit, figures)} (90 %: {ends})"


def figure_unit(quantity: Quantity) -> str:
    """Unit to show a figure in; empty (the number chooses its prefix) except for shares, hours and GWh."""
    return quantity.unit if quantity.unit in ("%", "h", "GWh") else ""


def checked(checks: tuple[Check, ...], intervals: Intervals) -> tuple[CheckResult, ...]:
    """Results of checks; those left open by uncertain inputs are sampled together."""
    verdicts = [_verdict(check, intervals) for check in checks]
    sampled = [c.condition for c, v in zip(checks, verdicts, strict=True) if v == "undecided" and _is_bounded(c)]
    shares: dict[int, float] = {}
    if sampled:
        from compiler.quantities.samples import evaluate  # numpy, for checks that are open

        shares = {id(c): float(found.mean()) for c, found in zip(sampled, evaluate(sampled), strict=True)}
    certain = {"holds": 1.0, "fails": 0.0}
    return tuple(
        CheckResult(
            check.text,
            check.word,
            verdict,
            _margin(check, intervals),
            certain.get(verdict, shares.get(id(check.condition))),
        )
        for check, verdict in zip(checks, verdicts, strict=True)
    )


def _verdict(check: Check, intervals: Intervals) -> str:
    bounds = intervals.of(check.condition)
    lost = any(node.op == "missing" for node in order([check.condition]))
    return "undecided" if lost or bounds.low != bounds.high else "holds" if bounds.low else "fails"


def _is_bounded(check: Check) -> bool:
    """True when every input is known, if only as a range; parts that nobody counted are a range without end."""
    below = order([check.condition])
    return not any(node.op == "missing" or (node.spread is not None and math.isinf(node.spread.high)) for node in below)


def _margin(check: Check, intervals: Intervals) -> float | None:
    if len(check.condition.args) != 2 or check.condition.op not in ("less", "less_equal", "greater", "greater_equal"):
        return None
    left, right = (intervals.of(arg) for arg in check.condition.args)
    below = check.condition.op.startswith("less")
    gap = right.low - left.high if below else left.low - right.high
    return gap / abs(right.middle) if right.middle and math.isfinite(gap) else None


def ends_in_words(lower: float | None, upper: float | None) -> str:
    """Certified ends of a bandwidth in B/s as text: a number, `low to high`, `at least`, `at most`, or empty."""
    shown = [number(end, units.RATE) for end in dict.fromkeys((lower, upper)) if end is not None]
    if lower is not None and upper is not None:
        return " to ".join(shown)
    return "".join(f"{'at most' if lower is None else 'at least'} {end}" for end in shown)
