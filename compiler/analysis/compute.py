"""Peak compute by precision, dense and sparse apart."""

from collections.abc import Mapping

from compiler.analysis.metric import Cluster, Tally, metric, summed
from compiler.analysis.terms import stated
from compiler.quantities.graph import ONE
from compiler.quantities.units import PRECISIONS, Dimension, compute_rate


def _rates(cluster: Cluster, prefix: str) -> dict[str, Tally]:
    """Sums by precision over the accelerators that state one under a prefix; others are listed as missing."""
    root = cluster.root
    parts = [(ONE, root)] if root.kind in ("chip", "cpu") else [(g.count, g.part) for g in cluster.accelerators]
    found: dict[str, Tally] = {}
    for precision in PRECISIONS:
        path = prefix + precision
        if any(part.quantity(path) for _, part in parts):
            found[precision] = summed([stated(count, part, path) for count, part in parts])
    return found


def _dimension(suffix: str) -> Dimension:
    return compute_rate(suffix.removesuffix(".sparse"))


@metric("compute", _dimension, group="compute", essential={"bf16": 30, "fp8": 31, "fp4": 32, "int8": 33})
def compute(cluster: Cluster) -> Mapping[str, Tally]:
    """Peak compute, dense."""
    return _rates(cluster, "peak.")


@metric("compute", _dimension, group="compute")
def compute_sparse(cluster: Cluster) -> Mapping[str, Tally]:
    """Peak compute with structured sparsity."""
    return {f"{precision}.sparse": tally for precision, tally in _rates(cluster, "peak.sparse.").items()}
