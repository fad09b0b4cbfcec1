"""Error recovery of the parser: insert, drop or replace one token where the table then reads on, else skip the rest of
the statement, for which `Wrong` stands in the tree."""

import sys
from collections.abc import Iterator
from typing import Literal, NamedTuple

from dsl.builder import NESTED_TOO_DEEPLY
from dsl.diagnostic import Diagnostic, Fix
from dsl.driver import Driver
from dsl.expected import said
from dsl.impasse import LOST, WRONG, Edit, Impasse, NewToken
from dsl.language import KEYWORDS
from dsl.limits import NESTING, SYNTAX_ERRORS
from dsl.mistaken_brackets import closes_nothing
from dsl.mistakes import GUESSES, MISTAKES
from dsl.record import replace
from dsl.skipping import skipped
from dsl.tokens import CLOSING, END, NAME, ODD, OPENING

MOST_TRIES = 4  # at one token, before it is left out
NEAR, FAR = 1, 4
"""Tokens that must follow before an edit is believed: for a known mistake, and for one that the table has found."""


Silent = Literal["word", "line", "statement"]


class Repair(NamedTuple):
    """Diagnostic (None: say nothing), edit to go on with, and the extent in which further complaints are suppressed."""

    diagnostic: Diagnostic | None
    edit: Edit
    silent: Silent = "word"


class Recovery:
    """Error recovery for one text, which reads from the first mistake to the end.

    `silent` maps the first token of a statement to the offset up to which complaints about it are suppressed, `quiet`
    is the same for all statements. `doubtful` are (start, end) offsets whose meaning was guessed, so that complaints of
    the builder about them are dropped. `named` are keywords that have been read as names.
    """

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.diagnostics: list[Diagnostic] = []
        self.silent: dict[int, int] = {}
        self.quiet = 0
        self.doubtful: list[tuple[int, int]] = []
        self.named: set[str] = set()
        self.stuck = (-1, "")
        self.tries = 0

    def finish(self) -> list[Diagnostic]:
        """Read from a mistake to the end; the complaints, with those of the builder about nodes that were not guessed."""
        self.mend()
        while not self.driver.advance():
            self.mend()
        made = self.driver.builder.diagnostics
        sure = [d for d in made if not any(start <= d.span.start < end for start, end in self.doubtful)]
        return self.diagnostics + sure

    def mend(self) -> None:
        """Report the mistake at the token that was reached, and edit the stream so that reading goes on."""
        driver = self.driver
        if len(self.diagnostics) >= SYNTAX_ERRORS:
            self.stop()
        # an edit may lead back to the same token: counted, so that recovery always ends
        here = (driver.stream.starts[driver.i], driver.stream.kinds[driver.i])
        self.tries = self.tries + 1 if here == self.stuck else 0
        self.stuck = here
        place = Impasse(driver, self.named)
        found = repair(place) if self.tries < MOST_TRIES else forced(place)
        self.say(place, found)
        kept, i = place.frames_before(found.edit.start)
        driver.rewind(kept, i, place.open_before(i))
        driver.stream.replace(*found.edit)
        self.named |= {word.text for word in found.edit.words if word.kind == NAME and word.text in KEYWORDS}

    def say(self, place: Impasse, found: Repair) -> None:
        """Record a complaint, unless the statement or line has had one up to there."""
        until = max(self.silent.get(place.first, 0), self.quiet)
        if found.diagnostic is not None and found.diagnostic.span.start >= until:
            self.diagnostics.append(found.diagnostic)
            if found.silent != "word":
                until = place.line_end()
                self.doubtful.append((place.span().start, until))
        elif found.diagnostic is None and found.silent == "statement":
            until = place.line_end()
        self.silent[place.first] = sys.maxsize if found.silent == "statement" else until
        kinds = [word.kind for word in found.edit.words]
        if LOST in kinds:
            self.quiet = place.line_end()
        if ";" in kinds:  # another statement begins on the line
            self.silent[found.edit.start + len(kinds)] = min(until, place.line_end())

    def stop(self) -> None:
        """Cut off the rest of the text, closing the blocks that are open."""
        stream, i = self.driver.stream, self.driver.i
        at = stream.ends[i - 1]
        braces = ["}" for token in self.driver.open if stream.kinds[token] == "{"]
        stream.replace(i, len(stream.kinds) - 3, [(brace, brace, at, at) for brace in braces])


def repair(place: Impasse) -> Repair:
    """Diagnostic and edit for a place."""
    kind = place.kind()
    if kind in CLOSING and len(place.open) >= NESTING and kind in place.expected:
        return too_deep(place)
    if nothing := closes_nothing(place):
        return Repair(*nothing, "word" if kind == "}" else "line")
    if kind in ODD:
        return Repair(None, place.omission() if place.goes_on(place.omission()) else skipped(place), "statement")
    if kind == END and "}" in place.expected:
        return Repair(None, place.insertion("}"))
    for mistake in MISTAKES:
        diagnostic, edit = mistake(place) or (None, None)
        if edit is not None and place.goes_on(edit, NEAR):
            return Repair(diagnostic, edit, "line" if mistake in GUESSES else "word")
        if edit is None and diagnostic is not None:
            return Repair(diagnostic, skipped(place), "statement")
    return unknown(place)


def forced(place: Impasse) -> Repair:
    """Repair of last resort: leave out the token, at the end of the text the statement."""
    return Repair(None, Edit(place.first, place.i) if place.kind() == END else place.omission(), "statement")


def unknown(place: Impasse) -> Repair:
    """Repair of a mistake that no rule knows: message from the rules under way, edit from the table."""
    diagnostic = said(place)
    for edit, fixes in one_word(place):
        if place.goes_on(edit, FAR):
            return Repair(replace(diagnostic, fixes=fixes), edit, "line")
    return Repair(diagnostic, skipped(place), "statement")


def one_word(place: Impasse) -> Iterator[tuple[Edit, tuple[Fix, ...]]]:
    """Edits of one word with the fixes they amount to: put in the word the statement cannot do without, have it in place
    of this word, leave this word out (a fix when it stands there twice)."""
    needed, word, span = place.needed, place.text(), place.span()
    if needed in OPENING and place.is_closed():
        needed = ""
    is_replaceable = place.kind() not in CLOSING and place.kind() not in ("}", END)
    if needed and needed not in CLOSING:
        yield place.insertion(needed), (Fix(f"insert `{needed}`", place.gap(), f" {needed}", "unsafe"),)
    if needed and needed not in CLOSING and word and is_replaceable:
        yield place.replacement(needed), (Fix(f"`{needed}`", span, needed, "unsafe"),)
    if is_replaceable:
        is_double = bool(word) and word == place.text(-1)
        yield place.omission(), (Fix(f"remove `{word}`", span, "", "unsafe"),) if is_double else ()


def too_deep(place: Impasse) -> Repair:
    """Repair that skips a bracket nested too deeply together with its contents."""
    stop = place.after_bracket()
    diagnostic = NESTED_TOO_DEEPLY.at(
        place.span(),
        f"this is nested more than {NESTING} deep",
        "give the inner part a name with `let`, or put long lists into `[ ]`",
    )
    wrong = NewToken(WRONG, "", diagnostic.span.start, place.at(stop - 1).end)
    edits = (Edit(place.i, stop, (wrong,)), Edit(place.i, stop))
    edit = next((edit for edit in edits if place.goes_on(edit, 1)), Edit(place.first, stop, (wrong,)))
    return Repair(diagnostic, edit, "statement")
