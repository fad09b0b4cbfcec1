"""Nodes of the syntax tree: plain frozen data, the span first. Text as written; its meaning is left to `compiler`."""

from dsl.record import node
from dsl.source import Span


@node
class Comment:
    """`# a remark`, kept for the formatter."""

    span: Span


@node
class Name:
    """A word: `Ascend910C`. Backquotes are gone from `text`."""

    span: Span
    text: str


@node
class Path:
    """Words with dots, on the left of `=` or in `connect`: `hbm.capacity`."""

    span: Span
    names: tuple[Name, ...]


@node
class Cite:
    """One source of a `from`: `cm_paper "per package"`."""

    span: Span
    source: Name
    locator: str | None


# ---- expressions -----------------------------------------------------------------------------


@node
class Number:
    """A bare number: `384`, `1_000`, `2.5e3`. `digits` is as written, for the precision of claims."""

    span: Span
    digits: str
    value: float


@node
class Measure:
    """A number with its unit in one token: `128 GB`, `752 TFLOPS@bf16`, `5%`."""

    span: Span
    digits: str
    value: float
    unit: Name


@node
class Interval:
    """Hard bounds: `650 to 800 W`; the unit may be given once, at the end."""

    span: Span
    low: "Number | Measure"
    high: "Number | Measure"


@node
class Tolerance:
    """A middle and a spread: `0.35 CNY/kWh +- 10%`."""

    span: Span
    middle: "Number | Measure"
    spread: "Number | Measure"


@node
class String:
    """`"per package"`, escapes resolved."""

    span: Span
    value: str


@node
class Date:
    """`2025-06-15`."""

    span: Span
    text: str


@node
class Boolean:
    """`true` or `false`."""

    span: Span
    value: bool


@node
class Reference:
    """A name used as a value: `dies`."""

    span: Span
    name: str


@node
class Attribute:
    """A name inside a value: `npus.hbm`."""

    span: Span
    of: "Expression"
    name: Name


@node
class Argument:
    """One argument of a call: `2`, `tiers = 2` or, of a topology, `between = 1 of Fiber`."""

    span: Span
    name: Name | None
    value: "Expression"


@node
class Call:
    """`clos(tiers = 2)`; a comprehension may be the only argument: `max(count(s.links) for s in l2)`."""

    span: Span
    function: "Expression"
    arguments: tuple[Argument, ...]


@node
class Index:
    """`npus[0]`."""

    span: Span
    of: "Expression"
    index: "Expression"


@node
class Override:
    """A changed copy: `denser with { tdp = 700 W }`."""

    span: Span
    of: "Expression"
    body: "Block"


@node
class List:
    """`[64, 128]`."""

    span: Span
    items: tuple["Expression", ...]


@node
class Comprehension:
    """`s.hbm for s in steps if s.ok`, inside brackets or as the argument of a call. `in_list` tells which."""

    span: Span
    element: "Expression"
    name: Name
    iterable: "Expression"
    condition: "Expression | None"
    in_list: bool


@node
class Unary:
    """`-x`, `+x`, `not x`; `operator` is the word."""

    span: Span
    operator: str
    operand: "Expression"


@node
class Binary:
    """`a + b`, `a <= b`, `a ~= b`, `a and b`, `1 .. 8`; `at` is the place of the operator."""

    span: Span
    operator: str
    at: Span
    left: "Expression"
    right: "Expression"


@node
class Conversion:
    """`power -> MW`: shown in another unit."""

    span: Span
    value: "Expression"
    unit: Name


@node
class If:
    """`if a then b else c`."""

    span: Span
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@node
class Parts:
    """Counted parts: `8 of Ascend910C { bin = "A" }`."""

    span: Span
    count: "Expression"
    target: "Expression"
    body: "Block | None"


@node
class Wrong:
    """Stand-in for an expression or statement that could not be read, and that has been reported."""

    span: Span


Literal = Number | Measure | Interval | Tolerance | String | Date | Boolean
Expression = (
    Literal
    | Reference
    | Attribute
    | Call
    | Index
    | Override
    | List
    | Comprehension
    | Unary
    | Binary
    | Conversion
    | If
    | Parts
    | Wrong
)


# ---- statements ------------------------------------------------------------------------------


@node
class Block:
    """Statements between braces, the braces included in the span."""

    span: Span
    statements: tuple["Statement", ...]


@node
class Edition:
    """`edition 2026`."""

    span: Span
    year: Number


@node
class Import:
    """`import std.huawei.ascend910 (Ascend910C)`, `import "site/limits.cluster" as limits`.

    `target` is a path of the library or a file name; `names` is None when the whole module is imported.
    """

    span: Span
    target: Path | String
    alias: Name | None
    names: tuple[Name, ...] | None


@node
class Field:
    """`hbm.capacity = 128 GB from cm_paper "per package"`."""

    span: Span
    path: Path
    value: Expression
    cites: tuple[Cite, ...]


@node
class FieldGroup:
    """`hbm { … }`: fields under a common path."""

    span: Span
    name: Name
    body: Block


@node
class Parameter:
    """`nodes_per_rack: Count = 4`."""

    span: Span
    name: Name
    type: Path | None
    default: Expression | None


@node
class Entity:
    """A declared thing of a kind: `chip B200(hbm = 192 GB) like B100 { … }`; also `port ub { … }` inside one."""

    span: Span
    kind: Name
    name: Name
    parameters: tuple[Parameter, ...]
    like: Expression | None
    body: Block | None


@node
class Let:
    """`let npus: Count = count(compute.npus)`."""

    span: Span
    name: Name
    type: Path | None
    value: Expression
    cites: tuple[Cite, ...]


@node
class Function:
    """`fn share(part, whole) = part / whole -> %`."""

    span: Span
    name: Name
    parameters: tuple[Parameter, ...]
    body: Expression


@node
class CheckStatement:
    """`assert power <= cap else "message"`; `word` is `assert`, `expect` or `require`."""

    span: Span
    word: str
    condition: Expression
    message: str | None


@node
class ClaimStatement:
    """`claim hbm: sum(npus.hbm.capacity) ~= 48 TB within 2% from press`; the condition is usually a Binary."""

    span: Span
    name: Name | None
    condition: Expression
    within: Expression | None
    cites: tuple[Cite, ...]


@node
class Connect:
    """`connect gpus, nics to comm.l2 on plane by clos(tiers = 2) with 1 of UBLink { cable = 2 links }`.

    `right` is empty where a topology joins the parts on the left.
    """

    span: Span
    left: tuple[Path, ...]
    right: tuple[Path, ...]
    keys: tuple[Name, ...]
    shape: Expression | None
    link: Expression
    cites: tuple[Cite, ...]


@node
class Sweep:
    """`sweep pue in [1.10, 1.25]`."""

    span: Span
    name: Name
    values: Expression


Statement = (
    Edition
    | Import
    | Field
    | FieldGroup
    | Entity
    | Let
    | Function
    | CheckStatement
    | ClaimStatement
    | Connect
    | Sweep
    | Wrong
)


@node
class Module:
    """A whole file."""

    span: Span
    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]
