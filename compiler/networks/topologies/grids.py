"""Sizes of grids that follow from the number of endpoints, when the shape or part of it is written."""

import math

from compiler.networks.topologies.family import Request, Sizes


def solve(request: Request) -> Sizes:
    """`dims` as written, when they hold the endpoints; a shape nobody wrote would be a guess."""
    dims = request.several("dims")
    if dims is None:
        return Sizes((), f"{request.endpoints:,} endpoints make many grids; write `dims`")
    if math.prod(dims) != request.endpoints:
        return Sizes((), f"`dims` hold {math.prod(dims):,} vertices, there are {request.endpoints:,} endpoints")
    return Sizes(({},))


def solve_switched(request: Request) -> Sizes:
    """`T` from `dims` and the number of endpoints."""
    dims = request.several("dims")
    if dims is None:
        return Sizes((), f"{request.endpoints:,} endpoints make many grids; write `dims`")
    switches = math.prod(dims)
    if request.switches not in (None, switches):
        return Sizes((), f"`dims` hold {switches:,} switches, there are {request.switches:,}")
    hanging = request.whole("T", request.endpoints // switches)
    if hanging * switches != request.endpoints:
        return Sizes((), f"{request.endpoints:,} endpoints are not {hanging:,} on each of {switches:,} switches")
    return Sizes(({"T": hanging},))
