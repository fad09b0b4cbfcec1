"""Output formats: one file or folder, one format. An emitter turns a design or its report into text or bytes.

It computes no figures: what it shows is in the report, which `report` makes. A format of the report is a function under `@emitter`: `clusterc report --format` takes its name, `clusterc build` writes
its file.
"""

import sys
from collections.abc import Callable, Mapping
from functools import cache

from attrs import frozen

from compiler.registry import members
from compiler.report.findings import DesignReport


@frozen(eq=False)
class Emitter:
    """A format of the report: its name, the file that a build gives it, and the function that writes it as text."""

    name: str
    file: str
    function: Callable[[DesignReport], str]

    def __call__(self, report: DesignReport) -> str:
        """The report in this format."""
        return self.function(report)


def emitter(name: str, file: str) -> Callable[[Callable[[DesignReport], str]], Emitter]:
    """Make a function the format of this name, and of this file in the folder of a build."""
    return lambda function: Emitter(name, file, function)


@cache
def formats() -> Mapping[str, Emitter]:
    """Every format of the report by its name."""
    return {found.name: found for found in members(sys.modules[__name__], Emitter)}
