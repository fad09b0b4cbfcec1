"""Decorators for classes of plain data with slots, made without a library: faster to define and to fill than attrs."""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


def _init(cls: type, names: tuple[str, ...]) -> Callable[..., None]:
    lines = [f"def __init__(self, {', '.join(names)}):", *(f" self.{name} = {name}" for name in names)]
    made: dict[str, Any] = {}
    # assignments written out, since a loop over names would make every node slower
    exec("\n".join(lines), made)
    init: Callable[..., None] = made["__init__"]
    init.__defaults__ = tuple(cls.__dict__[name] for name in names if name in cls.__dict__) or None
    return init


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__ if name != "span")
    return f"{type(self).__name__}({shown})"


def _same(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)


def _hash(self: Any) -> int:
    return hash(tuple(getattr(self, name) for name in self.__match_args__))


def _replace(self: Any, **changes: Any) -> Any:
    return type(self)(**{name: getattr(self, name) for name in self.__match_args__} | changes)


def _made(cls: type[T], **extra: object) -> type[T]:
    names = tuple(cls.__annotations__)
    body = {k: v for k, v in cls.__dict__.items() if k not in names and k not in ("__dict__", "__weakref__")}
    body |= {"__slots__": names, "__match_args__": names, "__init__": _init(cls, names), "__repr__": _repr}
    made: type[T] = type(cls.__name__, cls.__bases__, body | {"__replace__": _replace} | extra)
    return made


@dataclass_transform(frozen_default=True, eq_default=False)
def node(cls: type[T]) -> type[T]:
    """Class of tree nodes: immutable to the type checker, equal only to themselves, cheap to make."""
    return _made(cls)


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Class of values like `node`, equal when all fields are."""
    return _made(cls, __eq__=_same, __hash__=_hash)


def replace(value: T, /, **changes: object) -> T:
    """Copy of a value with some fields changed."""
    return _replace(value, **changes)  # type: ignore[no-any-return]
