"""The audit: what holds to its printed precision, what rounds, and which mistake explains the rest."""

from collections.abc import Mapping

import pytest

from compiler.audit import audits
from compiler.audit.complaints import EXPLAINED_CLAIM, FAILED_CLAIM, complaints
from compiler.audit.context import Desk
from compiler.audit.precision import stated
from compiler.audit.verdict import Verdict
from compiler.quantities.graph import Quantity, Spread
from compiler.semantics.literals import step_of
from compiler.workspace.compilation import compile_text
from dsl.render import render

PARTS = """
chip Chip {
  dies = 2
  peak { fp8 = 1000 TFLOPS; bf16 = 500 TFLOPS; fp4 = 2500 TFLOPS; sparse { fp8 = 1900 TFLOPS } }
  hbm { capacity = 144 GB; bandwidth = 4 TB/s }
  tdp = 700 to 900 W
  port ub { lanes = 1; rate = 400 Gb/s }
}
chip Slower like Chip { peak.fp8 = 919 TFLOPS; hbm.capacity = 96 GB }
chip Plain { peak.fp8 = 3 PFLOPS; hbm.capacity = 32 GiB }
node Node { chips = 8 of Chip }
chip Base { peak.fp8 = 1 PFLOPS; hbm.capacity = 900 GB }
chip Bigger like Base { hbm.capacity = 1000 GB }
let untagged = Base
rack Rack { nodes = 16 of Node }
supernode Pod { racks_of = 64 of Rack }
"""


def judged(*claims: str, parts: str = PARTS) -> list[Verdict]:
    """The verdicts on claim lines beside some parts."""
    compilation = compile_text(parts + "".join(f"claim {claim}\n" for claim in claims))
    assert [d.message for d in compilation.diagnostics if d.severity == "error"] == []
    assert compilation.module is not None
    desk = Desk(compilation.state, compilation.module)
    return list(audits(desk.claims(), desk))


def verdict(claim: str, parts: str = PARTS) -> tuple[str, str | None]:
    """The verdict on one claim line with its hypothesis."""
    (found,) = judged(claim, parts=parts)
    return found.verdict, found.hypothesis


def figure(digits: str) -> Quantity:
    """A stated number."""
    value = float(digits)
    return Quantity("literal", (), (), Spread(value, value, value, step=step_of(digits), digits=digits))


@pytest.mark.parametrize(
    ("derived", "printed", "said"),
    [
        (8.192, "8", "holds"),
        (49.152, "49.2", "holds"),
        (1.048576, "1", "holds"),
        (288.768, "300", "rounds"),
        (61.952, "60", "truncates"),
        (56.889, "56.8", "truncates"),
        (1.26, "1.2", "truncates"),
        (255.0, "300", "fails"),
        (360.0, "720", "fails"),
        (49.152, "48", "fails"),
        (1_048_576.0, "1e6", "holds"),
    ],
)
def test_a_figure_agrees_to_the_precision_it_was_printed_in(derived: float, printed: str, said: str) -> None:
    found = stated(figure(printed))
    assert ("holds" if found.contains(derived) else found.cut(derived) or "fails") == said


def test_zeros_behind_the_point_are_digits() -> None:
    assert verdict("1.09 ~= 1.0") == ("truncates", None)
    assert verdict("1.13 ~= 1.0")[0] == "fails"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("count(Pod.racks_of.nodes.chips) ~= 8192", "holds"),
        ("count(Pod.racks_of.nodes.chips) == 8192", "holds"),
        ("count(Pod.racks_of.nodes.chips) == 8000", "fails"),
        ("count(Pod.racks_of.nodes.chips) >= 8_000", "holds"),
        ("count(Pod.racks_of.nodes.chips) < 8_000", "fails"),
        ("Chip.hbm.capacity ~= 140 GB within 5%", "holds"),
        ("Chip.hbm.capacity ~= 130 GB within 5%", "fails"),
        ("Chip.hbm.capacity ~= 140 GB within 5 GB", "holds"),
        ("8 / 3 ~= 1 / 3 within 5%", "fails"),
        ("3 * Chip.hbm.capacity ~= 3 * 144 GB", "holds"),
        ("8192 * Chip.hbm.capacity ~= 1152 * 1024 GB", "holds"),
        ("Chip.tdp ~= 800 W", "holds"),
        ("Chip.tdp ~= 880 W", "undecided"),
        ("Chip.tdp <= 880 W", "undecided"),
        ("Chip.tdp ~= 990 W", "fails"),
        ("Chip.typical_power ~= 500 W", "undecided"),
        ("64 * 1.299 TB ~= 83.2 TB", "rounds"),
    ],
)
def test_operators_intervals_and_gaps(claim: str, said: str) -> None:
    assert verdict(claim)[0] == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("1 / 0 ~= 3", "undecided"),
        ("1e300 * 1e300 ~= 3", "undecided"),
        ("Chip.tdp ~= Chip.typical_power", "undecided"),
        ("0 - 5 ~= 5", "fails"),
        ("0 ~= 0", "holds"),
        ("Chip.hbm.capacity - 144 GB ~= 5 GB", "fails"),
        ("Chip.hbm.capacity ~= 0 GB", "fails"),
        ("0.07 ~= 7%", "holds"),
        ("5 TB ~= 5 TB within 0 TB", "holds"),
        ("Chip.hbm.capacity ~= 100 to 200 GB", "holds"),
    ],
)
def test_strange_figures_get_a_verdict(claim: str, said: str) -> None:
    assert verdict(claim)[0] == said


def test_money_is_stated_in_any_currency() -> None:
    parts = "chip A { price = 13.9 kUSD }\n"
    assert verdict("A.price ~= 100 kCNY", parts)[0] == "holds"
    assert verdict("A.price ~= 103 kCNY", parts)[0] == "fails"
    assert verdict("3 * A.price ~= 300 kCNY", parts)[0] == "holds"


def test_what_is_missing_is_named() -> None:
    (found,) = judged("Chip.typical_power ~= 500 W")
    assert found.missing == ("typical_power of Chip",)
    (found,) = judged("Pod.figures.cost.capital ~= 3 MUSD")
    assert found.verdict == "undecided" and "price of Chip" in found.missing[0]


def test_a_figure_with_parts_not_counted_is_a_lower_bound() -> None:
    parts = "chip A { price = 3 USD }\ncpu B { cores = 2 }\nnode N { a = 2 of A; b = 1 of B }\n"
    assert verdict("N.figures.cost.capital ~= 9 USD", parts) == ("undecided", None)
    assert verdict("N.figures.cost.capital ~= 5 USD", parts) == ("fails", None)


def test_the_share_of_an_interval_that_agrees_is_told() -> None:
    certain, some, none = judged("Chip.tdp <= 1000 W", "Chip.tdp <= 850 W", "Chip.tdp <= 600 W")
    assert (certain.overlap, some.overlap, none.overlap) == (1.0, pytest.approx(0.75), 0.0)


@pytest.mark.parametrize(
    ("claim", "hypothesis"),
    [
        ("8192 * Chip.hbm.capacity ~= 1152 TB", "binary-units"),
        ("8192 * Chip.hbm.capacity ~= 1266.6 TB", "binary-units"),
        ("4096 * Plain.hbm.capacity ~= 131 TB", "binary-units"),
        ("Chip.peak.fp8 ~= 1900 TFLOPS@fp8", "sparse"),
        ("Plain.peak.fp8 ~= 6.00 PFLOPS@fp8", "sparse"),
        ("Chip.peak.sparse.fp8 ~= 1000 TFLOPS@fp8", "dense"),
        ("Chip.ub.bandwidth ~= 800 Gb/s", "both-directions"),
        ("Chip.ub.bandwidth.bidirectional ~= 50 GB/s", "one-direction"),
        ("Chip.ub.bandwidth ~= 400 GB/s", "bits-for-bytes"),
        ("8 * Chip.hbm.bandwidth ~= 32.00 Tb/s", "bits-for-bytes"),
        ("count(Node.chips) ~= 16", "dies"),
        ("Chip.hbm.capacity ~= 72 GB", "dies"),
        ("sum(Node.chips.hbm.capacity) ~= 144 GB", "per-part"),
        ("Plain.peak.fp8 / untagged.peak.fp8 ~= 6.00", "sparse"),
        ("2048 * untagged.hbm.capacity ~= 2.048 PB", "variant"),
        ("Chip.hbm.capacity ~= 144 TB", "factor-1000"),
        ("sum(Node.chips.peak.fp8) ~= 7.352 PFLOPS@fp8", "variant"),
        ("sum(Rack.nodes.chips.peak.fp8) ~= 243.2 PFLOPS@fp8", "sparse"),
        ("sum(Pod.racks_of.nodes.chips.peak.bf16) ~= 20.48 EFLOPS@bf16", "precision"),
        ("8192 * Chip.hbm.capacity ~= 768 TB", "variant + binary-units"),
        ("8192 * Chip.ub.bandwidth.bidirectional ~= 3.2768 Pb/s", "one-direction"),
    ],
)
def test_a_known_mistake_explains_a_claim(claim: str, hypothesis: str) -> None:
    assert verdict(claim) == ("explained", hypothesis)


@pytest.mark.parametrize(
    "claim",
    [
        "Chip.hbm.capacity ~= 200 GB",
        "Chip.tdp ~= 2 kW",
        "count(Node.chips) ~= 9",
        "sum(Node.chips.hbm.bandwidth) ~= 45.1 TB/s",
        "Chip.peak.fp8 ~= 1337 TFLOPS@fp8",
        "8 * Chip.hbm.capacity / (3 * Plain.hbm.capacity) ~= 17",
    ],
)
def test_luck_explains_nothing(claim: str) -> None:
    assert verdict(claim) == ("fails", None)


def test_a_claim_inside_a_design_tries_its_parts_too() -> None:
    text = (
        PARTS + "supernode Big { pods = 2 of Rack\n  claim fp8: sum(pods.nodes.chips.peak.fp8) ~= 235.3 PFLOPS@fp8\n}\n"
    )
    compilation = compile_text(text)
    assert compilation.module is not None
    desk = Desk(compilation.state, compilation.module)
    (found,) = audits(desk.claims(), desk)
    assert (found.verdict, found.hypothesis) == ("explained", "variant")
    assert found.sentence == "`Slower` in place of `Chip`"


def test_without_the_text_around_it_a_claim_is_still_judged() -> None:
    compilation = compile_text(PARTS + "claim 8192 * Chip.hbm.capacity ~= 1152 TB\nclaim count(Node.chips) == 16\n")
    assert compilation.module is not None
    found = audits(Desk(compilation.state, compilation.module).claims())
    assert [v.verdict for v in found] == ["explained", "fails"]


def test_figures_are_in_base_units() -> None:
    (found,) = judged("memory: 8192 * Chip.hbm.capacity ~= 1152 TB")
    numbers: Mapping[str, float | None] = {"stated": found.stated, "derived": found.derived, "margin": found.margin}
    assert numbers == {"stated": 1.152e15, "derived": 1.179648e15, "margin": pytest.approx(-0.0234375)}
    assert (found.name, found.unit, found.agrees) == ("memory", "B", False)


def test_an_explained_claim_says_how_to_keep_it() -> None:
    (found,) = complaints(judged("memory: 8192 * Chip.hbm.capacity ~= 1152 TB"))
    assert found.code is EXPLAINED_CLAIM and found.severity == "warning"
    assert found.message == "claim `memory` is explained by binary units: claimed 1152 TB, derived 1,179.65 TB (-2.34%)"
    assert found.notes == ("exact if 1 TB means 1024 GB",)
    assert found.help == ("keep it and say why: `~= 1152 TB within 2.5%`, or `~= 1152 * 1024 GB`",)
    shown = render([found])
    assert '"1152" allows 1151.5 to 1152.5' in shown and "`hbm.capacity`, taken 8,192 times" in shown


def test_a_failing_claim_names_both_figures() -> None:
    (found,) = complaints(judged("power: Chip.tdp ~= 990 W"))
    assert found.code is FAILED_CLAIM
    assert found.message == "claim `power` fails: claimed 990 W, derived 800 W (+23.75%)"


def test_what_agrees_is_not_complained_about() -> None:
    assert list(complaints(judged("count(Node.chips) ~= 8", "Chip.typical_power ~= 500 W"))) == []


@pytest.mark.parametrize("code", [EXPLAINED_CLAIM, FAILED_CLAIM])
def test_the_examples_of_a_page_say_what_they_should(code: object) -> None:
    for text, wanted in ((getattr(code, "wrong", ""), [code]), (getattr(code, "right", ""), [])):
        compilation = compile_text(text)
        assert compilation.diagnostics == [] and compilation.module is not None
        desk = Desk(compilation.state, compilation.module)
        assert [found.code for found in complaints(audits(desk.claims(), desk))] == wanted


def test_a_year_is_a_number() -> None:
    assert verdict("year(C.released) ~= 2026", "chip C { released = 2026-10-01 }\n") == ("holds", None)
    assert verdict("year(C.released) ~= 2026", "chip C { tdp = 1 W }\n")[0] == "undecided"
