"""Units that a user asks for, checked against the quantity to be shown in them."""

from compiler.errors import UnknownError, with_nearest
from compiler.quantities import units


def scale_of(text: str, dimension: units.Dimension | None, what: str) -> float:
    """Size of a unit in base units. `dimension` is that of the quantity to show (None: any), `what` names it in
    messages.

    Raises `UnknownError` for a unit that does not exist, measures something else, or needs a rate.
    """
    found = units.unit(text)
    if found is None:
        raise UnknownError(with_nearest(f"`{text}` is not a unit", text, units.symbols()))
    if dimension is not None and not found.measures(dimension):
        raise UnknownError(f"{what} is {units.noun(dimension)}, `{text}` measures {units.noun(found.dimension)}")
    if found.currency is not None:
        raise UnknownError(f"figures hold money in USD; there is no rate here for {found.currency}")
    return found.scale
