"""The command as people and scripts use it: what it prints, where, and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import clusterc
from compiler.cli import member, names, parser

ROOT = Path(__file__).parents[2]
TOY = """\
edition 2026
source plan { title = "Our plan"; date = 2026-01-10; grade = "estimate" }
chip A {
  peak.fp8     = 1 PFLOPS from plan
  hbm.capacity = 100 GB   from plan
  tdp          = 500 W    from plan
}
link L { rate = 50 GB/s from plan }
node N {
  npus = 8 of A
  network ring { connect npus by torus(dims = [8]) with 1 of L }
}
rack R(nodes_in_rack: Count = 4) {
  nodes = nodes_in_rack of N
  let hbm = sum(nodes.npus.hbm.capacity)
  claim memory: hbm ~= 3.2 TB from plan
}
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small file in a folder of its own, where the command runs, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLUSTERC_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "toy.cluster"
    path.write_text(TOY, encoding="utf-8")
    return path


def shell(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "clusterc", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


def test_every_command_has_help_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for name in names():
        text = parser(name, member(name)).format_help()
        assert f"usage: clusterc {name}" in text
        assert "examples:\n  " in text
    assert clusterc.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in names())


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="argparse lays its help out in another way from 3.13 on")
def test_the_commands_page_is_what_help_says() -> None:
    from compiler.documentation.command_line import page

    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == page()


def test_a_sound_file_is_fine_and_a_wrong_one_is_told(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["check", "toy.cluster"]) == 0
    assert capsys.readouterr().out == "no complaint in 1 file\n"
    toy.write_text(TOY.replace("tdp ", "tpd "), encoding="utf-8")
    assert clusterc.main(["check", "toy.cluster"]) == 1
    assert "error[C0201]: a chip has no field `tpd`" in capsys.readouterr().out


def test_check_speaks_to_machines(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy.write_text(TOY.replace("tdp ", "tpd "), encoding="utf-8")
    assert clusterc.main(["check", "--format", "json", "toy.cluster"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "clusterc.diagnostics/1"
    assert [(d["code"], d["line"], d["file"]) for d in data["diagnostics"]] == [("C0201", 6, "toy.cluster")]
    assert clusterc.main(["check", "--format", "sarif", "toy.cluster"]) == 1
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"
    assert clusterc.main(["check", "--format", "github", "toy.cluster"]) == 1
    assert capsys.readouterr().out.startswith("::error file=toy.cluster,line=6,")


def test_safe_fixes_are_applied_on_request(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy.write_bytes(b"\xef\xbb\xbf" + TOY.replace("tdp ", "tpd ").replace("8 of A", "8x A").encode())
    assert clusterc.main(["check", "--fix", "toy.cluster"]) == 0
    assert toy.read_bytes() == b"\xef\xbb\xbf" + TOY.encode()


def test_strict_makes_warnings_and_claims_count(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy.write_text(TOY.replace("~= 3.2 TB", "~= 3.125 TB"), encoding="utf-8")
    assert clusterc.main(["check", "toy.cluster"]) == 0
    assert clusterc.main(["check", "--strict", "toy.cluster"]) == 1
    assert clusterc.main(["report", "toy.cluster"]) == 0
    assert clusterc.main(["report", "--strict", "toy.cluster"]) == 1
    assert clusterc.main(["audit", "toy.cluster"]) == 1


def test_a_report_has_every_format(toy: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert clusterc.main(["report", "toy.cluster"]) == 0
    assert b"Essentials" in capsysbinary.readouterr().out
    assert clusterc.main(["report", "toy.cluster", "--format", "json"]) == 0
    data = json.loads(capsysbinary.readouterr().out)
    assert (data["design"], data["figures"]["accelerators"]["value"]) == ("R", 32)
    assert clusterc.main(["report", "toy.cluster", "--format", "csv", "-o", "figures.csv"]) == 0
    assert Path("figures.csv").read_text(encoding="utf-8").startswith("design,")
    assert clusterc.main(["report", "toy.cluster", "--design", "N", "--format", "md"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"# N\n")


def test_bounds_stand_beside_what_was_sampled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "box.cluster"
    text = "edition 2026\nchip Toy { tdp = 500 to 700 W }\nnode Box { npus = 8 of Toy }\n"
    file.write_text(text, encoding="utf-8")
    assert clusterc.main(["report", str(file)]) == 0
    assert "Bounds" not in capsys.readouterr().out
    assert clusterc.main(["report", str(file), "--interval"]) == 0
    said = capsys.readouterr().out
    assert "4.1 to 5.5 kW" in said and "4 to 5.6 kW" in said and "interval arithmetic" in said
    assert clusterc.main(["report", str(file), "--interval", "--format", "md"]) == 0
    assert "| 4 to 5.6 kW |" in capsys.readouterr().out


def test_a_design_that_is_not_there_is_wrong_use(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["report", "toy.cluster", "--design", "Rr"]) == 2
    assert "has no design `Rr`; did you mean `R`?" in capsys.readouterr().err


def test_build_writes_everything_with_its_hashes(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["build", "toy.cluster"]) == 0
    made = {path.name for path in Path("toy-report").iterdir()}
    assert {"report.json", "report.md", "figures.csv", "ir.json", "manifest.json", "network.svg", "racks.png"} <= made
    manifest = json.loads(Path("toy-report/manifest.json").read_text(encoding="utf-8"))
    assert {output["path"] for output in manifest["outputs"]} | {"manifest.json"} == made
    assert manifest["inputs"][0]["path"] == "toy.cluster"
    before = {path.name: path.read_bytes() for path in Path("toy-report").iterdir()}
    assert clusterc.main(["build", "toy.cluster", "-o", "again"]) == 0
    assert {path.name: path.read_bytes() for path in Path("again").iterdir()} == before
    assert "Accelerators" in capsys.readouterr().out


def test_a_report_from_memory_is_the_one_that_build_works_out(
    toy: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for _ in range(2):
        assert clusterc.main(["report", "toy.cluster", "--format", "json"]) == 0
    both = capsysbinary.readouterr().out
    assert clusterc.main(["build", "toy.cluster"]) == 0
    assert both == Path("toy-report/report.json").read_bytes() * 2


def test_a_picture_goes_to_a_file_or_a_pipe(toy: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert clusterc.main(["draw", "toy.cluster", "--view", "network", "-o", "net.png"]) == 0
    assert Path("net.png").read_bytes().startswith(b"\x89PNG")
    assert clusterc.main(["draw", "toy.cluster", "--format", "dot", "-o", "-"]) == 0
    assert b"graph" in capsysbinary.readouterr().out


def test_one_value_is_one_line(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def asked(*arguments: str) -> str:
        assert clusterc.main(["query", "toy.cluster", *arguments]) == 0
        return capsys.readouterr().out

    assert asked("compute.fp8") == "32 PFLOPS@fp8\n"
    assert asked("compute.fp8", "--unit", "EFLOPS", "--raw") == "0.032\n"
    assert asked("sum(nodes.npus.tdp)", "--unit", "kW") == "16 kW\n"
    assert asked("sum(nodes.npus.tdp)", "--raw") == "16000\n"
    assert clusterc.main(["query", "toy.cluster", "compute.fp8", "--unit", "GB"]) == 2
    assert clusterc.main(["query", "toy.cluster", "compute.fb8"]) == 2
    assert "did you mean `compute.fp8`?" in capsys.readouterr().err


def test_a_figure_is_explained_down_to_its_source(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["explain", "toy.cluster", "power.it"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("IT power, nameplate (power.it): 16")
    assert "toy.cluster:6" in text
    assert "from Our plan, 2026-01-10 (estimate)" in text
    assert clusterc.main(["explain", "toy.cluster", "power.it", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "clusterc.explain/1"
    assert data["steps"][0]["value"] == 16000
    assert all(inner < len(data["steps"]) for step in data["steps"] for inner in step["inputs"])
    assert clusterc.main(["explain", "toy.cluster", "powr.it"]) == 2


def test_a_code_has_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["explain", "c0301"]) == 0
    assert capsys.readouterr().out.startswith("# C0301")
    assert clusterc.main(["explain", "C9999"]) == 2


def test_a_topology_stands_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["topology", "torus(dims = [7, 4])", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["endpoints"], data["links"], data["diameter"]) == (28, 56, 5)
    assert (data["bisection"]["lower"], data["bisection"]["status"]) == (10, "exact")
    assert clusterc.main(["topology", "slimfly(q = 6, p = 2)"]) == 1
    assert "prime power" in capsys.readouterr().err
    assert clusterc.main(["topology", "--list"]) == 0
    assert "dragonfly(" in capsys.readouterr().out


def test_the_library_is_browsed(capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["library", "Ascend910C"]) == 0
    assert "752 TFLOPS" in capsys.readouterr().out
    assert clusterc.main(["library", "--compare", "Ascend910C", "H100", "--format", "json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert fields["hbm.capacity"]["ratio"] == 0.625
    assert clusterc.main(["library", "--find", "nvlink"]) == 0
    assert "NVLink5" in capsys.readouterr().out
    assert clusterc.main(["library", "Ascend911C"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_a_new_project_checks_and_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["new", str(tmp_path / "mine")]) == 0
    assert clusterc.main(["audit", str(tmp_path / "mine" / "main.cluster")]) == 0
    assert clusterc.main(["check", "--strict", str(tmp_path / "mine" / "main.cluster")]) == 0
    assert clusterc.main(["new", str(tmp_path / "mine")]) == 1


def test_designs_are_compared(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("large.cluster").write_text(TOY.replace("Count = 4", "Count = 8"), encoding="utf-8")
    assert clusterc.main(["diff", "toy.cluster:R", "large.cluster", "--exit-code"]) == 1
    assert "Accelerators" in capsys.readouterr().out
    assert clusterc.main(["diff", "toy.cluster", "toy.cluster", "--exit-code"]) == 0


def test_wrong_use_is_two_and_our_fault_is_three(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clusterc.main(["frobnicate"]) == 2
    assert clusterc.main(["check"]) == 2
    assert clusterc.main(["check", "--wrong", "toy.cluster"]) == 2
    monkeypatch.setattr("compiler.report.assembled.report", lambda *_: 1 / 0)
    monkeypatch.setattr("compiler.workspace.opening.report", lambda *_: 1 / 0)
    assert clusterc.main(["report", "toy.cluster"]) == 3


def test_standard_input_is_a_file_called_dash(toy: Path) -> None:
    ran = shell("check", "--format", "json", "-", stdin=TOY.replace("tdp ", "tpd ").encode())
    assert (ran.returncode, json.loads(ran.stdout)["diagnostics"][0]["file"]) == (1, "-")
    assert b"Essentials" in shell("report", "-", stdin=TOY.encode()).stdout


def test_a_terminal_without_our_letters_gets_others(toy: Path) -> None:
    toy.write_text(TOY.replace('"Our plan"', '"昇腾 Größe"'), encoding="utf-8")
    ran = shell("explain", "toy.cluster", "power.it", PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert b"?" in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_reader_that_leaves_is_no_error(toy: Path) -> None:
    command = f"{sys.executable} -m clusterc library | head -1; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(
        ["bash", "-c", command], capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_is_printed(shell_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["completion", shell_name]) == 0
    assert "hierarchy network racks" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="bash is not everywhere there")
def test_bash_completes_commands_options_and_words() -> None:
    script = shell("completion", "bash").stdout.decode()
    ask = "COMP_WORDS=({}); COMP_CWORD={}; _clusterc; echo ${{COMPREPLY[@]}}"

    def completed(words: str, at: int) -> str:
        ran = subprocess.run(["bash", "-c", script + ask.format(words, at)], capture_output=True, check=True)
        return ran.stdout.decode().strip()

    assert completed("clusterc rep", 1) == "report"
    assert completed("clusterc draw --vi", 2) == "--view"
    assert completed("clusterc draw --view n", 3) == "network"
