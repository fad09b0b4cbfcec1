"""Any word that the compiler uses may name a thing of the text."""

import pytest

import clusterc

WORDS = """
part network figures made index parent slot slots ports links racks at external chips switches all_parts optics cables
endpoints injection bisection oversubscription bandwidth lanes rate tdp growth doubling residual shows show baseline seek
compare per waterfall parameter take minimize maximize pareto variants role whole value values fields kind name members
tiers known state scope instance instances site design report units feed switch cable optic bidirectional std contains
declaration call source date grade url torus clos linear USD CNY pue power cost text root file claims checks working done
"""
HEAD = """
chip C { tdp = 100 W }
link L { rate = 10 GB/s }
switch S { ports = 64; rate = 10 GB/s }
"""
ROLES = {
    "a let of a file": "let {w} = 3 W\nassert {w} == 3 W\n",
    "a let": "node N { npus = 2 of C; let {w} = 3 W; assert {w} == 3 W }\nassert N.{w} == 3 W\n",
    "parts": "node N { {w} = 2 of C; assert count({w}) == 2 and sum({w}.tdp) == 200 W }\nassert count(N.{w}) == 2\n",
    "a port": "chip D { port {w} { lanes = 2; rate = 1 GB/s } }\nassert D.{w}.bandwidth == 2 GB/s\n",
    "a network": """
node N {
  a = 2 of C
  b = 1 of S
  network {w} { connect a to b with 1 of L }
  assert count({w}.links) == 2
}
""",
    "an end of a connect": """
node N {
  {w} = 2 of C
  b = 1 of S
  network n { connect {w} to b with 1 of L }
  assert count(n.links) == 2
}
""",
    "a let of a network": """
node N {
  a = 2 of C
  b = 1 of S
  network n {
    let {w} = 3
    connect a to b with {w} of L
  }
  network other { connect a to b with 3 of L }
  assert count(other.links) == 6
}
""",
    "a parameter": "node N({w} = 2 W) { npus = 2 of C; let y = {w} + 1 W }\nlet n = N({w} = 6 W)\nassert n.y == 7 W\n",
    "a parameter of a function": "fn f({w}) = 2 * {w}\nassert f(3) == 6 and f({w} = 4) == 8\n",
    "a function": "fn {w}(x) = 2 * x\nassert {w}(3) == 6\n",
    "an element": "assert sum({w} for {w} in [1, 2]) == 3\n",
    "a claim": "node N { npus = 2 of C; claim {w}: sum(npus.tdp) ~= 200 W }\n",
    "a field": "workload G { {w} = 3 W }\nassert G.{w} == 3 W\n",
    "a group of fields": "workload G { {w}.a = 3 W; let t = {w}.a }\nassert G.{w}.a == 3 W and G.t == 3 W\n",
    "a field of a group": "workload G { g.{w} = 3 W }\nassert G.g.{w} == 3 W\n",
    "a chip": "chip {w} { tdp = 10 W }\nnode M { q = 2 of {w}; assert sum(q.tdp) == 20 W }\nassert {w}.tdp == 10 W\n",
    "a node": "node {w} { q = 2 of C }\nrack M { n = 2 of {w}; assert count(n.q) == 4 }\nassert M.figures.power.it == 400 W\n",
    "a source": 'source {w} { title = "T"; date = 2025-01-01; grade = "paper" }\nchip Q { tdp = 10 W from {w} }\n',
    "a link": "link {w} { rate = 10 GB/s }\nnode M { a = 2 of C; b = 1 of S; network n { connect a to b with 1 of {w} } }\n",
    "an axis": "study s { sweep {w} in [1, 2]; show { y = 2 * {w} } }\n",
    "a column": "study s { sweep q in [1, 2]; show { {w} = 2 * q } }\n",
    "a let of a study": "study s { sweep q in [1, 2]; let {w} = 2 * q; show { y = {w} } }\n",
    "a study": "study {w} { sweep q in [1, 2]; show { y = q } }\n",
}


@pytest.mark.parametrize("role", ROLES)
def test_a_word_of_ours_may_name_a_thing_of_the_text(role: str) -> None:
    told = {word: clusterc.check(HEAD + ROLES[role].replace("{w}", word)).diagnostics for word in WORDS.split()}

    assert {word: [found.message for found in said] for word, said in told.items() if said} == {}
