"""Budgets of work for a bisection, in units that do not depend on the machine."""

from attrs import frozen


@frozen
class Effort:
    """A budget in units of work: entries of sweeps, steps of eliminations, entries of flows, seeds, passes and entries of
    the partitioner; and limits: entries that a table may have, vertices whose eigenvalues are worked out, and vertices
    that are written out."""

    table: float
    quick: float
    steps: float
    entries: float
    flow: float
    seeds: int
    passes: int
    moves: float
    spectral: int
    vertices: int


EFFORTS = {
    "low": Effort(3e6, 1e6, 1e7, 1e6, 1e7, 4, 2, 1e7, 300, 20_000),
    "normal": Effort(2.5e7, 3e6, 4e8, 4e6, 4e7, 20, 4, 2e7, 2100, 200_000),
    "high": Effort(1e10, 5e6, 3e10, 5e7, 2e9, 100, 12, 1e10, 5000, 2_000_000),
}
