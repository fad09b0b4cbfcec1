"""Mistakes that people make, each with the sentence for it and the edit that mends it.

A rule looks at a place and returns what it would say and do, or None. It is believed when the table reads on after the
edit; the first that is believed speaks. What no rule knows is worded by `dsl/expected.py` and mended by the table alone.
"""

from dsl.impasse import Mistake
from dsl.mistaken_amounts import (
    choice_without_brackets,
    comma_before_source,
    comma_missing,
    counted_without_of,
    digits_in_groups,
    equals_before_block,
    equals_for_comparison,
    equals_sign,
    from_missing,
    more_after_unit,
    unit_missing,
    value_missing,
)
from dsl.mistaken_brackets import bracket_ends_too_late, bracket_not_closed
from dsl.mistaken_statements import (
    body_in_braces,
    comma_after_statement,
    comma_without_name,
    keyword_as_name,
    label_without_colon,
    line_goes_on,
    name_in_quotes,
    names_joined_by_and,
    no_statement,
    nothing_stated,
    other_word_for_copy,
    parameters_without_brackets,
    two_names,
    type_without_colon,
    word_misspelt,
)

MISTAKES: tuple[Mistake, ...] = (
    bracket_not_closed,
    unit_missing,
    comma_without_name,
    names_joined_by_and,
    keyword_as_name,
    name_in_quotes,
    word_misspelt,
    two_names,
    other_word_for_copy,
    nothing_stated,
    no_statement,
    parameters_without_brackets,
    body_in_braces,
    counted_without_of,
    from_missing,
    line_goes_on,
    comma_before_source,
    digits_in_groups,
    comma_after_statement,
    label_without_colon,
    type_without_colon,
    equals_before_block,
    equals_sign,
    equals_for_comparison,
    comma_missing,
    bracket_ends_too_late,
    choice_without_brackets,
    more_after_unit,
    value_missing,
)
"""In the order in which they are asked."""

GUESSES: frozenset[Mistake] = frozenset(
    (
        bracket_ends_too_late,
        label_without_colon,
        other_word_for_copy,
        two_names,
        type_without_colon,
        value_missing,
        word_misspelt,
    )
)
"""Mistakes recognised by guessing: further complaints on the line may only follow from a wrong guess."""
