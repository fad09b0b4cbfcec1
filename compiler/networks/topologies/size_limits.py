"""Sizes up to which a network is unrolled or searched; a larger one is refused."""

from collections.abc import Mapping

LIMITS: Mapping[str, int] = {
    "rows": 50_000_000,  # rows of links: 1 GB as a `Graph`
    "vertices": 50_000_000,
    "leaves": 10_000_000,  # switches that may differ, each remembered by its endpoints
    "steps": 4_000_000_000,  # words touched by a search of all distances: some ten seconds
}
