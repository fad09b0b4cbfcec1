"""The report as JSON, `clusterc.report/1`: values in base units, absent figures as null with their reason."""

import json
import math
from collections.abc import Mapping

from compiler.emitters import emitter
from compiler.report.findings import (
    Bisected,
    Carried,
    CheckResult,
    DesignReport,
    Failed,
    Measured,
    NetworkReport,
    TaperStep,
)
from dsl import render

SCHEMA = "clusterc.report/1"
AUDIT = "clusterc.audit/1"
QUANTILES = ("p05", "p50", "p95")
_WHOLE = 2.0**53


@emitter("json", "report.json")
def emit(report: DesignReport) -> str:
    """The report as a JSON text, ended by a newline."""
    return written(data(report))


def emit_audit(report: DesignReport) -> str:
    """The claims alone, `clusterc.audit/1`."""
    return written({"schema": AUDIT, "file": report.file, "claims": _claims(report)})


def written(value: object) -> str:
    """Data as JSON text in the style of all our files: UTF-8, indented by two, keys in their order, no NaN."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def data(report: DesignReport) -> dict[str, object]:
    """The report as JSON values."""
    return {
        "schema": SCHEMA,
        "file": report.file,
        "design": report.design,
        "kind": report.kind,
        "site": report.site or None,
        "figures": _figures(report.figures),
        "bisection": {name: _bisection(found) for name, found in report.bisection.items()},
        "networks": {path: _network(network) for path, network in report.networks.items()},
        "taper": [_step(step) for step in report.taper],
        **({"failures": [failed_data(found) for found in report.failures]} if report.failures else {}),
        "materials": _materials(report),
        "cabling": _cabling(report),
        "values": _figures(report.shown),
        "claims": _claims(report),
        "checks": [_check(check) for check in report.checks],
        "diagnostics": render.to_json(report.diagnostics)["diagnostics"],
    }


def plain(value: float | None) -> float | int | None:
    """A number for JSON: whole ones without a point, others with 12 digits, null for None, NaN and infinity.

    Digits beyond the twelfth depend on the order in which a machine adds.
    """
    if value is None or not math.isfinite(value):
        return None
    value = value if value == int(value) else float(f"{value:.12g}")
    return int(value) if value == int(value) and abs(value) < _WHOLE else value


def _figures(figures: Mapping[str, Measured]) -> dict[str, object]:
    return {path: figure_data(figure) for path, figure in figures.items()}


def figure_data(figure: Measured) -> dict[str, object]:
    """One figure as data; `missing`, `reason` and quantiles only when there are any."""
    found: dict[str, object] = {
        "title": figure.title,
        "value": plain(figure.value),
        "low": plain(figure.low),
        "high": plain(figure.high),
        "unit": figure.unit or None,
        "display": figure.display,
        "grade": figure.grade,
        "sources": list(figure.sources),
    }
    if figure.missing:
        found["missing"] = list(figure.missing)
    if figure.reason:
        found["reason"] = figure.reason
    if figure.quantiles:
        found |= {name: plain(value) for name, value in zip(QUANTILES, figure.quantiles, strict=True)}
    return found


def _bisection(found: Bisected) -> dict[str, object]:
    return {
        "lower": plain(found.lower),
        "upper": plain(found.upper),
        "unit": "B/s",
        "display": found.display,
        "status": found.status,
        "method": found.method or None,
        "reason": found.reason or None,
        **({"notes": list(found.notes)} if found.notes else {}),
    }


def _network(network: NetworkReport) -> dict[str, object]:
    return {
        "count": plain(network.count),
        "role": network.role or None,
        "protocol": network.protocol or None,
        "endpoints": plain(network.endpoints),
        "switches": plain(network.switches),
        "links": plain(network.links),
        "cables": plain(network.cables),
        "optics": plain(network.optics),
        "diameter": network.diameter,
        "oversubscription": plain(network.oversubscription),
        "injection": figure_data(network.injection),
        "bisection": _bisection(network.bisection),
        "traffic": _traffic(network.traffic),
        "latency": {
            "largest": figure_data(network.latency.largest),
            "mean": figure_data(network.latency.mean),
        },
    }


def _traffic(found: Carried) -> dict[str, object]:
    """The throughput of a network per endpoint."""
    ways = {"hops": found.hops, "shortest": plain(found.shortest), "disjoint": plain(found.disjoint)}
    return {
        "all_to_all": _bisection(found.all_to_all),
        "worst_permutation": _bisection(found.permutation),
        "oversubscription": {tier: plain(ratio) for tier, ratio in found.tiers},
        "paths": ways if found.hops is not None else None,
    }


def failed_data(found: Failed) -> dict[str, object]:
    """The bisection that failures of one class leave; `least`, `median` and `most` are [lower, upper] in B/s."""

    def ends(pair: tuple[float, float] | None) -> list[object] | None:
        return None if pair is None else [plain(end) for end in pair]

    return {
        "network": found.network,
        "failure": found.failure,
        "intact": _bisection(found.intact),
        "lost": found.what or None,
        "tried": found.tried,
        "total": found.total,
        "least": ends(found.least),
        "median": ends(found.median),
        "most": ends(found.most),
        "reason": found.reason or None,
    }


def _step(step: TaperStep) -> dict[str, object]:
    """A step of the taper, B/s per accelerator, one direction."""
    return {
        "step": step.name,
        "title": step.title,
        "value": plain(step.value),
        "unit": "B/s",
        "ratio": plain(step.ratio),
        "display": step.display,
    }


def _materials(report: DesignReport) -> list[dict[str, object]]:
    """The bill of materials; power in W and price in USD of all of a line together."""
    return [
        {
            "part": item.part,
            "kind": item.kind,
            "count": plain(item.count),
            "ports": item.ports,
            "ports_used": item.ports_used,
            "power": plain(item.power),
            "price": plain(item.price),
        }
        for item in report.materials
    ]


def _cabling(report: DesignReport) -> list[dict[str, object]]:
    """The cables of each connection by length class, metres."""
    return [
        {
            "network": cables.network,
            "link": cables.link,
            "medium": cables.medium or None,
            "cables": plain(cables.cables),
            "lengths": {name: plain(count) for name, count in cables.lengths.items()},
            "unplaced": plain(cables.unplaced),
            "longest": plain(cables.longest),
        }
        for cables in report.cabling
    ]


def _claims(report: DesignReport) -> list[dict[str, object]]:
    """The claims judged: `derived` is the middle of `low` to `high`, `ratio` derived over stated."""
    return [
        {
            "name": verdict.name,
            "text": verdict.text,
            "stated": plain(verdict.stated),
            "derived": plain(verdict.derived),
            "low": plain(verdict.low),
            "high": plain(verdict.high),
            "unit": verdict.unit,
            "verdict": verdict.verdict,
            "hypothesis": verdict.hypothesis or None,
            "sentence": verdict.sentence or None,
            "ratio": plain(verdict.ratio),
            "overlap": plain(verdict.overlap),
            "missing": list(verdict.missing),
            "source": verdict.source or None,
        }
        for verdict in report.claims
    ]


def _check(check: CheckResult) -> dict[str, object]:
    return {
        "name": check.name,
        "word": check.word,
        "verdict": check.verdict,
        "margin": plain(check.margin),
        "probability": plain(check.probability),
    }
