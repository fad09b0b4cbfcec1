"""Every number of the standard library has a dated, graded source and is held against the table of published facts.

`hardware_facts.csv` is the table. `library_facts*.csv` say which row of it each number of the library is:

    declaration   file under stdlib/ without its ending, a colon, the declaration: `huawei/ascend910:Ascend910C`
    path          the field as a dotted path, through groups and ports: `peak.bf16`, `ub.rate`
    bound         empty for a plain literal or the middle of a tolerance; `low` or `high` for the ends of an interval;
                  `within` when the table has a typical value that the interval holds
    entity, field, value, qualifier
                  the row of the table, as written there; these four must name a row that exists
    factor        what the row's value is multiplied by to be the library's: empty, `1/2` (one direction of two), `2`

`library_designs*.csv` do the same for what follows from the library: `expression` is a value of the design `d`, worked
out by the compiler, and agrees when it is within half of the last digit that the table states.

A number that the table does not have is a row whose entity is `-` and whose qualifier says why.
Texts and dates may be mapped too: a text must stand in the table's, a date lie in the table's month, quarter or year.
"""

import csv
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from compiler.ir.kinds import BY_NAME
from compiler.quantities import units
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.quantities.provenance import GRADES
from compiler.semantics.members import top_let
from compiler.semantics.values import TopLet
from compiler.workspace.compilation import compile_file, compile_text
from dsl import syntax
from dsl.parser import parse
from dsl.source import Source

HERE = Path(__file__).parent
STDLIB = HERE.parents[1] / "stdlib"
FACTS = HERE / "hardware_facts.csv"
MAPPINGS = sorted(HERE.glob("library_facts*.csv"))
DESIGNS = sorted(HERE.glob("library_designs*.csv"))
COLUMNS = ["declaration", "path", "bound", "entity", "field", "value", "qualifier", "factor"]
LITERALS = (syntax.Number, syntax.Measure, syntax.Interval, syntax.Tolerance)
COUNTED = frozenset(
    (
        *("NPUs", "GPUs", "APUs", "CPUs", "NICs", "dies", "cores", "racks", "nodes", "stacks", "ports", "links"),
        *("lanes", "chips", "trays", "modules", "switches", "cages", "planes", "pods", "devices", "systems"),
        *("channels", "servers", "cables", "fibers", "endpoints", "ratio"),
    )
)
SPELLED = {"kgCO2/kWh": "kg/kWh", "gCO2/kWh": "g/kWh", "mm2": "mm^2", "m2": "m^2", "percent": "%"}
SCALED = {"billion": 1e9, "months": 730 * 3600.0, "days": 86400.0, "OU": 0.048}


@frozen
class Stated:
    """One field of the library that holds a literal."""

    place: str
    declaration: str
    path: str
    value: syntax.Expression
    cites: tuple[syntax.Cite, ...]
    wiring: bool


@cache
def module(name: str) -> syntax.Module:
    """The tree of a file of the library; one that does not parse fails the test that asked."""
    text = (STDLIB / f"{name}.cluster").read_text(encoding="utf-8")
    tree, diagnostics = parse(Source(f"stdlib/{name}.cluster", text))
    assert not diagnostics, f"stdlib/{name}.cluster: {diagnostics[0].message}"
    return tree


def modules() -> list[str]:
    return sorted(path.relative_to(STDLIB).with_suffix("").as_posix() for path in STDLIB.rglob("*.cluster"))


def nodes(value: Any) -> Iterator[Any]:
    """A node and all below it, in the order of the text."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif type(value).__module__ == syntax.__name__:
        yield value
        for name in type(value).__match_args__:
            if name != "span":
                yield from nodes(getattr(value, name))


def place(span: Any) -> str:
    return f"{span.source.name}:{span.source.line_column(span.start)[0]}"


def stated(name: str) -> Iterator[Stated]:
    """The fields of a file of the library."""
    return stated_in(module(name), name)


def stated_in(tree: syntax.Module, name: str) -> Iterator[Stated]:
    """The fields of a module, source declarations left out: they hold no figures."""
    for statement in tree.statements:
        if isinstance(statement, syntax.Entity) and statement.kind.text != "source" and statement.body:
            yield from _in_block(statement.body, f"{name}:{statement.name.text}", (), ())
        elif isinstance(statement, syntax.Let):
            yield Stated(place(statement.span), name, statement.name.text, statement.value, statement.cites, False)


def _in_block(
    block: syntax.Block, declaration: str, path: tuple[str, ...], wired: tuple[syntax.Cite, ...], wiring: bool = False
) -> Iterator[Stated]:
    for statement in block.statements:
        if isinstance(statement, syntax.FieldGroup | syntax.Entity) and statement.body:
            yield from _in_block(statement.body, declaration, (*path, statement.name.text), wired, wiring)
        elif isinstance(statement, syntax.Connect) and isinstance(statement.link, syntax.Parts) and statement.link.body:
            yield from _in_block(statement.link.body, declaration, path, statement.cites, True)
        elif isinstance(statement, syntax.Field | syntax.Let):
            names = statement.path.names if isinstance(statement, syntax.Field) else (statement.name,)
            full = (*path, *(name.text for name in names))
            value, cites = statement.value, statement.cites or wired
            yield Stated(place(statement.span), declaration, ".".join(full), value, cites, wiring)
            if isinstance(value, syntax.Parts) and value.body:
                yield from _in_block(value.body, declaration, full, wired, wiring)


def is_figure(field: Stated) -> bool:
    """Whether the field states a number of its own; the body of counted parts is judged by its own fields."""
    value = field.value.count if isinstance(field.value, syntax.Parts) else field.value
    return any(isinstance(node, LITERALS) for node in nodes(value))


@cache
def sources(name: str) -> dict[str, tuple[str, syntax.Entity]]:
    """The source declarations that a module can cite, its own and imported ones, by the name they have there."""
    found = {s.name.text: (name, s) for s in _declared(name, "source")}
    for statement in module(name).statements:
        if isinstance(statement, syntax.Import) and statement.names and isinstance(statement.target, syntax.Path):
            origin = "/".join(part.text for part in statement.target.names[1:])
            theirs = {s.name.text: (origin, s) for s in _declared(origin, "source")}
            found |= {n.text: theirs[n.text] for n in statement.names if n.text in theirs}
    return found


def _declared(name: str, kind: str) -> list[syntax.Entity]:
    return [s for s in module(name).statements if isinstance(s, syntax.Entity) and s.kind.text == kind]


def field_of(entity: syntax.Entity, name: str) -> Any:
    statements = entity.body.statements if entity.body else ()
    for statement in statements:
        if isinstance(statement, syntax.Field) and [n.text for n in statement.path.names] == [name]:
            return statement.value
    return None


# ---- the table --------------------------------------------------------------------------------


@cache
def facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def mapping() -> list[dict[str, str]]:
    """The rows of all mapping files, each with the place it stands at."""
    rows = []
    for path in MAPPINGS:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            assert reader.fieldnames == COLUMNS, f"{path.name}: the header is {','.join(COLUMNS)}"
            rows += [row | {"place": f"{path.name}:{reader.line_num}"} for row in reader]
    return rows


def table_row(row: dict[str, str]) -> dict[str, str] | None:
    """The row of the table that a mapping row names."""
    key = ("entity", "field", "value", "qualifier")
    return next((fact for fact in facts() if all(fact[k] == row[k] for k in key)), None)


def table_value(fact: dict[str, str]) -> tuple[float, units.Dimension, str | None]:
    """A row's value in base units, its dimension with operations alike, and its currency."""
    value, unit = float(fact["value"]), fact["unit"]
    if unit == "C":
        return value + 273.15, units.TEMPERATURE, None
    if unit in SCALED:
        of = {"billion": units.NONE, "OU": units.LENGTH}.get(unit, units.TIME)
        return value * SCALED[unit], of, None
    if not unit or unit in COUNTED:
        return value, units.NONE, None
    found = units.unit(SPELLED.get(unit, unit))
    assert found, f"the table's unit `{unit}` is not known here"
    return value * found.scale, units.operations_alike(found.dimension), found.currency


def literal(value: syntax.Expression, bound: str) -> tuple[float, units.Dimension, str | None] | None:
    """The number that a literal states, in base units; None when it is no literal or has no such bound."""
    if isinstance(value, syntax.Parts):
        value = value.count
    if isinstance(value, syntax.Interval):
        ends = {"low": value.low, "high": value.high}
        return _measure(ends[bound], value.high) if bound in ends else None
    if isinstance(value, syntax.Tolerance):
        middle, spread = _measure(value.middle, value.middle), _measure(value.spread, value.middle)
        by = spread[0] * (middle[0] if isinstance(value.spread, syntax.Measure) and spread[1] == units.NONE else 1)
        return middle[0] + {"": 0.0, "low": -by, "high": by}[bound], middle[1], middle[2]
    return _measure(value, value) if isinstance(value, syntax.Number | syntax.Measure) and not bound else None


def _measure(value: Any, unit_from: Any) -> tuple[float, units.Dimension, str | None]:
    carrier = value if isinstance(value, syntax.Measure) else unit_from
    if not isinstance(carrier, syntax.Measure):
        return value.value, units.NONE, None
    unit = units.unit(carrier.unit.text)
    assert unit, f"`{carrier.unit.text}` is not a unit"
    return value.value * unit.scale, units.operations_alike(unit.dimension), unit.currency


def factor(text: str) -> float:
    """A factor as written: empty, `1/2`, `1/2/18`, `2`."""
    first, *rest = (text or "1").split("/")
    result = Fraction(first)
    for part in rest:
        result /= Fraction(part)
    return float(result)


def date_within(date: str, period: str) -> bool:
    """Whether a day lies in a day, month, quarter or year as the table writes it: `2026-Q4`, `2023`."""
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return date[:4] == year and (int(date[5:7]) + 2) // 3 == int(rest[1:])
    return date.startswith(period)


def disagreement(field: Stated, row: dict[str, str], fact: dict[str, str]) -> str | None:
    """How a field of the library differs from its row of the table, or None."""
    if isinstance(field.value, syntax.String):
        same = field.value.value.casefold() in fact["value"].casefold()
        return None if same else f"`{field.value.value}` is not in `{fact['value']}`"
    if isinstance(field.value, syntax.Date):
        same = date_within(field.value.text, fact["value"])
        return None if same else f"{field.value.text} is not in {fact['value']}"
    ends = [literal(field.value, bound) for bound in (("low", "high") if row["bound"] == "within" else (row["bound"],))]
    ours = [end for end in ends if end is not None]
    if len(ours) < len(ends):
        return f"no literal there with the bound `{row['bound']}`"
    value, of, currency = table_value(fact)
    expected = value * factor(row["factor"])
    if (ours[0][1], ours[0][2]) != (of, currency):
        return f"the library has {units.noun(ours[0][1])}, the table {units.noun(of)}"
    slack = 1e-6 * abs(expected)
    close = ours[0][0] - slack <= expected <= ours[-1][0] + slack
    return None if close else f"the library has {ours[0][0]:.8g}, the table {expected:.8g} {units.base_unit(of)}"


# ---- the tests --------------------------------------------------------------------------------


def bare(fields: Iterator[Stated]) -> list[str]:
    """Numbers without a source, each with its place."""
    return [f"{f.place}: `{f.path}` has no source" for f in fields if is_figure(f) and not f.cites]


@pytest.mark.parametrize("name", modules())
def test_every_number_has_a_source(name: str) -> None:
    found = bare(stated(name))
    assert not found, "\n".join(found)


def test_a_number_without_a_source_is_named_by_its_line() -> None:
    text = "chip A {\n  tdp = 700 W from s\n  hbm {\n    capacity = 80 GB\n  }\n  port p { lanes = dies * 2 }\n}\n"
    tree, diagnostics = parse(Source("a.cluster", text))
    assert not diagnostics
    assert bare(stated_in(tree, "a")) == [
        "a.cluster:4: `hbm.capacity` has no source",
        "a.cluster:6: `p.lanes` has no source",
    ]


def test_a_wrong_number_is_told_apart_from_the_table() -> None:
    tree, _ = parse(Source("a.cluster", "port p { rate = 100 GB/s from s }\n"))
    (field,) = stated_in(tree, "a")
    fact = {"value": "1.8", "unit": "TB/s"}
    assert disagreement(field, {"bound": "", "factor": "1/18"}, fact) is None
    assert disagreement(field, {"bound": "", "factor": "1/2"}, fact) == "the library has 1e+11, the table 9e+11 B/s"


@pytest.mark.parametrize("name", modules())
def test_every_source_cited_has_a_date_and_a_grade(name: str) -> None:
    wrong = []
    for node in nodes(module(name)):
        if not isinstance(node, syntax.Cite):
            continue
        found = sources(name).get(node.source.text)
        if found is None:
            wrong.append(f"{place(node.span)}: no source `{node.source.text}`")
            continue
        grade, date = field_of(found[1], "grade"), field_of(found[1], "date")
        if not isinstance(date, syntax.Date):
            wrong.append(f"{place(found[1].span)}: `{node.source.text}` has no date")
        if not isinstance(grade, syntax.String) or grade.value not in GRADES:
            wrong.append(f"{place(found[1].span)}: `{node.source.text}` has no grade of {', '.join(GRADES)}")
    assert not wrong, "\n".join(dict.fromkeys(wrong))


@pytest.mark.parametrize("name", modules())
def test_every_declaration_and_import_has_a_meaning(name: str) -> None:
    wrong = []
    for statement in module(name).statements:
        if isinstance(statement, syntax.Entity) and statement.kind.text not in BY_NAME:
            wrong.append(f"{place(statement.span)}: no kind `{statement.kind.text}`")
        if isinstance(statement, syntax.Import) and isinstance(statement.target, syntax.Path):
            origin = "/".join(part.text for part in statement.target.names[1:])
            if origin not in modules():
                wrong.append(f"{place(statement.span)}: no file stdlib/{origin}.cluster")
                continue
            there = {s.name.text for s in module(origin).statements if hasattr(s, "name")}
            wrong += [f"{place(n.span)}: no `{n.text}` there" for n in statement.names or () if n.text not in there]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", modules())
def test_every_number_is_held_against_the_table(name: str) -> None:
    """Each number has a mapping row; the message lists the missing ones, ready to be pasted and filled in."""
    mapped = {(row["declaration"], row["path"]) for row in mapping()}
    missing = [
        f"{f.declaration},{f.path},,,,,,"
        for f in stated(name)
        if is_figure(f) and not f.wiring and (f.declaration, f.path) not in mapped
    ]
    assert not missing, "no row in any library_facts*.csv for:\n" + "\n".join(missing)


def test_the_library_agrees_with_the_table() -> None:
    library = {(f.declaration, f.path): f for name in modules() for f in stated(name)}
    wrong = []
    for row in mapping():
        field = library.get((row["declaration"], row["path"]))
        if field is None:
            wrong.append(f"{row['place']}: the library has no {row['declaration']} {row['path']}")
        elif row["entity"] == "-":
            if not row["qualifier"]:
                wrong.append(f"{row['place']}: a number that is not in the table needs a reason")
        elif (fact := table_row(row)) is None:
            wrong.append(f"{row['place']}: no such row in {FACTS.name}")
        elif difference := disagreement(field, row, fact):
            wrong.append(f"{field.place}: `{field.path}` {difference} ({row['place']})")
    assert not wrong, "\n".join(wrong)


def test_both_ends_of_an_interval_are_held_against_the_table() -> None:
    library = {(f.declaration, f.path): f for name in modules() for f in stated(name)}
    ends: dict[tuple[str, str], set[str]] = {}
    for row in mapping():
        ends.setdefault((row["declaration"], row["path"]), set()).add("" if row["entity"] == "-" else row["bound"])
    wrong = [
        f"{library[key].place}: `{key[1]}` has two ends, one is mapped"
        for key, bounds in ends.items()
        if key in library and isinstance(library[key].value, syntax.Interval) and bounds in ({"low"}, {"high"})
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", modules())
def test_the_compiler_has_no_complaint(name: str) -> None:
    found = compile_file(STDLIB / f"{name}.cluster").diagnostics
    assert not found, "\n".join(f"{place(d.span)}: {d.message}" for d in found)


def last_digit(stated: str, counted: bool) -> float:
    """What one of the last digit stated is worth; the zeros that end a whole number are digits only of a count."""
    whole, _, fraction = stated.partition(".")
    zeros = 0 if counted or fraction else len(whole) - len(whole.rstrip("0"))
    return 10.0 ** (zeros - len(fraction))


def figures() -> dict[str, list[dict[str, str]]]:
    """The rows of all design files by the declaration they are about."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in DESIGNS:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["declaration"], []).append(row)
    return found


@pytest.mark.parametrize("declaration", sorted(figures()))
def test_what_follows_from_the_library_is_what_was_published(declaration: str) -> None:
    name, _, design = declaration.partition(":")
    rows = figures()[declaration]
    text = f"import std.{name.replace('/', '.')} ({design})\nlet d = {design}\n"
    compiled = compile_text(text + "".join(f"let figure_{n} = {row['expression']}\n" for n, row in enumerate(rows)))
    assert compiled.module and not compiled.diagnostics, [d.message for d in compiled.diagnostics]
    wrong = []
    for n, row in enumerate(rows):
        fact = table_row(row)
        assert fact, f"{row['expression']}: no such row in {FACTS.name}"
        key = f"figure_{n}"
        binding = compiled.module.names[key]
        assert isinstance(binding, TopLet)
        ours = top_let(binding, binding.node.name.span, compiled.state)
        assert isinstance(ours, Quantity)
        value, of, _ = table_value(fact)
        half = last_digit(fact["value"], counted=not of) / 2 * value / float(fact["value"])
        found = Intervals().of(ours)
        if units.operations_alike(ours.dimension) != of or abs(found.middle - value) > half * 1.000001:
            wrong.append(f"{row['expression']} is {found.middle:.8g}, the table has {value:.8g} {units.base_unit(of)}")
    assert not wrong, "\n".join(wrong)


def coverage() -> tuple[int, int, int]:
    """Numbers in the library, those of them the table has, and rows of the table that are used."""
    numbers = {(f.declaration, f.path) for name in modules() for f in stated(name) if is_figure(f) and not f.wiring}
    held = [row for row in mapping() if row["entity"] != "-"]
    used = {(row["entity"], row["field"], row["value"], row["qualifier"]) for row in held}
    return len(numbers), len(numbers & {(row["declaration"], row["path"]) for row in held}), len(used)


def test_most_of_the_library_is_in_the_table(record_property: Any) -> None:
    numbers, held, used = coverage()
    record_property("library_coverage", f"{held} of {numbers} numbers, {used} of {len(facts())} rows")
    assert held >= 0.7 * numbers, f"only {held} of {numbers} numbers of the library are in the table"
