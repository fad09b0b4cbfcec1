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
    """Something that stops a request. `diagnostics` holds the complaints when a text or a file is to blame."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class UnknownError(ClusterError):
    """A request that names something that is not there: a design, a figure, a unit, a view. The command's exit is 2."""


def with_nearest(message: str, word: str, legal: Iterable[str]) -> str:
    """A message about a word that means nothing, with what may have been meant."""
    return "; ".join((message, *did_you_mean(word, legal)))


def complaint(code: Code, place: object, message: str, help: str) -> ClusterError:
    """Something that stops a study and that no text is to blame for; `place` is a file, or a part of the command."""
    return ClusterError(message, (code.at(Span(Source(str(place), ""), 0, 0), message, help),))


def required(module: str, extra: str, purpose: str) -> None:
    """Raises `ClusterError` when a library that an extra brings is not there."""
    if find_spec(module) is None:
        help = f'install it with `pip install "clusterc[{extra}]"`'
        raise complaint(NO_EXTRA, module, f"{purpose} needs `{module}`, which is not installed", help)
