"""Budgets of work for a bisection, in units that do not depend on the machine."""

from attrs import frozen


@frozen
class Effort:
    """A budget in units of work: entries of exact tables and of flows, seeds and passes of the partitioner, and the
    most vertices whose eigenvalues are worked out."""

    table: float
    quick: float
    flow: float
    seeds: int
    passes: int
    spectral: int
    vertices: int


EFFORTS = {
    "low": Effort(1e7, 2e6, 1e7, 4, 2, 300, 20_000),
    "normal": Effort(4e8, 1e7, 4e7, 20, 4, 2100, 200_000),
    "high": Effort(3e10, 1e7, 2e9, 100, 12, 5000, 2_000_000),
}
