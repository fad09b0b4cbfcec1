"""Tiers of topologies by their names: the links between two tiers from the structure, nothing unrolled where that tells."""

from collections.abc import Mapping, Sequence

from compiler.ir.hardware import Connection, Network
from compiler.networks.links import topology_of, unit_of
from compiler.networks.locations import Location, laid_over
from compiler.networks.narrowing import LinkRows, Narrowing, risen
from compiler.networks.topologies.topology import LeafSpine, Planes, Pods, Topology, TopologyError
from compiler.networks.written_tiers import laid_tiers

Band = tuple[str, str, float, float]
"""Lower and upper tier; what one of the lower sends up, and what reaches the fullest of the upper, in units."""


def of_topology(topology: Topology) -> tuple[Narrowing, ...]:
    """The tiers of switches of a topology by itself that pass traffic on upwards, the lowest first."""
    locations = [(Location((tier.name,), tier.name, not tier.is_endpoint), tier.count) for tier in topology.tiers]
    bands = _bands(topology)
    if bands is None:
        try:
            return tuple(laid_tiers(topology, locations).narrowings())
        except TopologyError:
            return ()
    drawn = LinkRows()
    _count(drawn, bands, 1.0, {location.name: location for location, _ in locations})
    return tuple(risen(drawn).narrowings())


def count_shape(drawn: LinkRows, network: Network, connection: Connection) -> bool:
    """Enter the links of a connection with a shape, a vertex for each tier; False where instances have unlike links.

    Raises `TopologyError` for sizes that its family does not have.
    """
    topology, laid = topology_of(connection), laid_over(network, connection)
    tiers = [tier for tier in topology.tiers if tier.count]
    bands = _bands(topology)
    aligned = [count for _, count in laid] == [tier.count for tier in tiers]
    if bands is None or not aligned or laid[0][0].is_switch:
        return False
    locations = {tier.name: location for tier, (location, _) in zip(tiers, laid, strict=True)}
    _count(drawn, bands, unit_of(connection), locations)
    return True


def _count(drawn: LinkRows, bands: Sequence[Band], unit: float, locations: Mapping[str, Location]) -> None:
    for location in locations.values():
        drawn.vertex(location)
    for lower, upper, up, down in bands:
        drawn.add(drawn.vertex(locations[lower]), drawn.vertex(locations[upper]), up * unit, down * unit)


def _bands(topology: Topology) -> tuple[Band, ...] | None:
    """The links between the tiers of a topology whose structure tells them; None where only its links do.

    What one of a lower tier sends up is the same for all of them; of a tier that is not evenly filled the fullest counts.
    """
    structure = topology.structure
    if isinstance(structure, Planes):
        return _bands_of_planes(topology, structure)
    if structure is None or (isinstance(structure, Pods) and not all(map(all, structure.pods))):
        return None
    counts = {tier.name: tier.count for tier in topology.tiers}
    fullest = _fullest(topology, structure) if isinstance(structure, LeafSpine | Pods) else []
    bands: list[Band] = []
    for row in topology.link_classes:
        if row.lower != row.upper:
            carried = row.count * row.bandwidth
            down = fullest[len(bands)] if len(bands) < len(fullest) else carried / counts[row.upper]
            bands.append((row.lower, row.upper, carried / counts[row.lower], down))
    return tuple(bands)


def _fullest(topology: Topology, structure: LeafSpine | Pods) -> list[float]:
    """Bandwidth that reaches the fullest leaf, and the fullest aggregation switch, from below, in the unit of the links."""
    if isinstance(structure, LeafSpine):
        return [max(structure.endpoints, default=0) * structure.endpoint_bandwidth]
    leaves = max(max(pod) for pod in structure.pods) * structure.endpoint_bandwidth
    alike = topology.switch_tiers[1].count / (len(structure.pods) * structure.aggs)  # switches that count as one
    return [leaves, max(len(pod) for pod in structure.pods) * structure.uplink_bandwidth / alike]


def _bands_of_planes(topology: Topology, structure: Planes) -> tuple[Band, ...] | None:
    known = {tier.name for tier in topology.tiers}
    found: list[Band] = []
    for number, plane in enumerate(structure.planes, start=1):
        names = {tier.name: tier.name if tier.is_endpoint else f"plane{number}.{tier.name}" for tier in plane.tiers}
        bands = _bands(plane)
        if bands is None or not known.issuperset(names.values()):
            return None
        found += [(names[lower], names[upper], up, down) for lower, upper, up, down in bands]
    return tuple(found)
