"""From a file to the design to report on, with what was said about it."""

from pathlib import Path

from compiler.driver import Compilation, compile_file
from compiler.ir.model import Design
from dsl.diagnostic import Diagnostic

Found = tuple[Design | None, tuple[Diagnostic, ...], tuple[str, ...]]
"""A design (None: there is none of that name, or the text has errors), the complaints, and the names of all designs."""


def designed(path: Path, name: str | None) -> Found:
    """The design of a file: the one named, else its default one."""
    return chosen(compile_file(path), name)


def chosen(compilation: Compilation, name: str | None) -> Found:
    """The design of what was compiled: the one named, else the default one."""
    if compilation.module is None or any(found.severity == "error" for found in compilation.diagnostics):
        return None, tuple(compilation.diagnostics), ()
    design = compilation.design(name)
    return design, tuple(compilation.diagnostics), tuple(compilation.design_names())
