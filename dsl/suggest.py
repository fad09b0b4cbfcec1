"""Suggestions for misspelt words: the nearest of the words that are legal at a place."""

from collections.abc import Iterable


def distance(a: str, b: str) -> int:
    """Edits between two words, a swap of neighbours counted as one (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, above = above, row
    return above[-1]


def nearest(word: str, legal: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """At most three legal words near enough to a mistyped one, the same but for case first, then by distance."""
    folded = word.casefold()
    limit = max(1, len(word) // 3)
    scored = []
    for candidate in set(legal):
        if abs(len(candidate) - len(word)) > limit and not candidate.casefold().startswith(folded):
            continue
        apart = 0 if candidate.casefold() == folded else distance(folded, candidate.casefold())
        if apart <= limit:
            scored.append((apart, candidate))
    return tuple(candidate for _, candidate in sorted(scored)[:most])


def did_you_mean(word: str, legal: Iterable[str]) -> tuple[str, ...]:
    """The suggestion as a line of help, or nothing."""
    found = nearest(word, legal)
    return (f"did you mean {' or '.join(f'`{name}`' for name in found)}?",) if found else ()
