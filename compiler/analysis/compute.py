"""Peak compute by precision, dense and sparse apart."""

from collections.abc import Mapping

from compiler.analysis.metric import Cluster, Tally, metric, summed
from compiler.ir.cluster import Group
from compiler.quantities.graph import ONE, Quantity, times
from compiler.quantities.units import PRECISIONS, Dimension, compute_rate


def _chips(cluster: Cluster) -> list[tuple[Quantity, Group | None]]:
    return [(group.count, group) for group in cluster.accelerators]


def _rates(cluster: Cluster, prefix: str) -> dict[str, Tally]:
    """For each precision that some accelerator states under a prefix: the sum, and who is silent."""
    root = cluster.root
    parts = [(ONE, root)] if root.kind in ("chip", "cpu") else [(g.count, g.part) for g in cluster.accelerators]
    found: dict[str, Tally] = {}
    for precision in PRECISIONS:
        path = prefix + precision
        if not any(part.quantity(path) for _, part in parts):
            continue
        found[precision] = summed(
            [
                Tally(times(count, rate)) if (rate := part.quantity(path)) else Tally(None, (f"{path} of {part.name}",))
                for count, part in parts
            ]
        )
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
