"""Counts of parts, links, cables and transceivers; floor area and weight."""

from compiler.analysis.metric import Cluster, Metric, Tally, metric, summed
from compiler.analysis.terms import stated
from compiler.networks.totals import cables as cables_of
from compiler.networks.totals import links as links_of
from compiler.networks.totals import optics as optics_of
from compiler.quantities.graph import ONE, number, times, total
from compiler.quantities.units import AREA, MASS, Dimension


@metric("accelerators", essential=10)
def accelerators(cluster: Cluster) -> Tally:
    """Accelerators."""
    if cluster.root.kind in ("chip", "cpu"):
        return Tally(ONE)
    return Tally(total([group.count for group in cluster.accelerators]))


@metric("dies", essential=20)
def dies(cluster: Cluster) -> Tally:
    """Accelerator dies."""
    return summed([stated(group.count, group.part, "dies") for group in cluster.accelerators])


def _counted(path: str, kind: str, title: str, essential: int | None = None) -> Metric:
    def work(cluster: Cluster) -> Tally:
        return Tally(total([group.count for group in cluster.of_kind(kind)]))

    work.__name__, work.__doc__, work.__module__ = path, f"{title}.", __name__
    return metric(path, essential=essential)(work)


cpus = _counted("cpus", "cpu", "CPUs")
switches = _counted("switches", "switch", "Switches")
nics = _counted("nics", "nic", "NICs")
nodes = _counted("nodes", "node", "Nodes")
racks = _counted("racks", "rack", "Racks", essential=40)
supernodes = _counted("supernodes", "supernode", "Supernodes")


@metric("links")
def links(cluster: Cluster) -> Tally:
    """Links."""
    return Tally(total([times(count, number(links_of(net))) for _, count, _, net in cluster.networks]))


@metric("cables")
def cables(cluster: Cluster) -> Tally:
    """Cables.

    Board and backplane traces are not counted.
    """
    return Tally(total([times(count, number(cables_of(net))) for _, count, _, net in cluster.networks]))


@metric("optics")
def optics(cluster: Cluster) -> Tally:
    """Optical transceivers."""
    parts = [group.count for group in cluster.of_kind("optic")]
    return Tally(total([*parts, *(times(count, number(optics_of(net))) for _, count, _, net in cluster.networks)]))


@metric("floor_area", AREA)
def floor_area(cluster: Cluster) -> Tally:
    """Floor area."""
    return _extent(cluster, "floor_area", AREA, "m^2")


@metric("weight", MASS)
def weight(cluster: Cluster) -> Tally:
    """Weight."""
    return _extent(cluster, "weight", MASS, "t")


def _extent(cluster: Cluster, path: str, dimension: Dimension, unit: str) -> Tally:
    """A field that the whole states of itself, else the sum over the parts that state it."""
    own = cluster.root.quantity(path)
    found = [own] if own else [times(g.count, each) for g in cluster.groups if (each := g.part.quantity(path))]
    return (
        Tally(total(found, dimension, unit))
        if found
        else Tally(None, (), f"no part states its {path.replace('_', ' ')}")
    )
