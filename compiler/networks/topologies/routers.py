"""Algebraic graphs of diameter two: their order, and routers that carry endpoints or are endpoints."""

from collections.abc import Callable, Sequence

from compiler.networks.topologies.family import Request, Sizes, Solver
from compiler.networks.topologies.galois import factors, is_prime_power
from compiler.networks.topologies.hops import two_step_hops
from compiler.networks.topologies.parameters import Check, whole
from compiler.networks.topologies.topology import Hanging, Parameter, Tier, TierLinks, Topology, TopologyError
from compiler.networks.topologies.wiring import access, endpoints, wired

LARGEST = 1_000  # order that is tried when none is written: two million routers
MOST = 1_000_000  # beyond it factors take a while, and 10^12 routers nobody builds


def order_of(title: str, least: int) -> Check[int]:
    """A check for a prime power of at least `least`, for the family so called."""

    def check(name: str, value: object) -> int:
        q = whole(1, MOST)(name, value)
        if q >= least and is_prime_power(q):
            return q
        below = next((n for n in range(q - 1, least - 1, -1) if is_prime_power(n)), None)
        above = next(n for n in range(max(q + 1, least), 2 * q + least + 1) if is_prime_power(n))
        parts = "·".join(str(prime) for prime, power in factors(q).items() for _ in range(power))
        raise TopologyError(
            f"{title} needs `{name}` a prime power of at least {least}; {q} "
            + ("is less" if q < least else f"= {parts}"),
            parameter=name,
            help=f"the nearest is {above}" if below is None else f"the nearest are {below} and {above}",
        )

    return check


def solver(count: Callable[[int], int], degree: Callable[[int], int], least: int) -> Solver:
    """Every order q whose routers divide the endpoints evenly and whose degree leaves ports for them.

    Where the order is written, no switch is named and the routers are as many as the endpoints, they are the endpoints.
    """

    def solve(request: Request) -> Sizes:
        answers: list[dict[str, Parameter]] = []
        order = request.whole("q")
        if order is not None and not request.is_switched and request.endpoints == count(order):
            return Sizes(({"q": order, "p": request.whole("p", 0)},))
        orders = range(least, LARGEST) if order is None else [order]
        for q in orders:
            p, rest = divmod(request.endpoints, count(q))
            if p < 1:
                break
            fits = request.ports is None or degree(q) + p <= request.ports
            if not rest and fits and is_prime_power(q) and request.whole("p", p) == p:
                answers.append({"q": q, "p": p})
        ports = "" if request.ports is None else f" of {request.ports:,} ports"
        reason = (
            f"{request.endpoints:,} endpoints divide evenly over no such graph of routers{ports}; write `q` and `p`"
        )
        return Sizes(tuple(answers), "" if answers else reason)

    return solve


def routers(count: int, degree: int, bundles: Sequence[TierLinks], p: int, bandwidth: float) -> Topology:
    """A graph of routers of diameter two and largest `degree`, with `p` endpoints on each; 0: they are endpoints."""
    hops = two_step_hops(count, sum(row.rows for row in bundles), p)
    if not p:
        return wired([endpoints(count, degree)], bundles, hops=lambda _: hops)
    return wired(
        [endpoints(count * p, 1), Tier("router", count, degree + p)],
        [access("router", p, count, bandwidth), *bundles],
        hanging=Hanging(p, bandwidth),
        hops=lambda _: hops,
    )
