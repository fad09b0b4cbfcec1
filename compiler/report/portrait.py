"""Data of a design for pictures; each kind is computed when a picture first asks for it."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define

from compiler.ir.hardware import ClusterDesign
from compiler.report.brief import Stat, stats_of
from compiler.report.cabinets import Cabinet, Loose, cabinets, loose
from compiler.report.derivation import FigureTrail, first, trail
from compiler.report.findings import DesignReport
from compiler.report.levels import PartLevel, level

if TYPE_CHECKING:
    from compiler.report.panels import Panel


@define(eq=False)
class Portrait:
    """A design for its pictures. `reported` returns its report if there is one (None: compute it); only trails need it.

    `effort` limits the work on a bisection that no theorem settles.
    """

    design: ClusterDesign
    effort: str = "normal"
    reported: Callable[[], DesignReport] | None = None

    @property
    def name(self) -> str:
        """The name of the design."""
        return self.design.root.name

    @property
    def title(self) -> str:
        """Its title, empty where it states none."""
        return self.design.root.text("title")

    @property
    def kind(self) -> str:
        """Its kind, `rack` or `supernode`."""
        return self.design.root.kind

    @cached_property
    def stats(self) -> tuple[Stat, ...]:
        """Main figures of the whole design."""
        return stats_of(self.design.root, self.design.site)

    @cached_property
    def level(self) -> PartLevel:
        """The containment of its parts."""
        return level(self.design)

    @cached_property
    def cabinets(self) -> tuple[Cabinet, ...]:
        """Its different racks."""
        return cabinets(self.design)

    @cached_property
    def loose(self) -> tuple[Loose, ...]:
        """Its parts that stand in no rack."""
        return loose(self.design)

    @cached_property
    def panels(self) -> "tuple[Panel, ...]":
        """Its networks."""
        from compiler.report.panels import panels  # numpy and the solvers, for networks alone

        return panels(self.design, self.effort)

    def trail(self, path: str = "") -> FigureTrail:
        """The trail of a figure; without a path, of the most telling one. Raises `UnknownError` for an unknown path."""
        return trail(self.report, path or first(self.report), self.design, self.effort)

    @cached_property
    def report(self) -> DesignReport:
        """Its report, computed unless there is one."""
        if self.reported is not None:
            return self.reported()
        from compiler.report.assembled import report  # the same, for a design that comes alone

        return report(self.design, effort=self.effort)
