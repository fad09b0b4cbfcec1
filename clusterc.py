"""The public API. Each name is imported from where it is defined when it is first asked for: start-up counts."""

from __future__ import annotations

import sys

from compiler import __version__

TYPE_CHECKING = False  # `typing` itself is not free
if TYPE_CHECKING:
    from compiler.cli import main
    from compiler.errors import ClusterError, UnknownError
    from compiler.workspace.check import Checked, check
    from compiler.workspace.compilation import compile
    from compiler.workspace.design import Design, Drawing, Figure, Report, load, opened
    from compiler.workspace.single_topology import Topology, topology

__all__ = [
    "Checked",
    "ClusterError",
    "Design",
    "Drawing",
    "Figure",
    "Report",
    "Topology",
    "UnknownError",
    "__version__",
    "check",
    "compile",
    "load",
    "main",
    "opened",
    "topology",
]

_HOMES = {
    "compiler.cli": ("main",),
    "compiler.errors": ("ClusterError", "UnknownError"),
    "compiler.workspace.check": ("Checked", "check"),
    "compiler.workspace.compilation": ("compile",),
    "compiler.workspace.design": ("Design", "Drawing", "Figure", "Report", "load", "opened"),
    "compiler.workspace.single_topology": ("Topology", "topology"),
}


def __getattr__(name: str) -> object:
    """A public name, from its home. Raises `AttributeError` for any other."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            found = globals()[name] = getattr(import_module(home), name)
            return found
    raise AttributeError(f"module 'clusterc' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Every public name, for completion."""
    return __all__


if __name__ == "__main__":
    from compiler.cli import main

    sys.exit(main())
