"""Dry runs of the parse table over kinds of tokens, to find out how far it would read. Nothing is built."""

from collections.abc import Sequence

from dsl.language import ENDS_BRACKETS, TABLE
from dsl.tokens import CLOSING, ENDS, NEWLINE, OPENING


class Trial:
    """Stack of states, and the brackets that are open, without values."""

    def __init__(self, states: Sequence[int], brackets: Sequence[str]) -> None:
        self.states = [*states]
        self.brackets = [*brackets]

    def over(self, kinds: Sequence[str], known: int = 0) -> bool:
        """Read these kinds; True if all can be read, or a statement ends behind the first `known`."""
        for at, kind in enumerate(kinds):
            in_bracket = bool(self.brackets) and self.brackets[-1] != "{"
            if kind == NEWLINE and in_bracket and (at + 1 == len(kinds) or kinds[at + 1] not in ENDS_BRACKETS):
                continue
            if not self.word(kind):
                return False
            if at >= known and kind in ENDS:
                return True
        return True

    def word(self, kind: str) -> bool:
        """Read one token; False when the table has no action for it."""
        while True:
            action = TABLE.rows[self.states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                self.shift(kind, action)
                return True
            if TABLE.rules[~action].name in TABLE.starts:
                return True
            self.reduce(~action)

    def shift(self, kind: str, state: int) -> None:
        """Push a token."""
        self.states.append(state)
        if kind in CLOSING:
            self.brackets.append(kind)
        elif kind in OPENING:
            self.brackets.pop()
        if TABLE.defaults[state] >= 0:
            self.reduce(TABLE.defaults[state])

    def reduce(self, number: int) -> None:
        """Reduce a rule, and those that follow whatever the next token is."""
        while number >= 0:
            length, name = TABLE.rules[number][:2]
            del self.states[len(self.states) - length :]
            self.states.append(TABLE.gotos[self.states[-1]][name])
            number = TABLE.defaults[self.states[-1]]
