"""A study without a text, for the tests that run one: some points, some of them removed, as slow as wanted."""

import os
import time
from pathlib import Path

import numpy as np
from attrs import frozen


@frozen
class Column:
    name: str
    unit: str
    kind: str


@frozen
class Toy:
    """`size` points of four columns. A point takes `seconds`; `deadly` names a file that ends one worker, once."""

    size: int
    seconds: float = 0.0
    seed: int = 7
    deadly: str = ""
    columns: tuple[Column, ...] = (
        Column("n", "1", "sweep"),
        Column("power", "W", "show"),
        Column("ratio", "", "show"),
        Column("chip", "", "sweep"),
    )
    requires: tuple[str, ...] = ("power <= 80 W", "n % 7 != 0")

    @property
    def fingerprint(self) -> str:
        return f"toy-{self.size}-{self.seed}"

    def evaluate(self, start: int, stop: int) -> dict[str, np.ndarray]:
        time.sleep(self.seconds * (stop - start))
        if self.deadly and start > self.size // 3 and Path(self.deadly).exists():
            Path(self.deadly).unlink()
            os._exit(9)
        n = np.arange(start, stop)
        power = 100 * np.abs(np.sin(n * 0.37 + self.seed))
        ratio = np.where(n % 5 == 0, np.nan, 1 / (1 + n))
        removed_by = np.where(power > 80, 0, np.where(n % 7 == 0, 1, -1))
        chip = np.array(["A", "B,x", "é"])[n % 3]
        columns = {"n": n, "power": power, "ratio": ratio, "chip": chip}
        return {**columns, "kept": removed_by < 0, "removed_by": removed_by}


class Mortal(Toy):
    """The same points, but whoever evaluates the later ones dies."""

    def evaluate(self, start: int, stop: int) -> dict[str, np.ndarray]:
        if start > 1000:
            os._exit(9)
        return super().evaluate(start, stop)


class Wrong(Toy):
    """The same points, but some have no value."""

    def evaluate(self, start: int, stop: int) -> dict[str, np.ndarray]:
        if start > 1000:
            raise ZeroDivisionError(f"point {start}")
        return super().evaluate(start, stop)


class Fading(Toy):
    """The same points, but only the first are kept."""

    def evaluate(self, start: int, stop: int) -> dict[str, np.ndarray]:
        found = super().evaluate(start, stop)
        kept = found["kept"] & (found["n"] < 100)
        return {**found, "kept": kept, "removed_by": np.where(kept, -1, np.maximum(found["removed_by"], 0))}
