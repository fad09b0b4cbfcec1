"""Compare two designs figure by figure."""

import argparse
import json
import os

from clusterc import Design, Figure
from compiler.cli import ERRORS
from compiler.terminal import give, say, show, waiting

EXAMPLES = (
    ("clusterc diff old.cluster new.cluster", "what changed, with ratios"),
    ("clusterc diff plan.cluster:Small plan.cluster:Large", "two designs of one file"),
    ("clusterc diff a.cluster b.cluster --all", "equal figures, too"),
    ("clusterc diff a.cluster b.cluster --exit-code", "exit 1 when they differ"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("a", metavar="FILE_A[:DESIGN]", help="a .cluster file, and which of its designs")
    parser.add_argument("b", metavar="FILE_B[:DESIGN]", help="the one to compare it with")
    parser.add_argument("--all", action="store_true", help="show figures that are equal, too")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or JSON")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 when they differ")


def run(options: argparse.Namespace) -> int:
    """Compare."""
    from compiler.cli.report import opened

    with waiting("working out both"):
        left, right = (opened(*parted(text)) for text in (options.a, options.b))
        pairs = compared(left, right)
    different = [path for path, a, b in pairs if not same(a, b)]
    shown = [pair for pair in pairs if options.all or pair[0] in different]
    if options.format == "json":
        give((json.dumps(_data(left, right, shown), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode())
    elif shown:
        from compiler.sections import Column, Section

        columns = (
            Column("Figure", False, 48),
            Column(left.name, True),
            Column(right.name, True),
            Column("Ratio", True),
        )
        rows = tuple(_row(path, a, b) for path, a, b in shown)
        show(
            f"{left.name} of {left.file} against {right.name} of {right.file}",
            [Section("diff", "Figures", columns, rows)],
        )
    elif options.a != options.b:
        say("no figure differs\n")
    return ERRORS if options.exit_code and different else 0


def parted(text: str) -> tuple[str, str | None]:
    """`plan.cluster:Large` as a file and a design; a colon within an existing file's name is the file's."""
    file, colon, name = text.rpartition(":")
    if not colon or os.path.exists(text) or not name.isidentifier():
        return text, None
    return file, name


def compared(left: Design, right: Design) -> list[tuple[str, Figure | None, Figure | None]]:
    """The figures of both designs by path, bisections among them, in the order of the first."""
    ours, theirs = _figures(left), _figures(right)
    return [(path, ours.get(path), theirs.get(path)) for path in dict.fromkeys((*ours, *theirs))]


def _figures(design: Design) -> dict[str, Figure]:
    from compiler.report import Measured
    from compiler.units import RATE, base_unit

    found = dict(design.figures)
    for name, bound in design.bisection.items():
        value = bound.lower if bound.status == "exact" else None
        data = Measured(
            f"bisection.{name}", f"Bisection, {name.replace('_', ' ')}", value, bound.lower, bound.upper, base_unit(RATE), bound.display
        )  # fmt: skip
        found[data.path] = Figure(data)
    return found


def same(a: Figure | None, b: Figure | None) -> bool:
    """Whether two figures say the same, to a billionth."""
    if a is None or b is None:
        return a is b
    if a.value is None or b.value is None:
        return a.display == b.display
    return abs(a.value - b.value) <= 1e-9 * max(abs(a.value), abs(b.value)) and a.missing == b.missing


def ratio(a: Figure | None, b: Figure | None) -> float | None:
    """The second over the first, where both are known."""
    if a is None or b is None or not a.value or b.value is None:
        return None
    return b.value / a.value


def _row(path: str, a: Figure | None, b: Figure | None) -> tuple[str, ...]:
    title = (a or b).title if (a or b) else path  # type: ignore[union-attr]
    times = ratio(a, b)
    shown = "" if times is None else f"{times:.4g}" if abs(times - 1) >= 0.0005 else f"{times - 1:+.2%}"
    return f"{title} ({path})", a.display if a else "", b.display if b else "", shown


def _data(left: Design, right: Design, pairs: list[tuple[str, Figure | None, Figure | None]]) -> dict[str, object]:
    return {
        "schema": "clusterc.diff/1",
        "a": {"file": left.file, "design": left.name},
        "b": {"file": right.file, "design": right.name},
        "figures": {
            path: {
                "a": a.value if a else None,
                "b": b.value if b else None,
                "unit": (a or b).unit if (a or b) else None,  # type: ignore[union-attr]
                "ratio": ratio(a, b),
                "same": same(a, b),
            }
            for path, a, b in pairs
        },
    }
