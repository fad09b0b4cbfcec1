"""Make everything: report, tables, pictures and a manifest in a folder; the essentials on the screen."""

import argparse
import sys
from pathlib import Path

from compiler import __version__
from compiler.cli import ERRORS
from compiler.cli.audit import summary
from compiler.cli.report import effort, status, strict
from compiler.workspace.terminal import has_color, say, show, tell, waiting

EXAMPLES = (
    ("clusterc build cluster.cluster", "into cluster-report/"),
    ("clusterc build cluster.cluster -o out", "into out/, which is replaced when a build wrote it"),
    ("clusterc build cluster.cluster --strict", "exit 1 when a claim does not hold"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="a .cluster file")
    parser.add_argument("--design", metavar="NAME", help="which design; the last one of the file otherwise")
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder; FILE's name and -report otherwise")
    effort(parser)
    strict(parser)


def run(options: argparse.Namespace) -> int:
    """Write the folder and print the essentials; 1 when the file has errors. Raises `ClusterError`."""
    from compiler.report.contents import headline
    from compiler.report.figure_tables import essentials
    from compiler.workspace.build import bundled
    from compiler.workspace.compilation import compile_file
    from compiler.workspace.design import opened
    from dsl.render import render

    path = Path(options.output or f"{Path(options.file).stem}-report")
    with waiting(f"building {options.file}"):
        compilation = compile_file(Path(options.file))
        errors = [found for found in compilation.diagnostics if found.severity == "error"]
        design = None if errors else opened(compilation, options.design, options.effort)
        if design is not None:
            manifest = bundled(design, compilation, __version__, path)
    tell(render(compilation.diagnostics, color=has_color(sys.stderr)))
    if design is None:
        return ERRORS
    show(headline(design.data), [essentials(design.data)])
    lines = [f"  {summary(design.claims)}" if design.claims else "", f"  {path.as_posix()}/"]
    lines += [f"    {output['path']:<16}{output['bytes']:>12,} bytes" for output in manifest["outputs"]]
    lines += [f"    {skipped['path']:<16}not drawn: {skipped['reason']}" for skipped in manifest["skipped"]]
    say("\n" + "\n".join(line for line in lines if line) + "\n")
    return status(design, options.strict)
