"""The IR as JSON, `clusterc.ir/1`, and back: counted, without syntax, as large for 524,288 accelerators as for 8.

Things with an identity (quantities, parts, slots, networks, sources, places) stand in tables and are referred to by
their row; everything else stands where it is used. A field that has its default is left out. Of the texts only the
lines are kept that places point at.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from compiler.ir.cluster import Check, Claim, Connection, Design, Group, Network, Part, Shape, Slot
from compiler.quantities.graph import Citation, Origin, Quantity, Spread, order
from compiler.quantities.graph import Source as Publication
from compiler.quantities.units import Dimension
from dsl.limits import room_for_nesting
from dsl.source import Source, Span

SCHEMA = "clusterc.ir/1"
TABLES: Mapping[type, str] = {
    Publication: "sources",
    Span: "places",
    Quantity: "quantities",
    Slot: "slots",
    Network: "networks",
    Part: "parts",
}
"""What has rows of its own, and where."""

_EMBEDDED = (Check, Citation, Claim, Connection, Design, Group, Origin, Shape, Spread)
_NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class WrongSchema(Exception):
    """The text is not an IR of the version that is read here."""


def emit(design: Design) -> str:
    """A design as a JSON text, one row a line, ended by a newline."""
    sections = (f'"{name}": {_rows(value)}' for name, value in data(design).items())
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _rows(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    return "[\n" + ",\n".join(f"  {_line(row)}" for row in value) + "\n]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def data(design: Design) -> dict[str, object]:
    """A design as what JSON can say."""
    with room_for_nesting():
        writer = _Writer()
        root = writer.embedded(design)
    return {"schema": SCHEMA, "design": root, "files": writer.files(), **writer.tables}


def from_json(text: str) -> Design:
    """The design of a JSON text. Raises `WrongSchema` when it is of another version or no IR at all."""
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or found.get("schema") != SCHEMA:
            raise WrongSchema(f"this is not {SCHEMA}")
        with room_for_nesting():
            design: Design = _Reader(found).embedded(Design, found["design"])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise WrongSchema(f"this is no whole {SCHEMA}: {error!r}") from error
    return design


# ---- what a field holds ----------------------------------------------------------------------


@cache
def _fields(cls: type) -> tuple[tuple[str, Any, object], ...]:
    """Name, type and default of each field of a class."""
    resolved = attrs.fields(attrs.resolve_types(cls))
    return tuple((f.name, f.type, f.default) for f in resolved)


def _is_default(value: object, default: object) -> bool:
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return not value
    return value is default or (type(value) is type(default) and value == default)


def _item(type_: Any) -> Any:
    """The type of what a tuple or mapping holds; None when the type is neither."""
    origin = get_origin(type_)
    if origin is tuple:
        return get_args(type_)[0]
    return get_args(type_)[1] if origin is Mapping else None


def _optional(type_: Any) -> Any:
    """The one type besides None in `X | None`; None for anything else."""
    if get_origin(type_) not in (Union, UnionType):
        return None
    others = [arg for arg in get_args(type_) if arg is not NoneType]
    return others[0] if len(others) == 1 else None


# ---- out -------------------------------------------------------------------------------------


class _Writer:
    """Tables that fill as things are met, each once."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Any]] = {name: [] for name in TABLES.values()}
        self.known: dict[object, int] = {}
        self.kept: list[object] = []
        self.sources: dict[int, int] = {}
        self.texts: list[tuple[Source, set[int]]] = []

    def value(self, type_: Any, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if type_ == Dimension:
            return dict(value)
        inner = _optional(type_)
        if inner is not None:
            return self.value(inner, value)
        if type(value) in TABLES:
            row = self.row(value)
            return row if type_ is type(value) else {TABLES[type(value)]: row}
        if type(value) in _EMBEDDED:
            return self.embedded(value)
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, Mapping):
            return {name: self.value(_item(type_), held) for name, held in value.items()}
        if isinstance(value, tuple | list):
            return [self.value(_item(type_), held) for held in value]
        return value

    def embedded(self, thing: Any) -> dict[str, Any]:
        return {
            name: self.value(type_, value)
            for name, type_, default in _fields(thing.__class__)
            if not _is_default(value := getattr(thing, name), default)
        }

    def row(self, thing: Any) -> int:
        """The row of a thing, which gets one after what it refers to has its own."""
        key = thing if isinstance(thing, Publication) else _place_key(thing) if isinstance(thing, Span) else id(thing)
        if key in self.known:
            return self.known[key]
        if isinstance(thing, Quantity):
            for node in order([thing]):
                if id(node) not in self.known:
                    self._append(id(node), node, self.embedded(node))
            return self.known[id(thing)]
        return self._append(key, thing, self.place(thing) if isinstance(thing, Span) else self.embedded(thing))

    def _append(self, key: object, thing: object, data: dict[str, Any]) -> int:
        table = self.tables[TABLES[type(thing)]]
        table.append(data)
        self.kept.append(thing)
        self.known[key] = len(table) - 1
        return len(table) - 1

    def place(self, span: Span) -> dict[str, Any]:
        source = span.source
        if id(source) not in self.sources:
            self.sources[id(source)] = len(self.texts)
            self.texts.append((source, set()))
        file = self.sources[id(source)]
        (line, column), (end_line, end_column) = source.line_column(span.start), source.line_column(span.end)
        self.texts[file][1].update(range(line, end_line + 1))
        return {"file": file, "line": line, "column": column, "end_line": end_line, "end_column": end_column}

    def files(self) -> list[dict[str, object]]:
        return [
            {"name": source.name, "lines": {str(line): source.line(line) for line in sorted(lines)}}
            for source, lines in self.texts
        ]


def _place_key(span: Span) -> tuple[int, int, int]:
    return id(span.source), span.start, span.end


# ---- back ------------------------------------------------------------------------------------


class _Reader:
    """Things of the tables, each made once, when it is first asked for."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.rows = {name: found[name] for name in TABLES.values()}
        self.made: dict[str, dict[int, Any]] = {name: {} for name in TABLES.values()}
        self.sources = [_source(file) for file in found["files"]]
        for place in range(len(self.rows["quantities"])):  # operands come first: no depth
            self.row(Quantity, place)

    def value(self, type_: Any, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        read = _readers().get(type_)
        if read is not None:
            return read(self, value)
        inner = _optional(type_)
        if inner is not None:
            return self.value(inner, value)
        item = _item(type_)
        if get_origin(type_) is tuple:
            return tuple(self.value(item, held) for held in value)
        if isinstance(value, dict):
            if get_origin(type_) is Mapping:
                return {name: self.value(item, held) for name, held in value.items()}
            name, row = next(iter(value.items()))
            return self.row(next(cls for cls, table in TABLES.items() if table == name), row)
        return value

    def embedded(self, cls: Any, value: Mapping[str, Any]) -> Any:
        types = {name: type_ for name, type_, _ in _fields(cls)}
        return cls(**{name: self.value(types[name], held) for name, held in value.items()})

    def row(self, cls: type, row: int) -> Any:
        name = TABLES[cls]
        made = self.made[name]
        if row not in made:
            value = self.rows[name][row]
            made[row] = self.place(value) if cls is Span else self.embedded(cls, value)
        return made[row]

    def place(self, at: Mapping[str, int]) -> Span:
        source = self.sources[at["file"]]
        starts = source.line_starts
        start, end = starts[at["line"] - 1] + at["column"] - 1, starts[at["end_line"] - 1] + at["end_column"] - 1
        return Span(source, start, end)


@cache
def _readers() -> Mapping[Any, Callable[[_Reader, Any], Any]]:
    """How values of the types with a form of their own are read."""

    def of_table(cls: type) -> Callable[[_Reader, Any], Any]:
        return lambda reader, row: reader.row(cls, row)

    def of_data(cls: type) -> Callable[[_Reader, Any], Any]:
        return lambda reader, value: reader.embedded(cls, value)

    return {
        **{cls: of_table(cls) for cls in TABLES},
        **{cls: of_data(cls) for cls in _EMBEDDED},
        Dimension: lambda _, value: tuple(sorted(value.items())),
        float: lambda _, value: _NUMBERS[value] if isinstance(value, str) else float(value),
    }


def _source(file: Mapping[str, Any]) -> Source:
    """A text with the lines that are known in their places; the others are empty."""
    known = {int(line): text for line, text in file["lines"].items()}
    return Source(file["name"], "\n".join(_through(known)))


def _through(known: Mapping[int, str]) -> Iterator[str]:
    for line in range(1, max(known, default=0) + 1):
        yield known.get(line, "")


# ---- the schema ------------------------------------------------------------------------------


def schema() -> dict[str, object]:
    """The JSON Schema of all this, made of the classes themselves; it ships with the package."""
    row = {"type": "integer", "minimum": 0}
    place = dict.fromkeys(("file", "line", "column", "end_line", "end_column"), row)
    file = {"name": {"type": "string"}, "lines": {"type": "object", "additionalProperties": {"type": "string"}}}
    whole = {
        "schema": {"const": SCHEMA},
        "design": {"$ref": "#/$defs/Design"},
        "files": {"type": "array", "items": _closed(file, file)},
    }
    for cls, table in TABLES.items():
        whole[table] = {"type": "array", "items": _closed(place, place) if cls is Span else {"$ref": _name(cls)}}
    classes = sorted((*(cls for cls in TABLES if cls is not Span), *_EMBEDDED), key=lambda cls: cls.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "A design, counted and without syntax",
        **_closed(whole, whole),
        "$defs": {_name(cls).rpartition("/")[2]: _class_schema(cls) for cls in classes},
    }


def _name(cls: type) -> str:
    return f"#/$defs/{cls.__name__}"


def _closed(properties: Mapping[str, object], required: Iterable[str]) -> dict[str, object]:
    names = list(required)
    found: dict[str, object] = {"type": "object", "properties": dict(properties)}
    return found | ({"required": names} if names else {}) | {"additionalProperties": False}


def _class_schema(cls: type) -> dict[str, object]:
    fields = _fields(cls)
    required = [name for name, _, default in fields if default is attrs.NOTHING]
    said = " ".join((cls.__doc__ or "").split("\n\n")[0].split())
    return {"description": said, **_closed({name: _type_schema(type_) for name, type_, _ in fields}, required)}


def _type_schema(type_: Any) -> dict[str, object]:
    """What JSON may say for a type; a row of a table is a number, of any table an object that names it."""
    if type_ in TABLES:
        return {"type": "integer", "minimum": 0, "description": f"row of `{TABLES[type_]}`"}
    if type_ in _EMBEDDED:
        return {"$ref": _name(type_)}
    if type_ == Dimension:
        return {"type": "object", "additionalProperties": {"type": "integer"}}
    simple = {str: {"type": "string"}, bool: {"type": "boolean"}, int: {"type": "integer"}, object: {}}
    if type_ in simple:
        return dict(simple[type_])
    if type_ is float:
        return {"anyOf": [{"type": "number"}, {"enum": list(_NUMBERS)}]}
    if get_origin(type_) is tuple:
        return {"type": "array", "items": _type_schema(_item(type_))}
    if get_origin(type_) is Mapping:
        return {"type": "object", "additionalProperties": _type_schema(_item(type_))}
    inner = _optional(type_)
    if inner is not None:
        return {"anyOf": [_type_schema(inner), {"type": "null"}]}
    return {"anyOf": [_choice_schema(arg) for arg in get_args(type_)]}


def _choice_schema(type_: Any) -> dict[str, object]:
    if type_ is NoneType:
        return {"type": "null"}
    return _closed({TABLES[type_]: _type_schema(type_)}, [TABLES[type_]]) if type_ in TABLES else _type_schema(type_)
