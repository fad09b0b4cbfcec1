"""Topologies as the language writes them, so that what is printed can be typed back."""

from collections.abc import Mapping


def call_text(family: str, parameters: Mapping[str, object]) -> str:
    """The call of a topology, `torus(dims = [7, 4])`; parameters that are None are left out."""
    inside = ", ".join(f"{name} = {_value(value)}" for name, value in parameters.items() if value is not None)
    return f"{family}({inside})"


def _value(value: object) -> str:
    """A parameter in the words of the language; a group of them as the call of a word, of which only the inside counts."""
    if isinstance(value, Mapping):
        return call_text("plane", value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f'"{value}"' if isinstance(value, str) else str(value)
