"""Browse the standard library: chips, systems, links, sites, each number with its source."""

import argparse
import json

from compiler.cli import USAGE
from compiler.workspace.terminal import give, say, show, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from compiler.report.sections import Section
    from compiler.workspace.library import Fact, LibraryEntry

EXAMPLES = (
    ("clusterc library", "every entry"),
    ("clusterc library Ascend910C", "what one says, with sources, dates and grades"),
    ("clusterc library --find nvlink", "entries with a word in name, title, vendor or kind"),
    ("clusterc library --compare Ascend910C H100", "two parts side by side, with ratios"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="an entry, or a module like std.huawei.ascend910")
    parser.add_argument("--find", metavar="WORD", help="list the entries with a word in them")
    parser.add_argument("--compare", nargs=2, metavar=("A", "B"), help="put two entries side by side")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or JSON")


def run(options: argparse.Namespace) -> int:
    """Print entries of the library, or two of them side by side; 2 when there is no such entry."""
    from compiler.workspace.library import entries, found, named

    if options.compare:
        pair = [named(name) for name in options.compare]
        for name, some in zip(options.compare, pair, strict=True):
            if len(some) != 1:
                return _unknown(name, some)
        return _compare(pair[0][0], pair[1][0], options.format)
    if options.name:
        some = named(options.name)
        if not some:
            return _unknown(options.name, [])
        return _pages(some, options.format) if len(some) == 1 else _list(some, options.format)
    return _list(found(options.find) if options.find else list(entries()), options.format)


def _unknown(name: str, some: "list[LibraryEntry]") -> int:
    from compiler.workspace.library import entries
    from dsl.suggest import did_you_mean

    if some:
        hint: tuple[str, ...] = ("it is one of " + ", ".join(f"`{entry.module}.{entry.name}`" for entry in some),)
    else:
        hint = did_you_mean(name, [entry.name for entry in entries()]) or (f"try `clusterc library --find {name}`",)
    tell("; ".join((f"clusterc library: there is no single entry `{name}`", *hint)) + "\n")
    return USAGE


def _list(some: "list[LibraryEntry]", format: str) -> int:
    from compiler.report.sections import Column, Section

    if format == "json":
        listed = [
            {"name": e.name, "kind": e.kind, "module": e.module, "vendor": e.word("vendor"), "title": e.word("title")}
            for e in some
        ]
        _give({"schema": "clusterc.library/1", "entries": listed})
        return 0
    if not some:
        say("nothing found\n")
        return 0
    columns = (Column("Name"), Column("Kind"), Column("Title", False, 56), Column("Module"))
    rows = tuple((entry.name, entry.kind, entry.word("title"), entry.module) for entry in some)
    show(f"{len(some)} entries of the library", [Section("library", "Entries", columns, rows)])
    return 0


def _pages(some: "list[LibraryEntry]", format: str) -> int:
    if format == "json":
        _give({"schema": "clusterc.library/1", "entries": [_data(entry) for entry in some]})
        return 0
    for entry in some:
        show(_head(entry), [_section(entry)])
        say(f"\nimport {entry.module} ({entry.name})\n")
    return 0


def _head(entry: "LibraryEntry") -> str:
    title = entry.word("title")
    return f"{entry.name}: {entry.kind}{f', {title}' if title else ''}"


def _section(entry: "LibraryEntry") -> "Section":
    from compiler.report.sections import Column, Section

    columns = (Column("Field"), Column("Value", True, 48), Column("Source", False, 72))
    rows = tuple((fact.path, fact.display, fact.sources) for fact in entry.facts() if fact.path != "title")
    return Section("fields", "What it says", columns, rows)


def _data(entry: "LibraryEntry") -> dict[str, object]:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "module": entry.module,
        "fields": {fact.path: _fact(fact) for fact in entry.facts()},
    }


def _fact(fact: "Fact") -> dict[str, object]:
    from compiler.quantities.units import base_unit

    bounds = fact.bounds
    return {
        "display": fact.display,
        "value": bounds.middle if bounds else None,
        "low": bounds.low if bounds else None,
        "high": bounds.high if bounds else None,
        "unit": base_unit(fact.quantity.dimension) if fact.quantity is not None else None,
        "sources": [
            {
                "title": c.source.title,
                "date": c.source.date,
                "grade": c.source.grade,
                "locator": c.locator,
                "url": c.source.url,
            }
            for c in fact.citations
        ],
    }


def _compare(left: "LibraryEntry", right: "LibraryEntry", format: str) -> int:
    from compiler.report.sections import Column, Section

    ours, theirs = ({fact.path: fact for fact in entry.facts()} for entry in (left, right))
    paths = list(dict.fromkeys((*ours, *theirs)))
    if format == "json":
        fields = {
            path: {
                "a": _fact(ours[path]) if path in ours else None,
                "b": _fact(theirs[path]) if path in theirs else None,
                "ratio": _ratio(ours.get(path), theirs.get(path)),
            }
            for path in paths
        }
        _give({"schema": "clusterc.library/1", "a": left.name, "b": right.name, "fields": fields})
        return 0
    columns = (Column("Field"), Column(left.name, True, 40), Column(right.name, True, 40), Column("Ratio", True))
    rows = []
    for path in paths:
        a, b = ours.get(path), theirs.get(path)
        ratio = _ratio(a, b)
        shown = "" if ratio is None else f"{ratio:.4g}"
        rows.append((path, a.display if a else "", b.display if b else "", shown))
    show(f"{left.name} beside {right.name}", [Section("compare", "Fields", columns, tuple(rows))])
    return 0


def _ratio(a: "Fact | None", b: "Fact | None") -> float | None:
    """Second over first quantity; None unless both are quantities of one dimension."""
    if a is None or b is None or a.quantity is None or b.quantity is None or a.bounds is None or b.bounds is None:
        return None
    if a.quantity.dimension != b.quantity.dimension or not a.bounds.middle:
        return None
    return b.bounds.middle / a.bounds.middle


def _give(data: dict[str, object]) -> None:
    give((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
