"""Compare two designs figure by figure, and say what makes a difference."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from compiler.cli import ERRORS
from compiler.workspace.terminal import give, show, tell, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from compiler.report.reasons import Difference
    from compiler.report.sections import Section
    from compiler.study.compare import Comparison
    from compiler.workspace.design import Design

EXAMPLES = (
    ("clusterc diff old.cluster new.cluster", "what changed, with ratios"),
    ("clusterc diff plan.cluster:Small plan.cluster:Large", "two designs of one file"),
    ("clusterc diff a.cluster b.cluster --per accelerator", "for each accelerator, MW, rack or USD, too"),
    ("clusterc diff a.cluster b.cluster --waterfall power.it", "which inputs make the difference"),
    ("clusterc diff a.cluster b.cluster --waterfall power.it -o why.svg", "the same as a chart"),
    ("clusterc diff a.cluster b.cluster --exit-code", "exit 1 when they differ"),
)
FORMATS = ("text", "json", "md")
PER = ("accelerator", "MW", "rack", "USD")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("a", metavar="FILE_A[:DESIGN]", help="a .cluster file, and which of its designs")
    parser.add_argument("b", metavar="FILE_B[:DESIGN]", help="the one to compare it with")
    parser.add_argument("--all", action="store_true", help="show figures that are equal, too")
    parser.add_argument("--per", choices=PER, action="append", default=[], help="normalise by; may be said again")
    parser.add_argument("--waterfall", metavar="FIGURE", help="which inputs explain the difference of a figure")
    parser.add_argument("--format", choices=FORMATS, default="text", help="text, JSON or Markdown")
    parser.add_argument("-o", "--output", metavar="OUT", help="the waterfall as a chart: OUT.svg or OUT.png")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 when they differ")


def run(options: argparse.Namespace) -> int:
    """Print the differences between two designs; 1 under `--exit-code` when there are any.

    Raises `UnknownError` for `-o` without `--waterfall`, and as loading designs and comparing figures do.
    """
    from compiler.cli.report import opened
    from compiler.errors import UnknownError
    from compiler.study.compare import compare

    if options.output and not options.waterfall:
        raise UnknownError("`-o` takes the chart of a waterfall; say of which figure with `--waterfall FIGURE`")
    with waiting("working out both"):
        left, right = (opened(*parted(text)) for text in (options.a, options.b))
        found = compare((left.ir, right.ir))
        why = _why(left, right, options.waterfall) if options.waterfall else None
    if options.output and why is not None:
        _draw(why, options.output)
    elif options.format == "json":
        _json(found, why, options.all)
    else:
        _tables(found, why, options)
    return ERRORS if options.exit_code and not all(row.is_same for row in found.rows) else 0


def parted(text: str) -> tuple[str, str | None]:
    """File and design of `plan.cluster:Large`, design None without a colon.

    A file whose name has a colon comes first.
    """
    file, colon, name = text.rpartition(":")
    if not colon or os.path.exists(text) or not name.isidentifier():
        return text, None
    return file, name


def _why(left: Design, right: Design, path: str) -> Difference:
    from compiler.study.compare import why

    return why(left.ir, right.ir, path)


def _tables(found: Comparison, why: Difference | None, options: argparse.Namespace) -> None:
    """Print the tables in a format for people; nothing when nothing differs."""
    from compiler.study.compare import reasons, sections

    tables: tuple[Section, ...] = (reasons(why),) if why else sections(found, options.per, not options.all)
    if not tables:
        return
    title = " against ".join(f"{name} of {file}" for name, file in zip(found.designs, found.files, strict=True))
    if options.format == "text":
        show(title, tables)
        return
    from compiler.emitters.markdown import page

    give(page([f"# {title}"], tables).encode())


def _json(found: Comparison, why: Difference | None, everything: bool) -> None:
    from compiler.emitters.json import written
    from compiler.study.compare import data, reasons_data

    result = data(found, changed=not everything)
    give(written(result | ({"difference": reasons_data(why)} if why else {})).encode())


def _draw(why: Difference, output: str) -> None:
    from compiler.emitters.charts import FORMATS, drawn
    from compiler.emitters.charts.waterfall import waterfall
    from compiler.errors import UnknownError

    suffix = Path(output).suffix.lstrip(".")
    if output != "-" and suffix not in FORMATS:
        raise UnknownError(f"`{output}` is no chart; its name ends in {' or '.join(f'.{name}' for name in FORMATS)}")
    chart = drawn(waterfall(why), suffix or "svg")
    if output == "-":
        give(chart)
        return
    from compiler.workspace.files import write

    write(Path(output), chart)
    tell(f"{output}: what makes the difference in {why.path}\n")
