"""Print one value, for scripts: a figure by its path, or any expression read inside the design."""

import argparse

from compiler.cli.report import opened
from compiler.workspace.terminal import say

EXAMPLES = (
    ("clusterc query cluster.cluster power.it", "a figure, with its unit"),
    ("clusterc query cluster.cluster compute.fp8 --unit EFLOPS --raw", "the bare number in a unit"),
    ('clusterc query cluster.cluster "sum(npus.hbm.capacity)" --unit TB', "an expression"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="a .cluster file")
    parser.add_argument("expression", metavar="EXPR", help="a figure (power.it) or an expression of the language")
    parser.add_argument("--design", metavar="NAME", help="which design; the last one of the file otherwise")
    parser.add_argument("--unit", metavar="UNIT", help="the unit to print it in; a base unit with --raw otherwise")
    parser.add_argument("--raw", action="store_true", help="the number alone, in full")


def run(options: argparse.Namespace) -> int:
    """Print the value. Raises as `workspace.query.answer` does."""
    from compiler.workspace.query import answer

    say(
        answer(opened(options.file, options.design), options.file, options.expression, options.unit, options.raw) + "\n"
    )
    return 0
