"""Run a study of a file: sweeps, Pareto fronts, goal seek."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.terminal import say, show, tell

if TYPE_CHECKING:
    from compiler.driver import Compilation
    from compiler.study.plan import Plan

EXAMPLES = (
    ("clusterc study plan.cluster", "the only study of a file, as a table"),
    ("clusterc study plan.cluster pods --format csv -o pods.csv", "every point into a file"),
    ("clusterc study plan.cluster pods --format parquet -o pods.parquet --jobs 2", "by two processes"),
    ("clusterc study plan.cluster pods --format parquet -o pods.parquet --resume", "go on after an interruption"),
)
MOST_SECONDS, MOST_BYTES = 600.0, 50e9


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("file", metavar="FILE", help="a .cluster file")
    parser.add_argument("name", metavar="NAME", nargs="?", help="which study; the only one of the file otherwise")
    forms = ("text", "csv", "json", "jsonl", "parquet")
    parser.add_argument("--format", choices=forms, default="text", help="how to write what is found (default: text)")
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the rows; standard output otherwise")
    parser.add_argument("--rows", type=int, metavar="N", default=40, help="rows of the text table; 0 shows all")
    parser.add_argument("--points", type=int, metavar="N", help="refuse a study with more points than this")
    parser.add_argument("--samples", type=int, metavar="N", help="samples of uncertain inputs for each point")
    parser.add_argument("--seed", type=int, metavar="N", default=0, help="another set of samples")
    parser.add_argument("--jobs", type=int, metavar="N", default=1, help="processes that share the work")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler that shares out the work")
    parser.add_argument("--resume", action="store_true", help="go on with what an earlier run left")
    parser.add_argument("--keep-removed", action="store_true", help="write removed points too, with the reason")
    parser.add_argument("--yes", action="store_true", help="start even what takes very long")


def run(options: argparse.Namespace) -> int:
    """Study."""
    from compiler.driver import compile_file
    from compiler.study.plan import plan

    compilation = compile_file(Path(options.file))
    found = plan(compilation, options.name, options.samples, options.seed) if not _errors(compilation) else None
    _complain(compilation)
    if found is None:
        return 1
    _held(found, options)
    if found.sought is not None:
        return _seek(found, options)
    return _table(found, options) if options.format == "text" else _file(found, options)


def _errors(compilation: "Compilation") -> bool:
    return any(diagnostic.severity == "error" for diagnostic in compilation.diagnostics)


def _complain(compilation: "Compilation") -> None:
    from compiler.terminal import has_color
    from dsl.render import render

    if compilation.diagnostics:
        tell(render(tuple(compilation.diagnostics), color=has_color(sys.stderr)))


def _held(plan: "Plan", options: argparse.Namespace) -> None:
    """Refuse what takes very long or gives very much, unless that is wanted."""
    from compiler.study.plan import too_many

    seconds = plan.size * plan.estimate / max(1, options.jobs)
    large = plan.size * 8.0 * len(plan.columns) if options.format != "text" else 0.0
    over = options.points is not None and plan.size > options.points
    if over or (not options.yes and (seconds > MOST_SECONDS or large > MOST_BYTES)):
        raise too_many(plan, seconds, large, options.points if over else None)


def _table(plan: "Plan", options: argparse.Namespace) -> int:
    from compiler.study.progress import watch
    from compiler.study.run import stream
    from compiler.study.table import fold, headline, sections

    limit = options.rows or plan.size
    chunks = stream(plan, jobs=options.jobs, scheduler=options.scheduler, keep_removed=True, progress=watch())
    findings = fold(plan, chunks, limit)
    show(headline(findings), sections(findings, limit))
    return 1 if any(name.startswith("assert ") and count for name, count in findings.failed.items()) else 0


def _file(plan: "Plan", options: argparse.Namespace) -> int:
    from compiler.study import run as runner
    from compiler.study.progress import watch

    out = Path(options.output) if options.output not in (None, "-") else None
    summary = runner.run(
        plan,
        out=out,
        format=options.format,
        jobs=options.jobs,
        scheduler=options.scheduler,
        resume=options.resume,
        keep_removed=options.keep_removed,
        progress=watch(),
    )
    told = [f"{plan.name}: {summary.points:,} points, {summary.kept:,} kept"]
    told += [f"  removed {count:,}: {reason}" for reason, count in summary.removed if count]
    told += [f"wrote {path}" for path in summary.files]
    tell("\n".join(told) + "\n")
    return 0


def _seek(plan: "Plan", options: argparse.Namespace) -> int:
    from compiler.study.seek import as_rows, found, headline, sections

    answers = found(plan)
    if options.format == "text":
        show(headline(plan, answers), sections(plan, answers))
    else:
        data = as_rows(plan, answers, options.format)
        if options.output not in (None, "-"):
            from compiler.files import write

            write(Path(options.output), data)
        else:
            say(data.decode())
    return 0 if any(answer.index is not None for answer in answers) else 1
