"""Edits that skip the unreadable part of a statement, as little as possible, so that its name is still declared."""

from collections.abc import Iterator

from dsl.impasse import LOST, VALUES, WRONG, Edit, Impasse, NewToken
from dsl.language import TABLE


def skipped(place: Impasse, stop: int | None = None) -> Edit:
    """Edit that drops the unreadable end of the statement and keeps as much of its beginning as possible.

    Tries, from the innermost rule outwards: nothing in its place; a hole (`WRONG` or `LOST`) for a value; the words
    that complete the statement.
    """
    stop = place.end() if stop is None else stop
    end = place.end_kind(stop)
    hole = LOST if end == "{" else WRONG
    for kept in range(len(place.frames), place.base - 1, -1):
        is_whole = kept == len(place.frames)
        start = min(place.i if is_whole else place.frames[kept][2], stop)
        for kinds in _fillings(place, kept, is_whole, hole, end):
            edit = Edit(start, stop, _filled(place, kinds, start, stop))
            if place.reads(edit, [end]):
                return edit
    return unreadable(place)


def unreadable(place: Impasse) -> Edit:
    """Edit that leaves out the whole statement; a block in it is read for the mistakes inside."""
    stop = place.end()
    hole = LOST if place.stream.kinds[stop] == "{" else WRONG
    return Edit(place.first, stop, _filled(place, [hole], place.first, stop))


def _fillings(place: Impasse, kept: int, is_whole: bool, hole: str, end: str) -> Iterator[list[str]]:
    """Rows of kinds that may replace the part that is dropped, the best first."""
    if is_whole or is_clause(place, kept):
        yield []
    yield [hole]
    if is_whole and kept == place.base:
        yield [";", hole]
    if hole == WRONG and not is_value(place.frames[kept - 1][0]):
        yield place.completion(kept, end) or []


def _filled(place: Impasse, kinds: list[str], start: int, stop: int) -> tuple[NewToken, ...]:
    """Tokens of a filling; a hole is as wide as what it stands for."""
    words = tuple(place.new(kind, stop) for kind in kinds)
    if start == stop or not words:
        return words
    begin, end = place.stream.starts[start], place.stream.ends[stop - 1]
    return tuple(word._replace(start=begin, end=end) if word.kind in (WRONG, LOST) else word for word in words)


def is_clause(place: Impasse, kept: int) -> bool:
    """True if the first frame that is left out begins a clause with a word or sign of the language."""
    word = place.stream.kinds[place.frames[kept][2]]
    return word in TABLE.spellings and not is_value(place.frames[kept][0])


def is_value(state: int) -> bool:
    """True if a state is inside a value."""
    return any(TABLE.rules[rule].name in VALUES for rule, _ in TABLE.items[state])
