"""Unrolling 64 pods of 8,192 accelerators: link arrays and CSR against networkx and a numpy copy of the same bytes.

Prints medians and ratios of one run. `--quick` takes 8 pods.
"""

import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import networkx
from scipy.sparse import coo_array

from compiler.networks.topologies.connectivity import components
from compiler.networks.topologies.topology import Graph, Links, Tier, Topology
from compiler.networks.topologies.wiring import Along, bundle, endpoints, pairs, wired

PODS, RACKS, SIDE = 64, 128, 8  # racks of 8 x 8 accelerators in a two-dimensional full mesh
LEAVES, AGGS, CORES = 4, 128, 4096  # leaves of a rack, aggregation switches of a pod, cores of all


def pods(count: int) -> Topology:
    """Pods of 8,192: each rack a full mesh by rows and columns under 4 leaves, leaves to 16 of the 128 aggregation
    switches of their pod, those to 32 cores. Half of the leaves turn with the halves of the racks, half with their
    parity, so that the groups of aggregation switches meet in the racks."""
    racks, rack = count * RACKS, SIDE * SIDE
    row = Along(racks, rack, rack), Along(SIDE, SIDE, SIDE), pairs(SIDE)
    column = Along(racks, rack, rack), pairs(SIDE, SIDE), Along(SIDE, 1, 1)
    pod = Along(count, RACKS * LEAVES, AGGS)
    half, middle, parity = RACKS // 2 * LEAVES, 2 * LEAVES, LEAVES
    by_half = pod, Along(2, half, 16), Along(32, middle, 0), Along(2, parity, 0), Along(2, 1, 32), Along(16, 0, 1)
    by_parity = pod, Along(2, half, 0), Along(32, middle, 0), Along(2, parity, 16), Along(2, 1, 32), Along(16, 0, 1)
    core = Along(count, AGGS, 0), Along(AGGS, 1, CORES // AGGS), Along(CORES // AGGS, 0, 1)
    return wired(
        [
            endpoints(racks * rack, 15),
            Tier("leaf", racks * LEAVES, 32),
            Tier("agg", count * AGGS, 96),
            Tier("core", CORES, count),
        ],
        [
            bundle("endpoint", "endpoint", *row),
            bundle("endpoint", "endpoint", *column),
            bundle("endpoint", "leaf", Along(racks * LEAVES, 16, 1), Along(16, 1, 0)),
            bundle("leaf", "agg", *by_half),
            bundle("leaf", "agg", *by_parity, u=2, v=64),
            bundle("agg", "core", *core),
        ],
    )


def copied(links: Links) -> list[Any]:
    return [array.copy() for array in (links.u, links.v, links.kind)]


def compressed(network: Topology) -> Any:
    """Rows of neighbours, both ways, with the kind of each link (from 1: a sum drops what is 0)."""
    links, n = network.arrays(), network.vertices
    half = coo_array((links.kind + links.kind.dtype.type(1), (links.u, links.v)), shape=(n, n)).tocsr()
    return half + half.T.tocsr()


def with_networkx(links: Links) -> networkx.Graph:
    graph = networkx.Graph()
    graph.add_edges_from(zip(links.u.tolist(), links.v.tolist(), strict=True))
    return graph


def median(run: Callable[[], Any], times: int) -> float:
    found = []
    for _ in range(times):
        gc.collect()
        begin = time.perf_counter()
        kept = run()
        found.append(time.perf_counter() - begin)
        del kept
    return statistics.median(found)


def peak(run: Callable[[], Any]) -> float:
    """Most memory at once, in MiB, as the allocator counts it."""
    gc.collect()
    tracemalloc.start()
    kept = run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return most / 2**20


def main() -> None:
    """Measure, and print a table."""
    network = pods(8 if "--quick" in sys.argv else PODS)
    links = network.arrays()
    print(f"{network.endpoints:,} endpoints, {network.vertices:,} vertices, {network.links:,} links")
    graph: Graph = network.unroll()
    print(f"islands: {components(graph)}")
    del graph
    runs: dict[str, tuple[Callable[[], Any], int]] = {
        "numpy copy": (lambda: copied(links), 15),
        "link arrays": (network.arrays, 15),
        "graph": (network.unroll, 7),
        "CSR": (lambda: compressed(network), 5),
        "networkx": (lambda: with_networkx(links), 1),
    }
    seconds = {name: median(run, times) for name, (run, times) in runs.items()}
    memory = {name: peak(run) for name, (run, _) in runs.items() if name != "networkx"}
    memory["networkx"] = peak(runs["networkx"][0])
    print(f"{'':12} {'s':>9} {'MiB':>8} {'x copy':>8} {'networkx / it':>14} {'its memory':>11}")
    for name in runs:
        share = f"1/{memory['networkx'] / memory[name]:.1f}"
        print(
            f"{name:12} {seconds[name]:9.4f} {memory[name]:8.0f} {seconds[name] / seconds['numpy copy']:8.1f}"
            f" {seconds['networkx'] / seconds[name]:14.0f} {share:>11}"
        )


if __name__ == "__main__":
    main()
