"""Our bisection against METIS and KaHIP: nothing that they find may lie below a lower end or an exact value.

    pip install pymetis kahip
    python benchmarks/rivals.py [--each 4] [--seed 1] [--families torus,dragonfly] [--write]

Both partition odd networks of every family with 1,000 to 20,000 endpoints, and the joint graphs of whole designs, under
several settings: seeds, recursive or at once, imbalance exactly 0 and some; endpoints weigh 1, switches 0. What is not
balanced is repaired, switches then follow the larger part of their links, and the cut is counted link by link. Neither
program is needed for anything else. `--write` puts the result into docs/accuracy.md. Exit status 1 when something was
found below.
"""

import argparse
import os
import pickle
import resource
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)
os.environ["CLUSTERC_CACHE"] = ""

from benchmarks.accuracy_page import put  # noqa: E402
from benchmarks.wholes import pods_of_racks, rails_over_boxes, superpods, unlike_pods  # noqa: E402
from compiler.networks.bisection.bound import Bound  # noqa: E402
from compiler.networks.bisection.portfolio import bisection  # noqa: E402
from compiler.networks.topologies.catalogue import topology  # noqa: E402
from compiler.networks.topologies.topology import Graph  # noqa: E402
from compiler.networks.whole.unrolled_design import unrolled_design  # noqa: E402
from compiler.networks.whole.whole_bisection import described_of, question, whole_bisection  # noqa: E402
from compiler.workspace.compilation import compile_text  # noqa: E402
from tests.judge.odd_shapes import odd_shapes  # noqa: E402

STOPPED = 60
"""Seconds of the processor after which one setting of KaHIP is given up, which also may end its process by itself."""
MOST_LINKS = 400_000
"""Links up to which both partition a network."""
METIS = [(seed, recursive, slack) for seed in range(4) for recursive in (True, False) for slack in (1, 30)]
"""Seed, recursive bisection or k-way, and imbalance in thousandths."""
KAHIP = [("FAST", 0.0, 1), ("FAST", 0.03, 2), ("ECO", 0.0, 3), ("ECO", 0.01, 4)]
"""Preset, imbalance and seed."""


@frozen
class Meeting:
    """What came of one network: our status and ends, the best cuts of both, and how many cuts were counted."""

    family: str
    name: str
    status: str
    lower: float
    upper: float
    metis: float
    kahip: float
    cuts: int

    @property
    def best(self) -> float:
        """The least cut of the two."""
        return min(self.metis, self.kahip)

    @property
    def is_below(self) -> bool:
        """True when a cut lies below the lower end."""
        return self.best < self.lower * (1 - 1e-9)


# ---- their cuts --------------------------------------------------------------------------------------


@frozen(eq=False)
class Arrays:
    """A graph as both want it: adjacency with whole weights; `graph` for the count."""

    graph: Graph
    starts: Any
    targets: Any
    weights: Any


def arrays(graph: Graph) -> Arrays:
    """Links by vertex, parallel ones added up, capacities as whole numbers of at most 30 bits together."""
    n = graph.weights.size
    u, v = np.minimum(graph.u, graph.v).astype(np.int64), np.maximum(graph.u, graph.v).astype(np.int64)
    pairs, at = np.unique(u * n + v, return_inverse=True)
    rates = np.bincount(at, graph.bandwidth)
    kept = (pairs // n != pairs % n) & (rates > 0)
    u, v, rates = pairs[kept] // n, pairs[kept] % n, rates[kept]
    scale = min(20 / rates.min(), 2.0**29 / rates.sum())
    whole = np.maximum(1, np.rint(rates * scale)).astype(np.int32)
    rows, columns = np.concatenate([u, v]), np.concatenate([v, u])
    order = np.lexsort((columns, rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int32)
    return Arrays(graph, starts, columns[order].astype(np.int32), np.concatenate([whole, whole])[order])


def metis_sides(given: Arrays) -> Iterator[Any]:
    """Sides by METIS under all its settings; nothing when it is not installed."""
    try:
        import pymetis
    except ImportError:
        return
    adjacency = pymetis.CSRAdjacency(given.starts, given.targets)
    for seed, recursive, slack in METIS:
        options = pymetis.Options(seed=seed, ufactor=slack, ncuts=2)
        weights = {"vweights": given.graph.weights.astype(np.int32), "eweights": given.weights}
        _, part = pymetis.part_graph(2, adjacency, recursive=recursive, options=options, **weights)
        yield np.asarray(part, dtype=bool)


def kahip_sides(given: Arrays) -> Iterator[Any]:
    """Sides by KaHIP under all its settings; nothing when it is not installed."""
    try:
        import kahip
    except ImportError:
        return
    lists = [one.tolist() for one in (given.graph.weights, given.starts, given.weights, given.targets)]
    for preset, slack, seed in KAHIP:
        mode = getattr(kahip, preset)
        found = apart(lambda s=slack, n=seed, m=mode: kahip.kaffpa(*lists, 2, s, True, n, m)[1])
        if found is not None:
            yield np.asarray(found, dtype=bool)


def counted(given: Arrays, side: Any) -> float:
    """The capacity across sides that were made halves, each switch with the larger part of its links."""
    graph = given.graph
    ends = np.flatnonzero(graph.weights > 0)
    side = side.copy()
    for _ in range(4):
        following = _pull(given, side) > 0
        side = np.where(graph.weights > 0, side, following)
    excess = int(graph.weights[side].sum()) - int(graph.weights.sum()) // 2
    moving = ends[side[ends] == (excess > 0)]
    if excess:
        gain = _pull(given, side)[moving] * (1 if excess < 0 else -1)
        side[moving[np.argsort(-gain, kind="stable")[: abs(excess)]]] ^= True
        for _ in range(4):
            side = np.where(graph.weights > 0, side, _pull(given, side) > 0)
    total = int(graph.weights.sum())
    if abs(2 * int(graph.weights[side].sum()) - total) > total % 2:
        return float("inf")
    return float(graph.bandwidth[side[graph.u] != side[graph.v]].sum())


def _pull(given: Arrays, side: Any) -> Any:
    """The weight of each vertex's links to side A less that to side B."""
    rows = np.repeat(np.arange(given.starts.size - 1), np.diff(given.starts))
    signed = np.where(side[given.targets], given.weights, -given.weights.astype(np.int64))
    return np.bincount(rows, signed, given.starts.size - 1)


# ---- networks ----------------------------------------------------------------------------------------


def met(family: str, name: str, ours: Bound, graph: Graph) -> Meeting:
    """One network before all three."""
    given = arrays(graph)
    best, cuts = [], 0
    for sides in (metis_sides(given), kahip_sides(given)):
        found = [counted(given, side) for side in sides]
        best.append(min(found, default=float("inf")))
        cuts += sum(np.isfinite(found))
    lower = 0.0 if ours.lower is None else ours.lower
    upper = float("inf") if ours.upper is None else ours.upper
    return Meeting(family, name, ours.status, lower, upper, best[0], best[1], cuts)


DESIGNS = {
    "rails over 250 boxes": rails_over_boxes(250),
    "rails over 601 boxes": rails_over_boxes(601),
    "rails over 333 boxes, 5 rails": rails_over_boxes(333, 5),
    "4 units, spines per rail": superpods(4),
    "16 units, spines per rail": superpods(16),
    "17 units of 31, spines per rail": superpods(17, 31),
    "40 units, common spines": superpods(40, per_rail=False),
    "5 pods x 7 racks x 6 boxes": pods_of_racks(5, 7, 6),
    "7 pods x 9 racks x 15 boxes": pods_of_racks(7, 9, 15),
    "5 pods beside 3 unlike ones": unlike_pods(5, 9, 3, 8),
    "12 pods beside 4 unlike ones": unlike_pods(12, 10, 4, 7),
}


def tasks(seed: int, each: int, wanted: list[str]) -> Iterator[tuple[str, Callable[[], Meeting]]]:
    """Networks by themselves and whole designs, each as a function that lets them meet."""
    for family, given in odd_shapes(seed, each, 1000, 20_000, wanted):
        network = topology(family, **given)
        if network.links > MOST_LINKS:
            continue
        name = f"{family} {network.endpoints:,}"
        yield name, lambda n=network, f=family, s=name: met(f, s, bisection(n), n.unroll())
    for name, text in DESIGNS.items() if not wanted else ():
        yield name, lambda t=text, s=name: _design(s, t)


def _design(name: str, text: str) -> Meeting:
    design = compile_text(text, "whole.cluster").design()
    assert design is not None, text
    asked = question(design.root)
    assert not isinstance(asked, str), asked
    asked = described_of(asked)
    graph = unrolled_design(asked.ends, asked.wires, asked.hosts).graph
    return met("whole designs", name, whole_bisection(design.root), graph)


def apart(act: Callable[[], Any]) -> Any:
    """What comes of an act in a process of its own; None where that ends without it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        resource.setrlimit(resource.RLIMIT_CPU, (STOPPED, STOPPED))
        os.write(writing, pickle.dumps(act()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        text = said.read()
    os.waitpid(child, 0)
    return pickle.loads(text) if text else None


# ---- the page ----------------------------------------------------------------------------------------


def section(found: list[Meeting], command: str) -> Iterator[str]:
    """The lines of the page."""
    below = [one for one in found if one.is_below]
    cuts = sum(one.cuts for one in found)
    exact = [one for one in found if one.status == "exact"]
    yield f"`{command}`: {len(found)} networks and designs of 1,000 to 20,000 endpoints, {len(exact)} of them exact, and"
    yield f"{cuts:,} balanced cuts by METIS ({len(METIS)} settings each) and KaHIP ({len(KAHIP)}), endpoints weighing 1 and"
    yield f"switches 0, each counted link by link. **{len(below) or 'None'} lies below a lower end or an exact value.** Columns:"
    yield "how often our upper end was below, at or above the better of theirs, and the ratio of ours to it."
    yield ""
    yield "| family | networks | exact | ours below | equal | above | least | largest |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    by_family: dict[str, list[Meeting]] = defaultdict(list)
    for one in found:
        by_family[one.family].append(one)
    for family, ones in sorted(by_family.items()):
        ratios = [one.upper / one.best if one.best else 1.0 for one in ones if np.isfinite(one.best)]
        places = Counter("equal" if abs(r - 1) < 1e-6 else "below" if r < 1 else "above" for r in ratios)
        cells = [family, len(ones), sum(one.status == "exact" for one in ones)]
        cells += [places[name] for name in ("below", "equal", "above")]
        yield "| " + " | ".join(map(str, [*cells, f"{min(ratios):.4f}", f"{max(ratios):.4f}"])) + " |"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=4, help="how many networks of each family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--families", default="", help="only these, after commas")
    parser.add_argument("--write", action="store_true", help="put the result into docs/accuracy.md")
    chosen = parser.parse_args()
    found = []
    for _, act in tasks(chosen.seed, chosen.each, [one for one in chosen.families.split(",") if one]):
        one = act()
        found.append(one)
        mark = "BELOW" if one.is_below else ""
        ours = f"{one.status:6} {one.lower:14,.6g} .. {one.upper:14,.6g}"
        print(
            f"{mark:5} {ours}  METIS {one.metis:14,.6g}  KaHIP {one.kahip:14,.6g}  {one.cuts:3}  {one.name}", flush=True
        )
    command = f"python benchmarks/rivals.py --each {chosen.each} --seed {chosen.seed}"
    lines = list(section(found, command))
    print("\n".join(lines))
    if chosen.write:
        put(ROOT / "docs" / "accuracy.md", "Against METIS and KaHIP", "\n".join(lines))
    return int(any(one.is_below for one in found))


if __name__ == "__main__":
    sys.exit(main())
