"""Makes the LALR(1) table of the grammar with Lark, and removes unit rules from it. The only module that imports Lark."""

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
    """Table of a grammar. Raises `lark.exceptions.LarkError` when the text is no grammar or has a conflict."""
    lark = Lark(grammar, parser=None, lexer="basic", start=[*STARTS], maybe_placeholders=True)
    analysis = LALR_Analyzer(ParserConf(lark.rules, {}, [*STARTS]), debug=True, strict=True)
    analysis.compute_lalr()  # type: ignore[no-untyped-call]
    spelled = {terminal.name: terminal.pattern.value for terminal in lark.terminals}
    return Automaton(analysis.parse_table, spelled).table(lark.rules)


def method(rule: LarkRule) -> str:
    """Name of the builder method for a rule; empty when its children go to the rule around it."""
    if rule.alias:
        return str(rule.alias)
    passes = rule.options.expand1 and sum(map(is_kept, rule.expansion)) == 1
    return "" if passes or rule.origin.name.startswith("_") else str(rule.origin.name)


def is_kept(symbol: Any) -> bool:
    """True if a symbol is a child of its rule; words in quotes are not, unless the rule has `!`."""
    return not (symbol.is_term and symbol.filter_out)


def is_unit(move: Move) -> bool:
    """True if a move reduces a rule of one symbol that makes no node."""
    return isinstance(move, LarkRule) and len(move.expansion) == 1 and not method(move)


def absent(rule: LarkRule, rules: Iterable[LarkRule]) -> tuple[int, ...]:
    """Positions among the children at which None is inserted, in this order, for absent optional parts.

    Behind a list of unknown length they are counted from the end.
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
    """Number of children that a symbol stands for; None when it depends on the text."""
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
    """States of Lark's automaton and their moves by symbol, with unit rules removed by merging states.

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
        """Kind of token of a terminal."""
        return self.spelled.get(name) or name.lstrip("_$")

    def target(self, state: State, symbol: str) -> State:
        """State that a symbol leads to, unit rules followed to their end."""
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
        """Moves of a state, unit reductions replaced by the moves of the states they lead to."""
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
        """Table as plain data; states are numbered in breadth-first order, so that equal grammars give equal tables."""
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
        """Production for the driver, with symbols for messages."""
        symbols = tuple(self.kind(s.name) if s.is_term else f"@{s.name}" for s in rule.expansion)
        return Production(len(symbols), str(rule.origin.name), method(rule), absent(rule, rules), symbols)

    def places(self, state: State, rules: dict[LarkRule, int]) -> tuple[tuple[int, int], ...]:
        """Items of a state: number of the rule and of its symbols that have been read."""
        return tuple(sorted((rules[item.rule], item.index) for item in self.items[state] if item.rule in rules))


def default(row: dict[str, int], rules: tuple[Production, ...]) -> int:
    """Rule that a state reduces whatever follows, -1 when it has to look."""
    moves = {*row.values()}
    only = ~moves.pop() if len(moves) == 1 else -1
    return only if only >= 0 and rules[only].name not in STARTS else -1


def statement_words(rows: list[dict[str, int]], start: int) -> tuple[str, ...]:
    """Words that begin a statement and occur in no other place."""
    first = {kind for kind in rows[start] if kind.isalpha() and kind.islower()}
    elsewhere = {kind for row in rows if not first <= row.keys() for kind in row}
    return tuple(sorted(first - elsewhere))
