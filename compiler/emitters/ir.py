"""The IR as JSON, `clusterc.ir/1`, and back. The JSON is as large for 524,288 accelerators as for 8.

Objects with an identity (quantities, parts, slots, networks, sources, places) are rows of tables, referred to by
number; all others are written where they are used. Fields with their default are left out. Of the texts, only lines
that places point to are kept.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import TypeVar, Union, cast, get_args, get_origin

import attrs

from compiler.ir.hardware import Check, Claim, ClusterDesign, Connection, Group, Network, Part, Shape, Slot
from compiler.quantities.graph import Citation, Origin, Publication, Quantity, Spread, order
from compiler.quantities.units import Dimension
from dsl.limits import room_for_nesting
from dsl.source import Source, Span

Json = Union[None, bool, int, float, str, "list[Json]", "dict[str, Json]"]
"""Any JSON value."""
Row = Mapping[str, Json]
Thing = TypeVar("Thing")

SCHEMA = "clusterc.ir/1"
TABLES: Mapping[type, str] = {
    Publication: "sources",
    Span: "places",
    Quantity: "quantities",
    Slot: "slots",
    Network: "networks",
    Part: "parts",
}
"""Classes whose objects are rows of tables, with the names of the tables."""

EMBEDDED = (Check, Citation, Claim, Connection, ClusterDesign, Group, Origin, Shape, Spread)
"""Classes whose objects are written where they are used."""
NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class WrongSchema(Exception):
    """Error of a text that is no IR, or of another version."""


def emit(design: ClusterDesign) -> str:
    """A design as JSON text, a line for each row of a table."""
    sections = (f'"{name}": {_rows(value)}' for name, value in data(design).items())
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _rows(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    return "[\n" + ",\n".join(f"  {_line(row)}" for row in value) + "\n]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def data(design: ClusterDesign) -> dict[str, Json]:
    """A design as JSON values, tables by name."""
    with room_for_nesting():
        writer = _Writer()
        root = writer.embedded(design)
    return {"schema": SCHEMA, "design": root, "files": writer.files(), **writer.tables}


def from_json(text: str) -> ClusterDesign:
    """The design of a JSON text. Raises `WrongSchema` when it is of another version or no IR."""
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or found.get("schema") != SCHEMA:
            raise WrongSchema(f"this is not {SCHEMA}")
        with room_for_nesting():
            return _Reader(found).embedded(ClusterDesign, found["design"])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise WrongSchema(f"this is no whole {SCHEMA}: {error!r}") from error


# ---- the types of fields ---------------------------------------------------------------------


@cache
def fields_of(cls: type) -> tuple[tuple[str, object, object], ...]:
    """Name, type and default of each field of a class."""
    resolved = attrs.fields(attrs.resolve_types(cls))
    return tuple((f.name, f.type, f.default) for f in resolved)


def item_type(type_: object) -> object:
    """Type of the items of a tuple or mapping; None for another type."""
    origin = get_origin(type_)
    if origin is tuple:
        return get_args(type_)[0]
    return get_args(type_)[1] if origin is Mapping else None


def optional_type(type_: object) -> object:
    """Type `X` of `X | None`; None for another type."""
    if get_origin(type_) not in (Union, UnionType):
        return None
    others = [arg for arg in get_args(type_) if arg is not NoneType]
    return others[0] if len(others) == 1 else None


def _is_default(value: object, default: object) -> bool:
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return not value
    return value is default or (type(value) is type(default) and value == default)


# ---- out -------------------------------------------------------------------------------------


class _Writer:
    """Writer of one design: tables that fill as objects are met, each once."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Json]] = {name: [] for name in TABLES.values()}
        self.known: dict[object, int] = {}
        self.kept: list[object] = []  # a thing that is gone would leave its identity to another
        self.sources: dict[int, int] = {}
        self.texts: list[tuple[Source, set[int]]] = []

    def value(self, type_: object, value: object) -> Json:
        """A field value as JSON; an object of a table becomes its row, with the table's name if the type is a union."""
        if value is None or isinstance(value, bool):
            return value
        if type_ == Dimension:
            return dict(cast(Dimension, value))
        inner = optional_type(type_)
        if inner is not None:
            return self.value(inner, value)
        if type(value) in TABLES:
            row = self.row(value)
            return row if type_ is type(value) else {TABLES[type(value)]: row}
        if type(value) in EMBEDDED:
            return self.embedded(value)
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, Mapping):
            return {name: self.value(item_type(type_), held) for name, held in value.items()}
        if isinstance(value, tuple | list):
            return [self.value(item_type(type_), held) for held in value]
        return cast("int | str", value)

    def embedded(self, thing: object) -> dict[str, Json]:
        """Fields of an object, without those that have their default."""
        cls: type = thing.__class__
        return {
            name: self.value(type_, value)
            for name, type_, default in fields_of(cls)
            if not _is_default(value := getattr(thing, name), default)
        }

    def row(self, thing: object) -> int:
        """Row of an object, which is added after those it refers to."""
        key = thing if isinstance(thing, Publication) else _place_key(thing) if isinstance(thing, Span) else id(thing)
        if key in self.known:
            return self.known[key]
        if isinstance(thing, Quantity):
            # operands first and without recursion: a sum over many parts is thousands of nodes deep
            for node in order([thing]):
                if id(node) not in self.known:
                    self._append(id(node), node, self.embedded(node))
            return self.known[id(thing)]
        return self._append(key, thing, self.place(thing) if isinstance(thing, Span) else self.embedded(thing))

    def _append(self, key: object, thing: object, data: dict[str, Json]) -> int:
        table = self.tables[TABLES[type(thing)]]
        table.append(data)
        self.kept.append(thing)
        self.known[key] = len(table) - 1
        return len(table) - 1

    def place(self, span: Span) -> dict[str, Json]:
        """A place as file, lines and columns; its lines will be kept."""
        source = span.source
        if id(source) not in self.sources:
            self.sources[id(source)] = len(self.texts)
            self.texts.append((source, set()))
        file = self.sources[id(source)]
        (line, column), (end_line, end_column) = source.line_column(span.start), source.line_column(span.end)
        self.texts[file][1].update(range(line, end_line + 1))
        return {"file": file, "line": line, "column": column, "end_line": end_line, "end_column": end_column}

    def files(self) -> list[Json]:
        """Texts that places point into, each with the lines that are kept."""
        return [
            {"name": source.name, "lines": {str(line): source.line(line) for line in sorted(lines)}}
            for source, lines in self.texts
        ]


def _place_key(span: Span) -> tuple[int, int, int]:
    return id(span.source), span.start, span.end


# ---- back ------------------------------------------------------------------------------------


class _Reader:
    """Reader of one text: objects of the tables, each made once, when it is first needed."""

    def __init__(self, found: Mapping[str, list[Row]]) -> None:
        self.rows = {name: found[name] for name in TABLES.values()}
        self.made: dict[str, dict[int, object]] = {name: {} for name in TABLES.values()}
        self.sources = [_source(file) for file in found["files"]]
        for place in range(len(self.rows["quantities"])):  # operands come first: no depth
            self.row(Quantity, place)

    def value(self, type_: object, value: Json) -> object:
        """Field value of a type from its JSON."""
        if value is None or isinstance(value, bool):
            return value
        read = _readers().get(type_)
        if read is not None:
            return read(self, value)
        inner = optional_type(type_)
        if inner is not None:
            return self.value(inner, value)
        if isinstance(value, list):
            item = item_type(type_)
            return tuple(self.value(item, held) for held in value)
        if isinstance(value, dict):
            if get_origin(type_) is Mapping:
                item = item_type(type_)
                return {name: self.value(item, held) for name, held in value.items()}
            name, row = next(iter(value.items()))
            return self.row(next(cls for cls, table in TABLES.items() if table == name), cast(int, row))
        return value

    def embedded(self, cls: type[Thing], value: Row) -> Thing:
        """Object of a class from its fields."""
        kind: type = cls
        make: Callable[..., Thing] = cls
        types = {name: type_ for name, type_, _ in fields_of(kind)}
        return make(**{name: self.value(types[name], held) for name, held in value.items()})

    def row(self, cls: type, row: int) -> object:
        """Object of a row of the table of a class."""
        name = TABLES[cls]
        made = self.made[name]
        if row not in made:
            value = self.rows[name][row]
            made[row] = self.place(cast(Mapping[str, int], value)) if cls is Span else self.embedded(cls, value)
        return made[row]

    def place(self, at: Mapping[str, int]) -> Span:
        """A place in one of the texts."""
        source = self.sources[at["file"]]
        starts = source.line_starts
        start, end = starts[at["line"] - 1] + at["column"] - 1, starts[at["end_line"] - 1] + at["end_column"] - 1
        return Span(source, start, end)


@cache
def _readers() -> Mapping[object, Callable[[_Reader, Json], object]]:
    """Readers of the types that have a JSON form of their own."""

    def of_table(cls: type) -> Callable[[_Reader, Json], object]:
        return lambda reader, row: reader.row(cls, cast(int, row))

    def of_data(cls: type) -> Callable[[_Reader, Json], object]:
        return lambda reader, value: reader.embedded(cls, cast(Row, value))

    return {
        **{cls: of_table(cls) for cls in TABLES},
        **{cls: of_data(cls) for cls in EMBEDDED},
        Dimension: lambda _, value: tuple(sorted(cast(dict[str, int], value).items())),
        float: lambda _, value: NUMBERS[value] if isinstance(value, str) else float(cast(float, value)),
    }


def _source(file: Row) -> Source:
    """Source of a text with the kept lines in their places; the others are empty."""
    known = {int(line): text for line, text in cast(Mapping[str, str], file["lines"]).items()}
    return Source(cast(str, file["name"]), "\n".join(_through(known)))


def _through(known: Mapping[int, str]) -> Iterator[str]:
    for line in range(1, max(known, default=0) + 1):
        yield known.get(line, "")
