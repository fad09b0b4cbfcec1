"""Dimensions and units. Data is a dimension; FLOP carry their precision, money in another currency its rate.

Inside one dimension conversion is automatic, across dimensions it does not exist. Values are held in base units:
byte, second, FLOP or OP, joule, metre, kilogram, kelvin, USD.
"""

import re
from collections.abc import Mapping

from attrs import frozen

Dimension = tuple[tuple[str, int], ...]
"""Sorted (base, exponent) pairs. Bases: data, time, FLOP, FLOP@bf16, OP@int8, energy, length, mass, temperature, money."""

NONE: Dimension = ()
TRUTH: Dimension = (("truth", 1),)


def dimension(**exponents: int) -> Dimension:
    """The dimension with these exponents: `dimension(data=1, time=-1)`."""
    return tuple(sorted((base, power) for base, power in exponents.items() if power))


def product(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    """The dimension of `left * right`, or with sign -1 of `left / right`."""
    if not right:
        return left
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def power(of: Dimension, exponent: int) -> Dimension:
    """The dimension of `of` to a whole power."""
    return tuple((base, p * exponent) for base, p in of) if exponent else NONE


DATA = dimension(data=1)
TIME = dimension(time=1)
RATE = dimension(data=1, time=-1)
ENERGY = dimension(energy=1)
POWER = dimension(energy=1, time=-1)
LENGTH = dimension(length=1)
AREA = dimension(length=2)
MASS = dimension(mass=1)
TEMPERATURE = dimension(temperature=1)
MONEY = dimension(money=1)
FREQUENCY = dimension(time=-1)
TARIFF = product(MONEY, ENERGY, -1)
CARBON = product(MASS, ENERGY, -1)

YEAR_SECONDS = 8760 * 3600.0
"""A year of 365 days, as yearly energy is billed."""

PRECISIONS: Mapping[str, str] = {
    "fp64": "FLOP",
    "fp64_matrix": "FLOP",
    "fp32": "FLOP",
    "fp32_matrix": "FLOP",
    "tf32": "FLOP",
    "bf16": "FLOP",
    "fp16": "FLOP",
    "fp8": "FLOP",
    "fp6": "FLOP",
    "fp4": "FLOP",
    "int8": "OP",
    "int4": "OP",
}
"""Precisions of compute figures, widest first, with the name of one operation."""


def compute_rate(precision: str) -> Dimension:
    """Dimension of operations per second at a precision: `compute_rate("int8")` is OP@int8/s."""
    return tuple(sorted(((f"{PRECISIONS[precision]}@{precision}", 1), ("time", -1))))


def tags(of: Dimension) -> tuple[str, ...]:
    """The precisions in a dimension: `("bf16",)` for FLOP@bf16/s."""
    return tuple(base.partition("@")[2] for base, _ in of if "@" in base)


def untagged(of: Dimension) -> Dimension:
    """The same dimension with precisions dropped."""
    powers: dict[str, int] = {}
    for base, exponent in of:
        name = base.partition("@")[0]
        powers[name] = powers.get(name, 0) + exponent
    return tuple(sorted((base, exponent) for base, exponent in powers.items() if exponent))


def operations_alike(of: Dimension) -> Dimension:
    """The dimension with FLOP and OP, and all precisions, counted as one: for telling how far two sides are apart."""
    return untagged(tuple((base.replace("FLOP", "OP"), exponent) for base, exponent in of))


# ---- the table -------------------------------------------------------------------------------

_SI = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21, "Y": 1e24, "R": 1e27, "Q": 1e30}
_SMALL = {"m": 1e-3, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "n": 1e-9, "p": 1e-12}
_BINARY = {f"{letter}i": 1024.0**n for n, letter in enumerate("KMGTPEZY", 1)}

_UNITS: Mapping[str, tuple[float, Dimension, str]] = {
    "b": (0.125, DATA, "large binary"),
    "B": (1.0, DATA, "large binary"),
    "bps": (0.125, RATE, "large"),
    "s": (1.0, TIME, "small"),
    "min": (60.0, TIME, ""),
    "h": (3600.0, TIME, ""),
    "d": (86400.0, TIME, ""),
    "year": (YEAR_SECONDS, TIME, ""),
    "Hz": (1.0, FREQUENCY, "large"),
    "FLOP": (1.0, dimension(FLOP=1), "large"),
    "FLOPS": (1.0, dimension(FLOP=1, time=-1), "large"),
    "OP": (1.0, dimension(OP=1), "large"),
    "OPS": (1.0, dimension(OP=1, time=-1), "large"),
    "J": (1.0, ENERGY, "large small"),
    "Wh": (3600.0, ENERGY, "large"),
    "W": (1.0, POWER, "large small"),
    "m": (1.0, LENGTH, "small kilo"),
    "cm": (0.01, LENGTH, ""),
    "ft": (0.3048, LENGTH, ""),
    "U": (0.04445, LENGTH, ""),
    "g": (1e-3, MASS, "small kilo"),
    "t": (1e3, MASS, "large"),
    "K": (1.0, TEMPERATURE, ""),
    "%": (0.01, NONE, ""),
    "USD": (1.0, MONEY, "large"),
    "$": (1.0, MONEY, "large"),
}
CURRENCIES = ("USD", "CNY", "EUR", "JPY", "GBP", "CHF")
"""Currencies. Money is held in USD; literals in another one are multiplied by its dated rate from the library."""

COUNTED = ("links", "link", "lanes", "ports", "chips", "dies", "cards", "nodes", "racks")
"""Words that may stand where a unit does and only say what is counted: `cable = 2 links`."""


@frozen
class Unit:
    """A unit as written: its size in base units, its dimension, and the currency whose rate it needs (None: none)."""

    text: str
    scale: float
    dimension: Dimension
    currency: str | None = None

    def measures(self, of: Dimension) -> bool:
        """True when quantities of a dimension can be given in it; a unit without a precision fits every precision."""
        return self.dimension in (of, untagged(of))


_FACTOR = re.compile(r"([A-Za-zµμΩ°$€¥%]+)(?:@([a-z0-9_]+))?(?:\^(-?\d))?")
# by spelling: a text has thousands of numbers and a few units
_cache: dict[str, "Unit | None"] = {}


def unit(text: str) -> Unit | None:
    """The unit of a text, `Gb/s` or `TFLOPS@bf16/W`; None when it is no unit."""
    if text not in _cache:
        _cache[text] = _read(text)
    return _cache[text]


def _read(text: str) -> Unit | None:
    if text in COUNTED:
        return Unit(text, 1.0, NONE)
    scale, of, sign, currency = 1.0, NONE, 1, None
    for part in re.split(r"([/·])", text.replace(" ", "").replace("\t", "")):
        if part in ("/", "·"):
            sign = -1 if part == "/" else 1
            continue
        factor = _FACTOR.fullmatch(part)
        found = factor and _symbol(factor[1])
        if factor is None or found is None:
            return None
        one, its, money = found
        if factor[2]:
            tagged = _tagged(its, factor[2])
            if tagged is None:
                return None
            its = tagged
        exponent = int(factor[3] or 1) * sign
        scale *= one**exponent
        of = product(of, power(its, exponent))
        if money:
            if currency or exponent != 1:
                return None
            currency = money
    return Unit(text, scale, of, currency)


def _symbol(name: str) -> tuple[float, Dimension, str | None] | None:
    """Scale, dimension and currency (None: USD or no money) of a symbol, prefix included; None if unknown."""
    if name in _UNITS:
        scale, of, _ = _UNITS[name]
        return scale, of, None
    stem, prefix = _split_prefix(name)
    if stem in CURRENCIES:
        return prefix, MONEY, None if stem == "USD" else stem
    if stem in _UNITS:
        scale, of, _ = _UNITS[stem]
        return scale * prefix, of, None
    return None


def _split_prefix(name: str) -> tuple[str, float]:
    """Symbol without its prefix, and the factor of the prefix; ("", 1) when the pair is not allowed."""
    if name in CURRENCIES:
        return name, 1.0
    for length, table, word in ((2, _BINARY, "binary"), (1, _SI, "large"), (1, _SMALL, "small")):
        prefix, stem = name[:length], name[length:]
        if prefix not in table or not stem:
            continue
        if stem in CURRENCIES and word == "large":
            return stem, table[prefix]
        allowed = _UNITS[stem][2] if stem in _UNITS else ""
        if word in allowed or (prefix == "k" and "kilo" in allowed):
            return stem, table[prefix]
    return "", 1.0


def _tagged(of: Dimension, precision: str) -> Dimension | None:
    """The dimension with its operations tagged, or None when there is nothing to tag or no such precision."""
    if precision not in PRECISIONS:
        return None
    tagged = tuple((f"{b}@{precision}" if b in ("FLOP", "OP") else b, p) for b, p in of)
    return tuple(sorted(tagged)) if tagged != of else None


# ---- words -----------------------------------------------------------------------------------

_NAMES: Mapping[Dimension, str] = {
    NONE: "a bare number",
    TRUTH: "a truth value",
    DATA: "an amount of data",
    RATE: "a data rate",
    TIME: "a time",
    FREQUENCY: "a frequency",
    ENERGY: "an energy",
    POWER: "a power",
    LENGTH: "a length",
    AREA: "an area",
    MASS: "a mass",
    TEMPERATURE: "a temperature",
    MONEY: "an amount of money",
    TARIFF: "a price of energy",
    CARBON: "a carbon intensity",
    dimension(FLOP=1): "a number of floating-point operations",
    dimension(FLOP=1, time=-1): "a compute rate",
    dimension(OP=1): "a number of integer operations",
    dimension(OP=1, time=-1): "an integer compute rate",
}
_SPELLED = {"data": "B", "time": "s", "energy": "J", "length": "m", "mass": "kg", "temperature": "K", "money": "USD"}


def noun(of: Dimension) -> str:
    """A dimension in words, with its precision: `a compute rate in bf16`, `a quantity in B/J`."""
    known = _NAMES.get(untagged(of))
    if known is None:
        return f"a quantity in {base_unit(of)}"
    precision = " and ".join(tags(of))
    return f"{known} in {precision}" if precision else known


def base_unit(of: Dimension, *, tagged: bool = True) -> str:
    """The base unit of a dimension as text: `B/s`, `W`, `FLOPS@fp8/W`, `1`."""
    powers = dict(of if tagged else untagged(of))
    above: list[tuple[str, int]] = []
    below: list[tuple[str, int]] = []
    for base in [b for b in powers if b.partition("@")[0] in ("FLOP", "OP")]:
        stem, at, tag = base.partition("@")
        if powers[base] == 1 and powers.get("time", 0) < 0:
            powers["time"] += 1
            above.append((f"{stem}S{at}{tag}", 1))
        elif powers[base] == -1 and powers.get("time", 0) > 0:
            powers["time"] -= 1
            below.append((f"{stem}S{at}{tag}", 1))
        else:
            (above if powers[base] > 0 else below).append((base, abs(powers[base])))
        powers[base] = 0
    # FLOP/J is FLOPS/W: a second above and below, and the name that people use
    if above and powers.get("energy", 0) == -1 and not powers.get("time", 0):
        powers["energy"] = 0
        above[-1] = (above[-1][0].replace("OP", "OPS", 1), 1)
        below.append(("W", 1))
    if powers.get("energy", 0) == 1 and powers.get("time", 0) <= -1:
        powers["energy"], powers["time"] = 0, powers["time"] + 1
        above.append(("W", 1))
    elif powers.get("energy", 0) == -1 and powers.get("time", 0) >= 1:
        powers["energy"], powers["time"] = 0, powers["time"] - 1
        below.append(("W", 1))
    for base, exponent in powers.items():
        if exponent:
            (above if exponent > 0 else below).append((_SPELLED.get(base, base), abs(exponent)))
    spell = [name if exponent == 1 else f"{name}^{exponent}" for name, exponent in above]
    down = [name if exponent == 1 else f"{name}^{exponent}" for name, exponent in below]
    return "/".join(["·".join(spell) or "1", *down])


LOOKALIKES: Mapping[str, tuple[str, ...]] = {
    "gb": ("GB", "Gb", "GiB"),
    "gbps": ("Gb/s", "GB/s"),
    "kb": ("kB", "KiB", "kb"),
    "kib": ("KiB",),
    "mb": ("MB", "Mb", "MiB"),
    "tb": ("TB", "Tb", "TiB"),
    "pb": ("PB", "Pb", "PiB"),
    "gbs": ("GB/s", "Gb/s"),
    "gbits": ("Gb/s",),
    "gbit": ("Gb",),
    "gbyte": ("GB",),
    "tflop": ("TFLOPS",),
    "tflops": ("TFLOPS",),
    "pflop": ("PFLOPS",),
    "flops": ("FLOPS",),
    "tops": ("TOPS",),
    "kw": ("kW",),
    "mw": ("MW", "mW"),
    "gw": ("GW",),
    "kwh": ("kWh",),
    "mwh": ("MWh",),
    "w": ("W",),
    "watts": ("W",),
    "hours": ("h",),
    "sec": ("s",),
    "seconds": ("s",),
    "hr": ("h",),
    "rmb": ("CNY",),
    "yuan": ("CNY",),
    "usd": ("USD",),
    "cny": ("CNY",),
    "eur": ("EUR",),
    "hz": ("Hz",),
    "ghz": ("GHz",),
    "ghs": ("GHz",),
    "kg": ("kg",),
    "sqm": ("m^2",),
    "m2": ("m^2",),
}
"""Spellings of units that people use, in lower case, with the units they may mean."""


def symbols() -> tuple[str, ...]:
    """Unit symbols for suggestions, with common prefixes."""
    common = [*_UNITS, *CURRENCIES]
    for stem, prefixes in (
        ("B", "kMGTPE"),
        ("b", "kMGT"),
        ("FLOPS", "GTPEZ"),
        ("OPS", "TPE"),
        ("W", "kMG"),
        ("Wh", "kMGT"),
    ):
        common += [prefix + stem for prefix in prefixes]
    rates = [f"{prefix}{stem}/s" for stem in "bB" for prefix in "MGTP"]
    return (*common, *[f"{p}iB" for p in "KMGTP"], *rates, "Hz", "GHz", "kg", "m^2", "ms", "ns")
