"""Run a study of a file: sweeps, Pareto fronts, goal seek, sensitivity, designs compared, roadmaps."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.workspace.terminal import say, show, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.study.plan import Plan
    from compiler.study.questions import Analysis, LazyChart
    from compiler.study.run import RunOptions
    from compiler.workspace.compilation import Compilation

EXAMPLES = (
    ("clusterc study plan.cluster", "the only study of a file, as a table"),
    ("clusterc study plan.cluster pods --format csv -o pods.csv", "every point into a file"),
    ("clusterc study plan.cluster pods --format parquet -o pods.parquet --jobs 2", "by two processes"),
    ("clusterc study plan.cluster pods --format parquet -o pods.parquet --resume", "go on after an interruption"),
    ("clusterc study plan.cluster against --format svg -o pictures", "the charts of a comparison, into a folder"),
)
CHARTS = ("svg", "png")
MOST_SECONDS, MOST_BYTES = 600.0, 50e9


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="a .cluster file")
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="which study or roadmap; the only one of the file otherwise"
    )
    forms = ("text", "csv", "json", "jsonl", "parquet", *CHARTS)
    parser.add_argument("--format", choices=forms, default="text", help="how to write what is found (default: text)")
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the rows, a folder for charts")
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
    """Run the study and write its results in the format asked for; 1 when the file has errors.

    Raises `UnknownError` for a format that such a study has no results for, `ClusterError` for whatever stops a run.
    """
    from compiler.study.preparation import plan
    from compiler.workspace.compilation import compile_file

    compilation = compile_file(Path(options.file))
    analysis = _analysis(compilation, options.name) if not _errors(compilation) else None
    if analysis is not None:
        _complain(compilation)
        return _told(analysis, options)
    found = plan(compilation, options.name, options.samples, options.seed) if not _errors(compilation) else None
    _complain(compilation)
    if found is None:
        return 1
    _held(found, options)
    if found.sought is not None:
        if options.format in ("parquet", *CHARTS):
            from compiler.errors import UnknownError

            raise UnknownError(f"a goal seek has no rows for `{options.format}`; there are text, csv, json and jsonl")
        return _seek(found, options)
    if options.format in CHARTS:
        return _pictures(found, options)
    return _table(found, options) if options.format == "text" else _file(found, options)


def _analysis(compilation: "Compilation", name: str | None) -> "Analysis | None":
    """Analysis of a roadmap, or of a study that compares or asks for sensitivity; None for a study that sweeps."""
    from compiler.study.questions import analysed, only_name

    wanted = name or only_name(compilation)
    return analysed(compilation, wanted) if wanted else None


def _told(analysis: "Analysis", options: argparse.Namespace) -> int:
    """Write an analysis in the format asked for. Raises `UnknownError` for a format of rows."""
    from compiler.errors import UnknownError

    if options.format == "text":
        show(analysis.title, analysis.sections)
    elif options.format == "json":
        from compiler.emitters.json import written

        _given(written(analysis.data).encode(), options.output)
    elif options.format in CHARTS:
        _drawn(analysis.drawings, options)
    else:
        raise UnknownError(f"an analysis has no rows for `{options.format}`; there are text, json, svg and png")
    return 0


def _given(data: bytes, output: str | None) -> None:
    from compiler.workspace.files import write
    from compiler.workspace.terminal import give

    if output in (None, "-"):
        give(data)
    else:
        write(Path(str(output)), data)


def _drawn(drawings: "Sequence[LazyChart]", options: argparse.Namespace) -> None:
    """Write charts: a single one to a file or to standard output, several into a folder.

    Raises `UnknownError` without any.
    """
    from compiler.emitters.charts import drawn
    from compiler.errors import UnknownError
    from compiler.workspace.files import write

    if not drawings:
        raise UnknownError("this study has no chart: it asks for no `waterfall`, no `sensitivity` and no `pareto`")
    suffix = f".{options.format}"
    if len(drawings) == 1 and (options.output in (None, "-") or options.output.endswith(suffix)):
        _given(drawn(drawings[0].make(), options.format), options.output)
        return
    if options.output in (None, "-"):
        raise UnknownError(f"there are {len(drawings)} charts; name a folder for them: `-o pictures`")
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    for drawing in drawings:
        out = folder / f"{drawing.name}{suffix}"
        write(out, drawn(drawing.make(), options.format))
        tell(f"{out}\n")


def _errors(compilation: "Compilation") -> bool:
    return any(diagnostic.severity == "error" for diagnostic in compilation.diagnostics)


def _complain(compilation: "Compilation") -> None:
    from compiler.workspace.terminal import has_color
    from dsl.render import render

    if compilation.diagnostics:
        tell(render(tuple(compilation.diagnostics), color=has_color(sys.stderr)))


def _held(plan: "Plan", options: argparse.Namespace) -> None:
    """Raise `ClusterError` for a study that takes very long or gives very much, unless `--yes` is given."""
    from compiler.study.preparation import too_many

    seconds = plan.size * plan.estimate / max(1, options.jobs)
    large = plan.size * 8.0 * len(plan.columns)
    is_large = options.format != "text" and large > MOST_BYTES
    over = options.points is not None and plan.size > options.points
    if over or (not options.yes and (seconds > MOST_SECONDS or is_large)):
        raise too_many(plan, seconds, large, options.points if over else None)


def _table(plan: "Plan", options: argparse.Namespace) -> int:
    from compiler.study.run import stream
    from compiler.study.table import fold, headline, sections

    limit = options.rows or plan.size
    chunks = stream(plan, _run_options(options, keep_removed=True))
    findings = fold(plan, chunks, limit)
    show(headline(findings), sections(findings, limit))
    return 1 if any(name.startswith("assert ") and count for name, count in findings.failed.items()) else 0


def _pictures(plan: "Plan", options: argparse.Namespace) -> int:
    from compiler.study.pictures import drawings
    from compiler.study.run import stream
    from compiler.study.table import fold

    chunks = stream(plan, _run_options(options, keep_removed=True))
    _drawn(drawings(fold(plan, chunks)), options)
    return 0


def _run_options(options: argparse.Namespace, keep_removed: bool) -> "RunOptions":
    from compiler.study.progress import watch
    from compiler.study.run import RunOptions

    return RunOptions(options.jobs, options.scheduler, keep_removed, watch())


def _file(plan: "Plan", options: argparse.Namespace) -> int:
    from compiler.study.run import run as evaluated

    out = Path(options.output) if options.output not in (None, "-") else None
    summary = evaluated(
        plan, out=out, format=options.format, resume=options.resume, options=_run_options(options, options.keep_removed)
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
            from compiler.workspace.files import write

            write(Path(options.output), data)
        else:
            say(data.decode())
    return 0 if any(answer.index is not None for answer in answers) else 1
