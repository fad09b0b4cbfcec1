"""State of one compilation: where complaints go, what is being worked out, and what was made.

Results are kept in `Once` cells, on the declarations and instances that they belong to. Those of the library outlive the
compilation that worked them out. So that this shows nowhere, all that working something out does to the state goes
through the actions below `once`, which notes it in the cell and does it again for a compilation that finds the cell full.
"""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from threading import RLock
from typing import TypeAlias, TypeVar

from attrs import define, evolve, field

from compiler.ir.hardware import Network, Part
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.quantities.swept import plain
from compiler.semantics.values import Effect, Instance, Known, Namespace, Once, Scope, Value
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

T = TypeVar("T")
Handlers: TypeAlias = Mapping[type, Callable[..., Value]]
"""The function that works out each kind of node, called with the node, its scope and the state."""
Functions: TypeAlias = Mapping[str, Callable[[syntax.Call, Scope, "State"], Value]]
"""What each word of the language that can be called does with a call."""
Rate: TypeAlias = Callable[[str], Quantity | None]
"""The worth of one unit of a currency, in USD, without a dimension; None when nobody states it."""

_working = RLock()  # cells are shared between compilations: two threads must not fill one at the same time


@define(eq=False)
class State:
    """State of one compilation.

    `made` holds every instance in the order in which they came to be, `instances` those that finished parts came from.
    `apart` is what is known of modules that are worked out afresh here, whatever is known of them elsewhere; without
    `shares` those are all of the library. `working` are the things being worked out, each with its name and where it
    is asked for; `done` is all work that this state has seen the effects of, `notes` the effects of what is at
    work, those of a cell once.
    """

    hear: Callable[[Diagnostic], None]
    handlers: Handlers
    functions: Functions
    currency: Rate
    shares: bool = True
    apart: dict[Namespace, Known] = field(factory=dict)
    intervals: Intervals = field(factory=Intervals)
    working: dict[object, tuple[str, Span]] = field(factory=dict)
    made: dict[Instance, None] = field(factory=dict)
    instances: MutableMapping[Part, Instance] = field(factory=dict)
    networks: dict[Network, None] = field(factory=dict)
    items: int = 0
    done: set[object] = field(factory=set)
    notes: list[dict[object, Effect]] = field(factory=list)

    def number(self, quantity: Quantity) -> float:
        """The middle of a quantity in base units, for counts and sizes; it shapes the design."""
        return plain(quantity, self.intervals).middle

    def known(self, module: Namespace) -> Known:
        """The results that have been worked out of a module."""
        if module.is_library and not self.shares:
            return self.apart.setdefault(module, Known())
        return self.apart.get(module, module.known)

    def apart_from(self, hear: Callable[[Diagnostic], None]) -> "State":
        """A state that starts from this one and leaves it alone, with other ears: for a design of a study."""
        return evolve(
            self,
            hear=hear,
            intervals=Intervals(),
            made=dict(self.made),
            instances=ChainMap({}, self.instances),
            networks=dict(self.networks),
            items=0,
            done=set(self.done),
        )

    # ---- results worked out once -------------------------------------------------------------

    def once(self, cell: Once[T], label: str, span: Span, work: Callable[[], T], thing: object = None) -> T | None:
        """The result of a cell, worked out when it is first asked for; None, with a complaint, when it needs itself.

        `label` and `span` say in that complaint what is worked out and who asks for it. `thing` is what must not be
        needed meanwhile: the cell, unless other cells stand for the same.
        """
        if cell.effects is None:
            thing = thing or cell
            with _working:
                if thing in self.working:
                    self.complain(self._circle(thing, label, span))
                    return None
                if cell.effects is None:
                    self._fill(cell, work, thing, (label, span))
        self._repeat(cell)
        if self.notes:  # also what this state knew before: another that finds the outer cell full may not
            self.notes[-1].setdefault(cell, (State._repeat, cell))
        return cell.result

    def _fill(self, cell: Once[T], work: Callable[[], T], thing: object, step: tuple[str, Span]) -> None:
        effects: dict[object, Effect] = {}
        self.notes.append(effects)
        self.working[thing] = step
        try:
            cell.result = work()
        finally:
            del self.working[thing]
            self.notes.pop()
        cell.effects = tuple(effects.values())
        self.done.add(cell)

    @contextmanager
    def at_work(self, thing: object, label: str, span: Span) -> Iterator[None]:
        """Holds a thing as being worked out; whoever needs it meanwhile needs itself."""
        self.working[thing] = (label, span)
        try:
            yield
        finally:
            del self.working[thing]

    def _circle(self, thing: object, label: str, span: Span) -> Diagnostic:
        """The complaint about a thing that is needed while it is worked out, with the steps that lead back to it."""
        start = list(self.working).index(thing)
        steps = list(self.working.values())[start:]
        names = [name for name, _ in steps]
        places = [*(place for _, place in steps[1:]), span]
        ways = zip(names, [*names[1:], names[0]], places, strict=True)
        labels = tuple(
            Label(place, f"{i}. `{name}` needs `{other}`{' again' * (i == len(steps))}")
            for i, (name, other, place) in enumerate(ways, 1)
        )
        return DEPENDS_ON_ITSELF.at(
            steps[0][1], f"`{label}` depends on itself", "break one step of the circle", labels=labels
        )

    # ---- what working something out does besides ---------------------------------------------

    def complain(self, diagnostic: Diagnostic) -> None:
        """Take a complaint."""
        self._do(State._said, diagnostic)

    def rate(self, currency: str) -> Quantity | None:
        """The worth of one unit of a currency, in USD, without a dimension; None when nobody states it."""
        self._note(State.rate, currency)
        return self.currency(currency)

    def count_items(self, count: int) -> int:
        """The items over which comprehensions ran, with so many more."""
        self._do(State._counted, count)
        return self.items

    def add_instance(self, instance: Instance) -> None:
        """Take note of an instance that was made."""
        self._do(State._made, instance)

    def add_part(self, part: Part, instance: Instance) -> None:
        """Take note of a part that is finished."""
        self._do(State._finished, (part, instance))

    def add_network(self, network: Network) -> None:
        """Take note of a network that is wired."""
        self._do(State._wired, network)

    def _do(self, action: Callable[["State", T], None], argument: T) -> None:
        action(self, argument)
        self._note(action, argument)

    def _note(self, action: Callable[..., object], argument: object) -> None:
        if self.notes:
            self.notes[-1][object()] = (action, argument)

    def _repeat(self, cell: Once[T]) -> None:
        """Do to this state what working out a cell did to another."""
        if cell not in self.done:
            self.done.add(cell)
            for action, argument in cell.effects or ():
                action(self, argument)

    def _said(self, diagnostic: Diagnostic) -> None:
        self.hear(diagnostic)

    def _counted(self, count: int) -> None:
        self.items += count

    def _made(self, instance: Instance) -> None:
        self.made.setdefault(instance)

    def _finished(self, found: tuple[Part, Instance]) -> None:
        part, instance = found
        self.instances[part] = instance
        self.made.setdefault(instance)

    def _wired(self, network: Network) -> None:
        self.networks.setdefault(network)
