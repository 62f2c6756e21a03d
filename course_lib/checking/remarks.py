"""What can be said of a wrong answer that makes none of the exercise's known mistakes.

A remark is told only where all wrong rows show it: what fits one of them is no diagnosis. Each is a cause and a cure.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.compare import agree
from course_lib.checking.errors import error_in_words
from course_lib.checking.exercise import Row, Statistic
from course_lib.checking.isolation import Failure
from course_lib.checking.relations import RELATIONS, Pair
from course_lib.checking.values import Opaque, as_numbers, kind_in_words, show, with_article

Remark = tuple[str, str]


class Wrong(NamedTuple):
    """A row that failed: what the answer gave, and the right value."""

    row: Row
    value: Any
    right: Any


def general_remark(wrong: list[Wrong], total: int) -> Remark:
    """Return cause and cure, of `wrong` rows among `total`; the cure may be empty."""
    late = next((value for _, value, _ in wrong if isinstance(value, Failure) and value.kind == "time"), None)
    if late is not None:
        return f"Your code {late}.", "Is there a loop that does not end, or one that NumPy could do at once?"
    raised = [(row, value) for row, value, _ in wrong if isinstance(value, Failure)]
    if raised:
        told = [error_in_words(value) for _, value in raised]
        cause, cure = told[0]
        is_everywhere = len(raised) == total and set(told) == {told[0]}
        return (cause if is_everywhere else f"On “{raised[0][0].label}”: {cause}"), cure
    return _on_types(wrong) or _on_numbers(wrong) or _on_first_difference(wrong, total)


def _on_types(wrong: list[Wrong]) -> Remark | None:
    """Say where something else than numbers came, or something else around the right ones."""
    for row, value, right in wrong:
        if value is None:
            return f"On “{row.label}” your code gives None.", "Let every path through it end with `return` and a value."
        if isinstance(value, Opaque):
            asked = "" if row.is_secret else f"; asked for is {kind(right)}"
            is_function = value.type_name.startswith(("function", "method"))
            return f"On “{row.label}” your code gives {value}{asked}.", "Call it: its name, then `()`." * is_function
        if isinstance(value, list | tuple) and any(item is None for item in value):
            return (
                f"On “{row.label}” there is None among your results.",
                "A path through your code that does not end with `return` and a value gives None, and so do methods "
                "such as `append` and `sort`.",
            )
    return _on_number_of_results(wrong)


def _on_number_of_results(wrong: list[Wrong]) -> Remark | None:
    if any(row.is_secret or isinstance(row, Statistic) or isinstance(right, str) for row, _, right in wrong):
        return None
    counts = {len(value) for _, value, _ in wrong if isinstance(value, list | tuple)}
    if all(isinstance(value, list | tuple) for _, value, _ in wrong) and len(counts) == 1 and counts <= {2, 3, 4, 5}:
        for place in range(counts.pop()):
            if all(agree(value[place], right) for _, value, right in wrong):
                return (
                    f"You return {len(wrong[0].value)} things; the {ORDINALS[place]} of them alone is the answer.",
                    f"Return {'one' if place else 'the first'} only: what else is kept belongs into `self` or nowhere.",
                )
    several = [(value, right, len(right)) for _, value, right in wrong if _has_several(right)]
    if len(several) < len(wrong):
        return None
    if all(_is_first_alone(value, right) for value, right, _ in several):
        return (
            f"Only the first of the {several[0][2]} results comes back.",
            "A `return` inside a loop ends it at its first pass: it belongs behind the loop, with all results.",
        )
    if all(_is_beginning(value, right) for value, right, _ in several):
        return "Your results stop before the last one; those that are there are right.", "Go on to the end."
    if all(_matches(value, right[-1]) for value, right, _ in several):
        return (
            "Only the last of the results comes back.",
            "Collect them in a list: each pass overwrites the one before.",
        )
    if all(_is_rest_empty(value, right) for value, right, _ in several):
        return (
            "The first part of your result is right, and all the rest is 0.",
            "Does the loop end early, by a `return` or `break` inside it?",
        )
    return None


ORDINALS = ("first", "second", "third", "fourth", "fifth")


def _has_several(right: Any) -> bool:
    is_sequence = isinstance(right, list | tuple) or (isinstance(right, np.ndarray) and right.ndim > 0)
    return is_sequence and len(right) > 1


def _matches(value: Any, right: Any) -> bool:
    numbers = as_numbers(right)
    return numbers is not None and bool(np.any(numbers)) and agree(value, right)


def _length(value: Any) -> int:
    """Return how many items a sequence has; 0 for anything else."""
    is_sequence = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
    return len(value) if is_sequence else 0


def _is_first_alone(value: Any, right: Any) -> bool:
    alone = value[0] if _length(value) == 1 else value
    return _matches(alone, right[0]) or _matches(value, right[0])


def _is_beginning(value: Any, right: Any) -> bool:
    return 0 < _length(value) < len(right) and all(
        _matches(item, other) for item, other in zip(value, right, strict=False)
    )


def _is_rest_empty(value: Any, right: Any) -> bool:
    mine, truth = as_numbers(value), as_numbers(right)
    if mine is None or truth is None or mine.shape != truth.shape:
        return False
    return bool(np.any(truth[0])) and agree(mine[0], truth[0]) and not np.any(mine[1:]) and bool(np.any(truth[1:]))


def _on_numbers(wrong: list[Wrong]) -> Remark | None:
    """Say what holds between the answer's numbers and the right ones, on all wrong rows."""
    pairs = []
    for row, value, right in wrong:
        if row.is_secret or isinstance(row, Statistic):
            return None
        # A list of arrays that differ in shape, such as a network's weights, is as many pairs.
        items = [(value, right)]
        if isinstance(right, list | tuple) and isinstance(value, list | tuple) and len(value) == len(right):
            items = list(zip(value, right, strict=True)) if as_numbers(right) is None else items
        for item, other in items:
            mine, truth = as_numbers(item), as_numbers(other)
            if mine is None or truth is None or mine.dtype.kind == "c" or truth.dtype.kind == "c":
                return None
            pairs.append(Pair(row.label, mine, truth))
    with np.errstate(all="ignore"):
        for relation in RELATIONS:
            if told := relation(pairs):
                return told
    return None


def _on_first_difference(wrong: list[Wrong], total: int) -> Remark:
    row, value, right = wrong[0]
    mine, truth = as_numbers(value), as_numbers(right)
    if isinstance(row, Statistic) and mine is not None and mine.ndim == 0:
        return f"On “{row.label}” your draws give {show(value)}, where {row.expected:.4g} is expected.", ""
    if row.is_secret or truth is None or mine is None:
        if row.is_secret or kind(value) == kind(right):
            return f"On “{row.label}” your code gives {show(value)}, which is not the expected answer.", ""
        if isinstance(value, str) and " " in value:  # a sentence of the probe's, and no text that the answer gave
            return f"On “{row.label}” it comes out: {value}. Asked for is {kind(right)}.", ""
        return f"On “{row.label}” your code gives {kind(value)}; asked for is {kind(right)}.", ""
    if mine.shape != truth.shape:
        return f"On “{row.label}” the result has shape {_shape(mine)}; it should have shape {_shape(truth)}.", ""
    only = "alone " if len(wrong) == 1 < total else ""
    if mine.size == 1:
        return f"On “{row.label}” {only}your code gives {show(value)} in place of {show(right)}.", ""
    differs = [not agree(m, t) for m, t in zip(mine.ravel(), truth.ravel(), strict=True)]
    if 0 < sum(differs) < mine.size:
        return f"On “{row.label}” {only}{sum(differs)} of {mine.size} numbers differ; the others are right.", ""
    # Of several rows none is better than another: the report's example is the one that is easiest to follow.
    return (f"The numbers differ, on “{row.label}” alone." if only else "The numbers differ from the right ones."), ""


def kind(value: Any) -> str:
    """Return what `value` is, with an article: "a number", "an array of shape (2, 3)", "a dict"."""
    if isinstance(value, Opaque):
        return str(value)
    numbers = as_numbers(value)
    if numbers is not None:
        return "a number" if numbers.ndim == 0 else f"an array of shape {_shape(numbers)}"
    if value is None or isinstance(value, str):
        return "None" if value is None else "text"
    if isinstance(value, list | tuple):
        return f"{with_article(type(value).__name__)} of {len(value)}"
    return with_article(kind_in_words(value))


def _shape(array: np.ndarray) -> str:
    return "() (a single number)" if array.ndim == 0 else str(array.shape)
