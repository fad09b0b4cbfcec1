"""Named topologies, wired from their published definitions.

Endpoints are numbered from 0 in the order of the path; the last axis of a grid runs fastest; consecutive endpoints share
a leaf, a router, a subtree. Switches follow, tier by tier from below, consecutive ones in one pod or group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

from tests.judge.model import Shape, Unbuildable

Cable = tuple[int, int, float, int]
"""Two vertices, the rate as a multiple of the link's, and how many run side by side."""


@dataclass(frozen=True)
class Wiring:
    """Switches by tier, and cables over endpoints and then switches."""

    tiers: tuple[tuple[str, int], ...]
    cables: tuple[Cable, ...]


Family = Callable[..., Wiring]
FAMILIES: dict[str, Family] = {}
UNNUMBERED = frozenset({"slimfly", "polarfly", "jellyfish", "twisted_torus"})
"""Families whose numbering is published nowhere: judged where it cannot matter."""


def wiring(shape: Shape, endpoints: int, ports: int = 0, links: int = 1) -> Wiring:
    """The wiring of a shape over so many endpoints, on switches of so many ports, with so many links for one.

    A Clos of which no planes are written has one for each link of an endpoint. Raises `Unbuildable`.
    """
    parameters = dict(shape.parameters)
    if shape.family == "clos" and "planes" not in parameters:
        parameters["planes"], links = links, 1
    if shape.family in ("clos", "rail_clos"):
        parameters["ports"] = ports // links
    found = FAMILIES[shape.family](endpoints, **parameters)
    last = endpoints + sum(count for _, count in found.tiers)
    if any(not (0 <= u < last and 0 <= v < last and u != v) for u, v, _, _ in found.cables):
        raise Unbuildable(f"`{shape.family}` does not fit {endpoints} endpoints")
    return Wiring(found.tiers, tuple((u, v, rate, count * links) for u, v, rate, count in found.cables))


def _family(made: Family) -> Family:
    FAMILIES[made.__name__] = made
    return made


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise Unbuildable(what)


def _each(value: float | Sequence[float], axes: int) -> list[float]:
    return [value] * axes if isinstance(value, int | float) else list(value)


# ---- one tier, and trees ------------------------------------------------------------------------------------


@_family
def star(endpoints: int, n: int = 0, switches: int = 1, trunk: int = 1, bw: float = 1) -> Wiring:
    """Every endpoint on every switch."""
    _must(n in (0, endpoints), "star: n")
    cables = [(end, endpoints + hub, bw, trunk) for end in range(endpoints) for hub in range(switches)]
    return Wiring((("switch", switches),), tuple(cables))


@_family
def fat_tree_nb(endpoints: int, N: int = 0, bw: float = 1) -> Wiring:  # noqa: N803
    """One ideal switch."""
    _must(N in (0, endpoints), "fat_tree_nb: N")
    return star(endpoints, bw=bw)


@_family
def leaf_spine(
    endpoints: int,
    leaves: int,
    spines: int,
    eps_per_leaf: int | Sequence[int] = 0,
    bw_ep: float = 1,
    bw_up: float = 1,
    trunk: int = 1,
) -> Wiring:
    """Endpoints on leaves, every leaf to every spine."""
    if not eps_per_leaf:
        _must(endpoints % leaves == 0, "leaf_spine: uneven leaves")
        eps_per_leaf = endpoints // leaves
    each = [eps_per_leaf] * leaves if isinstance(eps_per_leaf, int) else list(eps_per_leaf)
    _must(len(each) == leaves and sum(each) == endpoints, "leaf_spine: endpoints")
    leaf_of = [leaf for leaf, count in enumerate(each) for _ in range(count)]
    cables = [(end, endpoints + leaf, bw_ep, 1) for end, leaf in enumerate(leaf_of)]
    for leaf, spine in product(range(leaves), range(spines)):
        cables.append((endpoints + leaf, endpoints + leaves + spine, bw_up, trunk))
    return Wiring((("leaf", leaves), ("spine", spines)), tuple(cables))


@_family
def clos3(
    endpoints: int,
    pods: int,
    leaves_per_pod: int,
    eps_per_leaf: int,
    aggs_per_pod: int,
    cores_per_group: int,
    bw_ep: float = 1,
    bw_up: float = 1,
    bw_core: float = 1,
    trunk_ep: int = 1,
    trunk_up: int = 1,
    trunk_core: int = 1,
) -> Wiring:
    """Leaves to every aggregation switch of their pod, aggregation switch j to every core of group j."""
    leaves, aggs, cores = pods * leaves_per_pod, pods * aggs_per_pod, aggs_per_pod * cores_per_group
    _must(leaves * eps_per_leaf == endpoints, "clos3: endpoints")
    leaf, agg, core = endpoints, endpoints + leaves, endpoints + leaves + aggs
    cables: list[Cable] = [(end, leaf + end // eps_per_leaf, bw_ep, trunk_ep) for end in range(endpoints)]
    for pod, low, high in product(range(pods), range(leaves_per_pod), range(aggs_per_pod)):
        cables.append((leaf + pod * leaves_per_pod + low, agg + pod * aggs_per_pod + high, bw_up, trunk_up))
    for pod, high, top in product(range(pods), range(aggs_per_pod), range(cores_per_group)):
        cables.append((agg + pod * aggs_per_pod + high, core + high * cores_per_group + top, bw_core, trunk_core))
    return Wiring((("leaf", leaves), ("agg", aggs), ("core", cores)), tuple(cables))


@_family
def fat_tree(endpoints: int, k: int, pods: int = 0, bw: float = 1) -> Wiring:
    """The tree of switches of k ports: `clos3` with k/2 of everything."""
    half = k // 2
    return clos3(endpoints, pods or k, half, half, half, half, bw, bw, bw)


@_family
def clos(
    endpoints: int, ports: int, n: int = 0, tiers: int = 2, oversubscription: int = 1, planes: int = 1, bw: float = 1
) -> Wiring:
    """The smallest folded Clos on switches of so many ports, where its sizes leave no choice, once for each plane."""
    _must(n in (0, endpoints), "clos: n")
    one = _plane(endpoints, ports, tiers, oversubscription, bw)
    if planes == 1:
        return one
    size = sum(count for _, count in one.tiers)
    cables = [
        (u if u < endpoints else u + plane * size, v + plane * size, rate, count)
        for plane in range(planes)
        for u, v, rate, count in one.cables
    ]
    names = [(f"plane{plane + 1}.{name}", count) for plane in range(planes) for name, count in one.tiers]
    return Wiring(tuple(names), tuple(cables))


def _plane(endpoints: int, ports: int, tiers: int, oversubscription: int, bw: float) -> Wiring:
    if tiers == 3:
        half = ports // 2
        _must(oversubscription == 1 and ports % 2 == 0 and endpoints % half**2 == 0, "clos: three tiers")
        _must(2 <= endpoints // half**2 <= ports, "clos: pods")
        pods = endpoints // half**2
        cores = next(each for each in range(1, half + 1) if half % each == 0 and pods * half // each <= ports)
        rates = {"bw_ep": bw, "bw_up": bw, "bw_core": bw, "trunk_core": half // cores}
        return clos3(endpoints, pods, half, half, half, cores, **rates)
    down = ports * oversubscription // (oversubscription + 1)
    up = ports - down
    _must(up > 0 and down == up * oversubscription and endpoints % down == 0, "clos: leaves")
    leaves = endpoints // down
    spines = -(-leaves * up // ports)
    _must(2 <= leaves <= ports and up % spines == 0, "clos: spines")
    return leaf_spine(endpoints, leaves, spines, down, bw, bw, up // spines)


@_family
def xgft(
    endpoints: int,
    m: Sequence[int],
    w: Sequence[int],
    bw: float | Sequence[float] = 1,
    par: int | Sequence[int] = 1,
) -> Wiring:
    """A tree in which a vertex of tier i has m[i-1] children, and each of them w[i-1] parents."""
    height = len(m)
    rates, trunks = _each(bw, height), [int(each) for each in _each(par, height)]
    _must(prod(m) == endpoints and len(w) == height, "xgft: endpoints")
    sizes = [prod(w[:tier]) * prod(m[tier:]) for tier in range(height + 1)]
    starts = [0, *(endpoints + sum(sizes[1:tier]) for tier in range(1, height + 1))]
    cables = []
    for tier in range(1, height + 1):
        below, above = prod(w[: tier - 1]), prod(w[:tier])
        for child in range(sizes[tier - 1]):
            subtree, copy = divmod(child, below)
            for parent in range(w[tier - 1]):
                up = (subtree // m[tier - 1]) * above + copy * w[tier - 1] + parent
                cables.append((starts[tier - 1] + child, starts[tier] + up, rates[tier - 1], trunks[tier - 1]))
    return Wiring(tuple((f"tier{tier}", sizes[tier]) for tier in range(1, height + 1)), tuple(cables))


@_family
def rail(
    endpoints: int,
    nodes: int,
    gpus: int,
    bw_nv: float = 0,
    bw_nic: float = 1,
    spines: int = 0,
    trunk: int = 1,
    leaves_per_rail: int = 1,
) -> Wiring:
    """Chip r of each node on a leaf of rail r, every leaf to every spine; without scale-up switches."""
    _must(nodes * gpus == endpoints and not bw_nv, "rail: endpoints")
    leaves = gpus * leaves_per_rail
    cables: list[Cable] = []
    for node, gpu in product(range(nodes), range(gpus)):
        leaf = gpu * leaves_per_rail + node * leaves_per_rail // nodes
        cables.append((node * gpus + gpu, endpoints + leaf, bw_nic, 1))
    for leaf, spine in product(range(leaves), range(spines)):
        cables.append((endpoints + leaf, endpoints + leaves + spine, bw_nic, trunk))
    return Wiring((("leaf", leaves), *([("spine", spines)] if spines else [])), tuple(cables))


@_family
def rail_clos(endpoints: int, ports: int, nodes: int, gpus: int = 8, su: int = 1, bw_nic: float = 1) -> Wiring:
    """A leaf for each rail of each unit, as much up as a full one has down: to one spine that takes all, or to spines of
    each rail, the fewest that share its uplinks evenly, and from there to cores in turn. The last unit may be short."""
    _must(nodes * gpus == endpoints, "rail_clos: endpoints")
    unit, leaves = -(-nodes // su), su * gpus
    _must((su - 1) * unit < nodes and 2 * unit <= ports, "rail_clos: units")
    cables: list[Cable] = []
    for node, gpu in product(range(nodes), range(gpus)):
        cables.append((node * gpus + gpu, endpoints + node // unit * gpus + gpu, bw_nic, 1))
    if su == 1:
        _must(leaves * unit <= ports, "rail_clos: one spine")
        cables += [(endpoints + leaf, endpoints + leaves, bw_nic, unit) for leaf in range(leaves)]
        return Wiring((("leaf", leaves), ("spine", 1)), tuple(cables))
    fits = [many for many in range(1, unit + 1) if unit % many == 0 and 2 * su * (unit // many) <= ports]
    _must(bool(fits), "rail_clos: spines")
    each, trunk = fits[0], unit // fits[0]
    spine, core = endpoints + leaves, endpoints + leaves + gpus * each
    for number, gpu, of_rail in product(range(su), range(gpus), range(each)):
        cables.append((endpoints + number * gpus + gpu, spine + gpu * each + of_rail, bw_nic, trunk))
    uplinks = gpus * each * su * trunk
    cores = max(su * trunk, -(-uplinks // ports))
    cables += [(spine + cable // (su * trunk), core + cable % cores, bw_nic, 1) for cable in range(uplinks)]
    return Wiring((("leaf", leaves), ("spine", gpus * each), ("core", cores)), tuple(cables))


@_family
def bcube(endpoints: int, n: int, k: int, bw: float = 1) -> Wiring:
    """At each of k + 1 levels a switch joins the n servers whose numbers differ in that digit alone."""
    _must(n ** (k + 1) == endpoints, "bcube: endpoints")
    cables = []
    for level in range(k + 1):
        for end in range(endpoints):
            low, high = end % n**level, end // n ** (level + 1)
            cables.append((end, endpoints + level * n**k + high * n**level + low, bw, 1))
    return Wiring(tuple((f"level{level}", n**k) for level in range(k + 1)), tuple(cables))


@_family
def multiplane(endpoints: int, planes: Sequence[Mapping[str, object]], N: int = 0) -> Wiring:  # noqa: N803
    """Several leaf-spine networks at once, each with its own map from endpoints to leaves."""
    _must(N in (0, endpoints), "multiplane: N")
    tiers, cables, first = [], [], endpoints
    for number, plane in enumerate(planes, 1):
        leaf_of = list(plane["leaf_of"])  # type: ignore[call-overload]
        given = {"spines": 1, "trunk": 1, "bw_ep": 1, "bw_up": 1, **plane}
        leaves, spines = max(leaf_of) + 1, int(given["spines"])  # type: ignore[call-overload]
        cables += [(end, first + leaf, given["bw_ep"], 1) for end, leaf in enumerate(leaf_of)]
        for leaf, spine in product(range(leaves), range(spines)):
            cables.append((first + leaf, first + leaves + spine, given["bw_up"], given["trunk"]))
        tiers += [(f"plane{number}.leaf", leaves), (f"plane{number}.spine", spines)]
        first += leaves + spines
    return Wiring(tuple(tiers), tuple(cables))


# ---- grids --------------------------------------------------------------------------------------------------


def _grid(
    dims: Sequence[int], steps: Callable[[int, int, int], Iterator[tuple[int, int]]]
) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of neighbours (axis, u, v, cables), where `steps(axis, place, size)` gives places ahead and cables."""
    strides = [prod(dims[axis + 1 :]) for axis in range(len(dims))]
    for at in range(prod(dims)):
        for axis, size in enumerate(dims):
            place = at // strides[axis] % size
            for ahead, count in steps(axis, place, size):
                yield axis, at, at + (ahead - place) * strides[axis], count


def _torus_steps(wrap: bool | Sequence[bool], wrap2: str) -> Callable[[int, int, int], Iterator[tuple[int, int]]]:
    def steps(axis: int, place: int, size: int) -> Iterator[tuple[int, int]]:
        closed = wrap if isinstance(wrap, bool) else wrap[axis]
        if place + 1 < size:
            yield place + 1, 2 if size == 2 and closed and wrap2 == "double" else 1
        elif closed and size > 2:
            yield 0, 1

    return steps


def _full_steps(axis: int, place: int, size: int) -> Iterator[tuple[int, int]]:
    yield from ((ahead, 1) for ahead in range(place + 1, size))


def _direct(
    endpoints: int,
    dims: Sequence[int],
    bw: float | Sequence[float],
    steps: Callable[[int, int, int], Iterator[tuple[int, int]]],
) -> Wiring:
    _must(prod(dims) == endpoints, "grid: endpoints")
    rates = _each(bw, len(dims))
    return Wiring((), tuple((u, v, rates[axis], count) for axis, u, v, count in _grid(dims, steps)))


def _switched(
    endpoints: int,
    dims: Sequence[int],
    hosts: int,
    bw: float | Sequence[float],
    bw_ep: float,
    steps: Callable[[int, int, int], Iterator[tuple[int, int]]],
) -> Wiring:
    switches = prod(dims)
    _must(switches * hosts == endpoints, "switched grid: endpoints")
    rates = _each(bw, len(dims))
    cables: list[Cable] = [(end, endpoints + end // hosts, bw_ep, 1) for end in range(endpoints)]
    cables += [(endpoints + u, endpoints + v, rates[axis], count) for axis, u, v, count in _grid(dims, steps)]
    return Wiring((("switch", switches),), tuple(cables))


@_family
def torus(
    endpoints: int,
    dims: Sequence[int],
    bw: float | Sequence[float] = 1,
    wrap: bool | Sequence[bool] = True,
    wrap2: str = "single",
    **blocks: Any,
) -> Wiring:
    """A grid whose axes close to rings; an axis of two has one cable, or two where `wrap2` is double."""
    found = _direct(endpoints, dims, bw, _torus_steps(wrap, wrap2))
    return _in_blocks(found, dims, **blocks) if blocks else found


@_family
def mesh(endpoints: int, dims: Sequence[int], bw: float | Sequence[float] = 1, **blocks: Any) -> Wiring:
    """A grid."""
    found = _direct(endpoints, dims, bw, _torus_steps(False, "single"))
    return _in_blocks(found, dims, **blocks) if blocks else found


def _in_blocks(
    plain: Wiring, dims: Sequence[int], block: Sequence[int], bw_between: float = 0, links: str = ""
) -> Wiring:
    """A grid that is numbered block by block, each block and the blocks with the last axis fastest; links between blocks
    run at a rate of their own, and only those inside or between them may be there."""
    _must(all(size % run == 0 for size, run in zip(dims, block, strict=True)), "grid: blocks")
    places = list(product(*map(range, dims)))

    def key(at: int) -> tuple[int, ...]:
        return tuple(x // run for x, run in zip(places[at], block, strict=True))

    order = sorted(range(len(places)), key=lambda at: (key(at), places[at]))
    number = {at: new for new, at in enumerate(order)}
    cables = []
    for u, v, rate, count in plain.cables:
        leaves = key(u) != key(v)
        if links != ("inside" if leaves else "between"):
            cables.append((number[u], number[v], bw_between if leaves and bw_between else rate, count))
    return Wiring((), tuple(cables))


@_family
def hamming(endpoints: int, dims: Sequence[int], bw: float | Sequence[float] = 1) -> Wiring:
    """A link between every two that differ along one axis."""
    return _direct(endpoints, dims, bw, _full_steps)


FAMILIES["full_mesh_nd"] = FAMILIES["ub_mesh"] = hamming


@_family
def ring(endpoints: int, n: int = 0, bw: float = 1) -> Wiring:
    """Each linked to the next and the last to the first."""
    _must(n in (0, endpoints), "ring: n")
    return torus(endpoints, [endpoints], bw)


@_family
def path(endpoints: int, n: int = 0, bw: float = 1) -> Wiring:
    """Each linked to the next."""
    _must(n in (0, endpoints), "path: n")
    return mesh(endpoints, [endpoints], bw)


@_family
def full_mesh(endpoints: int, n: int = 0, bw: float = 1) -> Wiring:
    """A link between every two."""
    _must(n in (0, endpoints), "full_mesh: n")
    return hamming(endpoints, [endpoints], bw)


@_family
def hypercube(endpoints: int, d: int, bw: float = 1) -> Wiring:
    """Linked where numbers differ in one bit."""
    return hamming(endpoints, [2] * d, bw)


@_family
def twisted_torus(endpoints: int, a: int, bw: float = 1) -> Wiring:
    """2a x a, whose short axis closes a steps further along the long one."""
    _must(endpoints == 2 * a * a and a >= 2, "twisted_torus: endpoints")
    cables = []
    for x, y in product(range(2 * a), range(a)):
        cables.append((x * a + y, (x + 1) % (2 * a) * a + y, bw, 1))
        up = (x * a + y + 1) if y + 1 < a else (x + a) % (2 * a) * a
        cables.append((x * a + y, up, bw, 1))
    return Wiring((), tuple(cables))


@_family
def hyperx(endpoints: int, dims: Sequence[int], T: int, bw: float | Sequence[float] = 1, bw_ep: float = 1) -> Wiring:  # noqa: N803
    """Switches linked along every axis to all others of their line."""
    return _switched(endpoints, dims, T, bw, bw_ep, _full_steps)


@_family
def switched_torus(
    endpoints: int,
    dims: Sequence[int],
    T: int,  # noqa: N803
    bw: float | Sequence[float] = 1,
    bw_ep: float = 1,
    wrap: bool | Sequence[bool] = True,
    wrap2: str = "single",
) -> Wiring:
    """A torus of switches."""
    return _switched(endpoints, dims, T, bw, bw_ep, _torus_steps(wrap, wrap2))


# ---- groups, and graphs -------------------------------------------------------------------------------------


def _global_cables(groups: int, bundle: int, ports: int, arrangement: str) -> Iterator[tuple[int, int, int, int]]:
    """The cables between groups: (group, its router, other group, its router), `ports` of them at each router.

    Copy c of the link from group i to j leaves port c (g - 1) + d of group i; d is (j - i - 1) mod g, or the place
    of j among the others (Hastings et al., 2015).
    """

    def port(here: int, there: int, copy: int) -> int:
        relative = (there - here - 1) % groups
        place = relative if arrangement == "relative" else there - (there > here)
        return (copy * (groups - 1) + place) // ports

    for here, there in combinations(range(groups), 2):
        for copy in range(bundle):
            yield here, port(here, there, copy), there, port(there, here, copy)


@_family
def dragonfly(
    endpoints: int,
    a: int,
    p: int,
    h: int,
    g: int = 0,
    K: int = 0,  # noqa: N803
    arrangement: str = "relative",
    bw_l: float = 1,
    bw_g: float = 1,
    bw_ep: float = 1,
) -> Wiring:
    """Groups of a routers, each linked to all of its group."""
    groups = g or a * h + 1
    _must(groups * a * p == endpoints and groups >= 2, "dragonfly: endpoints")
    bundle = K or a * h // (groups - 1)
    _must(bundle >= 1 and bundle * (groups - 1) <= a * h, "dragonfly: global ports")
    cables: list[Cable] = [(end, endpoints + end // p, bw_ep, 1) for end in range(endpoints)]
    for group, (u, v) in product(range(groups), combinations(range(a), 2)):
        cables.append((endpoints + group * a + u, endpoints + group * a + v, bw_l, 1))
    for here, u, there, v in _global_cables(groups, bundle, h, arrangement):
        cables.append((endpoints + here * a + u, endpoints + there * a + v, bw_g, 1))
    return Wiring((("router", groups * a),), tuple(cables))


@_family
def dragonfly_plus(
    endpoints: int,
    g: int,
    leaves: int,
    spines: int,
    p: int,
    h: int,
    K: int = 0,  # noqa: N803
    arrangement: str = "relative",
    bw_l: float = 1,
    bw_g: float = 1,
    bw_ep: float = 1,
) -> Wiring:
    """Groups that are leaf-spine inside, with global ports on their spines."""
    _must(g * leaves * p == endpoints and g >= 2, "dragonfly_plus: endpoints")
    bundle = K or spines * h // (g - 1)
    _must(bundle >= 1 and bundle * (g - 1) <= spines * h, "dragonfly_plus: global ports")
    leaf, spine = endpoints, endpoints + g * leaves
    cables: list[Cable] = [(end, leaf + end // p, bw_ep, 1) for end in range(endpoints)]
    for group, low, high in product(range(g), range(leaves), range(spines)):
        cables.append((leaf + group * leaves + low, spine + group * spines + high, bw_l, 1))
    for here, u, there, v in _global_cables(g, bundle, h, arrangement):
        cables.append((spine + here * spines + u, spine + there * spines + v, bw_g, 1))
    return Wiring((("leaf", g * leaves), ("spine", g * spines)), tuple(cables))


def _on_routers(
    endpoints: int, routers: int, hosts: int, edges: Iterator[tuple[int, int]], bw: float, bw_ep: float
) -> Wiring:
    """Routers with so many endpoints each; with none the routers are the endpoints."""
    if not hosts:
        _must(routers == endpoints, "routers: endpoints")
        return Wiring((), tuple((u, v, bw, 1) for u, v in edges))
    _must(routers * hosts == endpoints, "routers: endpoints")
    cables: list[Cable] = [(end, endpoints + end // hosts, bw_ep, 1) for end in range(endpoints)]
    cables += [(endpoints + u, endpoints + v, bw, 1) for u, v in edges]
    return Wiring((("router", routers),), tuple(cables))


@_family
def slimfly(endpoints: int, q: int, p: int = 0, bw: float = 1, bw_ep: float = 1) -> Wiring:
    """The graphs of McKay, Miller and Siran for q = 3, 4 and 5 (Besta and Hoefler, Slim Fly, 2014)."""
    generators = {3: ({1, 2}, {1, 2}), 4: ({1, 3}, {1, 2}), 5: ({1, 4}, {2, 3})}
    near, far = generators[q]

    def times(x: int, y: int) -> int:
        if q != 4:
            return x * y % q
        return 0 if not x or not y else (x + y - 2) % 3 + 1

    def plus(x: int, y: int) -> int:
        return x ^ y if q == 4 else (x + y) % q  # 1, 2, 3 stand for 1, z and z^2 = z + 1 over two elements

    def edges() -> Iterator[tuple[int, int]]:
        for row, (u, v) in product(range(q), combinations(range(q), 2)):
            apart = plus(u, v) if q == 4 else (v - u) % q
            if apart in near:
                yield row * q + u, row * q + v
            if apart in far:
                yield q * q + row * q + u, q * q + row * q + v
        for x, slope, height in product(range(q), repeat=3):
            yield x * q + plus(times(slope, x), height), q * q + slope * q + height

    return _on_routers(endpoints, 2 * q * q, p, edges(), bw, bw_ep)


@_family
def polarfly(endpoints: int, q: int, p: int = 0, bw: float = 1, bw_ep: float = 1) -> Wiring:
    """Points of the projective plane over a prime q, linked where orthogonal (Erdos and Renyi)."""
    points = [(1, x, y) for x, y in product(range(q), repeat=2)] + [(0, 1, x) for x in range(q)] + [(0, 0, 1)]

    def edges() -> Iterator[tuple[int, int]]:
        for (u, left), (v, right) in combinations(enumerate(points), 2):
            if sum(x * y for x, y in zip(left, right, strict=True)) % q == 0:
                yield u, v

    return _on_routers(endpoints, len(points), p, edges(), bw, bw_ep)


@_family
def jellyfish(endpoints: int, n: int, r: int, T: int, seed: int = 0, bw: float = 1, bw_ep: float = 1) -> Wiring:  # noqa: N803
    """Switches linked at random, where degrees leave one graph: all others, all but one, or a single ring."""
    _must(r == n - 1 or (r == n - 2 and n % 2 == 0) or (r == 2 and n <= 5), "jellyfish: more than one graph")
    if r == n - 1:
        pairs = list(combinations(range(n), 2))
    elif r == 2:
        pairs = [(at, (at + 1) % n) for at in range(n)]
    else:
        pairs = [(u, v) for u, v in combinations(range(n), 2) if (u, v) not in {(at, at + 1) for at in range(0, n, 2)}]
    made = _on_routers(endpoints, n, T, iter(pairs), bw, bw_ep)
    return Wiring((("switch", n),), made.cables)


def _edge(edge: Sequence[float]) -> tuple[int, int, float, int]:
    u, v, rate, count = [*edge, *(1, 1)[len(edge) - 2 :]]
    return int(u), int(v), rate, int(count)


@_family
def switch_graph(
    endpoints: int,
    switches: int,
    T: int | Sequence[int],  # noqa: N803
    edges: Sequence[Sequence[float]],
    bw_ep: float = 1,
) -> Wiring:
    """Switches with endpoints, linked by [u, v, rate, count]."""
    each = [T] * switches if isinstance(T, int) else list(T)
    _must(sum(each) == endpoints and len(each) == switches, "switch_graph: endpoints")
    place = [switch for switch, count in enumerate(each) for _ in range(count)]
    cables: list[Cable] = [(end, endpoints + switch, bw_ep, 1) for end, switch in enumerate(place)]
    for u, v, rate, count in map(_edge, edges):
        cables.append((endpoints + u, endpoints + v, rate, count))
    return Wiring((("switch", switches),), tuple(cables))


@_family
def explicit(endpoints: int, weights: Sequence[int], edges: Sequence[Sequence[float]]) -> Wiring:
    """Vertices of weight 1, the endpoints, or 0, the switches, linked by [u, v, rate, count]."""
    _must(sum(weights) == endpoints, "explicit: endpoints")
    number, ends, hubs = {}, 0, endpoints
    for vertex, weight in enumerate(weights):
        number[vertex] = ends if weight else hubs
        ends, hubs = ends + bool(weight), hubs + (not weight)
    cables = [(number[u], number[v], rate, count) for u, v, rate, count in map(_edge, edges)]
    switches = hubs - endpoints
    return Wiring((("switch", switches),) if switches else (), tuple(cables))
