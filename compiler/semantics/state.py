"""State of one compilation: diagnostics, results computed once, detection of cycles, and the instances made so far.

Results are kept in `Once` cells on the declarations and instances they belong to; those of the library are shared by
all compilations of a process. A compilation that finds a cell full must not differ from the one that filled it. So
everything that a computation does to the state besides its result (complaints, parts made) goes through the actions at
the end of `State`, is recorded in the cell, and is repeated for each compilation that uses the cell.
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
"""Functions that evaluate a kind of node, by its class; called with the node, its scope and the state."""
Functions: TypeAlias = Mapping[str, Callable[[syntax.Call, Scope, "State"], Value]]
"""Functions of the language by name (`sum`); called with the node of the call, its scope and the state."""
Rate: TypeAlias = Callable[[str], Quantity | None]
"""Function from a currency to its worth in USD, a quantity without a dimension; None when nobody states it."""

_working = RLock()  # cells are shared between compilations: two threads must not fill one at the same time


@define(eq=False)
class State:
    """State of one compilation.

    `hear` is called with each diagnostic. `made` holds all instances in the order of their making, `instances` maps
    finished parts to theirs. `apart` holds results of modules that are computed afresh here instead of being shared;
    when `shares` is false, so are those of the whole library. `working` maps each thing that is being computed to its
    name and the place that asked for it. `done` are the cells whose effects this state has had; `notes` is a stack with
    the effects of each computation under way.
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
        """The middle of a quantity in base units, for counts and sizes. A study is told, see `swept.plain`."""
        return plain(quantity, self.intervals).middle

    def known(self, module: Namespace) -> Known:
        """Results computed from a module: the shared ones, or this state's own."""
        if module.is_library and not self.shares:
            return self.apart.setdefault(module, Known())
        return self.apart.get(module, module.known)

    def apart_from(self, hear: Callable[[Diagnostic], None]) -> "State":
        """A copy that leaves this state unchanged and calls another `hear`: for one design of a study."""
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
        """The result of a cell, computed by `work` when it is first asked for; None, after a complaint, when it needs
        itself.

        `label` and `span` name the result and the place that asks for it in that complaint. `thing` identifies the
        computation for the detection of cycles: the cell, unless several cells stand for the same thing.
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
        # set last: `effects` tells other threads that the result is there
        cell.effects = tuple(effects.values())
        self.done.add(cell)

    @contextmanager
    def at_work(self, thing: object, label: str, span: Span) -> Iterator[None]:
        """Mark a thing as being computed while the block runs, for the detection of cycles."""
        self.working[thing] = (label, span)
        try:
            yield
        finally:
            del self.working[thing]

    def _circle(self, thing: object, label: str, span: Span) -> Diagnostic:
        """The complaint about a thing that needs itself, with the steps that lead back to it."""
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
        """Report a diagnostic."""
        self._do(State._said, diagnostic)

    def rate(self, currency: str) -> Quantity | None:
        """The worth of one unit of a currency in USD, a quantity without a dimension; None when nobody states it."""
        # noted although nothing changes: the rate may complain, which whoever reuses the result must hear too
        self._note(State.rate, currency)
        return self.currency(currency)

    def count_items(self, count: int) -> int:
        """Add to the number of items over which comprehensions ran; returns the new total."""
        self._do(State._counted, count)
        return self.items

    def add_instance(self, instance: Instance) -> None:
        """Record an instance that was made."""
        self._do(State._made, instance)

    def add_part(self, part: Part, instance: Instance) -> None:
        """Record a part that is finished, with its instance."""
        self._do(State._finished, (part, instance))

    def add_network(self, network: Network) -> None:
        """Record a network that is finished."""
        self._do(State._wired, network)

    def _do(self, action: Callable[["State", T], None], argument: T) -> None:
        action(self, argument)
        self._note(action, argument)

    def _note(self, action: Callable[..., object], argument: object) -> None:
        if self.notes:
            self.notes[-1][object()] = (action, argument)

    def _repeat(self, cell: Once[T]) -> None:
        """Repeat on this state the effects of computing a cell, unless it has had them."""
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
