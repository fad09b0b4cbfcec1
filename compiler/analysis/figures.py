"""All figures of a design, each worked out after what it needs."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from compiler import analysis
from compiler.analysis.metric import Cluster, Figure, Metric, Tally
from compiler.ir.cluster import Part
from compiler.registry import members


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric by the name of its function, in the order of the files and of their text."""
    return {metric.function.__name__: metric for metric in members(analysis, Metric)}


def by_path(root: Part, site: Part | None = None) -> dict[str, Figure]:
    """Every figure of a part by its path."""
    return of(Cluster(root, site))


def of(cluster: Cluster) -> dict[str, Figure]:
    """Every figure of a cluster by its path, absent ones with their reason."""
    found: dict[str, Figure] = {}
    for name, metric in metrics().items():
        result = value(name, cluster)
        tallies = {"": result} if isinstance(result, Tally) else result
        figures = (metric.figure(suffix, tally) for suffix, tally in tallies.items())
        found |= {figure.path: figure for figure in figures}
    return found


def value(name: str, cluster: Cluster) -> Any:
    """The result of one metric, its needs worked out first, remembered in the cluster."""
    if name == "cluster":
        return cluster
    if name not in cluster.memory:
        metric = metrics()[name]
        cluster.memory[name] = metric.function(*(value(need, cluster) for need in metric.needs))
    return cluster.memory[name]
