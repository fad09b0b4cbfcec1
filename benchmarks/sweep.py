"""A million design points of the real figures of two reports, and 100,000 samples through a report, in one run.

Run it as `python benchmarks/sweep.py`. Times are CPU time of one process, the median of several rounds; the loop is
measured on fewer points. Inputs that are uncertain and not swept stand at their middle, in all readings alike.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from compiler.analysis.figures import of
from compiler.analysis.metric import Cluster
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Intervals
from compiler.quantities.samples import OPERATIONS, evaluate
from compiler.report.assembled import report as assembled
from compiler.report.measured import is_uncertain, measure
from compiler.semantics.studies import shapes_of
from compiler.study.lowering import Root, lower
from compiler.study.plan import Plan
from compiler.study.preparation import plan
from compiler.study.variants import named_study
from compiler.workspace.compilation import Compilation, compile_file, compile_text

POINTS, CHUNK, BLOCK, LOOP = 1_000_000, 65_536, 8192, 2000
SAMPLES, ROUNDS = 100_000, 5
EXAMPLES = ("cloudmatrix384", "atlas950_supercluster")
PATHS = (
    "accelerators dies racks cpus switches compute.bf16 compute.int8 memory.capacity memory.bandwidth power.it "
    "power.network power.facility energy.year cost.energy.year carbon.year efficiency.bf16 efficiency.int8 intensity.bf16 "
    "intensity.int8"
)
ATLAS = PATHS.replace("dies ", "").replace("bf16", "fp8").replace("int8", "fp4")
TEXT = """edition 2026
import std.huawei.cloudmatrix384 (CloudMatrix384)
import std.huawei.atlas950 (Atlas950SuperCluster)
import std.sites.china (Wuhu)

supercluster Hall {{ at = Wuhu; pods = 1 of CloudMatrix384 }}
supercluster Plan {{ at = Wuhu; plan = 1 of Atlas950SuperCluster }}

study million {{
  sweep tdp      in linear(500 W, 900 W, 10)
  sweep pue      in linear(1.05, 1.6, 10)
  sweep price    in linear(0.3 CNY/kWh, 0.9 CNY/kWh, 10)
  sweep capacity in linear(64 GB, 288 GB, 10)
  sweep rate     in linear(1 TB/s, 8 TB/s, 10)
  sweep speed    in linear(0.5 PFLOPS, 2 PFLOPS, 10)
  let place = Wuhu with {{ pue = pue; price = price }}
  let a = Hall with {{ at = place; {chip_a} }}
  let b = Plan with {{ at = place; {chip_b} }}
  show {{
{shows}
  }}
}}
"""


Columns = dict[str, np.ndarray]


def main() -> None:
    """Print the tables."""
    compilation = compile_text(text(), "million.cluster")
    made = plan(compilation, "million", samples=1)
    if made is None:
        raise SystemExit("\n".join(d.message for d in compilation.diagnostics))
    roots = quantities(compilation)
    inputs = swept(made) | middles(roots, made)
    held(made, roots, inputs)
    print(f"{POINTS:,} points, {len(made.axes)} axes, {len(roots)} figures of {len(order(roots))} nodes")
    out = [np.empty(POINTS) for _ in roots]
    before = peak()
    ours = measured(lambda: streamed(made))
    after = peak()
    rows = (
        ("writing the columns alone", measured(lambda: written(out))),
        ("ours, with axes and conditions", ours),
        ("numpy, blocks of columns", measured(lambda: by_blocks(roots, inputs, out), 3)),
        ("numpy, whole columns by hand", measured(lambda: evaluate(roots, 1, wide(inputs, 0, POINTS)), 3)),
        ("a Python loop", measured(lambda: by_loop(roots, inputs), 3) * POINTS / LOOP),
    )
    for name, seconds in rows:
        each = seconds / POINTS * 1e9
        print(
            f"  {name:<32}{each:>9.1f} ns a point {seconds / rows[0][1]:>8.2f} x writing {seconds / ours:>8.2f} x ours"
        )
    print(f"  peak memory {before:,.0f} MB before ours ran, {after:,.0f} MB after")
    samples()


def text() -> str:
    """The study, one line for each figure."""
    shows = [f"    a{i} = a.figures.{path}" for i, path in enumerate(PATHS.split())]
    shows += [f"    b{i} = b.figures.{path}" for i, path in enumerate(ATLAS.split())]
    fields = "{p}.tdp = tdp; {p}.hbm.capacity = capacity; {p}.hbm.bandwidth = rate; {p}.peak.{x} = speed"
    chip_a = fields.format(p="pods.compute.nodes.npus", x="bf16")
    chip_b = fields.format(p="plan.supernodes.compute.npus", x="fp8")
    return TEXT.format(chip_a=chip_a, chip_b=chip_b, shows="\n".join(shows))


def quantities(compilation: Compilation) -> list[Quantity]:
    """The quantities behind the columns, as the study forms them, in base units."""
    study = named_study(compilation, "million")
    assert study is not None
    (form,) = shapes_of(study, 1).values()
    return [shown.quantity for shown in form.columns]


def swept(made: Plan) -> Columns:
    """A column of base units for each axis."""
    places = made.places(np.arange(POINTS))
    return {a.symbol: a.at(place) * a.scale for a, place in zip(made.axes, places, strict=True)}


def middles(roots: Sequence[Quantity], made: Plan) -> Columns:
    """What is uncertain and not swept, at its middle: one number for all points."""
    axes = {axis.symbol for axis in made.axes}
    spread = [node for node in order(roots) if node.spread is not None and node.spread.shape != "point"]
    return {n.symbol: np.array([n.spread.middle]) for n in spread if n.spread is not None and n.symbol not in axes}


def wide(inputs: Columns, start: int, stop: int) -> Columns:
    """Some points of all inputs, and no sample axis."""
    return {s: (column if len(column) == 1 else column[start:stop])[:, np.newaxis] for s, column in inputs.items()}


def written(out: Sequence[np.ndarray]) -> None:
    """Columns with something in them: what any way to fill them costs at least."""
    for column in out:
        column.fill(1.0)


def streamed(made: Plan) -> None:
    """All points, so many at a time, as a study runs them."""
    for start in range(0, POINTS, CHUNK):
        made.evaluate(start, min(POINTS, start + CHUNK))


def by_blocks(roots: Sequence[Quantity], inputs: Columns, out: Sequence[np.ndarray]) -> None:
    """Every node worked out once in blocks that fit the cache."""
    for start in range(0, POINTS, BLOCK):
        stop = min(POINTS, start + BLOCK)
        for column, found in zip(out, evaluate(roots, 1, wide(inputs, start, stop)), strict=True):
            column[start:stop] = found.ravel()


def by_loop(roots: Sequence[Quantity], inputs: Columns) -> None:
    """Every node for every point, one Python number at a time; nothing is taken out of the loop."""
    nodes = order(roots)
    plain = {"add": sum, "multiply": lambda a: a[0] * a[1], "divide": lambda a: a[0] / a[1]}
    for i in range(LOOP):
        values: dict[int, float] = {}
        for node in nodes:
            if node.spread is not None:
                values[id(node)] = (
                    float(inputs[node.symbol][i % len(inputs[node.symbol])])
                    if node.symbol in inputs
                    else node.spread.middle
                )
            elif node.op in plain:
                values[id(node)] = plain[node.op]([values[id(arg)] for arg in node.args])
            else:
                values[id(node)] = float(OPERATIONS[node.op](*(values[id(arg)] for arg in node.args)))


def held(made: Plan, roots: Sequence[Quantity], inputs: Columns) -> None:
    """Refuse to measure what does not agree: ours against the graph, at the last points of the first block."""
    columns = made.evaluate(BLOCK - 100, BLOCK)
    found = evaluate(roots, 1, wide(inputs, BLOCK - 100, BLOCK))
    shown = [column for column in made.columns if column.role == "show"]
    scales = {spec.name: spec.scale for spec in made.specs}
    for column, values in zip(shown, found, strict=True):
        assert np.allclose(columns[column.name] * scales[column.name], values.ravel(), rtol=1e-9, equal_nan=True), (
            column.name
        )


def measured(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the median round."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def drawn_figures(uncertain: Sequence[Quantity]) -> list[np.ndarray]:
    """The quantiles of uncertain figures, through a tape."""
    tape = lower([Root(quantity, 1.0, "quantiles") for quantity in uncertain], [], SAMPLES)
    out = [np.empty(1) for _ in range(tape.width)]
    tape.run([], out)
    return out


def samples() -> None:
    """The figures of a report, with and without samples of their uncertain inputs."""
    for name in EXAMPLES:
        compilation = compile_file(Path(__file__).parents[1] / "examples" / f"{name}.cluster")
        design = compilation.design(None)
        assert design is not None
        cluster = Cluster(design.root, design.site)
        found = [figure.quantity for figure in of(cluster).values() if figure.quantity is not None]
        uncertain = [quantity for quantity in found if is_uncertain(quantity)]

        def without(cluster: Cluster = cluster) -> None:
            intervals = Intervals()
            for figure in of(cluster).values():
                measure(figure, intervals, {})

        def whole(design: object = design) -> None:
            assembled(design)  # type: ignore[arg-type]

        plain, reported = measured(without), measured(whole, 3)
        drawn = measured(lambda some=uncertain: drawn_figures(some), 3)  # type: ignore[misc]
        print(f"{name}: {len(uncertain)} uncertain of {len(found)} figures, {SAMPLES:,} samples")
        print(
            f"  figures without samples {plain * 1e3:.0f} ms, the samples {drawn * 1e3:.0f} ms: {(plain + drawn) / plain:.1f} x"
        )
        print(
            f"  whole report as it is {reported * 1e3:.0f} ms, with them {(reported + drawn) * 1e3:.0f} ms: {(reported + drawn) / reported:.1f} x"
        )


if __name__ == "__main__":
    main()
