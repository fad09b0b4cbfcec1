"""Named topologies that fit a number of endpoints, drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from random import Random

from tests.judge.model import Shape

Draw = Callable[[Random, int], Iterator[Shape]]

FIXED_PORTS = {"K4": 4, "K8": 8, "K16": 16}
"""Switches whose ports decide the size of what is built of them."""


def factors(number: int, axes: int, least: int = 2) -> list[list[int]]:
    """All ways to write a number as an ordered product of so many factors of at least `least`."""
    if axes == 1:
        return [[number]] if number >= least else []
    return [
        [first, *rest]
        for first in range(least, number // least + 1)
        if number % first == 0
        for rest in factors(number // first, axes - 1, least)
    ]


def direct(rng: Random, n: int, alone: bool = False) -> Shape | None:
    """A topology of links between endpoints."""
    return _drawn(rng, n, _DIRECT + (_UNNUMBERED_DIRECT if alone else []))


def switched(rng: Random, n: int, switch: str, alone: bool = False) -> Shape | None:
    """A topology over switches, which it makes of `switch`."""
    found = _drawn(rng, n, _SWITCHED + (_UNNUMBERED_SWITCHED if alone else []))
    return found and Shape(found.family, found.parameters, found.switch or switch)


def _drawn(rng: Random, n: int, draws: list[Draw]) -> Shape | None:
    for draw in rng.sample(draws, len(draws)):
        found = list(draw(rng, n))
        if found:
            return rng.choice(found)
    return None


def _shape(family: str, **parameters: object) -> Shape:
    return Shape(family, tuple(parameters.items()))


def _rate(rng: Random) -> float:
    return rng.choice([1, 1, 1, 2, 3, 0.5])


def _rated(rng: Random, **rates: float) -> dict[str, object]:
    """Some of the rates, the others left at 1."""
    return {name: rate for name, rate in rates.items() if rng.random() < 0.4 and rate != 1}


def _axes(rng: Random, n: int) -> list[list[int]]:
    return [dims for axes in (1, 2, 3) for dims in factors(n, axes)]


def _bw(rng: Random, dims: list[int]) -> dict[str, object]:
    return {"bw": [rng.choice([1, 2, 3]) for _ in dims]} if rng.random() < 0.3 else {}


# ---- without switches ---------------------------------------------------------------------------------------


def _lines(rng: Random, n: int) -> Iterator[Shape]:
    size = {"n": n} if rng.random() < 0.4 else {}
    for family in ("ring", "path", "full_mesh", "full_mesh"):
        yield _shape(family, **size)


def _grids(rng: Random, n: int) -> Iterator[Shape]:
    for dims in _axes(rng, n):
        blocks = _blocks(rng, dims)
        yield _shape("mesh", dims=dims, **_bw(rng, dims), **blocks)
        wraps: dict[str, object] = {}
        if rng.random() < 0.3:
            wraps["wrap"] = [rng.random() < 0.6 for _ in dims]
        if rng.random() < 0.3:
            wraps["wrap2"] = "double"
        yield _shape("torus", dims=dims, **_bw(rng, dims), **wraps, **blocks)


def _blocks(rng: Random, dims: list[int]) -> dict[str, object]:
    """Blocks that fill a grid, and what is said of the links between them."""
    if rng.random() < 0.6:
        return {}
    found: dict[str, object] = {
        "block": [rng.choice([run for run in range(1, size + 1) if size % run == 0]) for size in dims]
    }
    if rng.random() < 0.4:
        found["bw_between"] = rng.choice([0.5, 2, 3])
    if rng.random() < 0.2:
        found["links"] = rng.choice(["inside", "between"])
    return found


def _full_grids(rng: Random, n: int) -> Iterator[Shape]:
    for dims in _axes(rng, n):
        yield _shape(rng.choice(["hamming", "full_mesh_nd", "ub_mesh"]), dims=dims, **_bw(rng, dims))
    if n & (n - 1) == 0 and n > 1:
        yield _shape("hypercube", d=n.bit_length() - 1)


def _edges(rng: Random, n: int) -> Iterator[Shape]:
    pairs = list(combinations(range(n), 2))
    chosen = rng.sample(pairs, min(len(pairs), rng.randint(max(1, n - 1), 2 * n)))
    yield _shape("explicit", weights=[1] * n, edges=[_edge(rng, u, v) for u, v in chosen])


def _edge(rng: Random, u: int, v: int) -> list[float]:
    return [[u, v], [u, v, rng.choice([1, 2, 3])], [u, v, rng.choice([1, 2]), rng.choice([1, 2])]][rng.randrange(3)]


def _twisted(rng: Random, n: int) -> Iterator[Shape]:
    for a in (2, 3, 4):
        if n == 2 * a * a:
            yield _shape("twisted_torus", a=a)


def _routers(rng: Random, n: int) -> Iterator[Shape]:
    for q, size in ((3, 18), (4, 32), (5, 50)):
        if n == size:
            yield _shape("slimfly", q=q)
    for q in (2, 3, 5):
        if n == q * q + q + 1:
            yield _shape("polarfly", q=q)


_DIRECT: list[Draw] = [_lines, _grids, _full_grids, _edges]
_UNNUMBERED_DIRECT: list[Draw] = [_twisted, _routers, _routers]


# ---- over switches ------------------------------------------------------------------------------------------


def _stars(rng: Random, n: int) -> Iterator[Shape]:
    size = {"n": n} if rng.random() < 0.3 else {}
    more = {name: count for name, count in (("switches", rng.randint(1, 3)), ("trunk", rng.randint(1, 3))) if count > 1}
    yield _shape("star", **size, **more)
    if rng.random() < 0.2:
        yield _shape("fat_tree_nb")


def _leaf_spines(rng: Random, n: int) -> Iterator[Shape]:
    more = _rated(rng, bw_ep=_rate(rng), bw_up=_rate(rng), trunk=rng.randint(1, 3))
    for leaves in range(2, n + 1):
        if n % leaves == 0 and leaves <= 8:
            yield _shape("leaf_spine", leaves=leaves, spines=rng.randint(1, 3), eps_per_leaf=n // leaves, **more)
    if n >= 3:
        cut = sorted(rng.sample(range(1, n), rng.randint(1, min(3, n - 1))))
        each = [high - low for low, high in zip([0, *cut], [*cut, n], strict=True)]
        yield _shape("leaf_spine", leaves=len(each), spines=rng.randint(1, 2), eps_per_leaf=each, **more)


def _clos3s(rng: Random, n: int) -> Iterator[Shape]:
    rates = _rated(rng, bw_ep=_rate(rng), bw_up=_rate(rng), bw_core=_rate(rng))
    trunks = _rated(rng, trunk_ep=rng.randint(1, 2), trunk_up=rng.randint(1, 2), trunk_core=rng.randint(1, 2))
    for pods, leaves, ends in factors(n, 3, 1):
        if 2 <= pods <= 6 and leaves <= 4:
            sizes = {"aggs_per_pod": rng.randint(1, 2), "cores_per_group": rng.randint(1, 2)}
            yield _shape("clos3", pods=pods, leaves_per_pod=leaves, eps_per_leaf=ends, **sizes, **rates, **trunks)
    if n % 4 == 0 and 2 <= n // 4 <= 4:
        yield _shape("fat_tree", k=4, **({} if n == 16 else {"pods": n // 4}))


def _closes(rng: Random, n: int) -> Iterator[Shape]:
    """Folded Clos networks whose sizes leave no choice."""
    for switch, ports in FIXED_PORTS.items():
        for narrow in (1, 3):
            down = ports * narrow // (narrow + 1)
            leaves, spare = divmod(n, down)
            up = ports - down
            spines = -(-leaves * up // ports)
            if not spare and down == up * narrow and 2 <= leaves <= ports and up % spines == 0:
                more = {"oversubscription": narrow} if narrow > 1 else {"planes": 2} if rng.random() < 0.2 else {}
                yield Shape("clos", (("tiers", 2), *more.items()), switch)
        if n % (ports // 2) ** 2 == 0 and 2 <= n // (ports // 2) ** 2 <= ports:
            yield Shape("clos", (("tiers", 3),), switch)


def _trees(rng: Random, n: int) -> Iterator[Shape]:
    for tiers in (1, 2, 3):
        for m in factors(n, tiers):
            more: dict[str, object] = {"bw": [_rate(rng) for _ in m]} if rng.random() < 0.4 else {}
            if rng.random() < 0.3:
                more["par"] = [rng.randint(1, 2) for _ in m]
            yield _shape("xgft", m=m, w=[rng.randint(1, 2) for _ in m], **more)


def _rails(rng: Random, n: int) -> Iterator[Shape]:
    for nodes, gpus in factors(n, 2, 1):
        if nodes >= 2 and gpus <= 8:
            # always written: leaves left open follow from the ports
            more = {"leaves_per_rail": 2 if nodes % 2 == 0 and rng.random() < 0.3 else 1}
            spines = rng.randint(0, 2)  # always written: spines left open follow from the ports
            more |= {"trunk": 2} if spines and rng.random() < 0.3 else {}
            yield _shape("rail", nodes=nodes, gpus=gpus, bw_nv=0, spines=spines, **more)
            if n <= FIXED_PORTS["K16"] >= 2 * nodes:
                yield Shape("rail_clos", (("nodes", nodes), ("gpus", gpus)), "K16")
            for su in (2, 3):
                if n <= FIXED_PORTS["K16"] and (su - 1) * -(-nodes // su) < nodes:
                    yield Shape("rail_clos", (("nodes", nodes), ("gpus", gpus), ("su", su)), "K16")


def _cubes(rng: Random, n: int) -> Iterator[Shape]:
    for base in range(2, 7):
        for k in range(1, 4):
            if base ** (k + 1) == n:
                yield _shape("bcube", n=base, k=k)


def _switch_grids(rng: Random, n: int) -> Iterator[Shape]:
    for hosts in range(1, n // 2 + 1):
        if n % hosts == 0:
            for dims in _axes(rng, n // hosts):
                more = {**_bw(rng, dims), **_rated(rng, bw_ep=_rate(rng))}
                yield _shape("hyperx", dims=dims, T=hosts, **more)
                yield _shape("switched_torus", dims=dims, T=hosts, **more)


def _flies(rng: Random, n: int) -> Iterator[Shape]:
    rates = _rated(rng, bw_l=_rate(rng), bw_g=_rate(rng), bw_ep=_rate(rng))
    way: dict[str, object] = {"arrangement": "absolute"} if rng.random() < 0.3 else {}
    for groups, routers, hosts in factors(n, 3, 1):
        if not 2 <= groups <= 9 or routers > 4:
            continue
        for ports in range(1, 4):
            if routers * ports >= groups - 1:
                size: dict[str, object] = {} if groups == routers * ports + 1 and rng.random() < 0.5 else {"g": groups}
                yield _shape("dragonfly", a=routers, p=hosts, h=ports, **size, **way, **rates)
                spines = rng.randint(1, 2)
                if spines * ports >= groups - 1:
                    yield _shape(
                        "dragonfly_plus", g=groups, leaves=routers, spines=spines, p=hosts, h=ports, **way, **rates
                    )


def _graphs(rng: Random, n: int) -> Iterator[Shape]:
    switches = rng.randint(2, max(2, min(6, n)))
    cut = sorted(rng.choices(range(n + 1), k=switches - 1))
    hosts = [high - low for low, high in zip([0, *cut], [*cut, n], strict=True)]
    pairs = list(combinations(range(switches), 2))
    chosen = rng.sample(pairs, rng.randint(switches - 1, len(pairs)))
    edges = [_edge(rng, u, v) for u, v in chosen]
    if all(any(hub in edge[:2] for edge in edges) for hub in range(switches)):
        even = n // switches if len(set(hosts)) == 1 else hosts
        yield _shape("switch_graph", switches=switches, T=even, edges=edges, **_rated(rng, bw_ep=_rate(rng)))
    if n % switches == 0 and switches > 2:
        yield _shape("jellyfish", n=switches, r=switches - 1, T=n // switches)
    order = [1] * n + [0] * switches
    rng.shuffle(order)
    ends, hubs = [v for v, w in enumerate(order) if w], [v for v, w in enumerate(order) if not w]
    access = [_edge(rng, end, rng.choice(hubs)) for end in ends]
    inner = [_edge(rng, u, v) for u, v in pairwise(hubs)]
    yield _shape("explicit", weights=order, edges=access + inner)


def _random_graphs(rng: Random, n: int) -> Iterator[Shape]:
    for switches in (4, 5, 6):
        if n % switches == 0:
            degree = 2 if switches <= 5 else switches - 2
            yield _shape("jellyfish", n=switches, r=degree, T=n // switches, seed=rng.randint(0, 9))
    for q in (2, 3):
        routers = q * q + q + 1
        if n % routers == 0:
            yield _shape("polarfly", q=q, p=n // routers)
    if n in (18, 36):
        yield _shape("slimfly", q=3, p=n // 18)


_SWITCHED: list[Draw] = [
    _stars,
    _leaf_spines,
    _clos3s,
    _closes,
    _trees,
    _rails,
    _cubes,
    _switch_grids,
    _flies,
    _flies,
    _graphs,
]
_UNNUMBERED_SWITCHED: list[Draw] = [_random_graphs, _random_graphs]
