"""Memory by tier: high-bandwidth memory of the accelerators, DRAM of the hosts."""

from compiler.analysis.metric import Cluster, Tally, metric, summed
from compiler.analysis.terms import stated
from compiler.ir.hardware import Part
from compiler.quantities.graph import ONE, Quantity, times
from compiler.quantities.units import DATA, RATE


def _parts(cluster: Cluster, *kinds: str) -> list[tuple[Quantity, Part]]:
    if cluster.root.kind in kinds:
        return [(ONE, cluster.root)]
    return [(group.count, group.part) for group in cluster.of_kind(*kinds)]


def _memory(cluster: Cluster, tier: str, field: str) -> Tally:
    """The sum over chips, or for the host tier over CPUs, and over memory parts of that tier."""
    holders = _parts(cluster, "chip") or _parts(cluster, "cpu") if tier == "hbm" else _parts(cluster, "cpu", "chip")
    extra = [(n, part) for n, part in _parts(cluster, "memory") if part.text("tier") == tier]
    tallies = [Tally(times(n, q)) for n, part in extra if (q := part.quantity(field))]
    path = f"{tier}.{field}"
    # a CPU may do without memory of accelerators, and a chip without that of hosts: only what belongs is missed
    belongs = [(n, part) for n, part in holders if part.quantity(path) or (tier == "hbm") == (part.kind == "chip")]
    tallies += [stated(n, part, path) for n, part in belongs]
    return summed(tallies, DATA if field == "capacity" else RATE)


@metric("memory.capacity", DATA, group="memory", essential=50)
def memory_capacity(cluster: Cluster) -> Tally:
    """High-bandwidth memory, capacity."""
    return _memory(cluster, "hbm", "capacity")


@metric("memory.bandwidth", RATE, group="memory")
def memory_bandwidth(cluster: Cluster) -> Tally:
    """High-bandwidth memory, bandwidth."""
    return _memory(cluster, "hbm", "bandwidth")


@metric("memory.host.capacity", DATA, group="memory")
def host_capacity(cluster: Cluster) -> Tally:
    """Host DRAM, capacity."""
    return _memory(cluster, "dram", "capacity")


@metric("memory.host.bandwidth", RATE, group="memory")
def host_bandwidth(cluster: Cluster) -> Tally:
    """Host DRAM, bandwidth."""
    return _memory(cluster, "dram", "bandwidth")
