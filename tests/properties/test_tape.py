"""A tape gives what the graph gives, a plan what the text gives with its values written in, a front and a seek what a search gives."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.quantities.graph import Quantity, Spread, apply, number
from compiler.quantities.intervals import Intervals
from compiler.quantities.swept import SWEPT
from compiler.study.lowering import Root, lower
from compiler.study.monomials import SweptInput
from compiler.study.pareto import Front, front
from compiler.study.plan import Plan
from compiler.study.preparation import plan
from compiler.study.seek import found
from compiler.workspace.compilation import compile_text

SYMBOLS = ("a", "b", "c")
VALUES = st.floats(-50.0, 50.0).filter(lambda x: x == 0 or abs(x) > 1e-3)
TWO = ("add", "subtract", "multiply", "divide", "minimum", "maximum", "less", "greater_equal", "not_equal")
ONE = ("negative", "absolute", "floor", "ceil", "round", "sqrt")


def symbol(name: str) -> Quantity:
    return Quantity("literal", (), (), Spread(-50.0, 1.0, 50.0, SWEPT), symbol=f"sweep {name}")


LEAVES = st.sampled_from([symbol(name) for name in SYMBOLS]) | VALUES.map(number)


def grown(inner: st.SearchStrategy[Quantity]) -> st.SearchStrategy[Quantity]:
    return (
        st.builds(lambda op, x, y: apply(op, x, y), st.sampled_from(TWO), inner, inner)
        | st.builds(lambda op, x: apply(op, x), st.sampled_from(ONE), inner)
        | st.builds(lambda x, y, z: apply("where", apply("less", x, y), y, z), inner, inner, inner)
        | st.builds(lambda *terms: apply("add", *terms), inner, inner, inner, inner)
    )


GRAPHS = st.lists(st.recursive(LEAVES, grown, max_leaves=14), min_size=1, max_size=3)


def placed(quantity: Quantity, values: dict[str, float], known: dict[int, Quantity]) -> Quantity:
    """The graph with numbers for its symbols."""
    if id(quantity) not in known:
        args = tuple(placed(arg, values, known) for arg in quantity.args)
        is_swept = quantity.symbol in values
        known[id(quantity)] = (
            number(values[quantity.symbol]) if is_swept else quantity if not args else apply(quantity.op, *args)
        )
    return known[id(quantity)]


def nodes(quantity: Quantity) -> list[Quantity]:
    return [quantity, *(node for arg in quantity.args for node in nodes(arg))]


def is_steep(quantity: Quantity, intervals: Intervals) -> bool:
    """Whether rounding may decide here: a step, a comparison or a zero divisor within a rounding error."""
    for node in nodes(quantity):
        args = [intervals.of(arg).middle for arg in node.args]
        if not all(math.isfinite(arg) and abs(arg) < 1e12 for arg in args):
            return True
        near = 1e-6 * (1.0 + max((abs(arg) for arg in args), default=0.0))
        if node.op in ("floor", "ceil", "round") and abs(2 * args[0] - round(2 * args[0])) <= 2 * near:
            return True
        if node.op in ("less", "greater_equal", "not_equal") and abs(args[0] - args[1]) <= near:
            return True
        if (node.op == "divide" and abs(args[1]) <= near) or (node.op == "sqrt" and args[0] <= near):
            return True
    return False


@settings(max_examples=400, deadline=None)
@given(GRAPHS, st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=4))
def test_a_tape_gives_what_the_graph_gives(roots: list[Quantity], points: list[tuple[float, ...]]) -> None:
    inputs = [SweptInput(f"sweep {name}", 1.0, -50.0, 50.0) for name in SYMBOLS]
    tape = lower([Root(root) for root in roots], inputs)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    out = [np.empty(len(points)) for _ in roots]
    tape.run(columns, out)
    for place, point in enumerate(points):
        known: dict[int, Quantity] = {}
        intervals = Intervals()
        values = {f"sweep {name}": value for name, value in zip(SYMBOLS, point, strict=True)}
        for root, column in zip(roots, out, strict=True):
            fixed = placed(root, values, known)
            if not is_steep(fixed, intervals):
                scale = max(abs(intervals.of(node).middle) for node in nodes(fixed))
                assert column[place] == pytest.approx(intervals.of(fixed).middle, rel=1e-9, abs=1e-9 * max(1.0, scale))


TEXT = """
chip A {{ tdp = 650 W; peak.bf16 = 1 PFLOPS }}
chip B {{ tdp = {tdp} W; peak.bf16 = 2 PFLOPS }}
node Box {{ chips = {count} of A }}
node Mixed {{ chips = {count} of A; others = 3 of B }}
study s {{
{axes}
  let big = {design} with {{ chips = {count} of {chip} }}
  let power = sum(big.chips.tdp) * {pue}
  require power <= {cap} kW
  show {{ power = power -> kW; per_watt = sum(big.chips.peak.bf16) / power -> GFLOPS@bf16/W; much = if power > 4 kW then "much" else "little" }}
}}
"""
DEFAULTS = {"design": "Box", "chip": "A", "count": "4", "pue": "1.2", "cap": "6", "tdp": "700"}


def planned(text: str) -> Plan:
    compilation = compile_text(text)
    assert [d.message for d in compilation.diagnostics if d.severity == "error"] == []
    made = plan(compilation, "s")
    assert made is not None
    return made


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.sampled_from(["chip", "count", "pue", "cap"]), min_size=1),
    st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(105, 190), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True),
)
def test_a_point_is_what_the_text_gives_with_its_values_written_in(
    axes: set[str], counts: list[int], pues: list[int], caps: list[int]
) -> None:
    values = {
        "chip": ["A", "B"],
        "count": [str(n) for n in counts],
        "pue": [f"{n / 100}" for n in pues],
        "cap": [str(n) for n in caps],
    }
    chosen = sorted(axes)
    lines = "\n".join(f"  sweep {axis}_ in [{', '.join(values[axis])}]" for axis in chosen)
    body = "let big" + TEXT.split("let big", 1)[1]
    head = TEXT.split("let big", 1)[0]
    fixed = head.format(**DEFAULTS | {"axes": lines})
    swept = planned(
        fixed + body.format(**DEFAULTS | {axis: f"{axis}_" if axis != "cap" else "cap_ *  1" for axis in chosen})
    )
    columns = swept.evaluate(0, swept.size)
    for index in range(swept.size):
        places = [int(place[0]) for place in swept.places(np.array([index]))]
        point = {axis: values[axis][place] for axis, place in zip(chosen, places, strict=True)}
        alone = planned(TEXT.format(**DEFAULTS | {"axes": "  sweep one in [1]"} | point)).evaluate(0, 1)
        for name in ("power", "per_watt"):
            assert columns[name][index] == pytest.approx(alone[name][0], rel=1e-12)
        assert (columns["kept"][index], columns["much"][index]) == (alone["kept"][0], alone["much"][0])


def beaten(costs: np.ndarray, row: np.ndarray) -> bool:
    return bool(((costs <= row).all(axis=1) & (costs < row).any(axis=1)).any())


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 4), st.integers(0, 60), st.integers(1, 12), st.integers(1, 20), st.integers(0, 2**31))
def test_a_front_is_what_nothing_beats(aims: int, size: int, levels: int, chunk: int, seed: int) -> None:
    costs = np.random.default_rng(seed).integers(0, levels, (size, aims)).astype(float)
    wanted = [i for i in range(size) if not beaten(costs, costs[i])]
    assert front(costs).tolist() == wanted
    seen = Front(aims)
    for start in range(0, size, chunk):
        stop = min(size, start + chunk)
        seen.see(np.arange(start, stop), costs[start:stop])
    assert sorted(seen.indices.tolist()) == wanted


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(-30, 30), st.integers(0, 900), st.integers(0, 40), st.booleans())
def test_a_seek_is_a_search(size: int, shift: int, goal: int, least: int, is_greatest: bool) -> None:
    take = "greatest" if is_greatest else "least"
    text = (
        f"study s {{\n  sweep n in 1 .. {size}\n  require n >= {least}\n"
        f'  seek {{ parameter = n; such_that = (n - {shift}) * (n - {shift}) >= {goal}; take = "{take}" }}\n}}\n'
    )
    (answer,) = found(planned(text.replace("- -", "+ ")))
    good = [n for n in range(1, size + 1) if n >= least and (n - shift) ** 2 >= goal]
    if not good:
        assert answer.index is None and answer.reason
        return
    assert answer.value == (max(good) if is_greatest else min(good))
    gap = set(range(min(good), max(good) + 1)) - set(good)
    outer = least if is_greatest else size + 1
    ends_early = any(n not in good for n in (range(1, max(good)) if is_greatest else range(min(good), outer)))
    assert (answer.fails_again is not None) == (bool(gap) or ends_early)
