"""A folder is a registry: what stands in its modules, in the order of their names."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

Kind = TypeVar("Kind")


def members(folder: ModuleType, kind: type[Kind]) -> tuple[Kind, ...]:
    """Every `kind` that a module of the folder defines, modules in the order of their names.

    What a module merely imports is not its own: an object belongs where its `function` was defined, or else itself.
    Folders within the folder are left alone.
    """
    found: list[Kind] = []
    for name in sorted(info.name for info in pkgutil.iter_modules(folder.__path__) if not info.ispkg):
        module = importlib.import_module(f"{folder.__name__}.{name}")
        for value in vars(module).values():
            if isinstance(value, kind) and _home(value) == module.__name__:
                found.append(value)
    return tuple(found)


def _home(value: object) -> str:
    return str(getattr(getattr(value, "function", value), "__module__", ""))
