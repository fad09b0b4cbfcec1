"""Ports for a design's switches, cards and chips: enough, and in a few designs only when split, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.judge.instances import OUTSIDE, Expansion
from tests.judge.model import CONTAINERS, Design, Unbuildable


def with_ports(design: Design, rng: Random) -> Design:
    """The design with ports that suffice; in a few designs only when they are split, or not at all."""
    need, fastest, equal = port_need(design)
    split = rng.random()
    notes: tuple[str, ...] = ()
    candidates = [d.name for d in design.decls if d.kind == "switch" and need[d.name] > 1 and not d.ports]
    odd = rng.choice(candidates) if candidates and split < 0.06 else ""
    for decl in design.decls:
        if decl.kind == "switch" and not decl.ports:
            ports, rate = (
                max(1, need[decl.name]) + rng.choice([0, 0, 1, 64]),
                fastest[decl.name] * rng.choice([1, 1, 2]),
            )
            if decl.name == odd and split < 0.03:
                ports, rate, notes = -(-need[odd] // 2), 2 * fastest[odd], ("ports are split",)
            elif decl.name == odd and equal[odd]:
                ports, rate, notes = need[odd] - 1, fastest[odd], ("ports do not suffice",)
            design = design.with_decl(replace(decl, ports=ports, port_rate=rate or 1))
        elif decl.kind == "nic" and need[decl.name] and rng.random() < 0.2:
            design = design.with_decl(replace(decl, ports=need[decl.name], port_rate=fastest[decl.name]))
        elif decl.kind == "chip" and need[decl.name] and rng.random() < 0.15:
            role = rng.choice(["scale-up", "scale-out"])
            design = design.with_decl(
                replace(decl, ports=need[decl.name], port_rate=fastest[decl.name], port_role=role)
            )
    return replace(design, notes=notes)


def port_need(design: Design) -> tuple[dict[str, int], dict[str, float], dict[str, bool]]:
    """By leaf declaration: the most links at an instance, the fastest link, and whether the busiest has equal links.

    Every declaration counts as a whole of its own too, as the checker meets it, with its parameters as they stand.
    """
    busy: dict[str, list[list[float]]] = defaultdict(list)
    wholes = [place for place, decl in enumerate(design.decls) if decl.kind in CONTAINERS]
    for place in wholes:
        try:
            expansion = Expansion(
                replace(design, decls=design.decls[: place + 1]), first=design.decls[place] != design.root
            )
        except Unbuildable:
            continue
        for name, rates in _rates(expansion):
            busy[name].append(rates)
    need, fastest, equal = defaultdict(int), defaultdict(float), defaultdict(bool)
    for name, of_each in busy.items():
        need[name] = max(map(len, of_each))
        fastest[name] = max(map(max, of_each))
        equal[name] = any(len(rates) == need[name] and min(rates) == fastest[name] for rates in of_each)
    return need, fastest, equal


def _rates(expansion: Expansion) -> Iterator[tuple[str, list[float]]]:
    """The rates of all links that end at each instance, with the name of what it is of."""
    found: dict[int, list[float]] = defaultdict(list)
    for wired in expansion.networks:
        for one in wired.links:
            each = expansion.design.link(one.link).high * max(1.0, one.factor)
            for end in {one.left, one.right} - {OUTSIDE}:
                found[end] += [each] * one.count
    for number, rates in found.items():
        yield expansion.instances[number].decl.name, rates
