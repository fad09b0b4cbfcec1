"""The standard library as a list of entries with their facts and sources, for `clusterc library`."""

from collections.abc import Iterator
from functools import cached_property

from attrs import define

from compiler.quantities.display import interval
from compiler.quantities.graph import Citation, Quantity
from compiler.quantities.intervals import Bounds, Intervals
from compiler.semantics.instances import instance_of
from compiler.semantics.members import member, slot_of
from compiler.semantics.values import Counted, Day, Declaration, Instance, Value
from compiler.workspace.compilation import Compilation

HIDDEN = ("source", "currency")
"""Kinds of declarations that are not listed."""


@define(eq=False)
class LibraryEntry:
    """A declaration of the library."""

    declaration: Declaration
    compilation: Compilation

    @property
    def name(self) -> str:
        """The name of the declaration."""
        return self.declaration.name

    @property
    def kind(self) -> str:
        """The kind of the declaration."""
        return self.declaration.kind.name

    @property
    def module(self) -> str:
        """The module it stands in: `std.huawei.ascend910`."""
        return self.declaration.module.path

    @cached_property
    def instance(self) -> Instance | None:
        """Its instance with default arguments; None when it could not be made."""
        return instance_of(self.declaration, self.compilation.state)

    def word(self, path: str) -> str:
        """A field of words; empty when it is not stated."""
        found = self._value(path)
        return found if isinstance(found, str) else ""

    def _value(self, path: str) -> Value | None:
        made = self.instance
        if made is None or path not in made.fields:
            return None
        return member(made, path, made.template.span, self.compilation.state)

    def facts(self) -> Iterator["Fact"]:
        """Its facts: fields in the order of its kind, then ports, then parts."""
        made = self.instance
        if made is None:
            return
        order = list(made.kind.by_path)
        for path in sorted(made.fields, key=lambda path: order.index(path) if path in order else len(order)):
            yield fact(path, self._value(path))
        for name, port in made.nested.items():
            if port.kind.name == "port":
                for path in port.fields:
                    yield fact(f"{name}.{path}", member(port, path, port.template.span, self.compilation.state))
        for name in made.parts:
            slot = slot_of(made, name, self.compilation.state)
            if slot is not None:
                shown = f"{interval(Intervals().of(slot.count), slot.count)} of {slot.part.name}"
                yield Fact(name, shown, None, slot.origin.citations if slot.origin else ())


@define(eq=False)
class Fact:
    """One stated fact: as text, as a quantity (None for words), and with its sources."""

    path: str
    display: str
    quantity: Quantity | None
    citations: tuple[Citation, ...]

    @property
    def bounds(self) -> Bounds | None:
        """Bounds of its quantity in base units; None for words."""
        return Intervals().of(self.quantity) if self.quantity is not None else None

    @property
    def sources(self) -> str:
        """Its sources as text: `Title, date (grade), "locator"`, several separated by semicolons."""
        return "; ".join(_cited(citation) for citation in self.citations)


def fact(path: str, value: object) -> Fact:
    """The value of a field as a fact."""
    if isinstance(value, Quantity):
        cites = value.origin.citations if value.origin else ()
        return Fact(path, interval(Intervals().of(value), value), value, cites)
    if isinstance(value, Day):
        return Fact(path, value.text, None, ())
    if isinstance(value, Counted):
        return Fact(path, value.instance.name, None, ())
    return Fact(path, value if isinstance(value, str) else str(getattr(value, "name", value)), None, ())


def _cited(citation: Citation) -> str:
    source = citation.source
    date = f", {source.date}" if source.date else ""
    locator = f', "{citation.locator}"' if citation.locator else ""
    return f"{source.title or source.name}{date} ({source.grade}){locator}"


def entries() -> Iterator[LibraryEntry]:
    """All entries, module by module."""
    compilation = Compilation()
    for name in compilation.disk.library_names():
        module = compilation.loader.library(name.removeprefix("std."))
        for declaration in module.own if module is not None else ():
            if declaration.kind.name not in HIDDEN:
                yield LibraryEntry(declaration, compilation)


def found(word: str) -> list[LibraryEntry]:
    """Entries that have a word in their name, module, kind, title or vendor; case does not matter."""
    folded = word.casefold()
    return [
        entry
        for entry in entries()
        if any(
            folded in text.casefold()
            for text in (entry.name, entry.module, entry.kind, entry.word("title"), entry.word("vendor"))
        )
    ]


def named(name: str) -> list[LibraryEntry]:
    """The entries of a name, `Ascend910C` or `std.huawei.ascend910.Ascend910C`, or those of a module."""
    everything = list(entries())
    exact = [entry for entry in everything if name in (entry.name, f"{entry.module}.{entry.name}")]
    return exact or [entry for entry in everything if entry.module in (name, f"std.{name}")]
