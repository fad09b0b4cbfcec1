"""Limits of racks and sites: power, height, weight and floor of what stands in them."""

from collections.abc import Iterator

from attrs import evolve, frozen

from compiler.analysis import figures
from compiler.analysis.metric import Cluster, Tally
from compiler.ir.hardware import Part
from compiler.numerics.tolerances import is_over
from compiler.quantities.display import interval, number
from compiler.quantities.graph import Quantity, times, total
from compiler.quantities.intervals import Intervals
from compiler.rules import rule
from dsl.diagnostic import Code, Diagnostic, Severity
from dsl.record import replace

RACK_OVERLOADED = Code(
    "C0512",
    "a rack holds more than it can bear",
    cause="A rack is fed so much power (`feed`), has so much height (`units`) and carries so much weight (`weight_limit`); its parts stay within that.",
    wrong="chip C { tdp = 1 kW }\nrack R { feed = 4 kW; c = 8 of C }\n",
    right="chip C { tdp = 1 kW }\nrack R { feed = 10 kW; c = 8 of C }\n",
)
SITE_OVERLOADED = Code(
    "C0513",
    "a site is asked for more than it has",
    cause="The facility power of a design is at most the `power_cap` of its site, its floor area at most the `hall_area`.",
    wrong="chip C { tdp = 1 kW }\nsite S { pue = 1.2; power_cap = 5 kW }\nsupercluster X { at = S; c = 8 of C }\n",
    right="chip C { tdp = 1 kW }\nsite S { pue = 1.2; power_cap = 50 kW }\nsupercluster X { at = S; c = 8 of C }\n",
)


def _over(used: Quantity | None, limit: Quantity | None) -> Severity | None:
    """`error` when use is surely over the limit, `warning` when it may be, None when it is not or nothing is known."""
    if used is None or limit is None:
        return None
    intervals = Intervals()
    have, want = intervals.of(limit), intervals.of(used)
    if is_over(want.low, have.high):
        return "error"
    return "warning" if is_over(want.high, have.low) else None


@frozen
class Limit:
    """A limited resource: the code for exceeding it, its name, its owner, and a way out for the message."""

    code: Code
    what: str
    holder: str
    help: str


def _complain(limit: Limit, part: Part, used: Quantity | None, most: Quantity | None) -> Iterator[Diagnostic]:
    level = _over(used, most)
    if level is None or used is None or most is None or part.origin is None:
        return
    intervals = Intervals()
    verb = "needs" if level == "error" else "may need"
    bounds = intervals.of(used)
    alike = evolve(used, unit=most.unit)  # both sides in the unit of the limit
    shown = interval(bounds, alike) if level == "warning" else number(bounds.low, used.dimension, most.unit)
    message = f"`{part.name}` {verb} {shown} of {limit.what}, {limit.holder} has {interval(intervals.of(most), most)}"
    yield replace(limit.code.at(part.origin.span, message, limit.help), severity=level)


@rule
def rack_bears_its_parts(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A rack's parts draw, fill and weigh at most what it is fed, high and rated for."""
    if part.kind != "rack":
        return
    power: Tally = figures.value("it_power", Cluster(part))
    feed = Limit(RACK_OVERLOADED, "power", "its feed", "spread its parts over more racks, or feed it more")
    yield from _complain(feed, part, power.quantity, part.quantity("feed"))
    for path, most, what in (("height", "units", "height"), ("weight", "weight_limit", "weight")):
        terms = [times(slot.count, each) for slot in part.slots if (each := slot.part.quantity(path))]
        if terms:
            limit = Limit(RACK_OVERLOADED, what, "it", "spread its parts over more racks")
            yield from _complain(limit, part, total(terms), part.quantity(most))


@rule
def site_bears_the_design(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A design draws and covers at most what its site can give."""
    if site is None:
        return
    cluster = Cluster(part, site)
    power: Tally = figures.value("facility_power", cluster)
    area: Tally = figures.value("floor_area", cluster)
    holder, help = f"site `{site.name}`", "choose another site, or a smaller design"
    for what, used, most in (("power", power, "power_cap"), ("floor", area, "hall_area")):
        yield from _complain(Limit(SITE_OVERLOADED, what, holder, help), part, used.quantity, site.quantity(most))
