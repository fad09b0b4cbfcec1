"""What surrounds a claim: the parts its figures belong to, and the same claim worked out with another part in place of one.

Everything is looked up in the text that was loaded; nothing is invented.
"""

from collections.abc import Iterator
from functools import cached_property

from attrs import define

from compiler.ir.cluster import Claim, walk
from compiler.quantities.graph import Quantity, order
from compiler.semantics.claims import claim_of
from compiler.semantics.elaborate import Maker, instance_of
from compiler.semantics.instances import Instance
from compiler.semantics.names import Declaration, Module, ModuleName, Scope, TopLet, UserFunction
from compiler.semantics.state import World
from dsl import syntax
from dsl.diagnostic import Diagnostic
from dsl.source import Span
from dsl.walk import nodes

SINGLE = ("chip", "cpu", "memory")
"""Kinds of which one that stands in the same file may have been meant instead of another."""


@define(eq=False)
class Desk:
    """The world and the module in which claims stand."""

    world: World
    module: Module

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The module and all that it imports, directly or not."""
        found = {id(self.module): self.module}
        waiting = [self.module]
        while waiting:
            for binding in waiting.pop().names.values():
                if not isinstance(binding, Declaration | TopLet | UserFunction | ModuleName):
                    continue
                if id(binding.module) not in found:
                    found[id(binding.module)] = binding.module
                    waiting.append(binding.module)
        return tuple(found.values())

    @cached_property
    def _by_source(self) -> dict[int, Module]:
        return {id(module.source): module for module in self.modules}

    @cached_property
    def _statements(self) -> dict[int, tuple[syntax.Claim, Declaration | None]]:
        """The claims of the module by where they start, with the declaration they stand in."""
        found: dict[int, tuple[syntax.Claim, Declaration | None]] = {}
        for statement in self.module.tree.statements:
            if isinstance(statement, syntax.Claim):
                found[statement.span.start] = statement, None
        for declaration in self.module.own:
            for statement in declaration.entity.body.statements if declaration.entity.body else ():
                if isinstance(statement, syntax.Claim):
                    found[statement.span.start] = statement, declaration
        return found

    @cached_property
    def _contained(self) -> dict[tuple[int, int], tuple[syntax.Expression, Module]]:
        """What is counted, by where its count is written."""
        return {
            (id(module.source), node.count.span.start): (node.target, module)
            for module in self.modules
            for declaration in module.own
            for node in nodes(declaration.entity)
            if isinstance(node, syntax.Parts)
        }

    def claims(self) -> Iterator[Claim]:
        """Every claim of the module, worked out, in the order of the text; those of `like` copies are not repeated."""
        for start in sorted(self._statements):
            statement, around = self._statements[start]
            scope = self._scope(statement, around, self.world)
            claim = claim_of(statement, scope, self.world) if scope is not None else None
            if claim is not None:
                yield claim

    def _scope(self, statement: syntax.Claim, around: Declaration | None, world: World) -> Scope | None:
        """Where a claim is read: in its file, or in the thing it stands in."""
        if around is None:
            return Scope(self.module)
        made = instance_of(around, world)
        entry = next((e for e in made.statements if e.node is statement), None) if made is not None else None
        return made.scope_of(entry) if made is not None and entry is not None else None

    # ---- whose a figure is -------------------------------------------------------------------

    def owner(self, node: Quantity) -> Declaration | None:
        """The declaration in whose text a quantity was written."""
        return self.declared_at(node.origin.span) if node.origin else None

    def declared_at(self, span: Span) -> Declaration | None:
        """The declaration around a place."""
        module = self._by_source.get(id(span.source))
        for declaration in module.own if module else ():
            around = declaration.entity.span
            if around.start <= span.start < around.end:
                return declaration
        return None

    def instance(self, declaration: Declaration) -> Instance | None:
        """The thing declared, with its defaults."""
        return instance_of(declaration, self.world)

    def field(self, declaration: Declaration, path: str) -> Quantity | None:
        """A field that a declared thing states."""
        made = self.instance(declaration)
        if made is None or path not in made.fields:
            return None
        value = made.member(path, made.template.span)
        return value if isinstance(value, Quantity) and value.op != "missing" else None

    def parts(self, claim: Claim) -> tuple[Declaration, ...]:
        """The declarations a claim's derived figure rests on: owners of its inputs, what it counts, what it names."""
        found: dict[int, Declaration] = {}
        for node in order([claim.derived]):
            for declaration in (self.owner(node), self._counted(node)):
                if declaration is not None:
                    found[id(declaration)] = declaration
        for declaration in self._named(claim):
            found[id(declaration)] = declaration
        return tuple(found.values())

    def _counted(self, node: Quantity) -> Declaration | None:
        if node.origin is None or node.dimension:
            return None
        span = node.origin.span
        target, module = self._contained.get((id(span.source), span.start), (None, None))
        name = getattr(target, "name", None)
        binding = module.names.get(name) if module and isinstance(name, str) else None
        return binding if isinstance(binding, Declaration) else None

    def _named(self, claim: Claim) -> Iterator[Declaration]:
        statement, around = self._statements.get(claim.origin.span.start if claim.origin else -1, (None, None))
        if statement is None:
            return
        yield from self._mentioned(statement.condition, self.module)
        if around is not None:
            yield around

    def _mentioned(self, expression: syntax.Expression, module: Module) -> Iterator[Declaration]:
        """The declarations an expression names, itself or through lets at the top of a file."""
        waiting, seen = [(expression, module)], set[int]()
        while waiting:
            at, inside = waiting.pop()
            for node in nodes(at):
                binding = inside.names.get(node.name) if isinstance(node, syntax.Reference) else None
                if isinstance(binding, Declaration):
                    yield binding
                elif isinstance(binding, TopLet) and id(binding) not in seen:
                    seen.add(id(binding))
                    waiting.append((binding.node.value, binding.module))

    def dies(self, claim: Claim) -> tuple[float, ...]:
        """The numbers of dies, above one, of the chips a claim rests on; of those its parts contain when it names none."""
        chips = [d for d in self.parts(claim) if d.kind.name == "chip"]
        if not chips:
            chips = [inner for declaration in self._named(claim) for inner in self._chips(declaration)]
        found = [dies for chip in chips if (dies := self.field(chip, "dies")) is not None]
        return tuple(dict.fromkeys(n for dies in found if (n := self.world.number(dies)) > 1))

    def _chips(self, declaration: Declaration) -> Iterator[Declaration]:
        made = self.instance(declaration)
        part = made.part() if made is not None else None
        for group in walk(part) if part is not None else ():
            if group.part.kind == "chip" and group.part.origin is not None:
                found = self.declared_at(group.part.origin.span)
                if found is not None:
                    yield found

    # ---- another part in its place -----------------------------------------------------------

    def variants(self, declaration: Declaration) -> Iterator[tuple[Declaration, int]]:
        """Declarations that may have been meant instead, with how many copies they are apart; 0 for mere neighbours."""
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
        """A declaration, what it is a copy of, and so on to what the copies started from."""
        chain = [declaration]
        while True:
            name = getattr(chain[-1].entity.like, "name", None)
            base = chain[-1].module.names.get(name) if isinstance(name, str) else None
            if not isinstance(base, Declaration) or base in chain:
                return chain
            chain.append(base)

    def instead(self, claim: Claim, old: Declaration, new: Declaration) -> Quantity | None:
        """The derived figure of a claim with `new` wherever `old` stands; None when that does not compile."""
        statement, around = self._statements.get(claim.origin.span.start if claim.origin else -1, (None, None))
        if statement is None or around is old:
            return None
        complaints: list[Diagnostic] = []
        world = World(complaints.append, self.world.functions, self.world.rate, Maker())
        world.made[id(old)] = instance_of(new, world)
        scope = self._scope(statement, around, world)
        if scope is None:
            return None
        found = claim_of(statement, scope, world)
        broken = any(complaint.severity == "error" for complaint in complaints)
        return found.derived if found is not None and not found.missing and not broken else None
