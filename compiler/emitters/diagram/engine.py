"""Graphviz as a program: the one that comes as a wheel, or one that is installed."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

LIMIT = 120.0
"""Time limit of an engine, in seconds."""


class DrawingError(Exception):
    """Error of a picture that cannot be drawn: `message` says why, `help` what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(f"{message}; {help}")
        self.message, self.help = message, help


def painted(dot: str, format: str, engine: str, dpi: float | None = None) -> bytes:
    """Picture of DOT text in a format, as bytes.

    Raises `DrawingError` when the engine is missing, fails or takes too long.
    """
    command = [_program(engine), "-Knop2", "-q", f"-T{format}"]
    if dpi is not None:
        command.append(f"-Gdpi={dpi:.4f}")
    try:
        run = subprocess.run(command, input=dot.encode(), capture_output=True, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise DrawingError(
            f"`{command[0]}` did not draw: {problem}", "try the other engine, or `--format dot`"
        ) from None
    if run.returncode or not run.stdout:
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise DrawingError(
            f"`{command[0]}` did not draw: {said[0] if said else f'exit status {run.returncode}'}",
            "try the other engine, or `--format dot`",
        )
    return run.stdout


def _program(engine: str) -> str:
    if engine == "bundled":
        found = _bundled()
        if found is None:
            raise DrawingError(
                "the drawing engine `graphviz-pure` is not installed",
                "`pip install graphviz-pure`, or use an installed Graphviz with `--engine dot`",
            )
        return found
    if engine == "dot":
        found = shutil.which("dot")
        if found is None:
            raise DrawingError(
                "no `dot` program is installed",
                "install Graphviz, or leave `--engine` out to use the engine that comes along",
            )
        return found
    raise DrawingError(f"there is no engine `{engine}`", "engines are `bundled` and `dot`")


def _bundled() -> str | None:
    """Path of the program that the wheel brings, looked for beside this interpreter first; None when it is missing."""
    name = "graphviz-pure.exe" if os.name == "nt" else "graphviz-pure"
    places = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    if sysconfig.get_preferred_scheme("user") in sysconfig.get_scheme_names():
        places.append(Path(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))))
    for place in places:
        if (place / name).is_file():
            return str(place / name)
    return shutil.which("graphviz-pure")
