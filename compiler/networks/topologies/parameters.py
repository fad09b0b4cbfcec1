"""Parameters of a family: the type for the checker, the condition for people.

A check takes the name of a parameter and whatever was written, and gives the value in its own type. What does not pass
raises `TopologyError`, which names the parameter.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeGuard, TypeVar

from compiler.networks.topologies.topology import Parameter, TopologyError

Item = TypeVar("Item")
Check = Callable[[str, object], Item]

MOST = 10**12  # counts beyond this are slips of the keyboard, and floats stop being exact
MOST_RATE = 1e30


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _is_number(value: object) -> TypeGuard[int | float]:
    # a whole number may be too large for `isfinite`, which makes a float of it
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(min(abs(value), MOST_RATE + 1))
    )


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def whole(least: int, most: int = MOST) -> Check[int]:
    """A whole number from `least` to `most`; `8.0` is one, `true` is none."""

    def check(name: str, value: object) -> int:
        if not _is_number(value) or value != int(value):
            raise TopologyError(f"`{name}` is a whole number, this is `{_shown(value)}`", parameter=name)
        if value < least:
            raise TopologyError(f"`{name}` is at least {least}, this is {_shown(int(value))}", parameter=name)
        if value > most:
            raise TopologyError(f"`{name}` is at most {most:,}, this is {_shown(value)}", parameter=name)
        return int(value)

    return check


def many(item: Check[Item], least: int = 1) -> Check[tuple[Item, ...]]:
    """A list of at least `least` items that pass."""

    def check(name: str, value: object) -> tuple[Item, ...]:
        if not _is_list(value):
            raise TopologyError(
                f"`{name}` is a list, this is `{_shown(value)}`", parameter=name, help=f"write `{name} = [...]`"
            )
        if len(value) < least:
            raise TopologyError(f"`{name}` has at least {least} items, this one has {len(value)}", parameter=name)
        return tuple(item(f"{name}[{i}]", entry) for i, entry in enumerate(value))

    return check


def one_or_many(item: Check[Item]) -> Check[Item | tuple[Item, ...]]:
    """One item for all, or a list of them."""
    several = many(item)

    def check(name: str, value: object) -> Item | tuple[Item, ...]:
        return several(name, value) if _is_list(value) else item(name, value)

    return check


def rate(least: float = 0.0) -> Check[float]:
    """A finite bandwidth above zero; `least` below zero also admits zero."""

    def check(name: str, value: object) -> float:
        if not _is_number(value) or abs(value) > MOST_RATE:
            raise TopologyError(f"`{name}` is a bandwidth, this is `{_shown(value)}`", parameter=name)
        if value < 0 or (value == 0 and least >= 0):
            raise TopologyError(f"`{name}` is a bandwidth above zero, this is {value:g}", parameter=name)
        return float(value)

    return check


def one_of(*words: str) -> Check[str]:
    """One of a few words."""

    def check(name: str, value: object) -> str:
        if value not in words:
            listed = " or ".join(f"`{word}`" for word in words)
            raise TopologyError(f"`{name}` is {listed}, this is `{_shown(value)}`", parameter=name)
        return str(value)

    return check


def given(check: Check[Item]) -> Check[Item | None]:
    """A check that lets None, not given, pass as well."""
    return lambda name, value: None if value is None else check(name, value)


Count = Annotated[int, whole(1)]
Amount = Annotated[int, whole(0)]
Counts = Annotated[tuple[int, ...], many(whole(1))]
Counters = Annotated[int | tuple[int, ...], one_or_many(whole(1))]
Amounts = Annotated[int | tuple[int, ...], one_or_many(whole(0))]
Rate = Annotated[float, rate()]
Rates = Annotated[float | tuple[float, ...], one_or_many(rate())]


def per_axis(name: str, value: Item | tuple[Item, ...], axes: int) -> tuple[Item, ...]:
    """A value for each of `axes`, from one for all or as many. Raises `TopologyError` for another number of them."""
    return exactly(name, value, axes) if isinstance(value, tuple) else (value,) * axes


def exactly(name: str, values: tuple[Item, ...], size: int) -> tuple[Item, ...]:
    """The values, when there are `size` of them. Raises `TopologyError` for another number of them."""
    if len(values) != size:
        raise TopologyError(f"`{name}` has {len(values)} items where {size} are needed", parameter=name)
    return values


def flag(name: str, value: object) -> bool:
    """0 or 1, or a truth value. Raises `TopologyError` for anything else."""
    if value not in (0, 1):
        raise TopologyError(f"`{name}` is 0 or 1, this is `{_shown(value)}`", parameter=name)
    return bool(value)


Flags = Annotated[bool | tuple[bool, ...], one_or_many(flag)]

Words = Mapping[str, Check[Parameter]]
"""Words with their checks: what may be written beside the parameters of a family."""
