"""All figures of a design, each computed after those it needs."""

from collections.abc import Mapping
from functools import cache

from compiler import analysis
from compiler.analysis.metric import Cluster, Measurement, Metric, Result, Tally
from compiler.ir.hardware import Part
from compiler.registry import members


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric by the name of its function, in the order of the files and of their text."""
    return {metric.function.__name__: metric for metric in members(analysis, Metric)}


def by_path(root: Part, site: Part | None = None) -> dict[str, Measurement]:
    """Every figure of a part by its path."""
    return of(Cluster(root, site))


def of(cluster: Cluster) -> dict[str, Measurement]:
    """Every figure of a cluster by its path, absent ones with their reason."""
    found: dict[str, Measurement] = {}
    for name, metric in metrics().items():
        result = _result(name, cluster)
        tallies = {"": result} if isinstance(result, Tally) else result
        figures = (metric.figure(suffix, tally) for suffix, tally in tallies.items())
        found |= {figure.path: figure for figure in figures}
    return found


def value(name: str, cluster: Cluster) -> Tally:
    """The figure of one metric, computed after those it needs. Not for families, which have several."""
    found = _result(name, cluster)
    assert isinstance(found, Tally), f"`{name}` makes a family of figures"
    return found


def _result(name: str, cluster: Cluster) -> Result:
    """The result of one metric, remembered in the cluster."""
    if name not in cluster.memory:
        metric = metrics()[name]
        needs = (cluster if need == "cluster" else _result(need, cluster) for need in metric.needs)
        cluster.memory[name] = metric.function(*needs)
    return cluster.memory[name]
