"""Exceptions of the API and the command: `ClusterError` carries diagnostics, `UnknownError` names what is not there."""

from collections.abc import Iterable
from importlib.util import find_spec

from dsl.diagnostic import Code, Diagnostic
from dsl.source import Source, Span
from dsl.suggest import did_you_mean

NO_EXTRA = Code(
    "C0820",
    "an extra is not installed",
    cause="Parquet, charts, sensitivity indices and Dask need libraries that the default install leaves out, "
    "so that it stays small. CSV and JSON need none.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)


class ClusterError(Exception):
    """Error that stops a request. `diagnostics` holds the complaints when a text or a file is to blame."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class UnknownError(ClusterError):
    """Error of a request that names something that does not exist: a design, figure, unit or view.

    The command exits with 2.
    """


def with_nearest(message: str, word: str, legal: Iterable[str]) -> str:
    """A message about an unknown word, with the nearest of the legal ones."""
    return "; ".join((message, *did_you_mean(word, legal)))


def complaint(code: Code, place: object, message: str, help: str) -> ClusterError:
    """The error of a code without a text to point at, to be raised; `place` is a file, or a part of the command."""
    return ClusterError(message, (code.at(Span(Source(str(place), ""), 0, 0), message, help),))


def required(module: str, extra: str, purpose: str) -> None:
    """Check that a library is installed. Raises `ClusterError` naming the extra that brings it."""
    if find_spec(module) is None:
        help = f'install it with `pip install "clusterc[{extra}]"`'
        raise complaint(NO_EXTRA, module, f"{purpose} needs `{module}`, which is not installed", help)
