"""Opening of designs: from the cache where no file has changed, else compiled.

A design that was just compiled goes through the same JSON as one from the cache, so that both give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import asdict, evolve, frozen

from compiler.analysis.materials import Item
from compiler.emitters import ir
from compiler.ir.hardware import Claim, ClusterDesign
from compiler.networks.cabling import Cabling
from compiler.report.assembled import report
from compiler.report.findings import Bisected, Carried, Delayed, DesignReport, Measured, NetworkReport, Wired
from compiler.workspace import cache
from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.source import Source, Span

if TYPE_CHECKING:
    from compiler.audit.verdict import Verdict
    from compiler.workspace.compilation import Compilation


Row: TypeAlias = Mapping[str, Any]
"""An object of JSON that this file wrote."""


@frozen(eq=False)
class Found:
    """Result of opening a design: it (None when the text has errors or no such design), and what was found with it.

    `names` are all designs of the file. With `key` and `facts`, which only a file has, later findings are cached as
    well.
    """

    design: ClusterDesign | None
    diagnostics: tuple[Diagnostic, ...] = ()
    names: tuple[str, ...] = ()
    verdicts: "tuple[Verdict, ...]" = ()
    key: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def designed(path: Path, name: str | None) -> Found:
    """Open the design of a file: the one named, else the default one."""
    key = (str(path), name or "")
    entry = cache.key("design", *key)
    answer = cache.recall(entry)
    if answer is None:
        from compiler.workspace.compilation import compile_file
        from compiler.workspace.facts import facts

        compilation = compile_file(path)
        found = chosen(compilation, name)
        if found.design is None:
            return found
        answer, known = _packed(found), tuple(sorted(facts(compilation)))
        cache.remember(entry, list(known), answer)
    else:
        known = tuple(cache.facts(entry))
    return evolve(_unpacked(answer), key=key, facts=known)


def chosen(compilation: "Compilation", name: str | None) -> Found:
    """The design of a compilation: the one named, else the default one."""
    diagnostics = tuple(compilation.diagnostics)
    if compilation.module is None or any(found.severity == "error" for found in diagnostics):
        return Found(None, diagnostics)
    design = compilation.design(name)
    names = tuple(compilation.design_names())
    judged: tuple[Verdict, ...] = ()
    if design is not None and design.claims:
        from compiler.workspace.claimed import judged_of

        judged = judged_of(compilation, design)
    return Found(design, diagnostics, names, judged)


def reported(found: Found, effort: str) -> DesignReport:
    """The report of an opened design."""
    assert found.design is not None
    net = _wired(found, effort)
    return report(found.design, found.diagnostics, effort, net, found.verdicts)


def audited(compilation: "Compilation") -> DesignReport:
    """A report with nothing but the verdicts on the claims of a file."""
    from compiler.workspace.claimed import verdicts

    name = compilation.module.source.name if compilation.module is not None else ""
    return DesignReport(name, "", "", {}, {}, {}, verdicts(compilation), ())


# ---- what is remembered ----------------------------------------------------------------------


def _packed(found: Found) -> str:
    assert found.design is not None
    sources: dict[Source, int] = {}
    return json.dumps(
        {
            "ir": ir.emit(found.design),
            "names": found.names,
            "verdicts": [asdict(evolve(verdict, claim=None)) for verdict in found.verdicts],
            "diagnostics": [_diagnostic(diagnostic, sources) for diagnostic in found.diagnostics],
            "sources": [[source.name, source.text] for source in sources],
        }
    )


def _unpacked(answer: str) -> Found:
    data = json.loads(answer)
    sources = [Source(name, text) for name, text in data["sources"]]
    design = ir.from_json(data["ir"])
    judged = _judged(data["verdicts"], design.claims) if data["verdicts"] else ()
    diagnostics = tuple(_diagnosed(row, sources) for row in data["diagnostics"])
    return Found(design, diagnostics, tuple(data["names"]), judged)


def _judged(rows: Sequence[Row], claims: Sequence[Claim]) -> "tuple[Verdict, ...]":
    from compiler.audit.verdict import Verdict  # where there is something to judge

    pairs = zip(rows, claims, strict=True)
    return tuple(Verdict(**{**row, "missing": tuple(row["missing"]), "claim": claim}) for row, claim in pairs)


def _span(span: Span, sources: dict[Source, int]) -> list[int]:
    return [sources.setdefault(span.source, len(sources)), span.start, span.end]


def _diagnostic(found: Diagnostic, sources: dict[Source, int]) -> dict[str, object]:
    code = found.code
    return {
        "code": [code.id, code.title, code.cause, code.wrong, code.right, code.severity],
        "severity": found.severity,
        "span": _span(found.span, sources),
        "message": found.message,
        "label": found.label,
        "labels": [[_span(label.span, sources), label.text] for label in found.labels],
        "notes": found.notes,
        "help": found.help,
        "fixes": [[fix.title, _span(fix.span, sources), fix.replacement, fix.grade] for fix in found.fixes],
    }


def _diagnosed(row: Row, sources: list[Source]) -> Diagnostic:
    def span(at: list[int]) -> Span:
        return Span(sources[at[0]], at[1], at[2])

    id, title, cause, wrong, right, severity = row["code"]
    return Diagnostic(
        Code(id, title, cause=cause, wrong=wrong, right=right, severity=severity),
        row["severity"],
        span(row["span"]),
        row["message"],
        row["label"],
        tuple(Label(span(at), text) for at, text in row["labels"]),
        tuple(row["notes"]),
        tuple(row["help"]),
        tuple(Fix(title, span(at), text, grade) for title, at, text, grade in row["fixes"]),
    )


def _wired(found: Found, effort: str) -> Wired | None:
    """Findings about the wiring of a design, cached; None when it is not from a file, and nothing can be cached.

    Cached apart from the design, since only reports need them and they take long to compute.
    """
    assert found.design is not None
    if not found.key:
        return None
    entry = cache.key("wired", *found.key, effort)
    answer = cache.recall(entry)
    if answer is None:
        from compiler.report.wired import wired  # the solvers of networks, where nothing is remembered

        answer = json.dumps(asdict(wired(found.design, effort), filter=lambda field, _: field.name != "quantity"))
        cache.remember(entry, list(found.facts), answer)
    return _rewired(json.loads(answer))


def _rewired(data: Row) -> Wired:
    return Wired(
        {path: _network(row) for path, row in data["networks"].items()},
        {name: Bisected(**row) for name, row in data["bisection"].items()},
        tuple(Item(**row) for row in data["materials"]),
        tuple(Cabling(**row) for row in data["cabling"]),
    )


def _network(row: Row) -> NetworkReport:
    carried = {**row["traffic"], "tiers": tuple((tier, ratio) for tier, ratio in row["traffic"]["tiers"])}
    carried |= {name: Bisected(**carried[name]) for name in ("all_to_all", "permutation")}
    built = {
        "injection": _measured(row["injection"]),
        "bisection": Bisected(**row["bisection"]),
        "traffic": Carried(**carried),
        "latency": Delayed(**{name: _measured(found) for name, found in row["latency"].items()}),
    }
    return NetworkReport(**{**row, **built})


def _measured(row: Row) -> Measured:
    """A figure of a network; its trail is found again where it is asked for."""
    listed = {name: tuple(row[name]) for name in ("sources", "missing")}
    quantiles = row["quantiles"]
    return Measured(**{**row, **listed, "quantiles": tuple(quantiles) if quantiles is not None else None})
