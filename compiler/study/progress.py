"""Progress of a study on the terminal: share done, speed, time left. No part of the result."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

EVERY_SECONDS = 0.2
UNITS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))
SIZES = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


class Progress(Protocol):
    """Protocol of displays of progress. Called by one thread, `start` first and `stop` last."""

    def start(self, total: int, done: int) -> None:
        """Begin: so many points in all, so many of them done in an earlier run."""

    def advance(self, points: int, kept: int) -> None:
        """Count so many points more, so many of them kept."""

    def note(self, text: str) -> None:
        """Say a sentence that should stay."""

    def stop(self) -> None:
        """End: no more is to come."""


class Silent:
    """Display that shows nothing."""

    def start(self, total: int, done: int) -> None: ...
    def advance(self, points: int, kept: int) -> None: ...
    def note(self, text: str) -> None: ...
    def stop(self) -> None: ...


class Notes(Silent):
    """Display that writes notes only, for a file or a pipe."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def note(self, text: str) -> None:
        self.stream.write(f"{text}\n")
        self.stream.flush()


class ProgressLine(Notes):
    """Display of one line that is written over and over."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._total = self._done = self._fresh = 0
        self._begun = self._shown = 0.0
        self._width = 0

    def start(self, total: int, done: int) -> None:
        self._total, self._done, self._fresh, self._begun = total, done, 0, time.monotonic()

    def advance(self, points: int, kept: int) -> None:
        self._done += points
        self._fresh += points
        now = time.monotonic()
        if now - self._shown >= EVERY_SECONDS:
            self._shown = now
            self._show(said(self._done, self._total, self._fresh, now - self._begun))

    def note(self, text: str) -> None:
        self._show("")
        self.stream.write("\r")
        super().note(text)

    def stop(self) -> None:
        self._show("")
        self.stream.write("\r")
        self.stream.flush()

    def _show(self, text: str) -> None:
        self.stream.write("\r" + text.ljust(self._width))
        self.stream.flush()
        self._width = len(text)


class ProgressBar:
    """Display with a bar of `rich`, if that is installed."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._total = self._done = self._fresh = 0
        self._begun = 0.0

    def start(self, total: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (BarColumn(), TextColumn("{task.description}"))
        self._bar = Bar(*columns, console=Console(file=self.stream), transient=True)
        self._task = self._bar.add_task("", total=total, completed=done)
        self._total, self._done, self._fresh, self._begun = total, done, 0, time.monotonic()
        self._bar.start()

    def advance(self, points: int, kept: int) -> None:
        self._done += points
        self._fresh += points
        if self._bar is not None and self._task is not None:
            text = said(self._done, self._total, self._fresh, time.monotonic() - self._begun)
            self._bar.update(self._task, completed=self._done, description=text)

    def note(self, text: str) -> None:
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self.stream.write(f"{text}\n")

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def watch(stream: TextIO | None = None) -> Progress:
    """Display that suits a stream (None: standard error): a bar, a line, or notes alone."""
    stream = sys.stderr if stream is None else stream
    if not stream.isatty():
        return Notes(stream)
    return ProgressBar(stream) if find_spec("rich") else ProgressLine(stream)


def said(done: int, total: int, fresh: int, seconds: float) -> str:
    """Sentence about a run: share done, speed, time left. Speed is that of this run, which has taken `seconds`."""
    share = f"{done / total:.0%}" if total else "100%"
    text = f"{share} of {total:,} points"
    if not fresh or seconds <= 0:
        return text
    rate = fresh / seconds
    return f"{text}, {amount(rate)}/s, {duration((total - done) / rate)} left"


def amount(count: float) -> str:
    """A count in at most four digits."""
    for size, suffix in ((1e9, " G"), (1e6, " M"), (1e4, " k")):
        if count >= size:
            return f"{count / (1e3 if suffix == ' k' else size):.3g}{suffix}"
    return f"{count:.3g}"


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds >= 365.25 * 86_400:
        return f"{seconds / (365.25 * 86_400):,.0f} years"
    for size, unit in UNITS:
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.2g} s"


def size(count: float) -> str:
    """An amount of data, in powers of 1000."""
    for factor, unit in SIZES:
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count:.0f} B"
