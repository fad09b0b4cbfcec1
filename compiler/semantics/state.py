"""What one compilation shares: where complaints go, what is being worked out, and who makes instances."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Protocol

from attrs import define, field

from compiler.quantities.graph import Citation, Quantity
from compiler.quantities.intervals import Intervals
from compiler.quantities.swept import plain
from compiler.semantics import measures
from compiler.semantics.names import Declaration, Scope, TopLet
from compiler.semantics.values import POISON
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Label
from dsl.source import Span

DEPENDS_ON_ITSELF = Code(
    "C0401",
    "a value depends on itself",
    cause="Values form a graph without cycles; a name may be used before it stands, but not to make itself.",
    wrong="let a = b + 1\nlet b = a + 1\n",
    right="let a = b + 1\nlet b = 1\n",
)


class Workshop(Protocol):
    """What evaluation asks of those who make instances and look into them."""

    def cited(self, cite: syntax.Cite, scope: Scope, world: "World") -> Citation | None:
        """The source a cite names."""

    def called(self, declaration: Declaration, node: syntax.Call, scope: Scope, world: "World") -> Any:
        """A declaration with arguments: `UBLink("optical")`."""

    def family(self, name: str, span: Span, scope: Scope) -> Any:
        """The topologies of that name, as something to call or to lay over parts as it is; None when there are none."""

    def overridden(self, node: syntax.Override, scope: Scope, world: "World") -> Any:
        """A changed copy: `denser with { … }`."""

    def counted(self, node: syntax.Parts, scope: Scope, world: "World") -> Any:
        """So many of a thing: `8 of Ascend910C { … }`."""

    def typed(self, value: Any, parameter: syntax.Parameter | syntax.Let, span: Span, world: "World") -> Any:
        """A value held against the type of the parameter or `let` that takes it."""

    def attribute_of(self, value: Any, name: str, span: Span, world: "World") -> Any:
        """What a name means inside a value."""

    def picked(self, value: Any, at: int, span: Span, world: "World") -> Any:
        """One of many: `npus[0]`."""

    def instance(self, declaration: Declaration, world: "World") -> Any:
        """The instance of a declaration with its defaults, or None."""

    def of_part(self, part: Any, world: "World") -> Any:
        """The instance that a part came from."""

    def value(self, binding: TopLet, name: str, world: "World") -> Any:
        """The value of a let at the top of a file."""

    def is_word(self, instance: Any, name: str) -> bool:
        """Whether a name is a word that looks into an instance: `all_parts`, `racks`."""

    def wired(self, instance: Any, world: "World") -> Any:
        """The network that a network block describes."""

    def elements(self, value: Any, span: Span, world: "World") -> list[tuple[Quantity, Any]] | None:
        """What a comprehension runs over, each with how often it occurs."""


@define(eq=False)
class World:
    """What one compilation shares: where complaints go, the words that can be called, rates, and what is being worked out."""

    complain: Callable[[Diagnostic], None]
    functions: Mapping[str, Any]
    rate: measures.Rate
    workshop: Workshop
    intervals: Intervals = field(factory=Intervals)
    working: dict[tuple[int, str], tuple[str, Span]] = field(factory=dict)
    made: MutableMapping[int, Any] = field(factory=dict)
    known: MutableMapping[int, Any] = field(factory=dict)
    networks: list[Any] = field(factory=list)
    items: int = 0

    def number(self, quantity: Quantity) -> float:
        """The middle of a quantity, for counts and sizes."""
        return plain(quantity, self.intervals).middle

    def once(self, key: tuple[int, str], label: str, span: Span, work: Callable[[], Any]) -> Any:
        """Work something out, or complain when it is already being worked out."""
        if key in self.working:
            chain = list(self.working.items())
            start = [k for k, _ in chain].index(key)
            steps = [text for _, text in chain[start:]]
            names = [name for name, _ in steps]
            places = [*(place for _, place in steps[1:]), span]
            ways = zip(names, [*names[1:], names[0]], places, strict=True)
            labels = tuple(
                Label(place, f"{i}. `{name}` needs `{other}`{' again' * (i == len(steps))}")
                for i, (name, other, place) in enumerate(ways, 1)
            )
            self.complain(
                DEPENDS_ON_ITSELF.at(
                    steps[0][1],
                    f"`{label}` depends on itself",
                    "break one step of the circle",
                    labels=labels,
                )
            )
            return POISON
        self.working[key] = (label, span)
        try:
            return work()
        finally:
            del self.working[key]
