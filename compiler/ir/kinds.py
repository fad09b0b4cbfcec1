"""Table of the kinds of things and their fields, read by the checks of fields, `clusterc kinds` and the library."""

from attrs import field, frozen

from compiler.quantities import units
from compiler.quantities.units import PRECISIONS, Dimension, compute_rate


@frozen
class FieldSpec:
    """One field of a kind: its path, its dimension or its type of word, and what it means.

    `type` is `quantity`, `text`, `date`, `flag`, `reference` or `any`; `example` shows how it is written. `range` is in
    base units, both ends included; None: any value. `whole` numbers count things; `choices` are the words allowed
    (none: any).
    """

    path: str
    doc: str
    dimension: Dimension = units.NONE
    type: str = "quantity"
    example: str = ""
    required: bool = False
    whole: bool = False
    choices: tuple[str, ...] = ()
    range: tuple[float, float] | None = None


@frozen
class Kind:
    """A kind of declared thing. `parts` names the kinds it may contain; `open` kinds take any field."""

    name: str
    doc: str
    fields: tuple[FieldSpec, ...]
    parts: tuple[str, ...] = ()
    open: bool = False
    by_path: dict[str, FieldSpec] = field(init=False, repr=False, eq=False)

    @by_path.default
    def _by_path(self) -> dict[str, FieldSpec]:
        return {spec.path: spec for spec in self.fields}


def _text(path: str, doc: str, example: str = '"…"', choices: tuple[str, ...] = ()) -> FieldSpec:
    return FieldSpec(path, doc, type="text", example=example, choices=choices)


def _count(path: str, doc: str, example: str, required: bool = False) -> FieldSpec:
    return FieldSpec(path, doc, example=example, whole=True, required=required, range=(0, 1e15))


_ABOUT = (
    _text("vendor", "who makes it"),
    _text("title", "its name as people say it, in any script"),
    _text("note", "a remark that belongs to the thing"),
    FieldSpec("released", "the day it was or will be released", type="date", example="2025-09-18"),
)
_PRICE = FieldSpec("price", "what one costs", units.MONEY, example="30 kUSD", range=(0, 1e15))
_TDP = FieldSpec("tdp", "rated limit of what it draws", units.POWER, example="700 W", range=(0, 1e12))
_TYPICAL = FieldSpec(
    "typical_power", "what it draws in use, where a source says", units.POWER, example="500 W", range=(0, 1e12)
)
_CORES = _count("cores", "processor cores", "72")
_BREAKOUT = FieldSpec(
    "breakout", "links into which a port is split at most, 8 if not stated", example="2", whole=True, range=(1, 1024)
)
_RAIL = FieldSpec("rail", "which rail it serves; a joint of networks", type="any", example="index")
_SIZE = (
    FieldSpec("height", "height in a rack", units.LENGTH, example="10 U"),
    FieldSpec("weight", "mass", units.MASS, example="1.36 t"),
    FieldSpec("floor_area", "floor it takes, aisles included where the source says so", units.AREA, example="1000 m^2"),
    _text("cooling", "how heat leaves", '"liquid"'),
)
_PEAK = tuple(
    FieldSpec(
        f"peak.{sparse}{precision}",
        f"peak rate in {precision}, {'with structured sparsity' if sparse else 'dense'}, per package",
        compute_rate(precision),
        example="400 TOPS" if precision.startswith("int") else "400 TFLOPS",
        range=(0, 1e24),
    )
    for sparse in ("", "sparse.")
    for precision in PRECISIONS
)


def _memory(prefix: str, what: str) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(f"{prefix}.capacity", f"{what} capacity, per package", units.DATA, example="128 GB", range=(0, 1e18)),
        FieldSpec(
            f"{prefix}.bandwidth", f"{what} bandwidth, per package", units.RATE, example="3.2 TB/s", range=(0, 1e18)
        ),
        _text(f"{prefix}.type", f"{what} technology", '"HBM3e"'),
        _count(f"{prefix}.stacks", "stacks or modules", "8"),
    )


_SYSTEM = (
    *_ABOUT,
    _PRICE,
    FieldSpec(
        "rated_power",
        "nameplate of the whole; replaces the sum of its parts",
        units.POWER,
        example="120 kW",
        range=(0, 1e12),
    ),
    FieldSpec(
        "overhead_power",
        "fans, pumps, conversion: what its parts do not count",
        units.POWER,
        example="2 kW",
        range=(0, 1e12),
    ),
    _TYPICAL,
    *_SIZE,
    FieldSpec("software", "software stack it runs", type="reference", example="CANN"),
)
_INSIDE = ("chip", "cpu", "memory", "nic", "switch", "cable", "optic", "node")

KINDS: tuple[Kind, ...] = (
    Kind(
        "chip",
        "an accelerator as the vendor ships the package; the unit of every per-accelerator figure",
        (
            *_ABOUT,
            _count("dies", "compute dies in the package", "2"),
            _CORES,
            _text("process", "manufacturing process", '"TSMC 4N"'),
            FieldSpec("transistors", "transistors in the package", example="208e9"),
            FieldSpec("die_area", "area of one compute die", units.AREA, example="8.14 cm^2"),
            *_PEAK,
            *_memory("hbm", "high-bandwidth memory"),
            *_memory("dram", "directly attached DRAM"),
            FieldSpec("die_to_die", "bandwidth between dies, one direction", units.RATE, example="270 GB/s"),
            _RAIL,
            _TDP,
            _TYPICAL,
            _PRICE,
            FieldSpec("software", "software stack it runs", type="reference", example="CANN"),
        ),
        parts=("port", "memory"),
    ),
    Kind(
        "cpu",
        "a host processor",
        (
            *_ABOUT,
            _CORES,
            FieldSpec("frequency", "clock", units.FREQUENCY, example="2.6 GHz"),
            *_PEAK,
            *_memory("dram", "host DRAM"),
            *_memory("hbm", "high-bandwidth memory"),
            _text("process", "manufacturing process"),
            _TDP,
            _TYPICAL,
            _PRICE,
        ),
        parts=("port", "memory"),
    ),
    Kind(
        "memory",
        "a memory product: HBM stacks, DIMMs, storage-class memory",
        (
            *_ABOUT,
            FieldSpec("capacity", "capacity", units.DATA, example="144 GB"),
            FieldSpec("bandwidth", "bandwidth", units.RATE, example="4 TB/s"),
            _text("type", "technology", '"HBM3e"'),
            _text("tier", "which tier of memory it adds to", '"dram"', ("hbm", "dram")),
            _TDP,
            _PRICE,
        ),
    ),
    Kind(
        "port",
        "a group of like lanes on a chip, CPU or NIC; its bandwidth is lanes x rate, one direction",
        (
            _count("lanes", "links that leave here", "14", required=True),
            FieldSpec(
                "rate", "of one lane, one direction", units.RATE, example="28 GB/s", required=True, range=(0, 1e18)
            ),
            _text("technology", "what it speaks", '"UnifiedBus"'),
            _text("role", "what it is for", '"scale-up"', ("scale-up", "scale-out", "host", "management")),
        ),
    ),
    Kind(
        "nic",
        "a network card",
        (
            *_ABOUT,
            _count("ports", "network ports", "1"),
            FieldSpec("rate", "of one port, one direction", units.RATE, example="400 Gb/s"),
            _BREAKOUT,
            _RAIL,
            _TDP,
            _TYPICAL,
            _PRICE,
        ),
        parts=("port",),
    ),
    Kind(
        "link",
        "a logical lane group with a rate, one direction",
        (
            *_ABOUT,
            FieldSpec("rate", "one direction", units.RATE, example="400 Gb/s", required=True, range=(0, 1e18)),
            FieldSpec("latency", "end to end", units.TIME, example="200 ns", range=(0, 1e9)),
            FieldSpec("reach", "how far it goes", units.LENGTH, example="100 m"),
            _text("medium", "what it runs on", '"copper"', ("board", "backplane", "copper", "optical", "wireless")),
            _text("protocol", "what it speaks", '"Ethernet"'),
            _TDP,
            _PRICE,
        ),
    ),
    Kind(
        "cable",
        "a cable that bundles links",
        (
            *_ABOUT,
            FieldSpec("rate", "one direction", units.RATE, example="400 Gb/s"),
            FieldSpec("reach", "how far it goes", units.LENGTH, example="3 m"),
            _text("medium", "copper or fibre", '"copper"', ("copper", "optical")),
            _TDP,
            _PRICE,
        ),
    ),
    Kind(
        "optic",
        "a pluggable transceiver",
        (
            *_ABOUT,
            FieldSpec("rate", "one direction", units.RATE, example="400 Gb/s"),
            FieldSpec("reach", "how far it goes", units.LENGTH, example="500 m"),
            _count("lanes", "lanes", "4"),
            _TDP,
            _TYPICAL,
            _PRICE,
        ),
    ),
    Kind(
        "switch",
        "a switch: so many ports of one rate",
        (
            *_ABOUT,
            _count("ports", "ports", "64", required=True),
            FieldSpec(
                "rate", "of one port, one direction", units.RATE, example="400 Gb/s", required=True, range=(0, 1e18)
            ),
            _BREAKOUT,
            _count("cages", "cages for transceivers", "32"),
            _count("chips", "switch chips inside", "4"),
            _text("technology", "what it speaks", '"InfiniBand"'),
            FieldSpec("latency", "port to port", units.TIME, example="100 ns", range=(0, 1e9)),
            _text("process", "manufacturing process"),
            FieldSpec("plane", "which plane it serves; a joint of networks", type="any", example="index"),
            _RAIL,
            _TDP,
            _TYPICAL,
            _PRICE,
            *_SIZE,
        ),
    ),
    Kind(
        "software",
        "a software stack",
        (
            *_ABOUT,
            _text("version", "version"),
            _text("interface", "how programs meet it"),
            _text("license", "licence"),
            _text("url", "where it lives"),
        ),
    ),
    Kind(
        "node",
        "a server, a tray, a board: what is replaced as one",
        _SYSTEM,
        parts=_INSIDE,
    ),
    Kind(
        "rack",
        "a cabinet with its limits",
        (
            *_SYSTEM,
            FieldSpec("feed", "power it is fed", units.POWER, example="40 kW", range=(0, 1e12)),
            FieldSpec("units", "height that parts may fill", units.LENGTH, example="48 U"),
            FieldSpec("weight_limit", "mass that it may carry", units.MASS, example="1.5 t"),
        ),
        parts=_INSIDE,
    ),
    Kind(
        "supernode", "one scale-up domain: a pod, a superpod, an NVL72", _SYSTEM, parts=(*_INSIDE, "rack", "supernode")
    ),
    Kind(
        "supercluster",
        "many supernodes, racks or nodes on one site",
        (*_SYSTEM, FieldSpec("at", "the site it stands on", type="reference", example="Ulanqab")),
        parts=(*_INSIDE, "rack", "supernode", "supercluster"),
    ),
    Kind(
        "network",
        "who is linked to whom, and with what",
        (
            _text("role", "what it is for", '"scale-up"', ("scale-up", "scale-out", "storage", "management", "host")),
            _text("protocol", "what it speaks", '"RoCE"'),
            _text("note", "a remark"),
            _text("title", "its name as people say it"),
        ),
    ),
    Kind(
        "site",
        "a place with power, a climate and a tariff",
        (
            *_ABOUT,
            _text("country", "country"),
            FieldSpec("pue", "facility power over IT power", example="1.2", range=(1, 10)),
            FieldSpec("power_cap", "facility power that can be had", units.POWER, example="100 MW"),
            FieldSpec("hall_area", "floor that can be had", units.AREA, example="20_000 m^2"),
            FieldSpec("price", "price of energy", units.TARIFF, example="0.35 CNY/kWh"),
            FieldSpec("carbon", "carbon intensity of the grid", units.CARBON, example="500 g/kWh"),
            FieldSpec("temperature", "mean outside temperature", units.TEMPERATURE, example="278 K"),
            FieldSpec("free_cooling", "time of the year that outside air cools", units.TIME, example="7000 h"),
        ),
    ),
    Kind(
        "currency",
        "a currency with its dated rate",
        (
            FieldSpec("rate", "what one unit is worth", units.MONEY, example="0.14 USD", required=True),
            _text("title", "its name"),
        ),
    ),
    Kind(
        "workload",
        "what the machine is to do",
        (_text("precision", "precision it computes in", '"bf16"'), _text("note", "a remark")),
        open=True,
    ),
    Kind(
        "roadmap",
        "dated variants of a thing, in order of time",
        (
            _text("title", "its name"),
            FieldSpec("variants", "the variants", type="any", example="[Ascend910C, Ascend950DT]"),
        ),
        open=True,
    ),
    Kind(
        "source",
        "a publication that numbers come from",
        (
            _text("title", "what it is called"),
            _text("url", "where it is"),
            FieldSpec("date", "the day it was published or read", type="date", example="2025-06-15"),
            _text(
                "grade",
                "how far it can be trusted",
                '"paper"',
                ("measured", "datasheet", "paper", "vendor", "analyst", "press", "estimate"),
            ),
            _text("note", "a remark"),
        ),
    ),
    Kind("study", "what-ifs over designs", (), open=True),
    Kind(
        "view",
        "a picture to draw",
        (
            FieldSpec("shows", "what it shows", type="any", example="CloudMatrix384"),
            _text("style", "how", '"tiers"'),
            _text("group_by", "what belongs together"),
            _text("title", "its title"),
            _count("depth", "levels shown", "2"),
        ),
    ),
)

BY_NAME = {kind.name: kind for kind in KINDS}
DESIGNS = ("node", "rack", "supernode", "supercluster")
"""Kinds that can be a design, from small to large."""
