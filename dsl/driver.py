"""LALR(1) driver: runs the table of the grammar over the tokens; a builder makes the nodes."""

from typing import Any

from dsl.builder import Builder, span_of
from dsl.language import ENDS_BRACKETS, TABLE
from dsl.limits import NESTING
from dsl.source import Source, Span
from dsl.tokens import CLOSING, NEWLINE, OPENING, Stream

KEPT = frozenset(TABLE.kept)
STARTS = frozenset(TABLE.starts)


class Driver:
    """Parser state: the stack of the automaton, and the values of the symbols on it.

    `frames` holds (state, number of values below, first token) for each symbol that was read. `values` are nodes, and
    tokens as positions in the stream; a rule without a builder method leaves the values of its children where they are.
    `open` are positions of the brackets and braces around token `i`, the next to be read.
    """

    def __init__(self, source: Source, stream: Stream, start: str) -> None:
        self.source = source
        self.stream = stream
        self.builder = Builder(source, stream)
        self.rules = [
            (rule.length, rule.name, getattr(self.builder, rule.method) if rule.method else None, rule.absent)
            for rule in TABLE.rules
        ]
        self.frames: list[tuple[int, int, int]] = [(TABLE.starts[start], 0, 0)]
        self.values: list[Any] = []
        self.open: list[int] = []
        self.i = 0

    def advance(self) -> bool:
        """Read on until the text ends (True, and `values[0]` is the tree) or a token has no action (False)."""
        # locals and one long loop: it runs for every token of every file
        rows, gotos, defaults, rules = TABLE.rows, TABLE.gotos, TABLE.defaults, self.rules
        source, frames, values, opened = self.source, self.frames, self.values, self.open
        kinds, starts, ends = self.stream.kinds, self.stream.starts, self.stream.ends
        i = self.i
        end = ends[self.stream.before_newlines(i) - 1] if i else 0
        state = frames[-1][0]
        while True:
            kind = kinds[i]
            if kind == NEWLINE and opened and kinds[opened[-1]] != "{" and kinds[i + 1] not in ENDS_BRACKETS:
                i += 1
                continue
            action = rows[state].get(kind)
            if action is None:
                self.i = i
                return False
            if action >= 0:
                state = action
                frames.append((state, len(values), i))
                if kind in KEPT:
                    values.append(i)
                elif kind in CLOSING:
                    if len(opened) == NESTING:
                        frames.pop()
                        self.i = i
                        return False
                    opened.append(i)
                elif kind in OPENING:
                    opened.pop()
                end = ends[i]
                i += 1
                rule = defaults[state]
            else:
                rule = ~action
            while rule >= 0:
                length, name, make, absent = rules[rule]
                if length:
                    _, mark, first = frames[-length]
                    del frames[-length:]
                else:
                    mark, first = len(values), i
                if make is not None:
                    children = values[mark:]
                    del values[mark:]
                    for place in absent:
                        children.insert(place, None)
                    values.append(make(span_of(Span, (source, starts[first], end)), *children))
                    if name in STARTS:
                        return True
                state = gotos[frames[-1][0]][name]
                frames.append((state, mark, first))
                rule = defaults[state]

    def rewind(self, kept: int, i: int, open: list[int]) -> None:
        """Go back to the first `kept` frames, with these brackets open and token `i` as the next."""
        if kept < len(self.frames):
            del self.values[self.frames[kept][1] :]
            del self.frames[kept:]
        self.open[:] = open
        self.i = i
