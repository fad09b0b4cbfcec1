"""Why a figure of one design differs from that of another."""

import math

import pytest

from compiler.analysis.figures import by_path
from compiler.ir.hardware import ClusterDesign, Part
from compiler.quantities.graph import Quantity, Spread, apply, number
from compiler.quantities.intervals import Intervals
from compiler.report.reasons import Difference
from compiler.study.difference import difference
from compiler.workspace.compilation import compile_text

PAIR = """edition 2026
chip Old { tdp = 500 W; peak.fp8 = 1 PFLOPS; price = 10 kUSD }
chip New { tdp = 800 to 1200 W; peak.fp8 = 4 PFLOPS; price = 30 kUSD }
cpu Host { tdp = 200 W; price = 1 kUSD }
site Cool { pue = 1.1 }
site Warm { pue = 1.5 }
node OldBox { npus = 8 of Old; cpus = 2 of Host }
node NewBox { npus = 4 of New; cpus = 2 of Host; overhead_power = 300 W }
supercluster A { boxes = 10 of OldBox; at = Cool }
supercluster B { boxes = 20 of NewBox; at = Warm }
supernode Sealed { boxes = 5 of NewBox; rated_power = 30 kW }
"""
COMPILED = compile_text(PAIR, "pair.cluster")


def design(name: str) -> ClusterDesign:
    found = COMPILED.design(name)
    assert found is not None
    return found


def between(path: str, a: str, b: str) -> Difference:
    sides = [(design(name), by_path(design(name).root, design(name).site)[path]) for name in (a, b)]
    quantities = [figure.quantity for _, figure in sides]
    assert quantities[0] is not None and quantities[1] is not None
    return difference(path, sides[0][1].title, (sides[0][0], quantities[0]), (sides[1][0], quantities[1]))


FIGURES = [
    *("accelerators", "compute.fp8", "power.it", "power.facility", "energy.year", "cost.capital"),
    *("efficiency.fp8", "cost.per_compute.fp8", "cpus"),
]


@pytest.mark.parametrize("path", FIGURES)
@pytest.mark.parametrize(("a", "b"), [("A", "B"), ("B", "A"), ("A", "Sealed"), ("Sealed", "B")])
def test_the_shares_add_up_to_the_whole_difference(path: str, a: str, b: str) -> None:
    if "Sealed" in (a, b) and path in ("power.facility", "energy.year"):
        return
    found = between(path, a, b)
    assert math.fsum(share.share for share in found.shares) == pytest.approx(found.end - found.start, rel=1e-9)


def test_a_product_is_shared_out_by_logarithms() -> None:
    found = between("compute.fp8", "A", "B")
    shares = {share.label: share.share for share in found.shares}
    assert (found.start, found.end) == (80e15, 320e15)
    # The boxes doubled, the chips in each halved, and each chip makes four times as much.
    assert set(shares) == {"boxes", "npus", "peak.fp8 of chip"}
    size = (320e15 - 80e15) / math.log(4)
    assert shares["boxes"] == pytest.approx(size * math.log(2))
    assert shares["npus"] == pytest.approx(-size * math.log(2))
    assert shares["peak.fp8 of chip"] == pytest.approx(size * math.log(4))


def test_terms_of_one_meaning_are_held_against_each_other() -> None:
    found = {share.label: share for share in between("power.it", "A", "B").shares}
    assert set(found) == {"boxes", "npus", "tdp of chip", "overhead_power of node"}
    assert found["overhead_power of node"].before == "not there"
    assert found["overhead_power of node"].share == pytest.approx(20 * 300)
    assert found["tdp of chip"].before == "Old 500 W"
    assert found["tdp of chip"].after == "New 1,000 W"


def test_a_ratio_is_read_for_each_chip() -> None:
    found = {share.label: share for share in between("cost.per_compute.fp8", "A", "B").shares}
    assert "number of accelerators" not in found
    assert found["peak.fp8 of chip"].share < 0 < found["price of chip"].share


def test_the_site_is_a_reason_of_its_own() -> None:
    found = {share.label: share for share in between("power.facility", "A", "B").shares}
    assert found["pue of site"].before == "Cool 1.1"
    assert found["pue of site"].share > 0


def test_a_figure_against_itself_has_no_reasons() -> None:
    assert between("power.it", "A", "A").shares == ()


# ---- the graph by itself ---------------------------------------------------------------------

BARE = ClusterDesign("none", Part("node", "bare"))


def literal(value: float, label: str) -> Quantity:
    return Quantity("literal", spread=Spread(value, value, value), label=label, dimension=(("energy", 1),))


@pytest.mark.parametrize(
    ("op", "a", "b"),
    [
        ("maximum", (3.0, 5.0), (7.0, 4.0)),
        ("minimum", (3.0, 5.0), (7.0, 4.0)),
        ("subtract", (3.0, 5.0), (7.0, 4.0)),
        ("multiply", (0.0, 5.0), (7.0, 4.0)),
        ("multiply", (-2.0, 5.0), (7.0, 4.0)),
        ("divide", (3.0, 5.0), (0.0, 4.0)),
    ],
)
def test_what_has_no_logarithm_is_shared_out_all_the_same(
    op: str, a: tuple[float, float], b: tuple[float, float]
) -> None:
    left, right = (apply(op, literal(x, "x"), literal(y, "y")) for x, y in (a, b))
    found = difference("f", "F", (BARE, left), (BARE, right))
    whole = Intervals().of(right).middle - Intervals().of(left).middle
    assert math.fsum(share.share for share in found.shares) == pytest.approx(whole)
    assert {share.label for share in found.shares} <= {"x", "y"}


def test_a_figure_that_is_not_a_number_has_no_reasons() -> None:
    nothing = apply("divide", literal(0.0, "x"), number(0.0))
    assert difference("f", "F", (BARE, nothing), (BARE, literal(1.0, "x"))).shares == ()


def test_a_chain_of_a_thousand_sums_is_no_trouble() -> None:
    def long(value: float) -> Quantity:
        result = literal(value, "x")
        for _ in range(1000):
            result = apply("add", result, literal(1.0, "one"))
        return result

    found = difference("f", "F", (BARE, long(1.0)), (BARE, long(3.0)))
    assert math.fsum(share.share for share in found.shares) == pytest.approx(2.0)
