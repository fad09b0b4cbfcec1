"""The picture of a figure's trail."""

import re
from pathlib import Path

import pytest

import clusterc
from compiler.emitters.diagram.engine import DrawingError
from compiler.emitters.diagram.picture import Box, Sheet
from compiler.emitters.diagram.views import sheet
from compiler.emitters.diagram.views.explain import Node, _pruned
from compiler.emitters.explain import emit
from compiler.errors import UnknownError
from compiler.report.portrait import Portrait
from compiler.workspace.compilation import compile_file, compile_text

TEXT = """edition 2026
source est { title = "our estimate"; date = 2026-01-10; grade = "estimate" }
chip Toy { tdp = 500 to 700 W from est; peak.fp8 = 1 PFLOPS from est }
link Wire { rate = 100 GB/s }
switch Hub { ports = 64; rate = 100 GB/s; tdp = 1 kW from est }
node Box {
  npus = 8 of Toy
  hub  = 1 of Hub
  let spare = 3 kW
  network up { role = "scale-up"; connect npus to hub with 1 of Wire }
}
"""


def box(text: str = TEXT) -> Portrait:
    found = compile_text(text, "box.cluster").design("Box")
    assert found is not None
    return Portrait(found)


def words(page: Sheet) -> list[str]:
    return [text.text for item in page.items if isinstance(item, Box) for text in item.texts]


def test_the_trail_runs_from_the_figure_to_its_sources() -> None:
    said = words(sheet(box(), "explain:power.it"))
    assert "IT power, nameplate" in said
    assert "500 to 700 W" in said
    assert "100 % of the variance" in said
    assert "estimate: our estimate" in said
    assert "83 % of the figure" in said


def test_a_bisection_is_explained_by_its_certificate() -> None:
    said = words(sheet(box(), "explain:bisection"))
    assert "400 GB/s" in said and "exact" in said and "4 and 4 endpoints" in said


def test_lets_are_explained_too_and_without_a_figure_the_one_that_says_most() -> None:
    assert "3 kW" in words(sheet(box(), "explain:spare"))
    assert words(sheet(box(), "explain")) == words(sheet(box(), "explain:power.it"))


def test_a_figure_that_is_not_there_is_a_message() -> None:
    with pytest.raises(UnknownError, match=r"did you mean `power\.it`"):
        sheet(box(), "explain:powr.it")
    with pytest.raises(DrawingError, match="PUE"):
        sheet(box(), "explain:power.facility")


def test_a_sum_that_was_written_as_one_is_one_step() -> None:
    page = sheet(box(TEXT.replace("let spare = 3 kW", "let spare = 1 kW + 2 kW + (3 kW + 4 kW)")), "explain:spare")

    shown = [item.id for item in page.items if isinstance(item, Box) and item.id.startswith("figure")]
    assert sorted(shown) == ["figure", "figure.0", "figure.1", "figure.2", "figure.3"]


def test_a_wide_tree_is_pruned_and_says_so() -> None:
    parts = "\n".join(f"  let a{i} = {i + 1} W" for i in range(200))
    total = " + ".join(f"a{i}" for i in range(200))
    text = TEXT.replace("  let spare = 3 kW", f"{parts}\n  let spare = {total}")
    page = sheet(box(text), "explain:spare")
    assert sum(isinstance(item, Box) for item in page.items) < 120
    assert any(word.startswith("and ") and word.endswith(" more") for word in words(page))


def test_nothing_is_said_to_be_shown_above_that_was_pruned() -> None:
    again = Node("twice", "1 W", "", "shown above", "even", "", (), 7, True)
    once = Node("twice", "1 W", "", "", "even", "", (Node("x", "1 W", "", "", "panel", ""),), 7)
    many = tuple(Node(f"x{n}", "1 W", "", "", "panel", "") for n in range(50))

    def unders(*inputs: Node) -> list[str]:
        return [node.under for node in _pruned(Node("f", "1 W", "", "", "frame", "", inputs)).inputs]

    assert unders(once, again) == ["", "shown above"]
    assert unders(again, *many)[0] == "…"


def test_the_command_draws_it(tmp_path: Path) -> None:
    file, out = tmp_path / "box.cluster", tmp_path / "why.svg"
    file.write_text(TEXT, encoding="utf-8")
    assert clusterc.main(["draw", str(file), "--view", "explain", "--figure", "power.it", "-o", str(out)]) == 0
    assert b"500 to 700 W" in out.read_bytes()
    assert clusterc.main(["draw", str(file), "--figure", "power.it", "-o", str(out)]) == 2
    assert clusterc.main(["draw", str(file), "--view", "explain", "--figure", "powr", "-o", str(out)]) == 2


# ---- one trail, in words and as a picture ----------------------------------------------------

ROOT = Path(__file__).parent.parent.parent
DESIGNS = [
    *((path.relative_to(ROOT).as_posix(), None) for path in sorted((ROOT / "examples").rglob("*.cluster"))),
    ("stdlib/nvidia/blackwell.cluster", "GB200NVL72"),
    ("stdlib/google/tpu.cluster", "TPUv7Pod"),
    ("stdlib/hpc/frontier.cluster", "Frontier"),
]
LINE = re.compile(r"[│├└─ ]*(?P<line>.*?)(   \[[^]]*\])?(?P<again>   \(shown above\))?(   {(?P<shares>[^}]*)})?$")


def steps_of_text(text: str) -> set[tuple[str, str]]:
    """Each step of a trail as the text names it, with the shares it gives."""
    tree = text.partition("\n")[2].partition("\nWhat moves it")[0].splitlines()
    rows = [found for row in tree if row and not row.startswith("  - ") and (found := LINE.match(row))]
    return {(row["line"], row["shares"] or "") for row in rows if not row["line"].startswith("from ")}


def steps_of_picture(page: Sheet) -> tuple[set[tuple[str, str]], bool]:
    """Each step of a picture, named by what a pointer reads, with the shares it shows; and whether it was pruned."""
    boxes = [item for item in page.items if isinstance(item, Box) and item.id.startswith("figure")]
    found, pruned = set(), False
    for box in boxes:
        said = [text.text for text in box.texts]
        if re.fullmatch(r"and \d+ more", said[0]):
            pruned = True
            continue
        line = box.tooltip.partition("\n")[0]
        shares = [word for word in said if word.endswith((" of the figure", " of the variance"))]
        found.add((line, "".join(shares)))
        assert next(text.text for text in box.texts if text.bold).rstrip("…") in line
        assert box.id == "figure" or all(text.text.rstrip("…") in line for text in box.texts if text.size == 10)
        pruned = pruned or (said[-1].endswith("…") and not any(item.id == f"{box.id}.0" for item in boxes))
    return found, pruned


@pytest.mark.parametrize(("file", "name"), DESIGNS, ids=lambda value: value or "")
def test_text_and_picture_name_the_same_steps_with_the_same_shares(
    file: str, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    compiled = compile_file(Path(file)).design(name)
    if compiled is None:
        pytest.skip("the file has claims and parts, no design")
    portrait = Portrait(compiled)
    figures = {path: found for path, found in portrait.report.figures.items() if found.quantity is not None}

    assert len(figures) > 10
    for path in (*figures, *portrait.report.shown):
        words = steps_of_text(emit(portrait.trail(path)))
        drawn, pruned = steps_of_picture(sheet(portrait, f"explain:{path}"))

        assert drawn <= words, path
        assert pruned or drawn == words, path


@pytest.mark.parametrize(("file", "name"), DESIGNS, ids=lambda value: value or "")
def test_text_and_picture_show_the_same_cut(file: str, name: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    compiled = compile_file(Path(file)).design(name)
    if compiled is None:
        pytest.skip("the file has claims and parts, no design")
    portrait = Portrait(compiled)

    for path in (
        "bisection.whole",
        "bisection.without_scale_up",
        *(f"{net}.bisection" for net in portrait.report.networks),
    ):
        notes, page = portrait.trail(path).notes, sheet(portrait, f"explain:{path}")
        boxes = [item for item in page.items if isinstance(item, Box) and item.id.startswith("figure.1.")]
        across = [note for note in notes if note.startswith("across: ")]

        assert len(boxes) == len(across)
        for box, note in zip(boxes, across, strict=True):
            assert box.tooltip in note and box.texts[-1].text in note, path
