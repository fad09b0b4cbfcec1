"""A design as pictures show it: plain data, each kind worked out when a picture first asks for it."""

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
    """One design for its pictures. `reported` gives its report where one is at hand; it is asked for once, by trails alone.

    `effort` is how much work a bisection may take that no theorem settles.
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
        """The few figures of the whole design."""
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
        """The trail of a figure, of the one that says most where none is named. Raises `UnknownError`."""
        return trail(self.report, path or first(self.report), self.design, self.effort)

    @cached_property
    def report(self) -> DesignReport:
        """Its report: the one at hand, or else worked out."""
        if self.reported is not None:
            return self.reported()
        from compiler.report.assembled import report  # the same, for a design that comes alone

        return report(self.design, effort=self.effort)
