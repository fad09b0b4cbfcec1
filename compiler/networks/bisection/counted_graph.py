"""Classes of like copies, one within another: how a network is drawn without writing its copies out.

Class 0 is the whole, in one copy. Every other class lies in the class around it, so many copies in each copy of that.
A vertex of a class stands for one vertex in each of its copies. A link joins a vertex of a class with one of the same
class or of a class around it, and stands for one link in each copy of the inner of both.
"""

from collections.abc import Sequence

from attrs import frozen


@frozen
class Class:
    """So many like copies within one copy of the class `around` it; the whole has none around it, -1.

    Among classes each stands after the one around it.
    """

    around: int
    copies: int


WHOLE = Class(-1, 1)


def copies_of(classes: Sequence[Class], which: int, within: int = 0) -> int:
    """The number of copies of a class in one copy of another around it, or in the whole."""
    copies = 1
    while which > within:
        copies *= classes[which].copies
        which = classes[which].around
    return copies


def is_within(classes: Sequence[Class], inner: int, outer: int) -> bool:
    """True when a class is another one or lies within it."""
    while inner > outer:
        inner = classes[inner].around
    return inner == outer
