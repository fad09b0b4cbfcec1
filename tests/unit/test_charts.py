"""Charts: bytes that do not change, words that do not run away, and a message where matplotlib is missing."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from compiler import errors
from compiler.emitters.charts import Chart, drawn
from compiler.emitters.charts.pareto import Aim, pareto
from compiler.emitters.charts.response import Curve, Scale, response
from compiler.emitters.charts.roadmap import roadmap
from compiler.emitters.charts.tornado import Bar, tornado
from compiler.emitters.charts.uncertainty import uncertainty
from compiler.emitters.charts.waterfall import waterfall
from compiler.errors import ClusterError, UnknownError
from compiler.quantities.intervals import Bounds
from compiler.quantities.units import POWER, compute_rate
from compiler.report.reasons import Difference, Reason
from compiler.report.series import Point, TimeSeries

matplotlib = pytest.importorskip("matplotlib")
MEGA = 1e6


def a_waterfall(count: int = 3) -> Chart:
    shares = tuple(Reason(f"reason {i} $x$ of a chip", "1", "2", (-1.0) ** i * 5.0 / (i + 1)) for i in range(count))
    end = 10.0 + sum(share.share for share in shares)
    return waterfall(Difference("power.it", "IT power", ("A", "B"), 10.0, end, POWER, shares))


def a_tornado(count: int = 3) -> Chart:
    bars = [Bar(f"tdp of Chip{i}", "1 to 2 W", 10.0 - i - 1, 10.0 + i) for i in range(count)]
    return tornado("IT power", 10.0, bars, POWER, "Plan")


def a_histogram() -> Chart:
    values = np.random.default_rng(1).normal(100.0, 10.0, 500) * MEGA
    return uncertainty("IT power", values, POWER, "Plan", limit=110 * MEGA)


def a_response() -> Chart:
    x = [1.0, 2.0, 4.0]
    curves = [Curve("a", x, [1.0, 2.0, 3.0], [0.5, 1.5, 2.5], [1.5, 2.5, 3.5]), Curve("b", x, [3.0, 2.0, 1.0])]
    return response("Power over pods", curves, Scale("pods", is_log=True), Scale("IT power", POWER), limit=2.0)


def a_front() -> Chart:
    x, y = np.array([1.0, 2.0, 3.0, 3.0]), np.array([1.0, 3.0, 4.0, 2.0])
    front = np.array([True, True, True, False])
    names = ["a", "b", "c", "d"]
    power, compute = Scale("IT power", POWER), Scale("compute", compute_rate("fp8"))
    return pareto("Compute", Aim(power, x, wants_less=True), Aim(compute, y, wants_less=False), front, names)


def a_roadmap() -> Chart:
    points = tuple(
        Point(f"v{i}", f"{2024 + i}-01-01", 2024.0 + i, 2.0**i, 2.0**i * 0.9, 2.0**i * 1.1, "") for i in range(3)
    )
    one = Bounds(2.0, 2.0, 2.0)
    return roadmap("Power", [TimeSeries("tdp", POWER, points, one, Bounds(1, 1, 1), 0.0, ("silent",))])


CHARTS = [a_waterfall, a_tornado, a_histogram, a_response, a_front, a_roadmap]


@pytest.mark.parametrize("make", CHARTS)
def test_the_same_chart_is_the_same_bytes(make: Callable[[], Chart]) -> None:
    first, second = drawn(make(), "svg"), drawn(make(), "svg")
    assert first == second
    text = first.decode()
    assert text.startswith("<?xml")
    assert "<dc:date>" not in text
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)


@pytest.mark.parametrize("make", CHARTS)
def test_a_png_is_a_slide(make: Callable[[], Chart]) -> None:
    png = drawn(make(), "png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1440, 810)


@pytest.mark.parametrize("make", CHARTS)
def test_no_word_leaves_the_page(make: Callable[[], Chart]) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    chart = make()
    with matplotlib.rc_context({"text.parse_math": False}):
        figure = Figure(figsize=(10.0, chart.height))
        axes = figure.add_axes((chart.left, 0.15, 1 - chart.left - chart.right, 0.67))
        chart.paint(axes)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        page = figure.bbox
        for text in axes.texts:
            box = text.get_window_extent(canvas.get_renderer())
            assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1, text.get_text()


def test_many_reasons_and_inputs_make_a_taller_page_and_no_more_than_so_many_bars() -> None:
    assert "smaller reasons" not in str(a_waterfall(9).says)
    assert drawn(a_waterfall(40), "png")[:4] == b"\x89PNG"
    assert drawn(a_tornado(40), "png")[:4] == b"\x89PNG"
    assert "30 weaker inputs" in a_tornado(40).foot


def test_nothing_to_show_is_a_chart_that_says_so() -> None:
    empty = [
        a_tornado(0),
        waterfall(Difference("f", "F", ("A", "B"), 0.0, 0.0, POWER, ())),
        uncertainty("F", np.array([np.nan]), POWER),
        roadmap("R", [TimeSeries("tdp", POWER, (), None, None, None, ("a",))]),
        response("R", [], Scale("x"), Scale("y")),
    ]
    for chart in empty:
        assert drawn(chart, "svg")
    assert "no two dated variants" in empty[3].says


def test_another_format_is_named() -> None:
    with pytest.raises(UnknownError, match="no chart format `gif`"):
        drawn(a_tornado(), "gif")


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "find_spec", lambda name: None)
    with pytest.raises(ClusterError) as caught:
        drawn(a_tornado(), "svg")
    assert "matplotlib" in str(caught.value)
    assert any("clusterc[studies]" in line for found in caught.value.diagnostics for line in found.help)
