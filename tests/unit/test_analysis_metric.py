"""A metric says everything about its figure where it is defined: one file makes a figure known on every road."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import clusterc
from compiler import analysis
from compiler.analysis import figures
from compiler.analysis.metric import Measurement
from compiler.workspace.compilation import compile_file

ROOT = Path(__file__).parent.parent.parent
MACHINES = (
    ("huawei/cloudmatrix384", "CloudMatrix384"),
    ("huawei/atlas950", "Atlas950SuperCluster"),
    ("nvidia/blackwell", "GB200NVL72"),
    ("nvidia/hopper", "DGXH100"),
)
TOY = '''
from compiler.analysis.metric import Cluster, Tally, metric
from compiler.quantities.graph import times, total
from compiler.quantities.units import DATA


@metric("toy.memory", DATA, group="toys", essential=15)
def toy_memory(cluster: Cluster) -> Tally:
    """Memory of all toys in one box."""
    found = [times(group.count, memory) for group in cluster.groups if (memory := group.part.quantity("hbm.capacity"))]
    return Tally(total(found, DATA, "GB")) if found else Tally(None, (), "no part states its memory")
'''
TEXT = """edition 2026
chip C { tdp = 1 kW; hbm.capacity = 2 GB }
chip D { tdp = 1 kW; hbm.capacity = 3 GB }
chip Flat { tdp = 1 kW }
node A { cs = 4 of C; assert figures.toy.memory <= 9 GB }
node B { cs = 4 of D }
node Unknown { cs = 4 of Flat; assert figures.toy.memory <= 9 GB }
study many {
  sweep n in 1 .. 3
  let box = Box(n)
  show { memory = box.figures.toy.memory -> GB }
}
node Box(n: Count = 1) { cs = n of C }
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A file of designs, in a house whose folder of metrics has one more file."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "toy.py").write_text(TOY, encoding="utf-8")
    monkeypatch.setattr(analysis, "__path__", [*analysis.__path__, str(folder)])
    monkeypatch.setenv("CLUSTERC_CACHE", "")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "toys.cluster").write_text(TEXT, encoding="utf-8")
    figures.metrics.cache_clear()
    yield "toys.cluster"
    figures.metrics.cache_clear()


def test_one_file_makes_a_figure_known_on_every_road(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> str:
        assert clusterc.main(list(words)) == 0
        return capsys.readouterr().out

    report = clusterc.load(file, "A").report()
    text, data = str(report), report.to_dict()["figures"]

    essentials, toys = text.partition("\nEssentials\n")[2].partition("\n\n")[0], text.partition("\nToys\n")[2]
    assert essentials.splitlines()[1].split() == ["Accelerators", "4"]
    assert essentials.splitlines()[2].startswith("  Memory of all toys in one box")
    assert "8 GB" in toys.partition("\n\n")[0]
    assert "## Toys" in report.to_markdown()
    assert isinstance(data, dict) and (data["toy.memory"]["value"], data["toy.memory"]["unit"]) == (8e9, "B")
    assert "A,toys,toy.memory,Memory of all toys in one box,8000000000,8000000000,8000000000,B,8 GB" in report.to_csv()
    assert said("query", file, "toy.memory", "--design", "A") == "8 GB\n"
    assert "12 GB" in said("diff", f"{file}:A", f"{file}:B")
    assert "3 GB" in said("diff", f"{file}:A", f"{file}:B", "--per", "accelerator")
    assert "toys.cluster:2" in said("explain", file, "toy.memory", "--design", "A")
    assert said("study", file, "many", "--format", "csv").splitlines()[1:] == ["1.0,2.0", "2.0,4.0", "3.0,6.0"]


def test_an_absent_figure_is_still_of_its_kind(file: str) -> None:
    found = clusterc.check(file)

    assert [(each.code.id, each.severity) for each in found.diagnostics] == [("C0502", "warning")]
    assert "toy.memory of Unknown: no part states its memory" in found.render()


def test_a_toy_without_its_file_is_gone() -> None:
    assert not any(path.startswith("toy") for path in figures.metrics())


@pytest.mark.parametrize("place", MACHINES, ids=lambda place: place[1])
def test_a_figure_is_of_the_dimension_that_its_metric_says(place: tuple[str, str]) -> None:
    design = compile_file(ROOT / "stdlib" / f"{place[0]}.cluster").design(place[1])
    assert design is not None

    def wrong(figure: Measurement) -> bool:
        return figure.quantity is not None and figure.quantity.dimension != figure.dimension

    found = figures.by_path(design.root, design.site)

    assert len(found) > 20
    assert [path for path, figure in found.items() if wrong(figure)] == []
