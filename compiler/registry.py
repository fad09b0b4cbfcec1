"""Registries without registration: the members of a folder are what its modules define, in the order of their names."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

Kind = TypeVar("Kind")


def members(folder: ModuleType, kind: type[Kind]) -> tuple[Kind, ...]:
    """Objects of class `kind` that the modules of a folder define, modules in the order of their names.

    Imported objects do not count: an object belongs to the module that defines its `function`, if it has one, else
    itself. Folders within the folder are left alone.
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
