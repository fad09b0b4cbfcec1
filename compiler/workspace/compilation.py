"""Compilation of one file, its phases in order: read, declare, evaluate, apply rules, make designs."""

from collections.abc import Iterator
from functools import cache, partial
from os import PathLike
from pathlib import Path

from attrs import define, evolve, field

from compiler import rules
from compiler.ir.hardware import Check, Claim, ClusterDesign, Part, walk
from compiler.ir.kinds import DESIGNS
from compiler.quantities.graph import Quantity
from compiler.quantities.units import CURRENCIES
from compiler.registry import members
from compiler.rules import Rule
from compiler.semantics import functions
from compiler.semantics.claims import check_of, claim_of
from compiler.semantics.elaborate import HANDLERS
from compiler.semantics.evaluate import evaluate
from compiler.semantics.functions import Word
from compiler.semantics.instances import instance_of
from compiler.semantics.loader import Kept, Loader
from compiler.semantics.members import member, part_of, site_of, top_let
from compiler.semantics.recursion import circles
from compiler.semantics.state import State
from compiler.semantics.values import (
    POISON,
    Binding,
    Declaration,
    Instance,
    Namespace,
    Once,
    Scope,
    TopLet,
    UserFunction,
    holds,
)
from compiler.workspace.contained import contents
from compiler.workspace.reading import LIBRARY, Disk
from dsl import syntax
from dsl.diagnostic import Diagnostic
from dsl.limits import room_for_nesting
from dsl.record import replace


@cache
def words() -> dict[str, Word]:
    """Functions of the language by name."""
    return {word.name: word for word in members(functions, Word)}


@cache
def all_rules() -> tuple[Rule, ...]:
    """All rules, in the order of their files."""
    return members(rules, Rule)


@cache
def kept_library() -> dict[str, Kept]:
    """Modules of the library that this process has read, with the results computed from their declarations.

    One entry for each module, so that it grows no larger than the library; a changed file replaces its entry.
    """
    return {}


@define(eq=False)
class Compilation:
    """One compiled file: its module, its diagnostics, and its designs on demand."""

    diagnostics: list[Diagnostic] = field(factory=list)
    module: Namespace | None = None
    disk: Disk = field(factory=Disk)
    loader: Loader = field(init=False)
    state: State = field(init=False)
    seen: set[tuple[object, ...]] = field(factory=set)
    judged: set[Part] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.loader = Loader(self.complain, self.disk, kept_library())
        functions = {name: word.call for name, word in words().items()}
        self.state = State(self.complain, HANDLERS, functions, self.rate)

    def complain(self, diagnostic: Diagnostic) -> None:
        """Record a diagnostic, unless the same was recorded before."""
        span = diagnostic.span
        key = (diagnostic.code.id, span.source.name, span.start, span.end, diagnostic.message, diagnostic.notes)
        if key not in self.seen:
            self.seen.add(key)
            self.diagnostics.append(diagnostic)

    # ---- currencies --------------------------------------------------------------------------

    def rate(self, currency: str) -> Quantity | None:
        """The worth of one unit of a currency in USD, by the file or else by the library; None when neither says."""
        library = self.loader.library("units.currency")
        found = library.names.get(currency) if library is not None else None
        declaration = self._own_currency(currency) or found
        if not isinstance(declaration, Declaration):
            return None
        cells = self.state.known(declaration.module).rates
        cell = cells.get(declaration) or cells.setdefault(declaration, Once())
        if cell in self.state.working:
            return None
        span = declaration.entity.name.span
        return self.state.once(cell, currency, span, lambda: self._worth(declaration))

    def _own_currency(self, currency: str) -> Declaration | None:
        own = self.module.names.get(currency) if self.module is not None else None
        return own if isinstance(own, Declaration) and own.kind.name == "currency" else None

    def _worth(self, declaration: Declaration) -> Quantity | None:
        made = instance_of(declaration, self.state)
        value = member(made, "rate", made.template.span, self.state) if made and "rate" in made.fields else None
        if not isinstance(value, Quantity):
            return None
        label = f"USD per {declaration.name}"
        # without its dimension: the literal it multiplies is in money already
        return Quantity(value.op, value.args, (), value.spread, "", label, value.symbol, value.origin)

    # ---- what the file declares --------------------------------------------------------------

    def take(self, module: Namespace | None) -> None:
        """Set the module that is compiled.

        When it declares rates of its own, prices of the library are evaluated anew with them.
        """
        self.module = module
        own = (self._own_currency(currency) for currency in CURRENCIES)
        self.state.shares = all(declaration is None or declaration.module.is_library for declaration in own)

    def instances(self) -> Iterator[Instance]:
        """Instances of all declarations of the file, with default arguments."""
        assert self.module is not None
        for declaration in self.module.own:
            made = instance_of(declaration, self.state)
            if made is not None:
                yield made

    def design_names(self) -> list[str]:
        """Names of the designs of the file: declarations of a design kind, else its chips and CPUs."""
        assert self.module is not None
        designs = [d.name for d in self.module.own if d.kind.name in DESIGNS]
        return designs or [d.name for d in self.module.own if d.kind.name in ("chip", "cpu")]

    def default_design(self) -> str | None:
        """Name of the last design that needs no arguments and is part of no other, else of the last chip; or None."""
        assert self.module is not None
        free = [instance.name for instance, _ in self._outermost()]
        if free:
            return free[-1]
        chips = [d.name for d in self.module.own if d.kind.name in ("chip", "cpu")]
        return chips[-1] if chips else None

    def _outermost(self) -> list[tuple[Instance, Part]]:
        """The designs of the file that need no arguments and are part of no other, each with the part it is."""
        contained: set[str] = set()
        candidates: list[tuple[Instance, Part]] = []
        for instance in self.instances():
            part = part_of(instance, self.state) if instance.kind.name in DESIGNS else None
            if part is None:
                continue
            contained.update(group.part.name for group in walk(part))
            if all(parameter.default is not None for parameter in instance.template.parameters):
                candidates.append((instance, part))
        return [(instance, part) for instance, part in candidates if instance.name not in contained]

    def design(self, name: str | None = None) -> ClusterDesign | None:
        """A design with its claims and checks; None when the file has none of that name."""
        assert self.module is not None
        wanted = name or self.default_design()
        declaration = self.module.names.get(wanted) if wanted else None
        instance = instance_of(declaration, self.state) if isinstance(declaration, Declaration) else None
        if instance is None:
            return None
        with room_for_nesting():
            return self.designed(instance)

    def designed(self, instance: Instance) -> ClusterDesign | None:
        """The design of an instance, with its claims and checks; None when its part could not be made."""
        root = part_of(instance, self.state)
        if root is None or self.module is None:
            return None
        return ClusterDesign(
            self.module.source.name,
            root,
            tuple(self.claims(instance)),
            tuple(_checks(instance, self.state)),
            site_of(instance, instance.template.span, self.state),
            self._lets(instance),
        )

    def _lets(self, instance: Instance) -> dict[str, Quantity]:
        """Lets of an instance whose values are quantities."""
        lets = instance.lets.items()
        found = {name: member(instance, name, entry.node.span, self.state) for name, entry in lets}
        return {name: value for name, value in found.items() if isinstance(value, Quantity)}

    def claims(self, instance: Instance) -> Iterator[Claim]:
        """Claims of an instance, evaluated; those of the parts and networks inside it are not included."""
        for entry in instance.statements:
            if holds(entry, syntax.ClaimStatement):
                claim = claim_of(entry.node, instance.scope_of(entry), self.state)
                if claim is not None:
                    yield claim

    # ---- everything at once ------------------------------------------------------------------

    def check(self) -> None:
        """Evaluate everything the file states, so that every mistake is reported."""
        if self.module is None:
            return
        with room_for_nesting():
            for found in circles(self.module):
                self.complain(found)
            for binding in self.module.names.values():
                self._check_binding(binding, self.module)
            for declaration in self.module.own:
                self._check_declaration(declaration)
            self._check_designs()
            for statement in self.module.tree.statements:
                if isinstance(statement, syntax.CheckStatement):
                    check_of(statement, Scope(self.module), self.state, judge=True)
                elif isinstance(statement, syntax.ClaimStatement):
                    claim_of(statement, Scope(self.module), self.state)

    def _check_binding(self, binding: Binding, module: Namespace) -> None:
        if isinstance(binding, TopLet) and binding.module is module:
            top_let(binding, binding.node.name.span, self.state)
        elif isinstance(binding, UserFunction) and binding.module is module:
            scope = Scope(module, None, {parameter.name.text: POISON for parameter in binding.node.parameters})
            evaluate(binding.node.body, scope, self.state)

    def _check_declaration(self, declaration: Declaration) -> None:
        if declaration.kind.name == "study":
            from compiler.semantics.study_text import checked  # axes and goals, which most texts do without

            checked(declaration, self.state)
        elif (made := instance_of(declaration, self.state)) is not None:
            self._check_instance(made)
            part = part_of(made, self.state)
            if part is not None:
                self._check_contents(part)

    def _check_instance(self, instance: Instance) -> None:
        for name, let in instance.lets.items():
            member(instance, name, let.node.span, self.state)
        for path, entry in instance.fields.items():
            member(instance, path, entry.node.span, self.state)
        list(self.claims(instance))
        self._judge(instance, self.state)

    def _check_contents(self, root: Part) -> None:
        """Check each different instance inside a part: with arguments, or changed by a block, it is another than its
        declaration by itself. Complaints say where it stands, and how many are equal."""
        for inner in contents(root, self.state.intervals):
            instance = self.state.instances[inner.part]
            if inner.part not in self.judged and not self._stands_alone(instance):
                place = inner.place(self.state.intervals)
                self._judge(instance, evolve(self.state, hear=partial(self._complain_inside, place)))
            self.judged.add(inner.part)

    def _complain_inside(self, place: str, found: Diagnostic) -> None:
        self.complain(replace(found, notes=(*found.notes, f"in {place}")))

    def _stands_alone(self, instance: Instance) -> bool:
        """True for the instance that a declaration of this file or of the library makes by itself."""
        module = instance.template.module
        declaration = module.names.get(instance.name)
        if not isinstance(declaration, Declaration) or not (module is self.module or module.is_library):
            return False
        return instance_of(declaration, self.state) is instance

    def _judge(self, instance: Instance, state: State) -> None:
        """Complain about checks of an instance and of its networks that fail or are open, and about broken rules."""
        list(_checks(instance, state, judge=True))
        for inner in instance.nested.values():
            list(_checks(inner, state, judge=True))
        part = part_of(instance, state)
        if part is not None:
            self._apply_rules(instance, part, state, of_designs=False)

    def _check_designs(self) -> None:
        """Hold the designs of a file without errors against the rules of designs; those of the library are made to be parts."""
        is_library = any(path.is_relative_to(LIBRARY) for path in self.disk.read)
        if not is_library and not any(found.severity == "error" for found in self.diagnostics):
            for instance, part in self._outermost():
                self._apply_rules(instance, part, self.state, of_designs=True)

    def _apply_rules(self, instance: Instance, part: Part, state: State, of_designs: bool) -> None:
        site = site_of(instance, instance.template.span, state)
        for rule in all_rules():
            for diagnostic in rule.function(part, site) if rule.of_designs == of_designs else ():
                state.complain(diagnostic)


def _checks(instance: Instance, state: State, *, judge: bool = False) -> Iterator[Check]:
    """Checks of an instance, evaluated; with `judge`, complain about those that fail."""
    for entry in instance.statements:
        if holds(entry, syntax.CheckStatement):
            check = check_of(entry.node, instance.scope_of(entry), state, judge=judge)
            if check is not None:
                yield check


def compile_file(path: Path) -> Compilation:
    """Compile and check a file."""
    compilation = Compilation()
    compilation.take(compilation.loader.main(compilation.disk.main(path)))
    compilation.check()
    return compilation


def compile_text(text: str, name: str = "text.cluster") -> Compilation:
    """Compile and check a text that is in no file; `name` stands for it in messages."""
    compilation = Compilation()
    compilation.take(compilation.loader.text(name, text))
    compilation.check()
    return compilation


def compile(source: str | PathLike[str], *, name: str = "text.cluster") -> Compilation:
    """Compile and check a file or a text.

    A string with a line break or a brace is a text, called `name` in messages; anything else is a path.
    """
    if isinstance(source, str) and ("\n" in source or "{" in source):
        return compile_text(source, name)
    return compile_file(Path(source))
