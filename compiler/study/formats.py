"""Columns of results as bytes: Parquet, CSV, JSON and JSON lines, the same bytes whoever encodes them.

A block of points is encoded where it was evaluated, into a payload; the payloads, in order, make the file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from compiler.errors import ClusterError, required
from compiler.study.columns import ColumnFacts, Columns

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Values = NDArray[numpy.generic]

Arrow = Any
"""A table, array or schema of pyarrow, which comes without types."""

ROW_GROUP_BYTES = 1 << 25
"""Numbers in a row group of a Parquet file, in bytes: what a reader holds at once."""


class Sink(Protocol):
    """A file to whose end bytes are written."""

    def write(self, data: bytes, /) -> int: ...


@frozen
class Format:
    """One way to write rows. `head`, then the payloads that are not empty with `joint` between them, then `tail`."""

    name: str
    encode: Callable[[Columns], bytes]
    head: Callable[[Sequence[ColumnFacts], str], bytes]
    joint: bytes = b""
    tail: bytes = b""
    is_text: bool = True


def format_named(name: str) -> Format:
    """The format of a name. Raises `ClusterError` when it, or the library it needs, is not there."""
    if name not in FORMATS:
        raise ClusterError(f"`{name}` is not a format of rows; there are {', '.join(sorted(FORMATS))}")
    if name == "parquet":
        required("pyarrow", "studies", "Parquet")
    return FORMATS[name]


# ---- text ----------------------------------------------------------------------------------


def _csv_head(columns: Sequence[ColumnFacts], about: str) -> bytes:
    names = [f"{column.name} [{column.unit}]" if column.unit not in ("", "1") else column.name for column in columns]
    return _csv([names])


def _csv_rows(columns: Columns) -> bytes:
    return _csv(zip(*(_cells(values) for values in columns.values()), strict=True))


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _cells(values: Values) -> list[object]:
    """Cells of a column; a value that does not exist leaves its cell empty."""
    kind, cells = values.dtype.kind, values.tolist()
    if kind == "f":
        return [None if cell != cell else cell for cell in cells]  # only what is not a number differs from itself
    if kind == "b":
        return ["true" if cell else "false" for cell in cells]
    if kind in "iu":
        return list(cells)
    return ["" if cell is None else _inert(str(cell)) for cell in cells]


def _inert(cell: str) -> str:
    """Text that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _json_lines(joint: str, end: str) -> Callable[[Columns], bytes]:
    def encode(columns: Columns) -> bytes:
        pattern = "{" + ", ".join(f"{json.dumps(name).replace('%', '%%')}: %s" for name in columns) + "}"
        rows = [pattern % row for row in zip(*(_json_cells(values) for values in columns.values()), strict=True)]
        return (joint.join(rows) + end).encode() if rows else b""

    return encode


def _json_cells(values: Values) -> list[str]:
    """A column in the words of JSON, which has none for what is not a number and for infinity: null."""
    kind, cells = values.dtype.kind, values.tolist()
    if kind == "f":
        return [repr(cell) if cell - cell == 0 else "null" for cell in cells]  # of endless values it is not a number
    if kind in "iu":
        return [str(cell) for cell in cells]
    return [json.dumps(cell if kind == "b" or cell is None else str(cell), ensure_ascii=False) for cell in cells]


def _json_head(columns: Sequence[ColumnFacts], about: str) -> bytes:
    return f'{{"about": {about},\n "rows": [\n'.encode()


# ---- Parquet -------------------------------------------------------------------------------


def _arrow_array(values: Values) -> Arrow:
    """Arrow array of a column: NaN becomes null, values that are no numbers become text."""
    import pyarrow

    kinds = {"f": pyarrow.float64(), "i": pyarrow.int64(), "u": pyarrow.int64(), "b": pyarrow.bool_()}
    if (found := kinds.get(values.dtype.kind)) is not None:
        return pyarrow.array(values, type=found, from_pandas=True)
    return pyarrow.array([None if cell is None else str(cell) for cell in values.tolist()], type=pyarrow.string())


def _arrow_stream(columns: Columns) -> bytes:
    """An Arrow stream: the parent decodes it for nothing and writes the row groups."""
    import pyarrow

    table = pyarrow.table([_arrow_array(values) for values in columns.values()], names=list(columns))
    sink = io.BytesIO()
    options = pyarrow.ipc.IpcWriteOptions(compression="lz4")
    with pyarrow.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def write_parquet(payloads: Iterable[bytes], columns: Sequence[ColumnFacts], about: str, file: Sink) -> None:
    """A Parquet file of these payloads; units with the columns, `about` in the footer.

    Row groups end after a number of rows that depends on the columns alone, so that the bytes do not tell how the
    points were parted. Text has a dictionary, numbers have none: sweeps repeat too seldom to pay for one.
    """
    import pyarrow
    import pyarrow.parquet

    tables = (pyarrow.ipc.open_stream(payload).read_all() for payload in payloads)
    first = next(tables)
    notes = {column.name: {"unit": column.unit, "kind": column.kind} for column in columns}
    fields = [field.with_metadata(notes.get(field.name, {})) for field in first.schema]
    schema = pyarrow.schema(fields, metadata={"clusterc.study": about})
    text = [field.name for field in fields if field.type == pyarrow.string()]
    rows = max(1, ROW_GROUP_BYTES // (8 * max(1, len(fields))))
    with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd", use_dictionary=text) as writer:
        for group in _regrouped(chain([first], tables), rows, schema):
            writer.write_table(group, row_group_size=rows)


def _regrouped(tables: Iterable[Arrow], rows: int, schema: Arrow) -> Iterator[Arrow]:
    """The same rows in tables of so many, the last one smaller; none at all when there is no row."""
    import pyarrow

    held, count = [], 0
    for table in tables:
        held.append(table.cast(schema))
        count += table.num_rows
        while count >= rows:
            whole = pyarrow.concat_tables(held)
            yield whole.slice(0, rows)
            held, count = [whole.slice(rows)], count - rows
    if count:
        yield pyarrow.concat_tables(held)


def write_text(
    format: Format, payloads: Iterable[bytes], columns: Sequence[ColumnFacts], about: str, file: Sink
) -> None:
    """A file of one of the formats that are text."""
    file.write(format.head(columns, about))
    between = b""
    for payload in payloads:
        if payload:
            file.write(between)
            file.write(payload)
            between = format.joint
    file.write(format.tail)


def kept_rows(columns: Columns, kept: NDArray[numpy.bool_]) -> dict[str, Values]:
    """The columns without the points that were removed, where `kept`, shape (points,), is False."""
    return {name: values[kept] for name, values in columns.items()}


def _nothing(columns: Sequence[ColumnFacts], about: str) -> bytes:
    return b""


FORMATS: Mapping[str, Format] = {
    "csv": Format("csv", _csv_rows, _csv_head),
    "json": Format("json", _json_lines(",\n", ""), _json_head, joint=b",\n", tail=b"\n]}\n"),
    "jsonl": Format("jsonl", _json_lines("\n", "\n"), _nothing),
    "parquet": Format("parquet", _arrow_stream, _nothing, is_text=False),
}
