"""The report as tables for a spreadsheet: figures, networks, parts and claims, one file each, values in base units."""

import csv
import io
from collections.abc import Iterable, Sequence

from compiler.emitters import emitter
from compiler.emitters.json import plain
from compiler.report.findings import BISECTION, Bisected, DesignReport, Measured

FIGURES = "design,group,figure,title,value,low,high,unit,display,grade,p05,p50,p95,missing,reason,sources"
NETWORKS = (
    "design,network,count,role,protocol,endpoints,switches,links,cables,optics,diameter,oversubscription,injection,"
    "bisection_lower,bisection_upper,unit,status,method,reason,all_to_all_lower,all_to_all_upper,"
    "worst_permutation_lower,worst_permutation_upper,shortest_paths,disjoint_paths,oversubscription_by_tier,"
    "latency_largest,latency_mean,latency_missing"
)
TAPER = "design,step,title,value,unit,ratio"
MATERIALS = "design,part,kind,count,ports,ports_used,power,price"
CLAIMS = "design,claim,text,stated,derived,low,high,unit,verdict,hypothesis,sentence,missing,source"


@emitter("csv", "figures.csv")
def emit(report: DesignReport) -> str:
    """Table of figures, a row for each; bisection of the whole included."""
    rows = [_figure(report, figure.group, path, figure) for path, figure in report.figures.items()]
    rows += [_bisection(report, f"bisection.{name}", found) for name, found in report.bisection.items()]
    rows += [_figure(report, "values", path, figure) for path, figure in report.shown.items()]
    return _written(FIGURES, rows)


def emit_networks(report: DesignReport) -> str:
    """Table of networks, a row for each; bandwidth in B/s, one direction, latency in s, one way."""
    rows = []
    for path, net in report.networks.items():
        counts = (net.endpoints, net.switches, net.links, net.cables, net.optics, net.diameter, net.oversubscription)
        found = net.bisection
        bandwidth = (net.injection.value, found.lower, found.upper)
        head = (report.design, path, plain(net.count), net.role, net.protocol)
        tail = ("B/s", found.status, found.method, found.reason)
        carried = net.traffic
        ends = [end for b in (carried.all_to_all, carried.permutation) for end in (b.lower, b.upper)]
        tiers = "; ".join(f"{tier} {plain(ratio)}" for tier, ratio in carried.tiers)
        traffic = (*map(plain, (*ends, carried.shortest, carried.disjoint)), tiers)
        largest, mean = net.latency.largest, net.latency.mean
        delays = (plain(largest.value), plain(mean.value), "; ".join(largest.missing))
        rows.append((*head, *map(plain, counts), *map(plain, bandwidth), *tail, *traffic, *delays))
    return _written(NETWORKS, rows)


def emit_taper(report: DesignReport) -> str:
    """Table of the taper, a row for each step from chip memory to the bisection of the whole; B/s per accelerator."""
    rows = [(report.design, s.name, s.title, plain(s.value), "B/s", plain(s.ratio)) for s in report.taper]
    return _written(TAPER, rows)


def emit_claims(report: DesignReport) -> str:
    """Table of claims, a row for each."""
    rows = []
    for claim in report.claims:
        values = map(plain, (claim.stated, claim.derived, claim.low, claim.high))
        words = (claim.verdict, claim.hypothesis, claim.sentence, "; ".join(claim.missing), claim.source)
        rows.append((report.design, claim.name, claim.text, *values, claim.unit, *words))
    return _written(CLAIMS, rows)


def emit_materials(report: DesignReport) -> str:
    """Bill of materials, a row for each part; power in W and price in USD are of all of them together."""
    rows = [
        (
            report.design,
            item.part,
            item.kind,
            *map(plain, (item.count, item.ports, item.ports_used, item.power, item.price)),
        )
        for item in report.materials
    ]
    return _written(MATERIALS, rows)


def _figure(report: DesignReport, group: str, path: str, figure: Measured) -> tuple[object, ...]:
    quantiles = figure.quantiles or (None, None, None)
    head = (report.design, group, path, figure.title, plain(figure.value), plain(figure.low), plain(figure.high))
    words = (figure.unit, figure.display, figure.grade)
    return *head, *words, *map(plain, quantiles), "; ".join(figure.missing), figure.reason, "; ".join(figure.sources)


def _bisection(report: DesignReport, path: str, found: Bisected) -> tuple[object, ...]:
    value = found.lower if found.lower == found.upper else None
    title = f"{BISECTION}, {path.partition('.')[2].replace('_', ' ')}"
    head = (report.design, "bisection", path, title, plain(value), plain(found.lower), plain(found.upper))
    return *head, "B/s", found.display, found.status, None, None, None, "", found.reason, found.method


def _written(head: str, rows: Iterable[Sequence[object]]) -> str:
    """CSV text (RFC 4180, but with plain newlines); a value that does not exist is an empty cell."""
    text = io.StringIO()
    text.write(f"{head}\n")
    csv.writer(text, lineterminator="\n").writerows(
        ["" if cell is None else _inert(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def _inert(cell: object) -> object:
    """The cell, marked as text when a spreadsheet would take it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
