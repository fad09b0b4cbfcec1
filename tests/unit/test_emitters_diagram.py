"""Pictures: sane pages, words in their boxes, the same bytes each time, and strange names that break nothing."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest

from compiler.emitters.diagram import engine, glyphs, rendered
from compiler.emitters.diagram.engine import DrawingError
from compiler.emitters.diagram.lettering import fitted, is_drawable, one_line, width, wrapped
from compiler.emitters.diagram.packing import packed
from compiler.emitters.diagram.picture import Box, Line, Sheet, Text
from compiler.emitters.diagram.views import draw, sheet
from compiler.report.portrait import Portrait
from compiler.workspace.compilation import compile_file

ROOT = Path(__file__).parent.parent.parent
VIEWS = ("hierarchy", "network", "racks")
MACHINES = (
    ("huawei/cloudmatrix384", "CloudMatrix384"),
    ("huawei/atlas950", "Atlas950SuperCluster"),
    ("huawei/atlas960", "Atlas960SuperCluster"),
    ("nvidia/blackwell", "GB200NVL72"),
    ("nvidia/blackwell", "DGXSuperPODGB200"),
    ("nvidia/hopper", "DGXH100"),
    ("nvidia/hopper", "DGXSuperPODH100"),
    ("google/tpu", "TPUv4Pod"),
    ("hpc/hyperx", "Tsubame2HyperX"),
    ("hpc/frontier", "Frontier"),
    ("amd/epyc", "EPYC7742"),
    ("racks", "Cabinet48U"),
)
HOSTILE = """edition 2026
chip Evil {
  title = "<b>&amp; \\"quotes\\" \\\\l \\\\N <script>alert(1)</script> {a|b} <TABLE>"
  peak.fp8 = 1 PFLOPS
}
chip Long {
  title = "NAME"
  hbm.capacity = 144 GB
}
switch S { title = "\\\\" ports = 64
  rate = 400 Gb/s }
link L { rate = 400 Gb/s }
rack R {
  title = "]]></svg>&#60;%s\\\\"
  a = 3 of Evil
  b = 500 of Long
  `of` = 2 of S
}
supernode N {
  title = "昇腾 超节点 ラック"
  rs = 7 of R
  network `by` {
    title = "<&>\\"\\\\"
    connect rs.a to rs.`of` with 1 of L
  }
}
""".replace("NAME", "very " * 400)


@cache
def machine(file: str, name: str) -> Portrait:
    design = compile_file(ROOT / "stdlib" / f"{file}.cluster").design(name)
    assert design is not None
    return Portrait(design)


@pytest.fixture
def hostile(tmp_path: Path) -> Portrait:
    path = tmp_path / "hostile.cluster"
    path.write_text(HOSTILE, encoding="utf-8")
    compilation = compile_file(path)
    design = compilation.design()
    assert design is not None, compilation.diagnostics
    return Portrait(design)


def boxes(page: Sheet) -> list[Box]:
    return [item for item in page.items if isinstance(item, Box)]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("place", MACHINES, ids=lambda place: place[1])
def test_a_page_has_sane_proportions_and_everything_on_it(place: tuple[str, str], view: str) -> None:
    page = sheet(machine(*place), view)

    assert 0.5 <= page.width / page.height <= 3.0
    ids = [box.id for box in boxes(page)]
    assert len(ids) == len(set(ids))
    for box in boxes(page):
        if box.look != "none":
            assert box.x >= -0.01 and box.x + box.width <= page.width + 0.01, box.id
            assert box.y >= -0.01 and box.y + box.height <= page.height + 0.01, box.id
    for item in page.items:
        if isinstance(item, Line):
            assert item.tail in ids and item.head in ids


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("place", MACHINES, ids=lambda place: place[1])
def test_words_stay_on_the_page_and_in_their_box(place: tuple[str, str], view: str) -> None:
    page = sheet(machine(*place), view)

    for box in boxes(page):
        left, right = (
            (box.x, box.x + box.width) if box.look in ("chip", "switch", "cpu", "even", "odd") else (0, page.width)
        )
        if box.id.startswith("legend"):
            continue
        for text in box.texts:
            start, end = extent(text)
            assert start >= left - 0.5 and end <= right + 0.5, (box.id, text)


def extent(text: Text) -> tuple[float, float]:
    wide = width(text.text, text.size, text.bold)
    start = {"start": text.x, "middle": text.x - wide / 2, "end": text.x - wide}[text.anchor]
    return start, start + wide


@pytest.mark.parametrize("view", VIEWS)
def test_the_same_design_gives_the_same_bytes(view: str) -> None:
    path = ROOT / "stdlib" / "huawei" / "cloudmatrix384.cluster"

    for format in rendered.FORMATS:
        first, second = (compile_file(path).design("CloudMatrix384") for _ in range(2))
        assert first is not None and second is not None
        assert draw(Portrait(first), view, format) == draw(Portrait(second), view, format)


@pytest.mark.parametrize("view", VIEWS)
def test_a_strange_name_breaks_no_picture(hostile: Portrait, view: str) -> None:
    svg = draw(hostile, view, "svg")

    root = ET.fromstring(svg)
    words = "\n".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert "昇腾 超节点 ラック" in words
    told = "\n".join(value for each in root.iter() for key, value in each.attrib.items() if key.endswith("title"))
    if view != "network":
        assert "]]></svg>&#60;%s\\" in words
        assert "very " * 399 in told
    assert '<b>&amp; "quotes" \\l \\N <script>alert(1)</script> {a|b} <TABLE>' in told
    assert draw(hostile, view, "png").startswith(b"\x89PNG")


def test_the_svg_names_families_for_every_script() -> None:
    svg = draw(machine("huawei/cloudmatrix384", "CloudMatrix384"), "hierarchy", "svg").decode()

    assert "Noto Sans CJK SC" in svg.partition("<g ")[0]
    assert 'font-family="Helvetica,sans-Serif"' not in svg
    assert "昇腾384超节点" in svg


def test_a_png_without_a_font_at_hand_says_names_in_plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    page = sheet(machine("huawei/cloudmatrix384", "CloudMatrix384"), "hierarchy")
    monkeypatch.setattr(glyphs, "FONTS", ())

    words = glyphs.lettering(page)

    said = [words.said(text) for box in boxes(page) for text in box.texts]
    assert not words.over
    assert all(is_drawable(text) for text in said)
    assert "CloudMatrix384" in said and "Ascend910C" in said


def test_a_png_without_pillow_says_names_in_plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    design = machine("huawei/cloudmatrix384", "CloudMatrix384")
    monkeypatch.setitem(sys.modules, "PIL", None)

    assert glyphs.font_for("昇") is None
    assert draw(design, "network", "png").startswith(b"\x89PNG")


def test_a_png_draws_names_with_a_font_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PIL")
    if glyphs.font_for("昇腾384超节点") is None:
        pytest.skip("no font with Chinese letters on this machine")
    design = machine("huawei/cloudmatrix384", "CloudMatrix384")

    words = glyphs.lettering(sheet(design, "hierarchy"))
    drawn = draw(design, "hierarchy", "png")
    monkeypatch.setattr(glyphs, "FONTS", ())

    assert any("昇腾384超节点" in text.text for text, _ in words.over)
    assert drawn != draw(design, "hierarchy", "png")


def test_a_font_without_the_letters_is_not_taken() -> None:
    image_font = pytest.importorskip("PIL.ImageFont")
    font = image_font.load_default(24)

    assert glyphs._has(font, "Atlas 950")
    assert not glyphs._has(font, "昇腾")


@pytest.mark.parametrize("view", VIEWS)
def test_a_png_is_bounded_in_pixels(view: str) -> None:
    page = sheet(machine("huawei/atlas950", "Atlas950SuperCluster"), view)
    huge = Sheet("huge", 40_000, 20_000, ())

    for each in (page, huge):
        dots = rendered.resolution(each) / 72
        assert each.width * dots * each.height * dots <= rendered.MOST_PIXELS * 1.0001
    assert rendered.resolution(page) == rendered.DPI


def test_an_unknown_view_format_or_engine_is_a_message() -> None:
    design = machine("nvidia/hopper", "DGXH100")

    with pytest.raises(DrawingError) as wrong:
        draw(design, "hierarch")
    assert wrong.value.message == "there is no view `hierarch`"
    assert wrong.value.help == "did you mean `hierarchy`?"
    with pytest.raises(DrawingError, match="there is no format `pdf`"):
        draw(design, "racks", "pdf")
    with pytest.raises(DrawingError, match="there is no engine `neato`"):
        draw(design, "racks", "svg", "neato")


def test_an_engine_that_is_not_installed_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    design = machine("nvidia/hopper", "DGXH100")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(engine, "_bundled", lambda: None)

    with pytest.raises(DrawingError) as missing:
        draw(design, "racks", "svg", "dot")
    assert missing.value.message == "no `dot` program is installed"
    with pytest.raises(DrawingError) as missing:
        draw(design, "racks", "svg")
    assert "pip install graphviz-pure" in missing.value.help
    assert draw(design, "racks", "dot").startswith(b"graph ")


def test_an_engine_that_fails_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_program", lambda _: sys.executable)

    with pytest.raises(DrawingError, match="did not draw"):
        engine.painted("graph {}", "svg", "bundled")


def test_dot_text_is_drawn_as_it_stands_by_any_layout() -> None:
    dot = draw(machine("nvidia/hopper", "DGXH100"), "network", "dot")
    program = engine._bundled()
    assert program is not None

    plain = subprocess.run([program, "-Tsvg", "-q"], input=dot, capture_output=True, check=True).stdout

    assert plain == engine.painted(dot.decode(), "svg", "bundled")


def test_drawing_libraries_are_not_loaded_before_drawing() -> None:
    code = "import sys, compiler.emitters.diagram.views as d; d.views(); print({'graphviz', 'PIL'} & set(sys.modules))"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert said.strip() == "set()"


def test_levels_multiply_to_the_accelerators_of_the_design() -> None:
    root = machine("huawei/atlas950", "Atlas950SuperCluster").level

    pod = root.parts[0]
    chip = pod.parts[0].parts[0]
    assert (pod.count, chip.count, chip.total) == (64, 64, 524_288)
    assert {part.slot for part in root.parts} == {"supernodes", "leaf", "agg", "core"}


def test_a_network_has_its_tiers_planes_and_capacities() -> None:
    ub, rdma = machine("huawei/cloudmatrix384", "CloudMatrix384").panels

    assert [(tier.name, tier.count, tier.planes, tier.rank) for tier in ub.tiers] == [
        ("npus", 384, 1, 0),
        ("l1", 336, 7, 1),
        ("l2", 112, 7, 2),
    ]
    assert [(bundle.links, bundle.ratio) for bundle in ub.bundles] == [(5376, None), (5376, 1.0)]
    assert ub.bundles[1].capacity == 5376 * 28e9
    assert (ub.bisection.status, ub.bisection.upper, ub.sides) == ("exact", 75.264e12, (192, 192))
    assert (rdma.bisection.upper, rdma.tiers[-1].name) == (None, "outside the design")


def test_a_torus_is_a_grid_with_its_axes() -> None:
    (ici,) = machine("google/tpu", "TPUv4Pod").panels

    assert [(axis.kind, axis.size) for axis in ici.axes] == [("ring", 16)] * 3


def test_equal_racks_are_one_with_a_number() -> None:
    found = machine("huawei/atlas950", "Atlas950SuperCluster").cabinets

    assert [(each.name, each.total) for each in found] == [("NpuCabinet", 8192), ("LinkCabinet", 2048)]


def test_a_design_without_racks_or_networks_says_so_kindly() -> None:
    racks = draw(machine("nvidia/hopper", "DGXH100"), "racks", "dot").decode()
    network = draw(machine("racks", "Cabinet48U"), "network", "dot").decode()

    assert "There are no racks in this design yet." in racks and "4 of DGXH100" in racks
    assert "This design has no network." in network


def test_a_rack_over_its_feed_says_so_in_words(tmp_path: Path) -> None:
    path = tmp_path / "hot.cluster"
    path.write_text(
        "edition 2026\nchip C { tdp = 30 kW }\nrack R {\n feed = 50 kW\n units = 42 U\n cs = 2 of C\n}\n"
        "supernode S { rs = 3 of R }\n"
    )
    design = compile_file(path).design()
    assert design is not None

    hot = Portrait(design)
    assert hot.cabinets[0].load == pytest.approx(1.2)
    assert "60 kW of 50 kW feed, 120% at most: over its feed" in draw(hot, "racks", "dot").decode()


def test_east_asian_letters_count_double() -> None:
    assert width("昇腾", 10) == 20
    assert width("ｱ", 10) < width("ア", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)


def test_long_words_end_in_an_ellipsis_within_their_room() -> None:
    for text in ("昇腾384超节点" * 9, "a long name " * 9):
        short = fitted(text, 80, 10)
        assert short.endswith("…") and width(short, 10) <= 80
    assert fitted("short", 80, 10) == "short"
    assert all(width(line, 9) <= 60 for line in wrapped("words that go on and on and onandonandonandon", 60, 9))


def test_controls_and_line_ends_become_blanks() -> None:
    assert one_line("a\nb\x00c\u2028d\ud800e") == "a b c d e"


def test_blocks_never_overlap_and_fill_their_shelves() -> None:
    sizes = [(100.0 + 17 * n, 50.0 + 9 * (n % 3)) for n in range(11)]

    found = packed(sizes, 1.8)

    rectangles = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(found.places, found.rooms, strict=True)]
    for n, a in enumerate(rectangles):
        assert a[2] <= found.width + 1e-6 and a[3] <= found.height + 1e-6
        for b in rectangles[n + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
