"""JSON Schema of the IR, generated from its classes; it ships with the package."""

from collections.abc import Iterable, Mapping
from types import NoneType
from typing import get_args, get_origin

import attrs

from compiler.emitters.ir import EMBEDDED, NUMBERS, SCHEMA, TABLES, fields_of, item_type, optional_type
from compiler.quantities.units import Dimension
from dsl.source import Span


def schema() -> dict[str, object]:
    """JSON Schema (draft 2020-12) of `clusterc.ir/1`."""
    row = {"type": "integer", "minimum": 0}
    place = dict.fromkeys(("file", "line", "column", "end_line", "end_column"), row)
    file = {"name": {"type": "string"}, "lines": {"type": "object", "additionalProperties": {"type": "string"}}}
    whole = {
        "schema": {"const": SCHEMA},
        "design": {"$ref": "#/$defs/ClusterDesign"},
        "files": {"type": "array", "items": _closed(file, file)},
    }
    for cls, table in TABLES.items():
        whole[table] = {"type": "array", "items": _closed(place, place) if cls is Span else {"$ref": _name(cls)}}
    classes = sorted((*(cls for cls in TABLES if cls is not Span), *EMBEDDED), key=lambda cls: cls.__name__)
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
    """Schema of a class; its description is the first paragraph of the docstring of the class."""
    fields = fields_of(cls)
    required = [name for name, _, default in fields if default is attrs.NOTHING]
    said = " ".join((cls.__doc__ or "").split("\n\n")[0].split())
    return {"description": said, **_closed({name: _type_schema(type_) for name, type_, _ in fields}, required)}


def _type_schema(type_: object) -> dict[str, object]:
    """Schema of a type; a row is a number, or an object that names the table when the type is a union."""
    if isinstance(type_, type) and type_ in TABLES:
        return {"type": "integer", "minimum": 0, "description": f"row of `{TABLES[type_]}`"}
    if type_ in EMBEDDED:
        return {"$ref": _name(type_)}
    if type_ == Dimension:
        return {"type": "object", "additionalProperties": {"type": "integer"}}
    simple = {str: {"type": "string"}, bool: {"type": "boolean"}, int: {"type": "integer"}, object: {}}
    if type_ in simple:
        return dict(simple[type_])
    if type_ is float:
        return {"anyOf": [{"type": "number"}, {"enum": list(NUMBERS)}]}
    if get_origin(type_) is tuple:
        return {"type": "array", "items": _type_schema(item_type(type_))}
    if get_origin(type_) is Mapping:
        return {"type": "object", "additionalProperties": _type_schema(item_type(type_))}
    inner = optional_type(type_)
    if inner is not None:
        return {"anyOf": [_type_schema(inner), {"type": "null"}]}
    return {"anyOf": [_choice_schema(arg) for arg in get_args(type_)]}


def _choice_schema(type_: object) -> dict[str, object]:
    if type_ is NoneType:
        return {"type": "null"}
    if isinstance(type_, type) and type_ in TABLES:
        return _closed({TABLES[type_]: _type_schema(type_)}, [TABLES[type_]])
    return _type_schema(type_)
