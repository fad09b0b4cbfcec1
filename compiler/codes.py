"""Every kind of complaint there is, found where it is defined."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from dsl.diagnostic import Code

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("dsl", "compiler")


@cache
def codes() -> Mapping[str, Code]:
    """Every code by its number, in their order; only files that define one are imported."""
    found: dict[str, Code] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if " = Code(" not in path.read_text(encoding="utf-8"):
                continue
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            found |= {value.id: value for value in vars(module).values() if isinstance(value, Code)}
    return dict(sorted(found.items()))
