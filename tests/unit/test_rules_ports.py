"""Ports of switches and cards that are split among slower links."""

import pytest

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
