"""Evaluation of binary operators: both sides are checked, then a node of the quantity graph is made."""

from collections.abc import Callable

from compiler.quantities import units
from compiler.quantities.graph import Origin, Quantity, apply, number, truth
from compiler.quantities.units import NONE, TRUTH
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Bag, Day, Many, Value, describe
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Label

WRONG_DIMENSION = Code(
    "C0302",
    "two sides of an operator are different things",
    cause="Only quantities of one dimension can be added, subtracted or compared. Data is not a data rate, a power is not an energy.",
    wrong="let x = 1 GB + 1 GB/s\n",
    right="let x = 1 GB + 1 GB/s * 1 s\n",
)
TWO_PRECISIONS = Code(
    "C0305",
    "two precisions in one operation",
    cause="A FLOP in fp8 is not a FLOP in bf16. `untag(x)` drops the precision where that is really meant.",
    wrong="let x = 1 PFLOPS@fp8 + 1 PFLOPS@bf16\n",
    right="let x = untag(1 PFLOPS@fp8) + untag(1 PFLOPS@bf16)\n",
)
WRONG_TYPE = Code(
    "C0309",
    "a value that is not what stands here",
    cause="Arithmetic is for quantities, `and`, `or` and `not` for truths; many values are folded with sum, min, max, count first.",
    wrong='let x = "a" * 2\n',
    right="let x = 3 * 2\n",
)
TOO_MUCH = Code(
    "C0901",
    "more work than the budget allows",
    cause="Counts of parts are free, but comprehensions and joins over single instances are work; their product is limited.",
    wrong="let x = sum(i for i in 1 .. 1e9)\n",
    right="let x = sum(i for i in 1 .. 100)\n",
)

COMPARE = {
    "==": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "~=": "equal",
}
ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "floor_divide", "^": "power"}
VERBS = {"+": "added to", "-": "subtracted from", "/": "divided by"}
MOST_ITEMS = 1_000_000
"""Limit for the items of one range, and for those of all comprehensions of a compilation together."""
MOST_EXPONENT = 64


def fold_help(value: Value) -> tuple[str, ...]:
    """Help for a value that is no single quantity: fold many, or give a number."""
    if isinstance(value, Bag | Many):
        return ("fold it with `sum(…)`, `min(…)`, `max(…)`, `mean(…)` or `count(…)`",)
    return ("give a number with its unit",)


def binary(node: syntax.Binary, left: Value, right: Value, state: State) -> Value:
    """The value of a binary operation, for multisets value by value; POISON after a complaint."""
    if node.operator == "..":
        return _sequence(node, left, right, state)
    if isinstance(left, Bag) and isinstance(right, Quantity):
        return over(left, lambda item: binary(node, item, right, state))
    if isinstance(right, Bag) and isinstance(left, Quantity):
        return over(right, lambda item: binary(node, left, item, state))
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _of_quantities(node, left, right, state)
    if node.operator in ("==", "!=") and isinstance(left, str) and isinstance(right, str):
        return truth((left == right) == (node.operator == "=="))
    if node.operator in COMPARE and isinstance(left, Day) and isinstance(right, Day):
        return truth(_days(node.operator, left.text, right.text))
    wrong = right if isinstance(left, Quantity) else left
    labels = (Label(node.left.span, describe(left)), Label(node.right.span, describe(right)))
    state.complain(
        WRONG_TYPE.at(node.at, f"`{node.operator}` cannot work on {describe(wrong)}", *fold_help(wrong), labels=labels)
    )
    return POISON


def over(bag: Bag, work: Callable[[Value], Value]) -> Value:
    """The multiset of `work(value)`, counts unchanged; POISON when one of the values is."""
    items = tuple((count, work(item)) for count, item in bag.items)
    return POISON if any(item is POISON for _, item in items) else Bag(items, bag.what)


def _days(operator: str, left: str, right: str) -> bool:
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }.get(operator, left == right)


def _sequence(node: syntax.Binary, left: Value, right: Value, state: State) -> Value:
    if not (isinstance(left, Quantity) and isinstance(right, Quantity)) or left.dimension or right.dimension:
        state.complain(WRONG_TYPE.at(node.at, "`..` runs over whole numbers", "write `1 .. 8`"))
        return POISON
    low, high = state.number(left), state.number(right)
    if not high - low < MOST_ITEMS:
        state.complain(
            TOO_MUCH.at(
                node.span,
                f"`{node.span.text}` has {high - low + 1:,.0f} items, the limit is {MOST_ITEMS:,}",
                "use a shorter range, or a count of parts",
            )
        )
        return POISON
    return tuple(number(float(i)) for i in range(int(low), int(high) + 1))


def _of_quantities(node: syntax.Binary, left: Quantity, right: Quantity, state: State) -> Value:
    operator = node.operator
    if operator in ("and", "or"):
        return _logical(node, left, right, state)
    if TRUTH in (left.dimension, right.dimension):
        side = node.left if left.dimension == TRUTH else node.right
        state.complain(
            WRONG_TYPE.at(
                side.span,
                f"`{operator}` works on quantities, this is a truth value",
                "compare numbers, join truths with `and` / `or`",
            )
        )
        return POISON
    if operator in ("*", "//", "/", "^"):
        return _scaled(node, left, right, state)
    if left.dimension != right.dimension:
        state.complain(mismatch(node, left, right))
        return POISON
    op = ARITHMETIC.get(operator) or COMPARE[operator]
    return apply(op, left, right, origin=Origin(node.span))


def _logical(node: syntax.Binary, left: Quantity, right: Quantity, state: State) -> Value:
    for value, side in ((left, node.left), (right, node.right)):
        if value.dimension != TRUTH:
            state.complain(
                WRONG_TYPE.at(
                    side.span,
                    f"`{node.operator}` joins truths, this is {units.noun(value.dimension)}",
                    "compare it with something first",
                )
            )
            return POISON
    return apply(node.operator, left, right, origin=Origin(node.span))


def _scaled(node: syntax.Binary, left: Quantity, right: Quantity, state: State) -> Value:
    operator = node.operator
    if operator in ("/", "//", "*"):
        one, other = set(units.tags(left.dimension)), set(units.tags(right.dimension))
        if one and other and one != other and operator != "*":
            state.complain(mismatch(node, left, right))
            return POISON
        if operator == "//" and left.dimension != right.dimension and right.dimension:
            state.complain(mismatch(node, left, right))
            return POISON
        dimension = units.product(left.dimension, right.dimension, 1 if operator == "*" else -1)
        return apply(ARITHMETIC[operator], left, right, dimension=dimension, origin=Origin(node.span))
    return _power(node, left, right, state)


def _power(node: syntax.Binary, left: Quantity, right: Quantity, state: State) -> Value:
    exponent = state.number(right)
    if right.dimension or (left.dimension and not exponent.is_integer()) or abs(exponent) > MOST_EXPONENT:
        state.complain(
            WRONG_TYPE.at(
                node.at,
                f"a quantity cannot be raised to {node.right.span.text}",
                "an exponent is a bare whole number up to 64",
            )
        )
        return POISON
    return apply(
        "power",
        left,
        right,
        dimension=units.power(left.dimension, int(exponent)) if left.dimension else NONE,
        origin=Origin(node.span),
    )


def mismatch(node: syntax.Binary, left: Quantity, right: Quantity) -> Diagnostic:
    """The complaint about two sides of different dimensions or precisions, naming both."""
    labels = (Label(node.left.span, side_of(left)), Label(node.right.span, side_of(right)))
    tags = units.tags(left.dimension), units.tags(right.dimension)
    verb = VERBS.get(node.operator, "compared with")
    one, two = units.noun(left.dimension), units.noun(right.dimension)
    if node.operator == "-":
        one, two = two, one
    if tags[0] != tags[1] and units.untagged(left.dimension) == units.untagged(right.dimension):
        help = "state both in one precision; `untag(…)` drops it on purpose"
        if not (tags[0] and tags[1]):
            tag, plain = (tags[0] or tags[1])[0], node.right if tags[0] else node.left
            help = f"say the precision: `{plain.span.text}@{tag}`" if isinstance(plain, syntax.Measure) else help
        return TWO_PRECISIONS.at(node.at, f"{one} cannot be {verb} {two}", help, labels=labels)
    return WRONG_DIMENSION.at(node.at, f"{one} cannot be {verb} {two}", _way_out(left, right), labels=labels)


def side_of(value: Quantity) -> str:
    """The base unit of one side of an operator, in words."""
    return units.base_unit(value.dimension) if value.dimension else "a bare number"


def _way_out(left: Quantity, right: Quantity) -> str:
    apart = units.product(left.dimension, right.dimension, -1)
    if apart in (units.TIME, units.FREQUENCY):
        return "one is per second: multiply it by a time, or divide the other by one"
    if not left.dimension or not right.dimension:
        return "give the bare number its unit"
    return "both sides must be the same kind of thing"
