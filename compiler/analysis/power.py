"""Power of the cluster, nameplate and typical: IT, network and facility, and the energy, cost and carbon of a year."""

from compiler.analysis.metric import Cluster, Tally, metric, summed
from compiler.analysis.terms import over_optics, stated
from compiler.ir.hardware import Network, Part, Slot, counting
from compiler.quantities.graph import Quantity, apply, number, times
from compiler.quantities.units import CARBON, ENERGY, MASS, MONEY, POWER, TARIFF, TIME, YEAR_SECONDS

DRAWING = ("chip", "cpu", "switch", "nic", "optic")
"""Kinds that draw power: one that states none is listed as not counted."""

YEAR = number(YEAR_SECONDS, TIME, "h", "one year")


def _power(part: Part, typical: bool, path: tuple[Slot, ...] = (), parents: tuple[Part, ...] = ()) -> Tally:
    """Power of a part on a path: its nameplate where stated, else its own and that of what it contains."""
    whole = (part.quantity("typical_power") if typical else None) or part.quantity("rated_power")
    if whole is not None:
        return Tally(whole)
    own = part.quantity("tdp")
    tallies = [Tally(own)] if own else []
    if own is None and part.kind in DRAWING:
        tallies.append(Tally(None, (f"tdp of {part.name}",)))
    over = part.quantity("overhead_power")
    if over is not None:
        tallies.append(Tally(over))
    inner = (*parents, part)
    tallies.extend(_slot(slot, typical, path, inner) for slot in part.slots)
    for network in counting(part, path, parents):
        tallies.extend(_slot(slot, typical, path, inner) for slot in network.added)
        tallies.append(_optics(network, path))
    return summed(tallies, POWER, "W")


def _slot(slot: Slot, typical: bool, path: tuple[Slot, ...], parents: tuple[Part, ...]) -> Tally:
    inner = _power(slot.part, typical, (*path, slot), parents)
    return Tally(times(slot.count, inner.quantity) if inner.quantity else None, inner.missing, inner.reason)


def _optics(network: Network, owner: tuple[Slot, ...] = ()) -> Tally:
    return over_optics(network, owner, "tdp", POWER, "W")


@metric("power.it", POWER, group="power", essential=60)
def it_power(cluster: Cluster) -> Tally:
    """IT power, nameplate."""
    return _power(cluster.root, typical=False)


@metric("power.it.typical", POWER, group="power")
def it_power_typical(cluster: Cluster) -> Tally:
    """IT power, typical."""
    if not any(group.part.quantity("typical_power") for group in cluster.groups) and not cluster.root.quantity(
        "typical_power"
    ):
        return Tally(None, (), "no source gives a typical figure")
    return _power(cluster.root, typical=True)


@metric("power.network", POWER, group="power")
def network_power(cluster: Cluster) -> Tally:
    """Network power.

    Switches, NICs and optics; part of IT power.
    """
    tallies = [stated(group.count, group.part, "tdp") for group in cluster.of_kind("switch", "nic", "optic")]
    for _, count, _, network in cluster.networks:
        inner = _optics(network)
        tallies.append(Tally(times(count, inner.quantity) if inner.quantity else None, inner.missing))
    return summed(tallies, POWER, "W")


def _scaled(tally: Tally, factor: Quantity | None, op: str, name: str) -> Tally:
    if factor is None or tally.quantity is None:
        return Tally(None, tally.missing, f"no {name} is known" if factor is None else tally.reason)
    return Tally(apply(op, tally.quantity, factor), tally.missing)


@metric("power.facility", POWER, group="power", essential=70)
def facility_power(cluster: Cluster, it_power: Tally) -> Tally:
    """Facility power.

    IT power times the PUE of the site.
    """
    return _scaled(
        it_power, cluster.site.quantity("pue") if cluster.site else None, "multiply", "PUE of a site (`at = …`)"
    )


@metric("energy.year", ENERGY, group="power")
def energy_year(cluster: Cluster, it_power: Tally, facility_power: Tally) -> Tally:
    """Energy per year at full load.

    Of the facility where its PUE is known, else of IT alone and then a lower bound.
    """
    base = facility_power if facility_power.quantity is not None else it_power
    if base.quantity is None:
        return Tally(None, base.missing, base.reason)
    missing = base.missing if base is facility_power else (*base.missing, "cooling and conversion (no PUE of a site)")
    return Tally(Quantity("multiply", (base.quantity, YEAR), ENERGY, unit="GWh"), missing)


@metric("cost.energy.year", MONEY, group="cost")
def energy_cost(cluster: Cluster, energy_year: Tally) -> Tally:
    """Energy cost per year."""
    tariff = cluster.site.quantity("price") if cluster.site else None
    tally = _scaled(energy_year, tariff, "multiply", "price of energy at a site")
    assert tally.quantity is None or (
        tariff is not None and tariff.dimension == TARIFF and tally.quantity.dimension == MONEY
    )
    return tally


@metric("carbon.year", MASS, group="power")
def carbon_year(cluster: Cluster, energy_year: Tally) -> Tally:
    """Carbon per year."""
    intensity = cluster.site.quantity("carbon") if cluster.site else None
    tally = _scaled(energy_year, intensity, "multiply", "carbon intensity of a site")
    assert tally.quantity is None or (
        intensity is not None and intensity.dimension == CARBON and tally.quantity.dimension == MASS
    )
    return Tally(Quantity("multiply", tally.quantity.args, MASS, unit="t"), tally.missing) if tally.quantity else tally
