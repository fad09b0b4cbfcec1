"""Switches and cards that stand in a design and that no link touches."""

from collections.abc import Iterator

from compiler.ir.hardware import Group, Part, walk
from compiler.networks.ends import SPLITTABLE, ends_below
from compiler.networks.equijoin import size
from compiler.rules import design_rule
from dsl.diagnostic import Code, Diagnostic, Label
from dsl.source import Source

_PARTS = "chip C { tdp = 1 W }\nlink L { rate = 10 GB/s }\nswitch S { ports = 4; rate = 10 GB/s }\n"

NO_LINK = Code(
    "C0608",
    "switches or cards that no link touches",
    cause="A design that describes a network of its own says what its switches and NICs are linked to. One that no link touches is bought and powered, and carries nothing: most often a `connect` is missing. Those that come inside an imported part are left alone, since cards often stand for themselves there.",
    wrong=_PARTS
    + "node N {\n  c = 4 of C\n  s = 1 of S\n  spare = 1 of S\n  network n { connect c to s with 1 of L }\n}\n",
    right=_PARTS + "node N {\n  c = 4 of C\n  s = 1 of S\n  network n { connect c to s with 1 of L }\n}\n",
    severity="warning",
)


@design_rule
def switches_are_linked(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A link ends at every switch and card that the text of a design with a network of its own puts into it."""
    if not part.networks or part.origin is None:
        return
    text = part.origin.span.source
    candidates = [group for group in walk(part) if group.part.kind in SPLITTABLE and _is_written_in(group, text)]
    touched = {path for path, _ in ends_below(part)} if candidates else set()
    idle = [group for group in candidates if group.slots not in touched]
    if idle:
        labels = tuple(Label(group.slots[-1].origin.span, _many(group)) for group in idle if group.slots[-1].origin)
        message = f"no link touches {', '.join(f'`{group.path}`' for group in idle)} of `{part.name}`"
        yield NO_LINK.at(part.origin.span, message, "connect them, or leave them out", labels=labels)


def _is_written_in(group: Group, text: Source) -> bool:
    """True when a text itself puts the parts of a group where they are."""
    origin = group.slots[-1].origin
    return origin is not None and origin.span.source is text


def _many(group: Group) -> str:
    return f"{size(group.count):,.0f} of `{group.part.name}`, without a link"
