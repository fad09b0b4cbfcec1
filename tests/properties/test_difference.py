"""Whatever two figures are made of, the reasons for their difference add up to it."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.ir.hardware import ClusterDesign, Part
from compiler.quantities.graph import Quantity, Spread, apply
from compiler.quantities.intervals import Intervals
from compiler.study.difference import difference

BARE = ClusterDesign("none", Part("node", "bare"))
VALUES = st.sampled_from([1.0, 2.0]) | st.floats(0.1, 1000.0)
"""Equal ones often, so that differences are nothing and what is divided by them has no value."""
LABELS = st.sampled_from(["tdp", "price", "rate", "npus", "racks"])
ENERGY = (("energy", 1),)


@st.composite
def leaves(draw: st.DrawFn) -> Quantity:
    """A count, or something that a part states."""
    value, label = draw(VALUES), draw(LABELS)
    dimension = () if label in ("npus", "racks") else ENERGY
    return Quantity("literal", (), dimension, Spread(value, value, value), label=label)


def grown(inner: st.SearchStrategy[Quantity]) -> st.SearchStrategy[Quantity]:
    operations = st.sampled_from(["add", "multiply", "divide", "subtract", "maximum", "minimum"])
    return st.builds(lambda op, x, y: apply(op, x, y), operations, inner, inner)


FIGURES = st.recursive(leaves(), grown, max_leaves=12)


@settings(max_examples=300, deadline=None)
@given(FIGURES, FIGURES)
def test_shares_add_up(a: Quantity, b: Quantity) -> None:
    start, end = (Intervals().of(figure).middle for figure in (a, b))
    found = difference("f", "F", (BARE, a), (BARE, b))
    if not (math.isfinite(start) and math.isfinite(end)):
        assert found.shares == ()
        return
    scale = max(abs(start), abs(end), *(abs(share.share) for share in found.shares), 1e-12)
    assert abs(math.fsum(share.share for share in found.shares) - (end - start)) <= 1e-6 * scale


def literal(value: float, label: str) -> Quantity:
    return Quantity("literal", (), ENERGY, Spread(value, value, value), label=label)


def test_a_factor_that_is_nothing_leaves_no_mean() -> None:
    gone = apply("subtract", literal(1.0, "price"), literal(1.0, "price"))
    none = apply("maximum", gone, gone)
    both = apply("add", apply("multiply", literal(1.0, "tdp"), none), apply("multiply", literal(2.0, "tdp"), none))

    found = difference("f", "F", (BARE, both), (BARE, apply("add", both, literal(3.0, "rate"))))

    assert [(share.label, share.share) for share in found.shares] == [("rate", 3.0)]


@settings(max_examples=100, deadline=None)
@given(FIGURES)
def test_a_figure_against_itself_has_no_reasons(a: Quantity) -> None:
    assert difference("f", "F", (BARE, a), (BARE, a)).shares == ()
