"""Draw a design: what contains what, how it is wired, how it stands in racks."""

import argparse
import sys
from pathlib import Path

from compiler.cli.report import complain, opened
from compiler.errors import UnknownError
from compiler.workspace.drawing import EXPLAIN, FORMATS, pictures
from compiler.workspace.files import write
from compiler.workspace.terminal import give, is_terminal, tell, waiting

EXAMPLES = (
    ("clusterc draw cluster.cluster", "the hierarchy, into cluster-hierarchy.svg"),
    ("clusterc draw cluster.cluster --view network -o net.svg", "tiers, links and the bisection cut"),
    ("clusterc draw cluster.cluster --view racks --format png", "a row of racks, as PNG"),
    ("clusterc draw cluster.cluster --view explain --figure power.it", "a figure down to its sources"),
    ("clusterc draw cluster.cluster --format dot -o - | dot -Tpdf", "for your own Graphviz"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="a .cluster file; - is standard input")
    parser.add_argument("--design", metavar="NAME", help="which design; the last one of the file otherwise")
    parser.add_argument("--view", choices=(*pictures(), EXPLAIN), default="hierarchy", help="what to show")
    parser.add_argument("--figure", metavar="FIGURE", help="which figure `--view explain` traces to its sources")
    parser.add_argument("--format", choices=FORMATS, help="svg, png or dot; what OUT ends in otherwise")
    parser.add_argument("--engine", choices=("bundled", "dot"), default="bundled", help="dot: an installed Graphviz")
    parser.add_argument("-o", "--output", metavar="OUT", help="the file; - is standard output")


def run(options: argparse.Namespace) -> int:
    """Write the drawing of a view. Raises `ClusterError`, and `UnknownError` for an unknown view or format."""
    format = options.format or _format(options.output)
    with waiting(f"drawing {options.file}"):
        design = opened(options.file, options.design)
        drawing = design.draw(_view(options), format, options.engine)
    complain(design)
    stem = "design" if options.file == "-" else Path(options.file).stem
    out = options.output or ("-" if not is_terminal(sys.stdout) else f"{stem}-{options.view}.{format}")
    if out == "-":
        give(drawing)
    else:
        write(Path(out), drawing)
        tell(f"{out}: {options.view} of {design.name}\n")
    return 0


def _view(options: argparse.Namespace) -> str:
    """Name of the view, with the figure that it is of: `explain:power.it`. Raises `UnknownError`."""
    if options.figure is None:
        return str(options.view)
    if options.view != EXPLAIN:
        raise UnknownError("`--figure` goes with `--view explain`")
    return f"{EXPLAIN}:{options.figure}"


def _format(out: str | None) -> str:
    suffix = Path(out or "").suffix.lstrip(".")
    return suffix if suffix in FORMATS else "dot" if suffix == "gv" else "svg"
