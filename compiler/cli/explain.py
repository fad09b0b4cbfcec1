"""Show the trail of a figure down to its sources, or the page of a message's code."""

import argparse
import json
import re

from compiler.cli import USAGE
from compiler.workspace.terminal import give, say, tell

EXAMPLES = (
    ("clusterc explain cluster.cluster power.it", "formula, value, place and source at each step"),
    ("clusterc explain cluster.cluster bisection.whole", "what certifies a bisection"),
    ("clusterc explain C0301", "the page of a message: cause, wrong and right"),
    ("clusterc explain cluster.cluster compute.fp8 --format json", "clusterc.explain/1"),
)
CODE = re.compile(r"[Cc]\d{4}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("subject", metavar="FILE|CODE", help="a .cluster file, or the code of a message")
    parser.add_argument(
        "figure", nargs="?", metavar="FIGURE", help="a figure by its path; without it the paths are listed"
    )
    parser.add_argument("--design", metavar="NAME", help="which design; the last one of the file otherwise")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or JSON")


def run(options: argparse.Namespace) -> int:
    """Print the trail of a figure, the list of figures, or the page of a code; 2 for an unknown code.

    Raises `UnknownError` for an unknown figure.
    """
    if options.figure is None and CODE.fullmatch(options.subject):
        return _page(options.subject.upper(), options.format)
    from compiler.cli.report import opened

    design = opened(options.subject, options.design)
    if options.figure is None:
        width = max(len(path) for path in design.figures)
        say("".join(f"{path:<{width}}  {figure.title}: {figure.display}\n" for path, figure in design.figures.items()))
        return 0
    trail = design.explain(options.figure)
    if options.format == "json":
        give(trail.to_json().encode())
    else:
        say(trail.to_text())
    return 0


def _page(id: str, format: str) -> int:
    from compiler.workspace.codes import codes, page
    from dsl.suggest import nearest

    found = {code.id: code for code in codes()}
    code = found.get(id)
    if code is None:
        near = nearest(id, found)
        hint = f"; near it are {', '.join(near)}" if near else ""
        tell(f"clusterc explain: there is no code {id}{hint}\n")
        return USAGE
    if format == "json":
        parts = {name: getattr(code, name) for name in ("id", "title", "severity", "cause", "wrong", "right")}
        give((json.dumps({"schema": "clusterc.code/1", **parts}, ensure_ascii=False, indent=2) + "\n").encode())
    else:
        say(page(code))
    return 0
