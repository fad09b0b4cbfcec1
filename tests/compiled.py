"""Designs of tests from their texts."""

from compiler.ir.hardware import ClusterDesign
from compiler.workspace.compilation import compile_text


def compiled(text: str) -> ClusterDesign:
    """The default design of a text that has no error."""
    compilation = compile_text(text)
    assert [found.message for found in compilation.diagnostics if found.severity == "error"] == []
    design = compilation.design()
    assert design is not None
    return design
