"""Latencies of networks against those of every pair, on random designs and by hand."""

from __future__ import annotations

from math import inf, isclose
from random import Random

import pytest

from compiler.ir.hardware import Network, networks
from compiler.networks.latency.latency_figures import Latency
from compiler.networks.whole.network_latency import latencies
from compiler.quantities.intervals import Bounds, Intervals
from compiler.workspace.compilation import compile_text
from tests.judge.delays import Delays, drawn_delays, pairwise_delays, written_with
from tests.judge.designs import drawn
from tests.judge.instances import Expansion, Wired

NS = 1e-9
ENDS = (0, 1)


def described(text: str) -> dict[str, Network]:
    """The networks of a text's last design by their path."""
    compiled = compile_text(text)
    design = compiled.design()
    assert design is not None, compiled.diagnostics
    return {path: network for path, _, _, network in networks(design.root)}


def bounds(latency: Latency) -> Bounds:
    """The bounds of a latency, ns."""
    assert latency.quantity is not None, latency.reason
    found = Intervals().of(latency.quantity)
    return Bounds(found.low / NS, found.middle / NS, found.high / NS)


def judged(expansion: Expansion, wired: Wired, delays: Delays, end: int, silent: float) -> tuple[float, float] | None:
    """The largest and the mean delay at the least or the most end, ns, what says nothing at `silent`; None for no pair."""
    found = pairwise_delays(expansion, wired, {n: silent if d is None else d[end] for n, d in delays.items()})
    return (max(found), sum(found) / len(found)) if found else None


# 5494: a topology over two names of parts in one, whose leaves are not one
@pytest.mark.parametrize("seed", [*range(150), 5494])
def test_latencies_are_those_of_all_pairs(seed: int) -> None:
    design = drawn(seed)
    delays = drawn_delays(design, Random(seed))
    expansion = Expansion(design, first=True)
    first: dict[str, Wired] = {}
    for wired in expansion.networks:
        first.setdefault(wired.path, wired)
    for path, network in described(written_with(design, delays)).items():
        found = latencies(network)
        least = [judged(expansion, first[path], delays, end, 0.0) for end in ENDS]
        if least[0] is None or inf in least[0]:
            assert found.largest.quantity is None and found.mean.quantity is None
            continue
        most = [judged(expansion, first[path], delays, end, inf) for end in ENDS]
        for place, latency in enumerate((found.largest, found.mean)):
            low, high = (pair[place] if pair else inf for pair in least)
            if latency.quantity is None:
                assert latency.reason.startswith("no latency is stated")
                assert low == 0
                continue
            ends = bounds(latency)
            assert isclose(ends.low, low, rel_tol=1e-9, abs_tol=1e-9) and isclose(ends.high, high, rel_tol=1e-9)
            if not latency.missing:
                assert most == least


PARTS = """
chip C { tdp = 1 W }
nic X { ports = 64; rate = 100 GB/s }
switch S { ports = 9999; rate = 100 GB/s; latency = 10 ns }
switch M { ports = 9999; rate = 100 GB/s }
link L { rate = 1 GB/s; latency = 3 ns }
link F { rate = 1 GB/s; latency = 20 to 50 ns }
link Q { rate = 1 GB/s }
"""


def only(body: str) -> tuple[Latency, Latency]:
    """Both latencies of the one network of a supercluster."""
    [network] = described(f"{PARTS}supercluster All {{\n{body}\n}}\n").values()
    found = latencies(network)
    return found.largest, found.mean


def test_a_tree_of_half_a_million_is_counted() -> None:
    largest, mean = only(
        "c = 524288 of C; network n { connect c by clos(tiers = 3, ports = 512, switch = S) with 1 of L }"
    )

    assert bounds(largest).low == pytest.approx(6 * 3 + 5 * 10)
    leaf, pod, whole = 256 - 1, 65_536 - 256, 524_288 - 65_536
    expected = leaf * (2 * 3 + 10) + pod * (4 * 3 + 3 * 10) + whole * (6 * 3 + 5 * 10)
    assert bounds(mean).low == pytest.approx(expected / (524_288 - 1))


def test_rails_over_boxes_are_counted() -> None:
    text = (
        f"{PARTS}node Box {{ c = 8 of C {{ rail = index }}; s = 1 of S }}\n"
        "supercluster All { b = 65536 of Box; l = 8 of S { rail = index }\n"
        "  network n { connect b.c to b.s on node with 1 of L; connect b.c to l on rail with 1 of F } }\n"
    )
    found = latencies(described(text)["n"])

    ends, rail, box, both = 8 * 65_536, 40 + 10, 6 + 10, 40 + 10 + 6 + 10
    assert bounds(found.largest) == Bounds(pytest.approx(both), pytest.approx(both + 30), pytest.approx(both + 60))
    expected = (7 * box + 65_535 * rail + 7 * 65_535 * both) / (ends - 1)
    assert bounds(found.mean).low == pytest.approx(expected)


def test_a_torus_is_told_by_its_hops() -> None:
    largest, mean = only("c = 4096 of C; network n { connect c by torus(dims = [16, 16, 16]) with 1 of L }")

    assert bounds(largest).low == pytest.approx(24 * 3)
    assert bounds(mean).low == pytest.approx(3 * 4 * 3 * 4096 / 4095)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("c = 2 of C; s = 1 of M; network n { connect c to s with 1 of Q }", "no latency is stated of `Q`, `M`"),
        ("c = 2 of C; network n { connect c to external with 1 of L }", "its links leave the design"),
        ("a = 2 of S; s = 1 of S; network n { connect a to s with 1 of L }", "it links switches alone"),
        ("c = 1 of C; s = 1 of S; network n { connect c to s with 1 of L }", "it has fewer than two endpoints"),
        (
            "c = 4 of C { rail = index // 2 }; s = 2 of S { rail = index }\n network n { connect c to s on rail with 1 of L }",
            "some of its endpoints never meet in it",
        ),
    ],
)
def test_an_absent_latency_has_its_reason(body: str, reason: str) -> None:
    for latency in only(body):
        assert latency.quantity is None
        assert latency.reason.startswith(reason)


def test_what_states_none_is_named_where_a_way_passes_it() -> None:
    largest, mean = only("c = 4 of C; s = 1 of M; network n { connect c to s with 1 of L }")

    assert (largest.missing, mean.missing) == (("latency of M",), ("latency of M",))
    assert bounds(largest).low == pytest.approx(6)


def test_what_states_none_does_not_matter_beside_a_way_that_does_without_and_is_as_quick() -> None:
    # both pairs of links end at the same chips; those of `Q` may be quicker, so they are named
    largest, _ = only("c = 2 of C; s = 1 of S; network n { connect c to s with 1 of L; connect c to c with 1 of Q }")
    assert largest.quantity is None and largest.reason == "no latency is stated of `Q`"

    # here a way by `M` ends where it began, and no way needs it
    body = "c = 2 of C; s = 1 of S; m = 1 of M; network n { connect c to s with 1 of L; connect s to m with 1 of Q }"
    largest, _ = only(body)
    assert largest.missing == ()
    assert bounds(largest) == Bounds(pytest.approx(16), pytest.approx(16), pytest.approx(16))


def test_ways_that_change_with_an_uncertain_latency_give_its_ends() -> None:
    # by the switch 6 + 10 ns; by the long link 20 to 50 ns from chip to chip, or as long as both
    body = "c = 2 of C; s = 1 of M; network n { connect c to s with 1 of F; connect c to c with 1 of F }"
    largest, _ = only(body)
    assert bounds(largest) == Bounds(pytest.approx(20), pytest.approx(35), pytest.approx(50))

    text = f"{PARTS}link G {{ rate = 1 GB/s; latency = 10 to 90 ns }}\n"
    body = "c = 2 of C; s = 1 of S; network n { connect c to s with 1 of F; connect c to c with 1 of G }"
    [network] = described(f"{text}supercluster All {{ {body} }}").values()
    found = latencies(network).largest
    assert bounds(found) == Bounds(pytest.approx(10), pytest.approx(50), pytest.approx(90))


def test_what_leaves_a_block_takes_its_own_links_and_circuit_switches_are_not_counted() -> None:
    text = f"{PARTS}link B {{ rate = 1 GB/s; latency = 30 ns }}\nswitch O {{ ports = 16; rate = 100 GB/s }}\n"
    pod = "supernode Pod { c = 16 of C\n  network n { connect c by torus(dims = [16], block = [4], between = 1 of B OCS) with 1 of L }\n}\n"
    plain, circuits = (latencies(described(text + pod.replace(" OCS", more))["n"]) for more in ("", ", ocs = O"))

    # of eight steps around a ring of 16 two lead from one block of four to the next
    assert bounds(plain.largest).low == pytest.approx(8 * 3 + 2 * 27)
    assert plain.largest.missing == ()
    assert bounds(circuits.largest).low == bounds(plain.largest).low
    assert circuits.largest.missing == ("latency of O",)
