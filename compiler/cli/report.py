"""Print the figures of a design: compute, memory, networks, power, cost, claims."""

import argparse
import sys
from pathlib import Path

from attrs import evolve

from compiler.cli import ERRORS
from compiler.cli.audit import WRONG
from compiler.workspace.design import Design, Report, load
from compiler.workspace.terminal import give, is_terminal, say, show, tell, waiting

EXAMPLES = (
    ("clusterc report cluster.cluster", "all figures of the file's last design"),
    ("clusterc report cluster.cluster --design Pod", "of another design of the file"),
    ("clusterc report cluster.cluster --format json", "clusterc.report/1, values in base units"),
    ("clusterc report cluster.cluster --interval", "hard bounds beside the 90 % interval"),
    ("clusterc report cluster.cluster --fail switch", "bisection after losing any one switch"),
    ("clusterc report cluster.cluster --format csv -o figures.csv", "for a spreadsheet"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    from compiler.emitters import formats

    parser.add_argument("file", metavar="FILE", help="a .cluster file; - is standard input")
    parser.add_argument("--design", metavar="NAME", help="which design; the last one of the file otherwise")
    parser.add_argument("--format", choices=tuple(formats()), default="text", help="the format; text otherwise")
    parser.add_argument("-o", "--output", metavar="OUT", help="write to a file; - is standard output")
    parser.add_argument(
        "--interval",
        action="store_true",
        help="the bounds of each figure by interval arithmetic, too (text and Markdown)",
    )
    failing(parser)
    effort(parser)
    strict(parser)


def failing(parser: argparse.ArgumentParser) -> None:
    """Declare the options about failures."""
    parser.add_argument(
        "--fail", metavar="WHAT", help="bisection after losing any one switch, plane or rack, or links=K at random"
    )
    parser.add_argument(
        "--samples", metavar="N", type=positive, default=20, help="failures that are tried; 20 otherwise"
    )
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="which are drawn; 1 otherwise")


def positive(text: str) -> int:
    """A whole number from 1 on, of an option. Raises `ArgumentTypeError` for another text."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 on")
    return int(text)


def effort(parser: argparse.ArgumentParser) -> None:
    """Declare the option `--effort`, the work that a bisection may take."""
    parser.add_argument(
        "--effort",
        choices=("low", "normal", "high"),
        default="normal",
        help="how much work a bisection may take that no theorem settles",
    )


def strict(parser: argparse.ArgumentParser) -> None:
    """Declare the option `--strict`, by which warnings and claims decide the exit status."""
    parser.add_argument("--strict", action="store_true", help="exit 1 over warnings, and claims that do not hold")


def run(options: argparse.Namespace) -> int:
    """Print or write the report of a design; 1 when `--strict` finds fault. Raises `ClusterError`."""
    with waiting(f"working out {options.file}"):
        design = opened(options.file, options.design, options.effort)
        report = design.report()
        if options.fail:
            from compiler.report.wired import after_failures

            failing = (options.fail, options.samples, options.seed, options.effort)
            report = Report(after_failures(report.data, design.ir, *failing))
        if options.interval:
            report = Report(evolve(report.data, with_bounds=True))
        data = report.data
    complain(design)
    out = options.output if options.output not in (None, "-") else None
    if out is None and options.format == "text" and is_terminal(sys.stdout):
        from compiler.report.contents import headline, sections

        show(headline(data), sections(data))
    else:
        text = report.to(options.format)
        if out is not None:
            from compiler.workspace.files import write

            write(Path(out), text.encode())
        elif options.format == "text":
            say(text)
        else:
            give(text.encode())
    return status(design, options.strict)


def opened(file: str, name: str | None, effort: str = "normal") -> Design:
    """Load a design of a file, or of standard input (`-`). Raises as `load` does."""
    if file != "-":
        return load(file, name, effort=effort)
    return load(design=name, text=sys.stdin.buffer.read().decode("utf-8", "replace"), effort=effort)


def complain(design: Design) -> None:
    """Print the warnings of a design to standard error."""
    from compiler.workspace.terminal import has_color
    from dsl.render import render

    tell(render(design.diagnostics, color=has_color(sys.stderr)))


def status(design: Design, strict: bool) -> int:
    """Exit status: 0, or under `--strict` 1 when there are warnings or claims that do not hold."""
    if not strict:
        return 0
    warned = any(diagnostic.severity == "warning" for diagnostic in design.diagnostics)
    wrong = any(verdict.verdict in WRONG for verdict in design.claims)
    return ERRORS if warned or wrong else 0
