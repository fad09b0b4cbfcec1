"""Context of a claim: the declarations that its figure rests on, and the same claim evaluated with another part
instead.

Only declarations of the file and of what it imports are looked at.
"""

from collections.abc import Iterator
from functools import cached_property

from attrs import define, field

from compiler.ir.hardware import Claim, walk
from compiler.quantities.graph import Quantity, order
from compiler.semantics.claims import claim_of
from compiler.semantics.instances import instance_of
from compiler.semantics.members import member, part_of
from compiler.semantics.state import State
from compiler.semantics.values import (
    Declaration,
    FailedImport,
    Instance,
    Known,
    Namespace,
    Once,
    Scope,
    TopLet,
)
from dsl import syntax
from dsl.diagnostic import Diagnostic
from dsl.source import Source, Span
from dsl.walk import nodes

SINGLE = ("chip", "cpu", "memory")
"""Kinds of which another declaration in the same file may have been meant, even if neither copies the other."""


@define(eq=False)
class Desk:
    """Look-up of declarations around the claims of a module, in the state of a compilation."""

    state: State
    module: Namespace
    _exchanges: dict[tuple[Declaration, Declaration], dict[Namespace, Known]] = field(factory=dict, init=False)

    @cached_property
    def modules(self) -> tuple[Namespace, ...]:
        """The module and all that it imports, directly or not."""
        found = {self.module: None}
        waiting = [self.module]
        while waiting:
            new = [other for other in _imported(waiting.pop()) if other not in found]
            found.update(dict.fromkeys(new))
            waiting += dict.fromkeys(new)
        return tuple(found)

    @cached_property
    def _by_source(self) -> dict[Source, Namespace]:
        return {module.source: module for module in self.modules}

    @cached_property
    def _statements(self) -> dict[int, tuple[syntax.ClaimStatement, Declaration | None]]:
        """Claims of the module by offset, with the declaration they stand in (None: the top of the file)."""
        found: dict[int, tuple[syntax.ClaimStatement, Declaration | None]] = {}
        for statement in self.module.tree.statements:
            if isinstance(statement, syntax.ClaimStatement):
                found[statement.span.start] = statement, None
        for declaration in self.module.own:
            for statement in declaration.entity.body.statements if declaration.entity.body else ():
                if isinstance(statement, syntax.ClaimStatement):
                    found[statement.span.start] = statement, declaration
        return found

    @cached_property
    def _contained(self) -> dict[tuple[Source, int], tuple[syntax.Expression, Namespace]]:
        """Target of each `n of Target`, with its module, by source and offset of the count."""
        return {
            (module.source, node.count.span.start): (node.target, module)
            for module in self.modules
            for declaration in module.own
            for node in nodes(declaration.entity)
            if isinstance(node, syntax.Parts)
        }

    def claims(self) -> Iterator[Claim]:
        """Claims of the module, evaluated, in the order of the text."""
        for start in sorted(self._statements):
            statement, around = self._statements[start]
            scope = self._scope(statement, around, self.state)
            claim = claim_of(statement, scope, self.state) if scope is not None else None
            if claim is not None:
                yield claim

    def _scope(self, statement: syntax.ClaimStatement, around: Declaration | None, state: State) -> Scope | None:
        """Scope of a claim: its file, or the instance it stands in; None when that could not be made."""
        if around is None:
            return Scope(self.module)
        made = instance_of(around, state)
        entry = next((e for e in made.statements if e.node is statement), None) if made is not None else None
        return made.scope_of(entry) if made is not None and entry is not None else None

    # ---- whose a figure is -------------------------------------------------------------------

    def owner(self, node: Quantity) -> Declaration | None:
        """The declaration in whose text a quantity was written; None when it is in none."""
        return self.declared_at(node.origin.span) if node.origin else None

    def declared_at(self, span: Span) -> Declaration | None:
        """The declaration around a place; None when it is in none."""
        module = self._by_source.get(span.source)
        for declaration in module.own if module else ():
            around = declaration.entity.span
            if around.start <= span.start < around.end:
                return declaration
        return None

    def instance(self, declaration: Declaration) -> Instance | None:
        """The instance of a declaration with default arguments; None when it could not be made."""
        return instance_of(declaration, self.state)

    def field(self, declaration: Declaration, path: str) -> Quantity | None:
        """A field of a declaration; None when it is not stated, or is no quantity."""
        made = self.instance(declaration)
        if made is None or path not in made.fields:
            return None
        value = member(made, path, made.template.span, self.state)
        return value if isinstance(value, Quantity) and value.op != "missing" else None

    def parts(self, claim: Claim) -> tuple[Declaration, ...]:
        """Declarations that a claim rests on: those that state its inputs, those it counts, and those it names."""
        nodes = order([claim.derived])
        stated = [declaration for node in nodes for declaration in (self.owner(node), self._counted(node))]
        return tuple(dict.fromkeys(one for one in (*stated, *self._named(claim)) if one is not None))

    def _counted(self, node: Quantity) -> Declaration | None:
        if node.origin is None or node.dimension:
            return None
        span = node.origin.span
        target, module = self._contained.get((span.source, span.start), (None, None))
        binding = module.names.get(target.name) if module and isinstance(target, syntax.Reference) else None
        return binding if isinstance(binding, Declaration) else None

    def _named(self, claim: Claim) -> Iterator[Declaration]:
        statement, around = self._statements.get(claim.origin.span.start if claim.origin else -1, (None, None))
        if statement is None:
            return
        yield from self._mentioned(statement.condition, self.module)
        if around is not None:
            yield around

    def _mentioned(self, expression: syntax.Expression, module: Namespace) -> Iterator[Declaration]:
        """Declarations named by an expression, directly or through lets at the top of a file."""
        waiting, seen = [(expression, module)], set[TopLet]()
        while waiting:
            at, inside = waiting.pop()
            for node in nodes(at):
                binding = inside.names.get(node.name) if isinstance(node, syntax.Reference) else None
                if isinstance(binding, Declaration):
                    yield binding
                elif isinstance(binding, TopLet) and binding not in seen:
                    seen.add(binding)
                    waiting.append((binding.node.value, binding.module))

    def dies(self, claim: Claim) -> tuple[float, ...]:
        """Dies per package, above one, of the chips that a claim rests on or else of those in its parts."""
        chips = [d for d in self.parts(claim) if d.kind.name == "chip"]
        if not chips:
            chips = [inner for declaration in self._named(claim) for inner in self._chips(declaration)]
        found = [dies for chip in chips if (dies := self.field(chip, "dies")) is not None]
        return tuple(dict.fromkeys(n for dies in found if (n := self.state.number(dies)) > 1))

    def _chips(self, declaration: Declaration) -> Iterator[Declaration]:
        made = self.instance(declaration)
        part = part_of(made, self.state) if made is not None else None
        for group in walk(part) if part is not None else ():
            if group.part.kind == "chip" and group.part.origin is not None:
                found = self.declared_at(group.part.origin.span)
                if found is not None:
                    yield found

    # ---- another part in its place -----------------------------------------------------------

    def variants(self, declaration: Declaration) -> Iterator[tuple[Declaration, int]]:
        """Declarations that may have been meant instead, with the number of `like` steps between (neighbours: 0)."""
        chain = self._chain(declaration)
        for module in self.modules:
            for other in module.own:
                if other is declaration or other.kind is not declaration.kind:
                    continue
                far = self._chain(other)
                shared = next((one for one in chain if one in far), None)
                if shared is not None:
                    yield other, chain.index(shared) + far.index(shared)
                elif module is declaration.module and declaration.kind.name in SINGLE:
                    yield other, 0

    def _chain(self, declaration: Declaration) -> list[Declaration]:
        """A declaration, the one it is `like`, and so on to the first."""
        chain = [declaration]
        while True:
            like = chain[-1].entity.like
            base = chain[-1].module.names.get(like.name) if isinstance(like, syntax.Reference) else None
            if not isinstance(base, Declaration) or base in chain:
                return chain
            chain.append(base)

    def instead(self, claim: Claim, old: Declaration, new: Declaration) -> Quantity | None:
        """The derived figure of a claim with `new` in place of `old` everywhere; None when that has errors."""
        statement, around = self._statements.get(claim.origin.span.start if claim.origin else -1, (None, None))
        if statement is None or around is old:
            return None
        complaints: list[Diagnostic] = []
        state = self._exchanged(old, new, complaints)
        scope = self._scope(statement, around, state)
        if scope is None:
            return None
        found = claim_of(statement, scope, state)
        broken = any(complaint.severity == "error" for complaint in complaints)
        return found.derived if found is not None and not found.missing and not broken else None

    def _exchanged(self, old: Declaration, new: Declaration, complaints: list[Diagnostic]) -> State:
        """A state in which `old` gives the instance of `new`. Modules that see `old` are evaluated afresh, the rest is
        shared.

        Results are kept for each pair, so that further claims start from them.
        """
        base = self.state
        apart = self._exchanges.setdefault((old, new), {})
        state = State(complaints.append, base.handlers, base.functions, base.currency, base.shares, apart)
        if not apart:
            apart |= {**base.apart, **{module: Known() for module in self._seeing(old.module)}}
            state.known(old.module).instances[old] = Once(instance_of(new, state), ())
        return state

    def _seeing(self, module: Namespace) -> set[Namespace]:
        """A module and all that import it, directly or not."""
        found = {module}
        while more := {m for m in self.modules if m not in found and not found.isdisjoint(_imported(m))}:
            found |= more
        return found


def _imported(module: Namespace) -> Iterator[Namespace]:
    """Modules of the names that a module declares or imports, itself included."""
    return (binding.module for binding in module.names.values() if not isinstance(binding, FailedImport))
