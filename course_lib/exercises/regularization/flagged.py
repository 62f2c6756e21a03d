"""Misconceptions that are flags of one faulty implementation, of which only the usual ones are tried two at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from course_lib.checking.exercise import Misconception


def flagged(faulty: Callable, told: Mapping[str, tuple[str, str]], in_pairs: Collection[str]) -> list[Misconception]:
    """Make one misconception of each keyword flag of `faulty`, a function or class whose flags are off by default.

    Args:
        told: {flag: (cause, cure)}.
        in_pairs: those that are also tried two at a time; pairs of all would be thousands, most of them far-fetched.
    """
    return [
        Misconception(
            partial(faulty, **{flag: True}), *cause_and_cure, name=flag, faulty=faulty if flag in in_pairs else None
        )
        for flag, cause_and_cure in told.items()
    ]
