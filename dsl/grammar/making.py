"""The table of the grammar, worked out by Lark and freed from rules that only pass on. The one module that imports Lark."""

from collections.abc import Iterable
from typing import Any

from lark import Lark
from lark.common import ParserConf
from lark.grammar import Rule as LarkRule
from lark.parsers.lalr_analysis import LALR_Analyzer

from dsl.grammar.automaton import Production, Table

STARTS = ("start", "alone")
AT_THE_END = 1_000_000  # where `list.insert` appends

State = Any  # a key of `Automaton.moves`: a set of items from Lark, or a tuple for states that were merged
Move = Any  # a state to go to, or a rule to reduce


def made(grammar: str) -> Table:
    """The table of a grammar. Raises `lark.exceptions.LarkError` when it is none, or is ambiguous to one word ahead."""
    lark = Lark(grammar, parser=None, lexer="basic", start=[*STARTS], maybe_placeholders=True)
    analysis = LALR_Analyzer(ParserConf(lark.rules, {}, [*STARTS]), debug=True, strict=True)
    analysis.compute_lalr()  # type: ignore[no-untyped-call]
    spelled = {terminal.name: terminal.pattern.value for terminal in lark.terminals}
    return Automaton(analysis.parse_table, spelled).table(lark.rules)


def method(rule: LarkRule) -> str:
    """The name of the builder's method for a rule; empty when its children go to the rule around it."""
    if rule.alias:
        return str(rule.alias)
    passes = rule.options.expand1 and sum(map(is_kept, rule.expansion)) == 1
    return "" if passes or rule.origin.name.startswith("_") else str(rule.origin.name)


def is_kept(symbol: Any) -> bool:
    """Whether a symbol is a child: words in quotes are not, but after `!`."""
    return not (symbol.is_term and symbol.filter_out)


def is_unit(move: Move) -> bool:
    """Whether a move reduces a rule that does nothing but give its one child another name."""
    return isinstance(move, LarkRule) and len(move.expansion) == 1 and not method(move)


def absent(rule: LarkRule, rules: Iterable[LarkRule]) -> tuple[int, ...]:
    """The places among the children at which None is put, one after the other, for optional parts that are not there.

    Behind a list, whose length is not known, places are counted from the end.
    """
    places: list[int] = []
    left: list[int | None] = []
    right = [width(symbol, rules, ()) for symbol in rule.expansion]
    for is_none in rule.options.empty_indices or ():
        if not is_none:
            left.append(right.pop(0))
        elif None not in left:
            places.append(sum(filter(None, left)) + len(places))
        else:
            assert None not in right, f"an optional part between two lists: {rule}"
            places.append(-sum(filter(None, right)) or AT_THE_END)
    return tuple(places)


def width(symbol: Any, rules: Iterable[LarkRule], above: tuple[Any, ...]) -> int | None:
    """How many children a symbol stands for; None when that depends on the text."""
    if symbol.is_term or not symbol.name.startswith("_"):
        return int(is_kept(symbol))
    if symbol in above:
        return None
    found: set[int | None] = set()
    for rule in rules:
        if rule.origin == symbol:
            each = [width(part, rules, (*above, symbol)) for part in rule.expansion]
            found.add(None if None in each else sum(filter(None, each)))
    return found.pop() if len(found) == 1 else None


class Automaton:
    """States and their moves by symbol, as Lark found them, and then without unit rules.

    In a state reached by `operand`, the move `_plain: operand` leads to what the state below does with `_plain`. Both are
    merged into one state that does at once what the chain of reductions would come to.
    """

    def __init__(self, table: Any, spelled: dict[str, str]) -> None:
        self.starts: dict[str, State] = table.start_states
        self.moves: dict[State, dict[str, Move]] = {
            state: {str(name): rule_or_state for name, (_, rule_or_state) in row.items()}
            for state, row in table.states.items()
        }
        self.items: dict[State, frozenset[Any]] = {
            state: frozenset(item for item in state if item.index) for state in table.states
        }
        self.spelled = spelled

    def kind(self, name: str) -> str:
        """The kind of token that a terminal stands for."""
        return self.spelled.get(name) or name.lstrip("_$")

    def target(self, state: State, symbol: str) -> State:
        """Where a symbol leads, unit rules taken at once."""
        found = self.moves[state][symbol]
        row = self.moves[found]
        units = sorted({move for move in row.values() if is_unit(move)}, key=str)
        if not units:
            return found
        beyond = [self.target(state, rule.origin.name) for rule in units]
        if len({*row.values()}) == 1:
            return beyond[0]
        merged = (found, *beyond)
        if merged not in self.moves:
            self.moves[merged] = self.merged(row, dict(zip(units, beyond, strict=True)))
            self.items[merged] = self.items[found].union(*(self.items[other] for other in beyond))
        return merged

    def merged(self, row: dict[str, Move], beyond: dict[LarkRule, State]) -> dict[str, Move]:
        """The moves of a state, with those of the states beyond in the place of unit rules."""
        whole = {symbol: move for symbol, move in row.items() if not is_unit(move)}
        for symbol, move in row.items():
            if is_unit(move) and symbol in self.moves[beyond[move]]:
                whole[symbol] = self.moves[beyond[move]][symbol]
        for state in beyond.values():
            for symbol, move in self.moves[state].items():
                if not symbol.isupper():
                    assert whole.setdefault(symbol, move) == move, f"two ways on from {symbol}"
        return whole

    def table(self, all_rules: list[LarkRule]) -> Table:
        """The automaton in plain data, its states numbered in the order in which they are met from the start."""
        numbers = {state: number for number, state in enumerate(self.starts.values())}
        rules: dict[LarkRule, int] = {}
        rows: list[dict[str, int]] = []
        gotos: list[dict[str, int]] = []
        for state in (waiting := [*numbers]):
            row, goto = {}, {}
            for symbol, move in sorted(self.moves[state].items()):
                if isinstance(move, LarkRule):
                    row[self.kind(symbol)] = ~rules.setdefault(move, len(rules))
                    continue
                target = self.target(state, symbol)
                if target not in numbers:
                    numbers[target] = len(numbers)
                    waiting.append(target)
                if symbol.isupper():
                    row[self.kind(symbol)] = numbers[target]
                else:
                    goto[symbol] = numbers[target]
            rows.append(row)
            gotos.append(goto)
        for rule in all_rules:
            rules.setdefault(rule, len(rules))
        kept = {symbol.name for rule in rules for symbol in rule.expansion if symbol.is_term and is_kept(symbol)}
        productions = tuple([self.production(rule, rules) for rule in rules])
        return Table(
            starts={name: numbers[state] for name, state in self.starts.items()},
            rows=tuple(rows),
            gotos=tuple(gotos),
            defaults=tuple([default(row, productions) for row in rows]),
            rules=productions,
            items=tuple([self.places(state, rules) for state in numbers]),
            kept=tuple(sorted(map(self.kind, kept))),
            spellings=tuple(sorted(self.spelled.values())),
            statement_words=statement_words(rows, numbers[self.starts["start"]]),
        )

    def production(self, rule: LarkRule, rules: Iterable[LarkRule]) -> Production:
        """A rule as the driver needs it, and its symbols for sentences about it."""
        symbols = tuple(self.kind(s.name) if s.is_term else f"@{s.name}" for s in rule.expansion)
        return Production(len(symbols), str(rule.origin.name), method(rule), absent(rule, rules), symbols)

    def places(self, state: State, rules: dict[LarkRule, int]) -> tuple[tuple[int, int], ...]:
        """The rules that are under way in a state, and how many of their symbols have been read."""
        return tuple(sorted((rules[item.rule], item.index) for item in self.items[state] if item.rule in rules))


def default(row: dict[str, int], rules: tuple[Production, ...]) -> int:
    """The rule that a state reduces whatever follows, or -1 when it has to look."""
    moves = {*row.values()}
    only = ~moves.pop() if len(moves) == 1 else -1
    return only if only >= 0 and rules[only].name not in STARTS else -1


def statement_words(rows: list[dict[str, int]], start: int) -> tuple[str, ...]:
    """The words that may begin a text and stand nowhere but where all of them may."""
    first = {kind for kind in rows[start] if kind.isalpha() and kind.islower()}
    elsewhere = {kind for row in rows if not first <= row.keys() for kind in row}
    return tuple(sorted(first - elsewhere))
