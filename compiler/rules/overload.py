"""What a rack or a site can bear against what stands in it: power, height, weight, floor."""

from collections.abc import Iterator

from attrs import evolve

from compiler.analysis import figures
from compiler.analysis.metric import Cluster, Tally
from compiler.ir.cluster import Part
from compiler.quantities.display import interval, number
from compiler.quantities.graph import Quantity, times, total
from compiler.quantities.intervals import Intervals
from compiler.rules import rule
from dsl.diagnostic import Code, Diagnostic

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


def _over(used: Quantity | None, limit: Quantity | None) -> str | None:
    """`error` when the least of what is used is over the most of the limit, `warning` when it may be, else None."""
    if used is None or limit is None:
        return None
    intervals = Intervals()
    have, want = intervals.of(limit), intervals.of(used)
    if want.low > have.high * (1 + 1e-9):
        return "error"
    return "warning" if want.high > have.low * (1 + 1e-9) else None


def _complain(
    code: Code, part: Part, what: str, used: Quantity | None, limit: Quantity | None, holder: str, help: str
) -> Iterator[Diagnostic]:
    level = _over(used, limit)
    if level is None or used is None or limit is None or part.origin is None:
        return
    intervals = Intervals()
    verb = "needs" if level == "error" else "may need"
    bounds = intervals.of(used)
    alike = evolve(used, unit=limit.unit)  # both sides in the unit of the limit
    shown = interval(bounds, alike) if level == "warning" else number(bounds.low, used.dimension, limit.unit)
    message = f"`{part.name}` {verb} {shown} of {what}, {holder} has {interval(intervals.of(limit), limit)}"
    yield code.at(part.origin.span, message, help, severity="error" if level == "error" else "warning")


@rule
def rack_bears_its_parts(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A rack's parts draw, fill and weigh at most what it is fed, high and rated for."""
    if part.kind != "rack":
        return
    power: Tally = figures.value("it_power", Cluster(part))
    yield from _complain(
        RACK_OVERLOADED,
        part,
        "power",
        power.quantity,
        part.quantity("feed"),
        "its feed",
        "spread its parts over more racks, or feed it more",
    )
    for path, limit, what in (("height", "units", "height"), ("weight", "weight_limit", "weight")):
        terms = [times(slot.count, each) for slot in part.slots if (each := slot.part.quantity(path))]
        if terms:
            yield from _complain(
                RACK_OVERLOADED,
                part,
                what,
                total(terms),
                part.quantity(limit),
                "it",
                "spread its parts over more racks",
            )


@rule
def site_bears_the_design(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A design draws and covers at most what its site can give."""
    if site is None:
        return
    cluster = Cluster(part, site)
    power: Tally = figures.value("facility_power", cluster)
    area: Tally = figures.value("floor_area", cluster)
    yield from _complain(
        SITE_OVERLOADED,
        part,
        "power",
        power.quantity,
        site.quantity("power_cap"),
        f"site `{site.name}`",
        "choose another site, or a smaller design",
    )
    yield from _complain(
        SITE_OVERLOADED,
        part,
        "floor",
        area.quantity,
        site.quantity("hall_area"),
        f"site `{site.name}`",
        "choose another site, or a smaller design",
    )
