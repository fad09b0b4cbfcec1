"""Ports of switches and cards that are split among slower links."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler.workspace.compilation import compile_text

TEXT = """
chip C {{ tdp = 1 W }}
switch S {{ ports = 64; rate = 800 Gb/s{more} }}
link L {{ rate = {rate} }}
node N {{
  c = {chips} of C
  s = 1 of S
  network n {{ connect c to s with 1 of L }}
}}
"""


@pytest.mark.parametrize(
    ("chips", "rate", "more", "says"),
    [
        (128, "400 Gb/s", "", None),
        (129, "400 Gb/s", "", "`s` has 64 ports, 129 links end at each and take 64.5 of them"),
        (512, "100 Gb/s", "", None),
        (1024, "50 Gb/s", "", "`s` has 64 ports, 1024 links end at each and take 128 of them"),
        (65, "400 Gb/s", "; breakout = 1", "`s` has 64 ports, 65 links end at each"),
        (1024, "50 Gb/s", "; breakout = 16", None),
        (65, "700 Gb/s", "", "`s` has 64 ports, 65 links end at each"),
    ],
)
def test_a_port_is_split_among_slower_links(chips: int, rate: str, more: str, says: str | None) -> None:
    found = compile_text(TEXT.format(chips=chips, rate=rate, more=more)).diagnostics

    assert [one.message for one in found] == ([says] if says else [])


@pytest.mark.parametrize(("ports", "codes"), [(4, []), (3, ["C0605", "C0605"])])
def test_links_of_a_topology_take_as_much_of_a_port_as_they_carry(ports: int, codes: list[str]) -> None:
    """Four uplinks of twice the rate take a port of it each, eight links of the plain rate half of one."""
    shape = "leaf_spine(leaves = 2, spines = 1, eps_per_leaf = 8, trunk = 4, bw_up = 2, switch = S)"
    text = f"""
    chip C {{ tdp = 1 W }}
    switch S {{ ports = {ports + 4}; rate = 200 Gb/s }}
    link L {{ rate = 100 Gb/s }}
    node N {{ c = 16 of C; network n {{ connect c by {shape} with 1 of L }} }}
    """

    assert [one.code.id for one in compile_text(text).diagnostics] == codes


CARDS = """
chip C {{ tdp = 1 W }}
nic Card {{ ports = {ports}; rate = 800 Gb/s{more} }}
switch S {{ ports = 64; rate = 800 Gb/s }}
link L {{ rate = {rate} }}
node N {{
  c = 1 of C
  card = 1 of Card
  s = {switches} of S
  network n {{ connect card to s with 1 of L }}
}}
"""


@pytest.mark.parametrize(
    ("ports", "switches", "rate", "more", "says"),
    [
        (1, 2, "400 Gb/s", "", None),
        (1, 3, "400 Gb/s", "", "`card` has 1 port, 3 links end at each and take 1.5 of them"),
        (2, 3, "400 Gb/s", "; breakout = 1", "`card` has 2 ports, 3 links end at each"),
        (2, 2, "800 Gb/s", "", None),
        (2, 2, "900 Gb/s", "", "a link of 112.5 GB/s ends in `card`, whose ports carry 100 GB/s"),
    ],
)
def test_a_port_of_a_card_is_split_as_well(ports: int, switches: int, rate: str, more: str, says: str | None) -> None:
    text = CARDS.format(ports=ports, switches=switches, rate=rate, more=more)

    found = compile_text(text).diagnostics

    about_cards = [one.message for one in found if "`card`" in one.message]
    assert about_cards == ([says] if says else [])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, 12),
    st.sampled_from((100, 200, 400, 800)),
    st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from((50, 100, 150, 200, 300, 400, 800))), min_size=1, max_size=3
    ),
    st.sampled_from((None, 1, 2, 4, 16)),
)
def test_links_of_all_rates_take_parts_of_ports_together(
    ports: int, rate: int, links: list[tuple[int, int]], breakout: int | None
) -> None:
    links = [(many, each) for many, each in links if each <= rate]
    most = 8 if breakout is None else breakout
    taken = sum(Fraction(many, min(most, rate // each)) for many, each in links)
    stated = "" if breakout is None else f"; breakout = {breakout}"
    kinds = [f"link L{i} {{ rate = {each} Gb/s }}" for i, (_, each) in enumerate(links)]
    parts = [f"  c{i} = {many} of C" for i, (many, _) in enumerate(links)]
    nets = [f"  network n{i} {{ connect c{i} to s with 1 of L{i} }}" for i in range(len(links))]
    switch = f"switch S {{ ports = {ports}; rate = {rate} Gb/s{stated} }}"
    text = "\n".join(["chip C { tdp = 1 W }", switch, *kinds, "node N {", "  s = 1 of S", *parts, *nets, "}", ""])

    found = [one.code.id for one in compile_text(text).diagnostics if one.severity == "error"]

    assert found == (["C0605"] if taken > ports else [])


def test_a_topology_may_run_a_link_faster_than_its_port() -> None:
    text = """
    chip C { tdp = 1 W }
    switch S { ports = 4; rate = 10 GB/s; breakout = 1 }
    link L { rate = 10 GB/s }
    node N { c = 4 of C; network n { connect c by leaf_spine(leaves = 2, spines = 1, bw_ep = 3, switch = S) with 1 of L } }
    """

    said = [one.message for one in compile_text(text).diagnostics]

    assert said == ["a link of 30 GB/s ends in `leaf`, whose ports carry 10 GB/s"]
