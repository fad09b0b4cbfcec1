"""The phases in order, on one page: files, names, instances, rules, designs."""

from collections.abc import Callable, Iterator
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from attrs import define, field

from compiler import rules
from compiler.ir.cluster import Check, Claim, Design, Part, walk
from compiler.ir.kinds import DESIGNS
from compiler.quantities.graph import Quantity
from compiler.registry import members
from compiler.rules import Rule
from compiler.semantics import functions
from compiler.semantics import studies as studies
from compiler.semantics.claims import check_of, claim_of
from compiler.semantics.elaborate import Maker, instance_of
from compiler.semantics.functions import Word
from compiler.semantics.instances import Instance
from compiler.semantics.loader import Loader
from compiler.semantics.names import Declaration, Module, Scope, TopLet, UserFunction
from compiler.semantics.recursion import circles
from compiler.semantics.state import World
from compiler.semantics.values import POISON
from dsl import syntax
from dsl.diagnostic import Diagnostic
from dsl.limits import room_for_nesting
from dsl.source import Source


@cache
def words() -> dict[str, Word]:
    """Every word that an expression may call."""
    return {word.name: word for word in members(functions, Word)}


@define(eq=False)
class Compilation:
    """One file compiled: its module, what was said about it, and its designs on demand."""

    diagnostics: list[Diagnostic] = field(factory=list)
    module: Module | None = None
    loader: Loader = field(init=False)
    world: World = field(init=False)
    seen: set[tuple[str, str, int, int, str]] = field(factory=set)
    rates: dict[str, Any] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.loader = Loader(self.complain)
        self.world = World(self.complain, words(), self.rate, Maker())

    def complain(self, diagnostic: Diagnostic) -> None:
        """Take a complaint, once."""
        span = diagnostic.span
        key = (diagnostic.code.id, span.source.name, span.start, span.end, diagnostic.message)
        if key not in self.seen:
            self.seen.add(key)
            self.diagnostics.append(diagnostic)

    def rate(self, currency: str) -> Quantity | None:
        """What one unit of a currency is worth in USD: as the file declares it, else as the library does."""
        if currency not in self.rates:
            self.rates[currency] = None
            own = self.module.names.get(currency) if self.module else None
            library = self.loader.library("units.currency")
            declaration = own if isinstance(own, Declaration) else library.names.get(currency) if library else None
            made = instance_of(declaration, self.world) if isinstance(declaration, Declaration) else None
            value = made.member("rate", made.template.span) if made and "rate" in made.fields else None
            if isinstance(value, Quantity):
                self.rates[currency] = Quantity(
                    value.op, value.args, (), value.spread, "", f"USD per {currency}", value.symbol, value.origin
                )
        found: Quantity | None = self.rates[currency]
        return found

    # ---- what the file declares --------------------------------------------------------------

    def instances(self) -> Iterator[Instance]:
        """Every thing that the file itself declares, made with its defaults."""
        assert self.module is not None
        for declaration in self.module.own:
            made = instance_of(declaration, self.world)
            if made is not None:
                yield made

    def design_names(self) -> list[str]:
        """The designs of the file: declarations of a design kind, else chips."""
        assert self.module is not None
        designs = [d.name for d in self.module.own if d.kind.name in DESIGNS]
        return designs or [d.name for d in self.module.own if d.kind.name in ("chip", "cpu")]

    def default_design(self) -> str | None:
        """The last design that needs no arguments and that no other declaration of the file contains."""
        assert self.module is not None
        contained: set[str] = set()
        candidates: list[str] = []
        for instance in self.instances():
            part = instance.part() if instance.kind.name in DESIGNS else None
            if part is None:
                continue
            contained.update(group.part.name for group in walk(part))
            if all(parameter.default is not None for parameter in instance.template.parameters):
                candidates.append(instance.name)
        free = [name for name in candidates if name not in contained]
        if free:
            return free[-1]
        chips = [d.name for d in self.module.own if d.kind.name in ("chip", "cpu")]
        return chips[-1] if chips else None

    def design(self, name: str | None = None) -> Design | None:
        """A design with its claims and checks; None when the file has none of that name."""
        assert self.module is not None
        wanted = name or self.default_design()
        declaration = self.module.names.get(wanted) if wanted else None
        instance = instance_of(declaration, self.world) if isinstance(declaration, Declaration) else None
        if instance is None:
            return None
        with room_for_nesting():
            return self.designed(instance)

    def designed(self, instance: Instance) -> Design | None:
        """An instance as a design."""
        root = instance.part()
        if root is None or self.module is None:
            return None
        return Design(
            self.module.source.name,
            root,
            tuple(self.claims(instance)),
            tuple(self.checks(instance)),
            self.site(instance),
            self.lets(instance),
        )

    def site(self, instance: Instance) -> Part | None:
        """The site that an instance stands on."""
        value = instance.member("at", instance.template.span) if "at" in instance.fields else None
        made = instance_of(value, self.world) if isinstance(value, Declaration) else value
        return made.part() if isinstance(made, Instance) and made.kind.name == "site" else None

    def lets(self, instance: Instance) -> dict[str, Quantity]:
        """The lets of an instance that are quantities."""
        found = {name: instance.member(name, entry.node.span) for name, entry in instance.lets.items()}
        return {name: value for name, value in found.items() if isinstance(value, Quantity)}

    def claims(self, instance: Instance) -> Iterator[Claim]:
        """The claims of an instance, worked out, those of the networks and nodes inside it not included."""
        for entry in instance.statements:
            if isinstance(entry.node, syntax.Claim):
                claim = claim_of(entry.node, instance.scope_of(entry), self.world)
                if claim is not None:
                    yield claim

    def checks(self, instance: Instance) -> Iterator[Check]:
        """The checks of an instance, worked out."""
        for entry in instance.statements:
            if isinstance(entry.node, syntax.Check):
                check = check_of(entry.node, instance.scope_of(entry), self.world)
                if check is not None:
                    yield check

    # ---- everything at once ------------------------------------------------------------------

    def check(self) -> None:
        """Work out everything the file says, so that every complaint is heard."""
        if self.module is None:
            return
        with room_for_nesting():
            for found in circles(self.module):
                self.complain(found)
            for name, binding in self.module.names.items():
                self._check_binding(name, binding)
            for declaration in self.module.own:
                self._check_declaration(declaration)
            for statement in self.module.tree.statements:
                if isinstance(statement, syntax.Check):
                    check_of(statement, Scope(self.module), self.world, judge=True)
                elif isinstance(statement, syntax.Claim):
                    claim_of(statement, Scope(self.module), self.world)

    def _check_declaration(self, declaration: Declaration) -> None:
        if declaration.kind.name == "study":
            studies.checked(declaration, self.world)
        elif (made := instance_of(declaration, self.world)) is not None:
            self._check_instance(made)

    def _check_binding(self, name: str, binding: Any) -> None:
        assert self.module is not None
        if isinstance(binding, TopLet) and binding.module is self.module:
            self.world.workshop.value(binding, name, self.world)
        elif isinstance(binding, UserFunction) and binding.module is self.module:
            from compiler.semantics.evaluate import evaluate

            inner = {parameter.name.text: POISON for parameter in binding.node.parameters}
            evaluate(binding.node.body, Scope(self.module, None, inner), self.world)

    def _check_instance(self, instance: Instance) -> None:
        part = instance.part()
        for name, entry in instance.lets.items():
            instance.member(name, entry.node.span)
        for path, entry in instance.fields.items():
            instance.member(path, entry.node.span)
        for entry in instance.statements:
            if isinstance(entry.node, syntax.Check):
                check_of(entry.node, instance.scope_of(entry), self.world, judge=True)
        list(self.claims(instance))
        if part is not None:
            for rule in all_rules():
                for diagnostic in rule.function(part, self.site(instance)):
                    self.complain(diagnostic)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the files."""
    return members(rules, Rule)


def compile_file(path: Path) -> Compilation:
    """A file and what it imports, checked."""
    compilation = Compilation()
    compilation.module = compilation.loader.main(path)
    compilation.check()
    return compilation


def compile_text(text: str, name: str = "text.cluster") -> Compilation:
    """A text that is in no file, checked."""
    compilation = Compilation()
    compilation.module = compilation.loader.text(name, text)
    compilation.check()
    return compilation


def compile(source: str | PathLike[str], *, name: str = "text.cluster") -> Compilation:
    """A file, or a text, as the compiler has it: diagnostics, declarations, designs.

    A string with a line break or a brace is a text, known as `name` in messages; anything else is a path.
    """
    if isinstance(source, str) and ("\n" in source or "{" in source):
        return compile_text(source, name)
    return compile_file(Path(source))


__all__ = ["Callable", "Compilation", "Source", "compile_file", "compile_text"]
