"""`Design`, the public object: loaded from a file or a text, with figures, reports, trails and drawings."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.errors import ClusterError, UnknownError, with_nearest
from compiler.report.findings import Bisected, CheckResult, DesignReport, Measured, NetworkReport
from compiler.workspace.opening import Found, chosen, designed, reported
from compiler.workspace.scale import scale_of
from dsl.suggest import did_you_mean

if TYPE_CHECKING:
    from compiler.audit.verdict import Verdict
    from compiler.ir import hardware
    from compiler.report.derivation import FigureTrail
    from compiler.workspace.compilation import Compilation


def load(
    source: str | PathLike[str] | None = None,
    design: str | None = None,
    *,
    text: str | None = None,
    effort: str = "normal",
) -> Design:
    """Load a design of a file or of a text: the one named, else the default one.

    `effort` (`low`, `normal`, `high`) limits the work on a bisection that no theorem settles. Raises `ClusterError`
    with the diagnostics when the text has errors, `UnknownError` when it has no such design.
    """

    if text is not None:
        from compiler.workspace.compilation import compile_text

        return opened(compile_text(text), design, effort)
    if source is None:
        raise UnknownError("`load` needs a path or a text")
    return _design(designed(Path(source), design), f"`{Path(source).as_posix()}`", design, effort)


def opened(compilation: Compilation, design: str | None = None, effort: str = "normal") -> Design:
    """The design of a compilation, named or default. Raises as `load` does."""
    shown = f"`{compilation.module.source.name}`" if compilation.module is not None else "the file"
    return _design(chosen(compilation, design), shown, design, effort)


def _design(found: Found, shown: str, name: str | None, effort: str) -> Design:
    """The design of a `Found`. Raises as `load` does when there is none."""
    errors = [diagnostic for diagnostic in found.diagnostics if diagnostic.severity == "error"]
    if errors:
        many = f" and {len(errors) - 1} more" if errors[1:] else ""
        raise ClusterError(f"{shown} has errors: {errors[0].message}{many}", found.diagnostics)
    if found.design is None:
        raise UnknownError(_no_design(shown, name, found.names))
    return Design(found.design, found, effort)


def _no_design(shown: str, design: str | None, names: tuple[str, ...]) -> str:
    if design is None:
        return f"{shown} declares nothing to report on: no node, rack, supernode, supercluster or chip without open parameters"
    listed = ", ".join(f"`{name}`" for name in names)
    hint = did_you_mean(design, names) or ((f"it has {listed}",) if names else ())
    return "; ".join((f"{shown} has no design `{design}`", *hint))


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
        if self.value is None:
            raise ClusterError(f"`{self.path}` is absent: {self.data.because}")
        return self.value / self.scale(unit)

    def scale(self, unit: str) -> float:
        """The number of base units of this figure that one `unit` is. Raises `UnknownError` for a unit of something else."""
        quantity = self.data.quantity
        return scale_of(unit, quantity.dimension if quantity is not None else None, f"`{self.path}`")

    def __float__(self) -> float:
        return float("nan") if self.value is None else float(self.value)

    def __str__(self) -> str:
        return self.display

    def __repr__(self) -> str:
        return f"<Figure {self.path}: {self.display}>"


class Figures(dict[str, Figure]):
    """Figures by their path, in the order of the report; a path that is not there raises `KeyError` with the nearest."""

    def __missing__(self, path: str) -> Figure:
        raise KeyError(with_nearest(f"there is no figure `{path}`", path, self))


class Design:
    """A checked design. Figures and reports are computed when they are first asked for."""

    def __init__(self, ir: hardware.ClusterDesign, found: Found, effort: str = "normal") -> None:
        self.ir = ir
        self.diagnostics = found.diagnostics
        self.effort = effort
        self._found = found
        self.name, self.kind, self.file = ir.root.name, ir.root.kind, ir.file
        self._report: DesignReport | None = None
        self._figures: Figures | None = None

    @property
    def data(self) -> DesignReport:
        """All findings about the design, as plain frozen data."""
        if self._report is None:
            self._report = reported(self._found, self.effort)
        return self._report

    @property
    def figures(self) -> Figures:
        """Figures by path: `compute.fp8`, `power.it`, `memory.capacity`; lets of the design come after them."""
        if self._figures is None:
            found = {**self.data.shown, **self.data.figures}
            self._figures = Figures({path: Figure(found[path]) for path in (*self.data.figures, *self.data.shown)})
        return self._figures

    @property
    def bisection(self) -> Mapping[str, Bisected]:
        """Bisection bandwidth of the `whole`, and `without_scale_up` links, B/s, one direction, with certified ends."""
        return self.data.bisection

    @property
    def networks(self) -> Mapping[str, NetworkReport]:
        """Networks by path; equal ones are one entry with a count."""
        return self.data.networks

    @property
    def claims(self) -> tuple[Verdict, ...]:
        """Claims of the text, each with its verdict."""
        return self.data.claims

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """Checks of the text, each with its result."""
        return self.data.checks

    def report(self) -> Report:
        """The report; `str()` of it is plain text, methods give the other formats."""
        return Report(self.data)

    def draw(self, view: str = "hierarchy", format: str = "svg", engine: str | None = None) -> Drawing:
        """A picture: `view` is hierarchy, network or racks; `format` svg, png or dot; `engine` an installed Graphviz's.

        Raises `UnknownError` for a view or format that does not exist, `ClusterError` where there is nothing to draw.
        """
        from compiler.report.portrait import Portrait
        from compiler.workspace.drawing import drawn

        portrait = Portrait(self.ir, self.effort, lambda: self.data)
        return Drawing(drawn(portrait, view, format, engine), format)

    def explain(self, figure: str) -> Trail:
        """The trail of a figure down to the sources of its inputs. Raises `UnknownError` when there is no such figure."""
        from compiler.report.derivation import trail

        return Trail(trail(self.data, figure, self.ir, self.effort))

    def __repr__(self) -> str:
        return f"<Design {self.name}: {self.kind} of {self.file}>"

    def _repr_html_(self) -> str:
        from html import escape

        from compiler.report.figure_tables import essentials

        rows = "".join(
            f"<tr><td>{escape(name)}</td><td style='text-align:right'>{escape(value)}</td><td>{escape(grade)}</td></tr>"
            for name, value, _, _, grade in essentials(self.data).rows
        )
        head = f"<caption>{escape(self.name)}, {escape(self.kind)} of {escape(self.file)}</caption>"
        return f"<table>{head}<tr><th>Figure</th><th>Value</th><th>Rests on</th></tr>{rows}</table>"

    def _repr_svg_(self) -> str:
        return self.draw("hierarchy").decode()


class Report:
    """A report with a method for each format; `str()` of it is plain text."""

    def __init__(self, data: DesignReport) -> None:
        self.data = data

    def to(self, format: str) -> str:
        """The report in a format by its name, as `--format` takes it. Raises `UnknownError` for any other."""
        from compiler.emitters import formats

        known = formats()
        if format not in known:
            raise UnknownError(f"there is no format `{format}`; there are {', '.join(known)}")
        return known[format](self.data)

    def to_text(self) -> str:
        """Plain text: aligned tables."""
        from compiler.emitters.text import emit

        return emit(self.data)

    def to_markdown(self) -> str:
        """Markdown page."""
        from compiler.emitters.markdown import emit

        return emit(self.data)

    def to_json(self) -> str:
        """JSON text, `clusterc.report/1`, values in base units."""
        from compiler.emitters.json import emit

        return emit(self.data)

    def to_dict(self) -> dict[str, object]:
        """Content of the JSON as data."""
        from compiler.emitters.json import data

        return data(self.data)

    def to_csv(self) -> str:
        """CSV text, a row for each figure."""
        from compiler.emitters.csv import emit

        return emit(self.data)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


class Trail:
    """The trail of a figure; `str()` of it is plain text.

    `steps` lead from the figure to its stated inputs, `movers` are the uncertain inputs, the strongest first, `notes`
    are sentences beside them. A bisection has its certificate in `bisection` instead of steps.
    """

    def __init__(self, data: FigureTrail) -> None:
        self.data = data
        self.figure, self.title, self.display = data.figure, data.title, data.display
        self.steps, self.notes, self.movers = data.steps, data.notes, data.movers
        self.bisection, self.quantity = data.bisection, data.quantity

    def to_text(self) -> str:
        """Plain text: a tree of steps, and a table of the inputs that move the figure."""
        from compiler.emitters.explain import emit

        return emit(self.data)

    def to_json(self) -> str:
        """JSON text, `clusterc.explain/1`, values in base units."""
        from compiler.emitters.explain import emit_json

        return emit_json(self.data)

    def to_dict(self) -> dict[str, object]:
        """Content of the JSON as data."""
        from compiler.emitters.explain import data

        return data(self.data)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Trail {self.figure}: {self.display}>"


class Drawing(bytes):
    """A picture as the bytes of its file. Notebooks show it, `save` writes it."""

    format: str

    def __new__(cls, data: bytes, format: str) -> Drawing:
        made = super().__new__(cls, data)
        made.format = format
        return made

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file, whole or not at all. Raises `ClusterError` when it cannot be written."""
        from compiler.workspace.files import write

        write(Path(path), self)

    def _repr_svg_(self) -> str | None:
        return self.decode() if self.format == "svg" else None

    def _repr_png_(self) -> bytes | None:
        return bytes(self) if self.format == "png" else None
