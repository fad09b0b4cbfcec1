"""Text to tree: the table of the grammar run over the tokens. Every statement that can be read is in the tree."""

import gc
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dsl import braces, lexical, syntax
from dsl.builder import Builder
from dsl.diagnostic import Diagnostic
from dsl.language import KEYWORDS, STATEMENT_WORDS, TABLE
from dsl.limits import NESTING, SYNTAX_ERRORS
from dsl.source import Source, Span
from dsl.syntax import Expression, Module
from dsl.tokens import NAME, NEWLINE, Stream

if TYPE_CHECKING:
    from dsl.impasse import Edit, Impasse
    from dsl.repair import Repair

LOST = "LOST"
MOST_TRIES = 4  # at one token, before it is left out
_KEPT = frozenset(TABLE.kept)
_OPENERS = frozenset("({[")
_CLOSERS = frozenset(")}]")
_STARTS = frozenset(TABLE.starts)
_ENDS_BRACKETS = STATEMENT_WORDS | {"}"}
_span: Callable[[type[Span], tuple[Source, int, int]], Span] = tuple.__new__


class Parser:
    """A run of the table over a stream of tokens.

    `frames` is the stack of the automaton: for each symbol that was read the state after it, how many values lay below it,
    and its first token. `values` are nodes and kept tokens, by their place in the stream; a rule without a method leaves
    those of its children where they are. `open` are the brackets and braces around the place that was reached. `silent` says by
    the first token of a statement up to which offset enough has been said about it, `quiet` the same for all statements;
    `doubtful` are the lines of which it was guessed what they mean.
    """

    def __init__(self, source: Source, stream: Stream, start: str) -> None:
        self.source = source
        self.stream = stream
        self.diagnostics: list[Diagnostic] = []
        self.builder = Builder(source, stream)
        self.rules = [
            (rule.length, rule.name, getattr(self.builder, rule.method) if rule.method else None, rule.absent)
            for rule in TABLE.rules
        ]
        self.frames: list[tuple[int, int, int]] = [(TABLE.starts[start], 0, 0)]
        self.values: list[Any] = []
        self.open: list[int] = []
        self.silent: dict[int, int] = {}
        self.quiet = 0
        self.named: set[str] = set()
        self.doubtful: list[tuple[int, int]] = []
        self.stuck = (-1, "")
        self.tries = 0
        self.i = 0

    def run(self) -> Any:
        """What the builder made of the start rule."""
        while not self.advance():
            self.recover()
        return self.values[0]

    def advance(self) -> bool:
        """Read on to the end, or to a token that the table has no way for. Whether it was the end."""
        rows, gotos, defaults = TABLE.rows, TABLE.gotos, TABLE.defaults
        rules = self.rules
        source, frames, values, opened = self.source, self.frames, self.values, self.open
        kinds, starts, ends = self.stream.kinds, self.stream.starts, self.stream.ends
        i = self.i
        last = i - 1
        while last > 0 and kinds[last] == NEWLINE:
            last -= 1
        end = ends[last] if i else 0
        state = frames[-1][0]
        while True:
            kind = kinds[i]
            if kind == NEWLINE and opened and kinds[opened[-1]] != "{" and kinds[i + 1] not in _ENDS_BRACKETS:
                i += 1
                continue
            action = rows[state].get(kind)
            if action is None:
                self.i = i
                return False
            if action >= 0:
                state = action
                frames.append((state, len(values), i))
                if kind in _KEPT:
                    values.append(i)
                elif kind in _OPENERS:
                    if len(opened) == NESTING:
                        frames.pop()
                        self.i = i
                        return False
                    opened.append(i)
                elif kind in _CLOSERS:
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
                    values.append(make(_span(Span, (source, starts[first], end)), *children))
                    if name in _STARTS:
                        return True
                state = gotos[frames[-1][0]][name]
                frames.append((state, mark, first))
                rule = defaults[state]

    def recover(self) -> None:
        """Say what is wrong at the token that was reached, and change the tokens so that reading goes on."""
        from dsl.impasse import Impasse
        from dsl.repair import forced, repair  # most texts need none of this

        if len(self.diagnostics) >= SYNTAX_ERRORS:
            self.stop()
        here = (self.stream.starts[self.i], self.stream.kinds[self.i])
        self.tries = self.tries + 1 if here == self.stuck else 0
        self.stuck = here
        place = Impasse(self.source, self.stream, self.frames, self.open, self.i, self.named)
        found = repair(place) if self.tries < MOST_TRIES else forced(place)
        self.say(place, found)
        self.change(place, found.edit)

    def say(self, place: "Impasse", found: "Repair") -> None:
        """Note a complaint, unless enough has been said about the statement or the line up to there."""
        if found.diagnostic is not None:
            if found.diagnostic.span.start < max(self.silent.get(place.first, 0), self.quiet):
                return
            self.diagnostics.append(found.diagnostic)
        if found.silent != "word":
            self.doubtful.append((place.span().start, place.line_end()))
            self.silent[place.first] = place.line_end() if found.silent == "line" else sys.maxsize
        if any(word.kind == LOST for word in found.edit.words):
            self.quiet = place.line_end()

    def heard(self) -> list[Diagnostic]:
        """What the builder has to say, but for the rest of lines of which it was guessed what they mean."""
        found = self.builder.diagnostics
        return [d for d in found if not any(start <= d.span.start < end for start, end in self.doubtful)]

    def change(self, place: "Impasse", edit: "Edit") -> None:
        """Make an edit, and go back to the first token that is to be read again."""
        kept, self.i = place.frames_before(edit.start)
        self.open[:] = place.open_before(self.i)
        if kept < len(self.frames):
            del self.values[self.frames[kept][1] :]
            del self.frames[kept:]
        self.stream.replace(*edit)
        self.named |= {word.text for word in edit.words if word.kind == NAME and word.text in KEYWORDS}

    def stop(self) -> None:
        """Leave out the rest of the text."""
        last = len(self.stream.kinds) - 3
        at = self.stream.ends[self.i - 1]
        braces = ["}" for token in self.open if self.stream.kinds[token] == "{"]
        self.stream.replace(self.i, last, [(brace, brace, at, at) for brace in braces])


def parse(source: Source) -> tuple[Module, tuple[Diagnostic, ...]]:
    """The tree of a text and what is wrong with it; any text has one."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        stream, found = lexical.read(source)
        comments = tuple(syntax.Comment(Span(source, start, end)) for start, end in stream.comments)
        found += braces.mend(source, stream)
        statements, complaints = _read(source, stream, "start")
        return Module(Span(source, 0, len(source.text)), statements, comments), _sorted(found + complaints)
    finally:
        if collecting:
            gc.enable()


def parse_expression(source: Source) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """One expression alone, such as `torus(dims = [7, 4])`; newlines around it and inside it mean nothing.

    It is `Wrong` when there is a complaint.
    """
    stream, found = lexical.read(source)
    stream.drop(NEWLINE)
    value, complaints = _read(source, stream, "alone")
    said = _sorted(found + complaints)
    return (syntax.Wrong(value.span) if said else value), said


def _read(source: Source, stream: Stream, start: str) -> tuple[Any, list[Diagnostic]]:
    parser = Parser(source, stream, start)
    return parser.run(), parser.diagnostics + parser.heard()


def _sorted(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the text, each once: a part that was read again is complained about again."""
    return tuple(dict.fromkeys(sorted(found, key=lambda diagnostic: diagnostic.span.start)))
