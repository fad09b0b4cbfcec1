"""Say what is wrong with files, and what to do about it."""

import argparse
import sys

from compiler.workspace import cache
from compiler.workspace.terminal import give, has_color, say

EXAMPLES = (
    ("clusterc check cluster.cluster", "the complaints, each with its place"),
    ("clusterc check --strict *.cluster", "warnings are errors, claims must hold"),
    ("clusterc check --fix cluster.cluster", "mend what is surely meant"),
    ("clusterc check --format json - < x.cluster", "clusterc.diagnostics/1 from standard input"),
)
FORMATS = ("text", "json", "sarif", "github")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a .cluster file; - is standard input")
    parser.add_argument("--format", choices=FORMATS, default="text", help="text, JSON, SARIF or annotations of GitHub")
    parser.add_argument("--strict", action="store_true", help="warnings are errors, and claims must hold")
    parser.add_argument("--fix", action="store_true", help="apply the fixes that are surely meant")
    parser.add_argument("--unsafe", action="store_true", help="with --fix: apply those that change a meaning, too")


def run(options: argparse.Namespace) -> int:
    """Print what `check` finds, from the cache where nothing has changed; 1 when there is an error."""
    kept = not options.fix and "-" not in options.files
    color = options.format == "text" and has_color(sys.stdout)
    key = cache.key("check", options.format, str(options.strict), str(color), *options.files) if kept else ""
    answer = cache.recall(key) if kept else None
    if answer is None:
        from compiler.workspace.check import verdict

        answer, facts = verdict(options.files, options.format, options.strict, color, _grades(options))
        if kept and facts is not None:
            cache.remember(key, facts, answer)
    status, _, text = answer.partition("\n")
    (say if options.format == "text" else _bytes)(text)
    return int(status)


def _grades(options: argparse.Namespace) -> tuple[str, ...]:
    return () if not options.fix else ("safe", "unsafe") if options.unsafe else ("safe",)


def _bytes(text: str) -> None:
    give(text.encode("utf-8", "replace"))
