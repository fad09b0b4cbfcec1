"""Networks of every family at odd sizes, drawn at random, for what takes too long, needs too much, or is cut by others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Parameters = dict[str, Any]
Draw = Callable[[Random], Parameters]


def _whole(rng: Random, low: int, high: int) -> int:
    """A whole number, small ones as likely as large ones."""
    return round(low * (high / low) ** rng.random())


def _rate(rng: Random) -> float:
    return rng.choice([1, 1, 2, 3, 0.5, 7, 2.5])


def _dims(rng: Random, axes: int, most: int) -> list[int]:
    return [_whole(rng, 2, most) for _ in range(axes)]


def _grid(rng: Random, most: int = 40) -> Parameters:
    dims = _dims(rng, rng.choice([1, 2, 2, 3, 3, 4, 5]), most)
    rates = rng.choice([1, [_rate(rng) for _ in dims]])
    return {"dims": dims, "bw": rates}


def _torus(rng: Random) -> Parameters:
    given = _grid(rng)
    wrap = rng.choice([True, True, [rng.random() < 0.5 for _ in given["dims"]]])
    return {**given, "wrap": wrap, "wrap2": rng.choice(["single", "double"])}


def _switched(rng: Random) -> Parameters:
    return {**_grid(rng, 24), "T": _whole(rng, 1, 30), "bw_ep": _rate(rng)}


def _dragonfly(rng: Random) -> Parameters:
    a, h = _whole(rng, 2, 32), _whole(rng, 1, 16)
    g = _whole(rng, 2, a * h + 1)
    rates = {"bw_l": _rate(rng), "bw_g": _rate(rng), "bw_ep": _rate(rng)}
    arrangement = rng.choice(["relative", "absolute"])
    return {"a": a, "p": _whole(rng, 1, 16), "h": h, "g": g, "arrangement": arrangement, **rates}


def _dragonfly_plus(rng: Random) -> Parameters:
    leaves, spines, h = _whole(rng, 1, 16), _whole(rng, 1, 16), _whole(rng, 1, 16)
    g = _whole(rng, 2, spines * h + 1)
    return {"g": g, "leaves": leaves, "spines": spines, "h": h, "p": _whole(rng, 1, 16), "bw_g": _rate(rng)}


def _tree(rng: Random) -> Parameters:
    height = rng.choice([2, 3, 3, 4, 5, 6])
    m = [_whole(rng, 2, 40 if height < 4 else 9) for _ in range(height)]
    return {
        "m": m,
        "w": [1, *(_whole(rng, 1, 5) for _ in m[1:])] if rng.random() < 0.7 else [_whole(rng, 1, 3) for _ in m],
        "bw": rng.choice([1, [_rate(rng) for _ in m]]),
    }


def _leaf_spine(rng: Random) -> Parameters:
    leaves = _whole(rng, 2, 300)
    sizes = rng.choice([_whole(rng, 2, 64), [_whole(rng, 1, 64) for _ in range(leaves)]])
    return {"leaves": leaves, "spines": _whole(rng, 1, 40), "eps_per_leaf": sizes, "bw_up": _rate(rng)}


def _clos3(rng: Random) -> Parameters:
    pods, leaves = _whole(rng, 2, 40), _whole(rng, 2, 32)
    return {
        "pods": pods,
        "leaves_per_pod": leaves,
        "eps_per_leaf": _whole(rng, 2, 48),
        "aggs_per_pod": _whole(rng, 1, 16),
        "cores_per_group": _whole(rng, 1, 16),
        "bw_up": _rate(rng),
        "bw_core": _rate(rng),
    }


def _clos(rng: Random) -> Parameters:
    ports = rng.choice([16, 32, 40, 64, 96])
    over = rng.choice([1, 1, 2, 3])
    return {"n": _whole(rng, 50, 4000), "ports": ports, "tiers": rng.choice([2, 3]), "oversubscription": over}


def _planes(rng: Random) -> Parameters:
    n = 2 * _whole(rng, 25, 1500)

    def plane() -> Parameters:
        each = rng.choice([size for size in range(2, 97) if n % size == 0])
        mapping = rng.choice(["consecutive", "consecutive", "strided"])
        rates = {"bw_up": _rate(rng), "bw_ep": _rate(rng)}
        return {"leaves": n // each, "spines": _whole(rng, 1, 16), "eps_per_leaf": each, "mapping": mapping, **rates}

    return {"N": n, "planes": [plane() for _ in range(rng.choice([1, 2, 2, 3]))]}


def _rail(rng: Random) -> Parameters:
    return {
        "nodes": _whole(rng, 8, 1000),
        "gpus": rng.choice([2, 4, 5, 8, 16, 18]),
        "bw_nv": rng.choice([0, 1, 9, 18]),
        "spines": rng.choice([0, 1, 4, 8]),
        "trunk": rng.choice([1, 2]),
        "leaves_per_rail": rng.choice([1, 1, 2, 3, 7]),
    }


def _rail_clos(rng: Random) -> Parameters:
    su = _whole(rng, 1, 16)
    return {"nodes": su * _whole(rng, 2, 32), "su": su, "gpus": rng.choice([4, 8, 8]), "ports": rng.choice([40, 64])}


def _jellyfish(rng: Random) -> Parameters:
    n = _whole(rng, 12, 2000)
    return {"n": n, "r": _whole(rng, 3, min(n - 1, 32)), "T": _whole(rng, 1, 24), "seed": rng.randrange(99)}


def _switch_graph(rng: Random) -> Parameters:
    """Rings of unlike switches with chords."""
    n = _whole(rng, 10, 1500)
    edges = [[i, (i + 1) % n, _rate(rng), 1] for i in range(n)]
    edges += [[u, v, _rate(rng), 1] for u, v in (rng.sample(range(n), 2) for _ in range(rng.randrange(2 * n)))]
    return {"switches": n, "T": [_whole(rng, 1, 24) for _ in range(n)], "edges": edges, "bw_ep": 3}


def _explicit(rng: Random) -> Parameters:
    """Endpoints with links among themselves, at random."""
    n = _whole(rng, 50, 4000)
    edges = [[i, rng.randrange(i), _rate(rng), 1] for i in range(1, n)]
    edges += [[u, v, _rate(rng), 1] for u, v in (rng.sample(range(n), 2) for _ in range(rng.randrange(3 * n)))]
    return {"weights": [1] * n, "edges": edges}


def _field(rng: Random, family: str) -> Parameters:
    orders = {"slimfly": [4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 25], "polarfly": [4, 5, 7, 8, 9, 11, 13, 17, 19, 25, 31]}
    return {"q": rng.choice(orders[family]), "p": rng.choice([0, 1, 2, 3, 5, 8]), "bw": _rate(rng)}


DRAWS: dict[str, Draw] = {
    "torus": _torus,
    "mesh": _grid,
    "hamming": _grid,
    "hyperx": _switched,
    "switched_torus": _switched,
    "hypercube": lambda rng: {"d": rng.randrange(6, 15)},
    "twisted_torus": lambda rng: {"a": _whole(rng, 5, 100)},
    "ring": lambda rng: {"n": _whole(rng, 50, 20_000)},
    "path": lambda rng: {"n": _whole(rng, 50, 20_000)},
    "full_mesh": lambda rng: {"n": _whole(rng, 50, 20_000)},
    "star": lambda rng: {"n": _whole(rng, 50, 20_000), "switches": _whole(rng, 1, 9)},
    "bcube": lambda rng: {"n": _whole(rng, 2, 40), "k": rng.randrange(1, 5)},
    "fat_tree": lambda rng: {"k": 2 * _whole(rng, 3, 21)},
    "dragonfly": _dragonfly,
    "dragonfly_plus": _dragonfly_plus,
    "slimfly": lambda rng: _field(rng, "slimfly"),
    "polarfly": lambda rng: _field(rng, "polarfly"),
    "xgft": _tree,
    "leaf_spine": _leaf_spine,
    "clos3": _clos3,
    "clos": _clos,
    "multiplane": _planes,
    "rail": _rail,
    "rail_clos": _rail_clos,
    "jellyfish": _jellyfish,
    "switch_graph": _switch_graph,
    "explicit": _explicit,
}


def odd_shapes(seed: int, each: int, least: int, most: int, families: list[str]) -> Iterator[tuple[str, Parameters]]:
    """So many networks of each family, with `least` to `most` endpoints; the same seed gives the same ones."""
    from compiler.networks.topologies.catalogue import topology
    from compiler.networks.topologies.topology import TopologyError

    for family in families or list(DRAWS):
        rng = Random(f"{seed} {family}")
        found = 0
        for _ in range(400 * each):
            given = DRAWS[family](rng)
            try:
                size = topology(family, **given).endpoints
            except TopologyError:
                continue
            if least <= size <= most:
                found += 1
                yield family, given
            if found == each:
                break
