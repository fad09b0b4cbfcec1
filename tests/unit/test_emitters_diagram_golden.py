"""The DOT of each view for four known machines, word for word: look at the picture, then accept the text."""

from pathlib import Path

import pytest

from compiler.emitters.diagram.views import draw
from compiler.report.portrait import Portrait
from compiler.workspace.compilation import compile_file

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden" / "diagrams"
MACHINES = {
    "CloudMatrix384": "huawei/cloudmatrix384",
    "Atlas950SuperCluster": "huawei/atlas950",
    "GB200NVL72": "nvidia/blackwell",
    "DGXH100": "nvidia/hopper",
}


@pytest.mark.parametrize("view", ["explain", "hierarchy", "network", "racks"])
@pytest.mark.parametrize("name", MACHINES)
def test_a_picture_is_what_was_accepted(name: str, view: str, accept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    design = compile_file(Path("stdlib") / f"{MACHINES[name]}.cluster").design(name)
    assert design is not None

    said = draw(Portrait(design), view, "dot").decode()

    golden = GOLDEN / f"{name}.{view}.gv"
    if accept:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == golden.read_text(encoding="utf-8"), (
        f"the picture changed; look at it, then `pytest --accept {golden}`"
    )
