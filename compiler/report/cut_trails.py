"""Certificates of figures that have no operands: of a cut, its sides and what crosses; of a rate, the division that bounds it."""

import re

from attrs import evolve

from compiler.ir.hardware import ClusterDesign, Network
from compiler.networks.bisection.bound import Bound
from compiler.networks.cut_in_words import network_cut
from compiler.networks.cuts import network_bisection
from compiler.networks.owners import networks
from compiler.networks.whole.halves import Halves
from compiler.networks.whole.halves_in_words import whole_cut
from compiler.networks.whole.headlines import FIGURES
from compiler.networks.whole.separations import separated, separated_in
from compiler.quantities import units
from compiler.quantities.display import number
from compiler.report.findings import BISECTION, WHOLE, Certified
from compiler.report.wired import bisected

CUT = re.compile(r"cut\((?:([\w.]+)\s*,)?\s*([\d_,]*\d)\s*\)")
"""The cut function as it is written: `cut(8)` of the design, `cut(pods.ub, 8)` of a network."""


def certificate(design: ClusterDesign, path: str, effort: str) -> Certified | None:
    """The certificate of a bisection, a rate, or `cut(m)` of a design; None where the path is none of theirs."""
    root = design.root
    of_whole = WHOLE.get(path.removeprefix("bisection."))
    if of_whole is not None or path in FIGURES:
        figure = FIGURES["bisection" if path in ("bisection", "bisection.whole") else path]
        found = figure.work(root, effort)
        return _of_whole(design, figure.title if figure.shared else BISECTION, found, figure.shared)
    cut = CUT.fullmatch(path)
    if cut is not None:
        return _of_cut(design, cut[1] or "", int(re.sub("[_,]", "", cut[2])), effort)
    network = _named(design, path.removesuffix(".bisection")) if path.endswith(".bisection") else None
    if network is None:
        return None
    found = network_bisection(network, effort)
    return Certified(BISECTION, bisected(found), network_cut(network, found))


def _of_cut(design: ClusterDesign, name: str, total: int, effort: str) -> Certified | None:
    if not name:
        title = f"Least cut that separates {total:,} accelerators from the rest, one direction"
        return _of_whole(design, title, separated(design.root, total, effort))
    network = _named(design, name)
    if network is None:
        return None
    title = f"Least cut of {name} that separates {total:,} endpoints from the rest, one direction"
    found = separated_in(network, total, effort)
    is_divided = found.cut is not None and isinstance(found.cut.witness, Halves)
    cut_found = whole_cut(design.root, found) if is_divided else network_cut(network, found)
    return Certified(title, bisected(found), cut_found)


def _of_whole(design: ClusterDesign, title: str, found: Bound, shared: str = "") -> Certified:
    """The certificate of a figure of all networks; the cut of a rate is that of the division which bounds it."""
    if found.cut is None:
        return Certified(title, bisected(found))
    if not shared:
        return Certified(title, bisected(found), whole_cut(design.root, found))
    a, b = found.cut.endpoints
    said = shared.format(others=a + b - 1, a=a, b=b, least=min(a, b), capacity=number(found.cut.capacity, units.RATE))
    return Certified(title, bisected(found), whole_cut(design.root, evolve(found, upper=found.cut.capacity)), said)


def _named(design: ClusterDesign, path: str) -> Network | None:
    return next((network for name, _, _, network in networks(design.root) if name == path), None)
