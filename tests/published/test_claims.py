"""The audit against labelled published claims: each is a claim line, and its verdict is held against the label.

`claims/rows.csv` says which claim stands for which row, or why none does. Run this file to write `docs/audit-coverage.md`.
"""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from compiler.audit import audits
from compiler.audit.context import Desk
from compiler.audit.verdict import AGREES, Verdict
from compiler.workspace.compilation import compile_file

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
PAGE = HERE.parent.parent / "docs" / "audit-coverage.md"
WANTED = {
    "yes": AGREES,
    "rounded": AGREES,
    "no": ("fails", "explained"),
    "sparse": ("sparse",),
    "binary-units": ("binary-units",),
    "unknown": ("undecided",),
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
LEAST_ROWS, LEAST_AGREEMENT = 65, 0.9


def rows() -> list[dict[str, str]]:
    """The labelled claims, in order."""
    with (HERE / "published_claims.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def places() -> dict[int, dict[str, str]]:
    """For each row, counted from 1: the file and claim that express it, or the reason why none does."""
    with (HERE / "claims" / "rows.csv").open(encoding="utf-8", newline="") as file:
        return {int(place["row"]): place for place in csv.DictReader(file)}


@cache
def verdicts(name: str) -> dict[str, Verdict]:
    """The verdicts of a file of claims by claim."""
    return {verdict.name: verdict for verdict in judged(HERE / "claims" / f"{name}.cluster")}


@cache
def judged(path: Path) -> tuple[Verdict, ...]:
    """The verdicts on the claims of a file, in order."""
    compilation = compile_file(path)
    assert compilation.module is not None
    assert not [d for d in compilation.diagnostics if d.severity == "error"], compilation.diagnostics
    desk = Desk(compilation.state, compilation.module)
    return audits(desk.claims(), desk)


def found(row: int) -> Verdict:
    """The verdict on an expressed row."""
    place = places()[row]
    return verdicts(place["file"])[place["claim"]]


def is_as_labelled(label: str, verdict: Verdict) -> bool:
    """Whether a verdict, or where the label asks for it the hypothesis, is what the label says."""
    said = (
        verdict.hypothesis
        if verdict.verdict == "explained" and label in ("sparse", "binary-units")
        else verdict.verdict
    )
    return said in WANTED[label]


def expressed() -> list[int]:
    """The rows that are claim lines."""
    return [row for row, place in places().items() if place["claim"]]


def test_every_row_is_a_claim_or_has_a_reason() -> None:
    assert sorted(places()) == list(range(1, len(rows()) + 1))
    assert all(place["claim"] or place["reason"] for place in places().values())
    assert len(expressed()) >= LEAST_ROWS


def test_every_claim_line_stands_for_a_row() -> None:
    written = {(path.stem, name) for path in (HERE / "claims").glob("*.cluster") for name in verdicts(path.stem)}
    assert written == {(place["file"], place["claim"]) for place in places().values() if place["claim"]}


def test_a_claim_states_what_its_row_states() -> None:
    for row in expressed():
        facts, claim = rows()[row - 1], found(row).claim
        assert claim is not None
        right = claim.text.partition("=")[2].replace("_", "")
        published = f"{facts['value']} {facts['claim'].replace(',', '')}".replace("one third", "3")
        assert set(NUMBER.findall(right)) & set(NUMBER.findall(published)), (row, claim.text)


def test_a_claim_names_its_source() -> None:
    assert [row for row in expressed() if not found(row).source] == []


def test_verdicts_agree_with_the_labels() -> None:
    labels = {row: rows()[row - 1]["consistent"] for row in expressed()}
    wrong = [row for row, label in labels.items() if not is_as_labelled(label, found(row))]
    assert len(wrong) <= (1 - LEAST_AGREEMENT) * len(labels), wrong


def test_the_page_says_what_was_found() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python tests/published/test_claims.py`"


PLAN = {
    ("cloudmatrix384", "compute", "300 PFLOPS@bf16"): "rounds",
    ("cloudmatrix384", "memory", "48 TB"): "explained",
    ("cloudmatrix384", "price", "8.2 MUSD"): "fails",
    ("atlas950_supercluster", "npus", "524_288"): "holds",
    ("atlas950_supercluster", "fp8", "524 EFLOPS@fp8"): "holds",
    ("atlas950_supercluster", "fp4", "1 ZFLOPS@fp4"): "holds",
    ("atlas950_supercluster", "memory", "1152 TB"): "explained",
    ("nvl72_against_cloudmatrix", "like_a100", "1 within 10%"): "holds",
    ("nvl72_against_cloudmatrix", "power", "nvidia.figures.power.it"): "holds",
    ("roadmap", "from_910c_as_sold", "doubled(Ascend910C, sold)"): "fails",
    ("roadmap", "from_950_to_960", "doubled(Ascend950DT, Ascend960)"): "holds",
    ("roadmap", "from_960_to_970", "doubled(Ascend960, Ascend970)"): "holds",
}


@pytest.mark.parametrize(("example", "name", "figure"), PLAN)
def test_the_figures_of_the_plan_are_claims_of_the_examples(example: str, name: str, figure: str) -> None:
    of_name = [v for v in judged(EXAMPLES / f"{example}.cluster") if v.name == name]
    said = [v.verdict for v in of_name if v.claim and v.claim.origin and f" {figure}" in v.claim.origin.span.text]
    assert said == [PLAN[example, name, figure]]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.cluster")), ids=lambda path: path.stem)
def test_examples_are_without_complaint(path: Path) -> None:
    assert [d.message for d in compile_file(path).diagnostics] == []
    assert judged(path)


# ---- the page ------------------------------------------------------------------------------------


def page() -> str:
    """The page of the documentation: how far the audit agrees with the labels, row by row."""
    labels = {row: rows()[row - 1]["consistent"] for row in expressed()}
    agreed = sum(is_as_labelled(label, found(row)) for row, label in labels.items())
    lines = [
        "# How far the audit agrees with labelled claims",
        "",
        f"Generated by `tests/published/test_claims.py` from the {len(rows())} rows of `published_claims.csv`. "
        f"{len(labels)} rows are claim lines in `tests/published/claims/`; the verdicts on {agreed} of them "
        f"({agreed / len(labels):.1%}) are what the label asks for.",
        "",
        "Asked for are: `holds`, `rounds` or `truncates` where the label is yes or rounded; `explained` by that very "
        "hypothesis for sparse and binary-units; `fails` or `explained` for no; `undecided` for unknown.",
        "",
        *_confusion(labels),
        "",
        "## Row by row",
        "",
        "| row | system | claim | label | verdict | why | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_line(row, label) for row, label in labels.items()),
        "",
        "## Not expressed",
        "",
        *(_reason(row, place["reason"]) for row, place in places().items() if not place["claim"]),
    ]
    return "\n".join(lines) + "\n"


def _confusion(labels: dict[int, str]) -> list[str]:
    kinds = [*AGREES, "explained", "fails", "undecided"]
    counts = Counter((label, found(row).verdict) for row, label in labels.items())
    body = [f"| {label} | " + " | ".join(str(counts[label, kind] or "") for kind in kinds) + " |" for label in WANTED]
    return ["| label | " + " | ".join(kinds) + " |", "| --- |" + " --- |" * len(kinds), *body]


def _line(row: int, label: str) -> str:
    facts, verdict = rows()[row - 1], found(row)
    why = verdict.sentence or (f"not known: {', '.join(verdict.missing)}" if verdict.missing else "")
    mark = "" if is_as_labelled(label, verdict) else "differs"
    claim = facts["claim"].replace("|", "/")
    said = verdict.verdict + (f": {verdict.hypothesis}" if verdict.hypothesis else "")
    return f"| {row} | {facts['system']} | {claim} | {label} | {said} | {why} | {mark} |"


def _reason(row: int, reason: str) -> str:
    facts = rows()[row - 1]
    return f"- row {row}, {facts['system']}, {facts['claim']}: {reason}."


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
