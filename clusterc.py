"""The public face: check and load `.cluster` files, read their figures, draw them. All that others import.

Everything behind it is imported when it is first needed, so that `import clusterc` costs next to nothing.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # `typing` itself is not free
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike
    from typing import Any, TypeVar

    from compiler.audit.verdict import Verdict
    from compiler.bisection.bound import Bound
    from compiler.designs import Found
    from compiler.driver import Compilation
    from compiler.explain import Trail
    from compiler.failure import ClusterError, UnknownError
    from compiler.ir import model
    from compiler.report import Bisected, Measured, NetworkReport
    from compiler.report import Checked as CheckResult
    from compiler.report import Report as ReportData
    from compiler.topologies.model import Topology as Network
    from dsl.diagnostic import Diagnostic

    Hops = TypeVar("Hops", int, float)

__version__ = "0.1.0"
__all__ = [
    "Checked",
    "ClusterError",
    "Design",
    "Drawing",
    "Figure",
    "Report",
    "Topology",
    "UnknownError",
    "check",
    "compile",
    "load",
    "main",
    "opened",
    "topology",
]
VIEWS = ("hierarchy", "network", "racks")


def __getattr__(name: str) -> Any:
    if name in ("ClusterError", "UnknownError"):
        from compiler import failure

        return getattr(failure, name)
    raise AttributeError(f"module 'clusterc' has no attribute {name!r}")


# ---- files and texts -------------------------------------------------------------------------


def compile(source: str | PathLike[str], *, name: str = "text.cluster") -> Compilation:
    """A file, or a text, as the compiler has it: diagnostics, declarations, designs.

    A string with a line break or a brace is a text, known as `name` in messages; anything else is a path.
    """
    from compiler.driver import compile_file, compile_text

    if isinstance(source, str) and ("\n" in source or "{" in source):
        return compile_text(source, name)
    from pathlib import Path

    return compile_file(Path(source))


def check(source: str | PathLike[str], *, name: str = "text.cluster") -> Checked:
    """What is wrong with a file, or with a text (a string with a line break or a brace): mistakes, and claims that are off.

    Raises nothing over bad input.
    """
    from compiler.verdict import heard

    return Checked(heard(compile(source, name=name)))


def load(
    source: str | PathLike[str] | None = None,
    design: str | None = None,
    *,
    text: str | None = None,
    effort: str = "normal",
) -> Design:
    """A design of a file or of a text: the one named, else the default one of the file.

    `effort` (`low`, `normal`, `high`) is how much work a bisection that no theorem settles may take.
    Raises `ClusterError` with the diagnostics when the text has errors, `UnknownError` when it has no such design.
    """
    from pathlib import Path

    from compiler.designs import designed
    from compiler.failure import UnknownError

    if text is not None:
        from compiler.driver import compile_text

        return opened(compile_text(text), design, effort)
    if source is None:
        raise UnknownError("`load` needs a path or a text")
    return _design(designed(Path(source), design), f"`{Path(source).as_posix()}`", design, effort)


def opened(compilation: Compilation, design: str | None = None, effort: str = "normal") -> Design:
    """A design of what `compile` gave. Raises as `load` does."""
    from compiler.designs import chosen

    shown = f"`{compilation.module.source.name}`" if compilation.module is not None else "the file"
    return _design(chosen(compilation, design), shown, design, effort)


def _design(found: Found, shown: str, name: str | None, effort: str) -> Design:
    """What was found as a design, or the reason why there is none."""
    from compiler.failure import ClusterError, UnknownError

    errors = [diagnostic for diagnostic in found.diagnostics if diagnostic.severity == "error"]
    if errors:
        many = f" and {len(errors) - 1} more" if errors[1:] else ""
        raise ClusterError(f"{shown} has errors: {errors[0].message}{many}", found.diagnostics)
    if found.design is None:
        raise UnknownError(_no_design(shown, name, found.names))
    return Design(found.design, found, effort)


def _no_design(shown: str, design: str | None, names: tuple[str, ...]) -> str:
    from compiler.suggest import did_you_mean

    if design is None:
        return f"{shown} declares nothing to report on: no node, rack, supernode, supercluster or chip without open parameters"
    listed = ", ".join(f"`{name}`" for name in names)
    hint = did_you_mean(design, names) or ((f"it has {listed}",) if names else ())
    return "; ".join((f"{shown} has no design `{design}`", *hint))


class Checked:
    """What was found wrong. `diagnostics` are in the order met; `ok` when none of them is an error."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings and hints may be there."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def render(self, *, color: bool = False) -> str:
        """The complaints as text with the lines they are about; empty when there are none."""
        from dsl.render import render

        return render(self.diagnostics, color=color)

    def to_dict(self) -> dict[str, object]:
        """The complaints as data, `clusterc.diagnostics/1`."""
        from dsl.render import to_json

        return to_json(self.diagnostics)

    def __str__(self) -> str:
        return self.render() or "no complaint"

    def __repr__(self) -> str:
        return f"<Checked ok={self.ok} diagnostics={len(self.diagnostics)}>"


# ---- designs ---------------------------------------------------------------------------------


class Figure:
    """One figure of a design. `value`, `low` and `high` are in `unit`, the base unit; None where nothing is known.

    With anything in `missing` it is a lower bound, and `high` is None; an absent figure has a `reason`.
    """

    def __init__(self, data: Measured) -> None:
        self.data = data
        self.path, self.title, self.display = data.path, data.title, data.display
        self.value, self.low, self.high, self.unit = data.value, data.low, data.high, data.unit
        self.grade, self.sources, self.missing, self.reason = data.grade, data.sources, data.missing, data.reason
        self.quantiles = data.quantiles

    def to(self, unit: str) -> float:
        """The value in another unit: `.to("EFLOPS")`, `.to("MW")`.

        Raises `UnknownError` for a unit that does not exist or measures something else, `ClusterError` for a figure
        that is absent.
        """
        from compiler.failure import ClusterError

        if self.value is None:
            raise ClusterError(f"`{self.path}` is absent: {self.reason or ', '.join(self.missing)}")
        return self.value / self.scale(unit)

    def scale(self, unit: str) -> float:
        """How many base units of this figure one `unit` is."""
        from compiler import units
        from compiler.failure import UnknownError
        from compiler.suggest import did_you_mean

        found = units.unit(unit)
        if found is None:
            raise UnknownError("; ".join((f"`{unit}` is not a unit", *did_you_mean(unit, units.symbols()))))
        own = self.data.quantity.dimension if self.data.quantity is not None else found.dimension
        if found.dimension not in (own, units.untagged(own)):
            raise UnknownError(f"`{self.path}` is {units.noun(own)}, `{unit}` measures {units.noun(found.dimension)}")
        if found.currency is not None:
            raise UnknownError(f"figures hold money in USD; there is no rate here for {found.currency}")
        return found.scale

    def __float__(self) -> float:
        return float("nan") if self.value is None else float(self.value)

    def __str__(self) -> str:
        return self.display

    def __repr__(self) -> str:
        return f"<Figure {self.path}: {self.display}>"


class Figures(dict[str, Figure]):
    """Figures by their path, in the order of the report; a path that is not there raises `KeyError` with the nearest."""

    def __missing__(self, path: str) -> Figure:
        from compiler.suggest import did_you_mean

        raise KeyError("; ".join((f"there is no figure `{path}`", *did_you_mean(path, self))))


class Design:
    """A checked design with its figures. What is asked for is worked out when it is first asked for."""

    def __init__(self, ir: model.Design, found: Found, effort: str = "normal") -> None:
        self.ir = ir
        self.diagnostics = found.diagnostics
        self.effort = effort
        self._found = found
        self.name, self.kind, self.file = ir.root.name, ir.root.kind, ir.file
        self._report: ReportData | None = None
        self._figures: Figures | None = None

    @property
    def data(self) -> ReportData:
        """Everything that was found of the design, as plain frozen data."""
        if self._report is None:
            from compiler.designs import reported

            self._report = reported(self._found, self.effort)
        return self._report

    @property
    def figures(self) -> Figures:
        """The figures by path: `compute.fp8`, `power.it`, `memory.capacity`; the design's own lets come after them."""
        if self._figures is None:
            found = {**self.data.shown, **self.data.figures}
            self._figures = Figures({path: Figure(found[path]) for path in (*self.data.figures, *self.data.shown)})
        return self._figures

    @property
    def bisection(self) -> Mapping[str, Bisected]:
        """Bisection bandwidth of the `whole`, and `without_scale_up` links: B/s, one direction, certified ends."""
        return self.data.bisection

    @property
    def networks(self) -> Mapping[str, NetworkReport]:
        """Each network by its path, equal ones counted."""
        return self.data.networks

    @property
    def claims(self) -> tuple[Verdict, ...]:
        """The published figures that the text claims, each with its verdict."""
        return self.data.claims

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """The assertions of the text, each with its verdict."""
        return self.data.checks

    def report(self) -> Report:
        """The report: `str()` of it is the page in plain text; it has the other formats as methods."""
        return Report(self.data)

    def draw(self, view: str = "hierarchy", format: str = "svg", engine: str | None = None) -> Drawing:
        """A picture: `view` is hierarchy, network or racks; `format` svg, png or dot; `engine` an installed Graphviz's.

        Raises `UnknownError` for a view or format that does not exist, `ClusterError` where there is nothing to draw.
        """
        from compiler.drawing import drawn

        return Drawing(drawn(self.ir, view, format, engine), format)

    def explain(self, figure: str) -> Trail:
        """The trail of a figure down to the sources of its inputs. Raises `UnknownError` when there is no such figure."""
        from compiler.explain import trail

        return trail(self.data, figure, self.ir, self.effort)

    def __repr__(self) -> str:
        return f"<Design {self.name}: {self.kind} of {self.file}>"

    def _repr_html_(self) -> str:
        from html import escape

        from compiler.sections import essentials

        rows = "".join(
            f"<tr><td>{escape(name)}</td><td style='text-align:right'>{escape(value)}</td><td>{escape(grade)}</td></tr>"
            for name, value, _, _, grade in essentials(self.data).rows
        )
        head = f"<caption>{escape(self.name)}, {escape(self.kind)} of {escape(self.file)}</caption>"
        return f"<table>{head}<tr><th>Figure</th><th>Value</th><th>Rests on</th></tr>{rows}</table>"

    def _repr_svg_(self) -> str:
        return self.draw("hierarchy").decode()


class Report:
    """A report in every format. `str()` is plain text."""

    def __init__(self, data: ReportData) -> None:
        self.data = data

    def to_text(self) -> str:
        """Aligned tables."""
        from compiler.emitters.text import emit

        return emit(self.data)

    def to_markdown(self) -> str:
        """A Markdown page."""
        from compiler.emitters.markdown import emit

        return emit(self.data)

    def to_json(self) -> str:
        """`clusterc.report/1`, values in base units."""
        from compiler.emitters.json import emit

        return emit(self.data)

    def to_dict(self) -> dict[str, object]:
        """The same as data."""
        from compiler.emitters.json import data

        return data(self.data)

    def to_csv(self) -> str:
        """One row for each figure."""
        from compiler.emitters.csv import emit

        return emit(self.data)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


class Drawing(bytes):
    """A picture as the bytes of its file, shown by notebooks; `save` writes it whole or not at all."""

    format: str

    def __new__(cls, data: bytes, format: str) -> Drawing:
        made = super().__new__(cls, data)
        made.format = format
        return made

    def save(self, path: str | PathLike[str]) -> None:
        """Write it to a file. Raises `ClusterError` when that cannot be."""
        from pathlib import Path

        from compiler.files import write

        write(Path(path), self)

    def _repr_svg_(self) -> str | None:
        return self.decode() if self.format == "svg" else None

    def _repr_png_(self) -> bytes | None:
        return bytes(self) if self.format == "png" else None


# ---- topologies ------------------------------------------------------------------------------


def topology(name: str, /, **parameters: Any) -> Topology:
    """One network by itself: `topology("torus", dims=[7, 4])`, or as it is written: `topology("torus(dims = [7, 4])")`.

    Links carry 1 per direction unless a parameter says otherwise. Raises `ClusterError` naming the condition that fails.
    """
    from compiler.failure import ClusterError

    if "(" in name:
        from compiler.expressions import topology_call

        name, parameters = topology_call(name)
    from compiler.topologies import catalogue
    from compiler.topologies.model import TopologyError

    try:
        return Topology(catalogue.topology(name, **parameters))
    except TopologyError as error:
        raise ClusterError(str(error)) from error


class Topology:
    """A network: its counts, its distances and its certified bisection, in units of its links' bandwidth."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.family, self.parameters = network.family, network.parameters
        self.endpoints, self.switches = network.endpoints, network.switches
        self.links, self.links_fabric = network.links, network.links_fabric
        self._bounds: dict[str, Bound] = {}

    @property
    def diameter(self) -> int | None:
        """Most link hops between two endpoints; None when some never meet, or the network is too large to be walked."""
        return self._walked(lambda: self.network.diameter)

    @property
    def average_hops(self) -> float | None:
        """Mean link hops between distinct endpoints; None as for the diameter."""
        return self._walked(lambda: self.network.average_hops)

    @staticmethod
    def _walked(work: Callable[[], Hops | None]) -> Hops | None:
        from compiler.topologies.model import TopologyError

        try:
            return work()
        except TopologyError:
            return None

    @property
    def bisection(self) -> Bound:
        """`lower`, `upper`, `status` (`exact`, `bounds`, `absent`), `method`, `reason`, `cut`: one direction."""
        return self.bisected("normal")

    def bisected(self, effort: str) -> Bound:
        """The bisection after `low`, `normal` or `high` effort."""
        if effort not in self._bounds:
            from compiler.bisection.bound import absent
            from compiler.bisection.portfolio import bisection
            from compiler.topologies.model import TopologyError

            try:
                self._bounds[effort] = bisection(self.network, effort=effort)
            except TopologyError as error:
                self._bounds[effort] = absent(str(error))
        return self._bounds[effort]

    def to_dict(self, effort: str = "normal") -> dict[str, object]:
        """All of it as data, `clusterc.topology/1`."""
        return {
            "schema": "clusterc.topology/1",
            "topology": self.family,
            "parameters": dict(self.parameters),
            "endpoints": self.endpoints,
            "switches": self.switches,
            "links": self.links,
            "links_fabric": self.links_fabric,
            "diameter": self.diameter,
            "average_hops": self.average_hops,
            "bisection": self.bisected(effort).as_json(),
        }

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"<Topology {self.family}({inside}): {self.endpoints} endpoints, {self.switches} switches>"


# ---- the command -----------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """The command `clusterc`; the result is its exit status."""
    from compiler.cli import main

    return main(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
