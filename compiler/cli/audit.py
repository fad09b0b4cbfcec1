"""Hold published claims to account: does the figure follow, and if not, which mistake explains it."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from compiler.cli import ERRORS
from compiler.workspace.terminal import give, has_color, say, show, tell, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from compiler.audit.verdict import Verdict

EXAMPLES = (
    ("clusterc audit cluster.cluster", "each claim with its verdict and the reason"),
    ("clusterc audit cluster.cluster --format json", "clusterc.audit/1"),
)
WRONG = ("fails", "explained")
"""Verdicts on claims that do not hold."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="a .cluster file; - is standard input")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or JSON")


def run(options: argparse.Namespace) -> int:
    """Print the verdicts on claims; 1 when one fails or needs an explanation."""
    from compiler.workspace.compilation import compile_file, compile_text
    from compiler.workspace.opening import audited
    from dsl.render import render

    with waiting(f"auditing {options.file}"):
        if options.file == "-":
            compilation = compile_text(sys.stdin.buffer.read().decode("utf-8", "replace"), "-")
        else:
            compilation = compile_file(Path(options.file))
        report = audited(compilation)
    tell(render(compilation.diagnostics, color=has_color(sys.stderr)))
    if any(diagnostic.severity == "error" for diagnostic in compilation.diagnostics):
        return ERRORS
    if options.format == "json":
        from compiler.emitters.json import emit_audit

        give(emit_audit(report).encode())
    elif report.claims:
        from compiler.report.contents import claims

        show(f"Claims of {options.file}", [claims(report)])
        say(f"\n{summary(report.claims)}\n")
    else:
        say(f"{options.file} claims nothing\n")
    return ERRORS if any(verdict.verdict in WRONG for verdict in report.claims) else 0


def summary(verdicts: "Sequence[Verdict]") -> str:
    """Numbers of claims by verdict: `3 hold, 1 is explained`."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    words = ("holds", "rounds", "truncates", "explained", "fails", "undecided")
    listed = ", ".join(f"{counts[word]} {word}" for word in words if counts[word])
    return f"{len(verdicts)} claim{'s' * (len(verdicts) != 1)}: {listed}"
