"""Write two sections of docs/accuracy.md: every checked network and every published machine figure beside ours.

    python benchmarks/accuracy.py

Reads tests/published/topology_cases.csv and machines.csv; takes about a minute. A test holds the page to both.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from benchmarks.accuracy_page import put  # noqa: E402
from compiler.analysis.metric import Cluster  # noqa: E402
from compiler.networks.bisection.bound import Bound  # noqa: E402
from compiler.networks.bisection.portfolio import bisection  # noqa: E402
from compiler.networks.cuts import network_bisection  # noqa: E402
from compiler.networks.topologies.catalogue import topology  # noqa: E402
from compiler.quantities import units  # noqa: E402
from compiler.quantities.display import digits, scaled  # noqa: E402
from compiler.workspace.compilation import compile_file  # noqa: E402

PUBLISHED = ROOT / "tests" / "published"
PAGE = ROOT / "docs" / "accuracy.md"

HEAD = """Published figures count in different ways. Each row names the convention, multiplies our bisection by what the
convention counts, and shows how far apart the two are. An interval stays one.

| machine | published | what was counted | our bisection | times | comes to | apart | proven by |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
CASES_HEAD = """{count} networks with a checked value, through `clusterc topology`. `naive` is what a popular formula prints.

| network | family | endpoints | checked | ours | status | naive | proven by |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of published values."""
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def machine_bound(row: dict[str, str]) -> Bound:
    """The bisection of the network that a row is about, in a design of the library, B/s."""
    design = compile_file(ROOT / "stdlib" / f"{row['module']}.cluster").design(row["design"])
    assert design is not None, row["design"]
    network = next(net for path, _, _, net in Cluster(design.root).networks if path == row["network"])
    return network_bisection(network)


def shown(low: float | None, high: float | None) -> str:
    """Bandwidth for people, an interval when the ends differ."""
    low, high = low or 0.0, high or 0.0
    value, unit = scaled(high, units.RATE)
    if low == high:
        return f"{digits(value, 5)} {unit}"
    return f"{digits(low / (high / value), 5)} to {digits(value, 5)} {unit}"


def machine_line(row: dict[str, str]) -> str:
    """One machine as a row of the page."""
    found = machine_bound(row)
    unit = units.unit(row["unit"])
    assert unit is not None and found.lower is not None and found.upper is not None
    published, factor = float(row["published"]) * unit.scale, float(row["factor"])
    low, high = found.lower * factor, found.upper * factor
    nearest = min(max(published, low), high)
    apart = f"{(nearest - published) / published:+.1%}" if nearest != published else "0"
    cells = [
        row["machine"], f"{row['published']} {row['unit']}", row["counting"], shown(found.lower, found.upper),
        f"{factor:g}", shown(low, high), apart, found.method.replace("|", "or"),
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def case_lines() -> Iterator[str]:
    """Each checked network as a row of the page."""
    for row in rows("topology_cases.csv"):
        if row["category"] != "synthetic":
            continue
        network = topology(row["family"], **json.loads(row["params"]))
        found = bisection(network)
        checked = row["bisection_bw"] or f"{row['certified_lower']} to {row['metis_upper']}"
        ours = f"{found.upper:g}" if found.status == "exact" else f"{found.lower:g} to {found.upper:g}"
        naive = f"{row['naive_value']} ({row['naive_rule']})" if row["naive_value"] else ""
        cells = [row["id"], row["family"], f"{network.endpoints:,}", checked, ours, found.status, naive, found.method]
        yield "| " + " | ".join(cell.replace("|", "or") for cell in cells) + " |"


def machines() -> str:
    """The part of the page about machines."""
    return HEAD + "\n".join(machine_line(row) for row in rows("machines.csv")) + "\n"


def main() -> None:
    """Write the page and say how long the networks took."""
    started = time.process_time()
    lines = list(case_lines())
    spent = time.process_time() - started
    put(PAGE, "Machines", machines())
    put(PAGE, "Networks", CASES_HEAD.format(count=len(lines)) + "\n".join(lines))
    print(f"{len(lines)} networks in {spent:.1f} s of CPU time, {PAGE.name} written")


if __name__ == "__main__":
    main()
