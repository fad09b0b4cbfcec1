"""How long certified bisection takes: families of a million endpoints, whole designs of half a million, and wired graphs
beside METIS best of 20.

    python benchmarks/bisection.py [--wired] [NAME ...]
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from wholes import LARGE

from compiler.networks.bisection import hose, search, spectral  # noqa: F401 -- weighted before the clock runs, not at first use
from compiler.networks.bisection.partition import metis_module
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.workspace.compilation import compile_text

SYMMETRIC: dict[str, tuple[str, dict[str, Any]]] = {
    "fat tree k=128": ("fat_tree", {"k": 128}),
    "fat tree k=160": ("fat_tree", {"k": 160}),
    "HyperX 64x64 T=128": ("hyperx", {"dims": [64, 64], "T": 128}),
    "HyperX 64x64 T=256": ("hyperx", {"dims": [64, 64], "T": 256}),
    "torus 128x64x64": ("torus", {"dims": [128, 64, 64]}),
    "torus 64x128x128": ("torus", {"dims": [64, 128, 128]}),
    "n-D full mesh 8x8x16x16x32": ("hamming", {"dims": [8, 8, 16, 16, 32], "bw": [4, 4, 2, 2, 1]}),
    "n-D full mesh 8x8x16x32x32": ("hamming", {"dims": [8, 8, 16, 32, 32], "bw": [4, 4, 2, 1, 1]}),
    "dragonfly g=256": ("dragonfly", {"a": 64, "p": 32, "h": 32, "g": 256}),
    "dragonfly g=512": ("dragonfly", {"a": 64, "p": 32, "h": 32, "g": 512}),
}

WIRED: dict[str, tuple[str, dict[str, Any]]] = {
    "HyperX 5x5 T=2": ("hyperx", {"dims": [5, 5], "T": 2}),
    "fat tree k=16": ("fat_tree", {"k": 16}),
    "fat tree k=48": ("fat_tree", {"k": 48}),
    "fat tree k=80": ("fat_tree", {"k": 80}),
    "torus 16x16x16": ("torus", {"dims": [16, 16, 16]}),
    "torus 32x32x32": ("torus", {"dims": [32, 32, 32]}),
    "torus 48x48x48": ("torus", {"dims": [48, 48, 48]}),
    "hypercube 12": ("hypercube", {"d": 12}),
    "HyperX 8x8x8x8": ("hamming", {"dims": [8, 8, 8, 8]}),
    "dragonfly a16 h8 g128": ("dragonfly", {"a": 16, "p": 8, "h": 8, "g": 128}),
    "Slim Fly q=13 p=10": ("slimfly", {"q": 13, "p": 10}),
    "Jellyfish 500 r=16": ("jellyfish", {"n": 500, "r": 16, "T": 8, "seed": 1}),
}


def timed(act: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Median seconds of the processor over runs, and the last outcome."""
    spent, out = [], None
    for _ in range(times):
        begin = time.process_time()
        out = act()
        spent.append(time.process_time() - begin)
    return statistics.median(spent), out


def symmetric() -> None:
    """Print certified bounds of families at half a million and a million endpoints."""
    for name, (family, given) in SYMMETRIC.items():
        seconds, found = timed(lambda f=family, p=given: bisection(topology(f, **p)), 5)
        print(f"{name:32} {seconds * 1e3:9.2f} ms  {found.status:6} {found.lower:>14,.0f} .. {found.upper:>14,.0f}")


def wholes() -> None:
    """Print certified bounds of whole designs, each compiled before the clock runs and worked out anew every time."""
    for name, text in LARGE.items():
        roots = [compile_text(text, "whole.cluster").design().root for _ in range(6)]
        whole_bisection(roots.pop())  # what is loaded at first use
        seconds, found = timed(lambda left=roots: whole_bisection(left.pop()), 5)
        low, high = found.lower / 1e12, found.upper / 1e12
        print(f"{name:32} {seconds * 1e3:9.2f} ms  {found.status:6} {low:>14,.1f} .. {high:>14,.1f} TB/s")


def metis_best(graph: Graph, seeds: int = 20) -> float:
    """The least balanced-enough cut of METIS over some seeds, on the graph with endpoint weights."""
    metis = metis_module()
    if metis is None:
        return float("nan")
    rows, columns = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    order = np.argsort(rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=graph.weights.size))])
    weight = np.concatenate([graph.bandwidth, graph.bandwidth])[order].astype(np.int64)
    adjacency = metis.CSRAdjacency(starts, columns[order].astype(np.int64))
    best = float("inf")
    for seed in range(seeds):
        options = metis.Options(seed=seed)
        _, part = metis.part_graph(2, adjacency, vweights=graph.weights, eweights=weight, options=options)
        side = np.asarray(part, dtype=bool)
        ends = graph.weights > 0
        if abs(2 * int(side[ends].sum()) - int(ends.sum())) <= 1:
            best = min(best, float(graph.bandwidth[side[graph.u] != side[graph.v]].sum()))
    return best


def wired(names: list[str]) -> None:
    """Print our bounds on explicit graphs beside the best of twenty METIS runs, with the ratio of times."""
    for name, (family, given) in WIRED.items():
        if names and name not in names:
            continue
        graph = topology(family, **given).unroll()
        theirs, rival = timed(lambda g=graph: metis_best(g), 1)
        ours, found = timed(lambda g=graph: bisection(g), 1)
        ratio = ours / theirs if theirs else float("nan")
        print(
            f"{name:24} {graph.weights.size:8,} vertices  METIS {rival:9,.0f} in {theirs:6.2f} s   "
            f"{found.status:6} {found.lower:9,.0f} .. {found.upper:9,.0f} in {ours:6.2f} s  ({ratio:5.2f} x)",
            flush=True,
        )


if __name__ == "__main__":
    if "--wired" not in sys.argv:
        symmetric()
        wholes()
    wired([name for name in sys.argv[1:] if not name.startswith("--")])
