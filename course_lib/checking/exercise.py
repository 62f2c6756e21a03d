"""What an exercise is: one declaration for the self-check, the hidden tests, the diagnosis and the grader's own tests.

A probe is a generator function `probe(answer, rng)`. It yields rows: what is looked at, and a thunk for its value.
It is run once with the reference and once with the learner's answer, each time with an equal `rng`, and the values are
compared row by row. It draws its inputs before it yields, so that what an answer does cannot change later inputs.

    def probe_softmax(softmax, rng):
        logits = rng.normal(size=5)
        yield "one row of logits", lambda: softmax(logits)
        yield Row("very large logits", lambda: softmax(np.array([1000.0, 0.0])), essential=True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

# One false alarm in a million runs: the two-sided quantile of the normal distribution at 1 − 1e-6.
ONE_IN_A_MILLION = 4.8916384757


@dataclass(frozen=True)
class Row:
    """One thing that a probe looks at; a probe may yield a bare `(label, thunk)` for a row with the defaults.

    Args:
        label: what is looked at, in the learner's words; unique within the probe.
        value: called without arguments, returns numbers, strings, arrays, or lists, tuples and dicts of them.
        weight: how much of the points the row carries, relative to the other rows.
        essential: nothing is earned unless this row passes.
        relative_tolerance: overrides the engine's 1e-6 (1e-5 for float32 results).
        is_secret: whether the report keeps the right value to itself, as in a quiz.
    """

    label: str
    value: Callable[[], Any]
    weight: float = 1.0
    essential: bool = False
    relative_tolerance: float | None = None
    is_secret: bool = False


@dataclass(frozen=True)
class Statistic(Row):
    """A row about a random answer: a number computed from its draws, held against the exact expectation.

    The row agrees while |value − expected| ≤ 4.89 · standard_deviation, which refuses a right answer once in a million
    runs. `standard_deviation` is that of the statistic itself (for a mean of n draws: σ/√n), not of one draw.
    `value` returns one number; draw enough that the statistic is close to normal (n ≥ 1,000 for a mean).
    """

    expected: float = 0.0
    standard_deviation: float = 1.0

    @property
    def tolerance(self) -> float:
        return ONE_IN_A_MILLION * self.standard_deviation


@dataclass(frozen=True, eq=False)
class Misconception:
    """An executable wrong answer, and the sentence that tells its author what went wrong and what to do."""

    answer: Any
    message: str
    name: str = ""
    # Set by `flags`: the faulty implementation that this is one flag of, so that two mistakes can be tried together.
    faulty: Callable | None = None

    def __post_init__(self):
        if not self.name:
            object.__setattr__(self, "name", getattr(self.answer, "__name__", "wrong answer"))


def flags(faulty: Callable, **messages: str) -> list[Misconception]:
    """Make one misconception of each keyword flag of `faulty`, a function or class whose flags are off by default.

    With every flag off, `faulty` must be a right answer. Where no single flag explains an answer, pairs are tried.

        flags(faulty_softmax, no_shift="np.exp overflows …", whole_array="You divide by the sum over …")
    """
    return [
        Misconception(partial(faulty, **{flag: True}), message, name=flag, faulty=faulty)
        for flag, message in messages.items()
    ]


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise, whole.

    Args:
        name: the name in the notebook, unique in the course.
        reference: our answer: a function, a class, or (in a quiz) a plain value.
        probe: the generator function of this module's first lines.
        misconceptions: three or more; each must be refused and named, and no two may look alike on the probe.
        equivalents: the same values from other code; each must pass.
        accepts: other conventions that are also right, with other values; an answer that follows one throughout passes.
        hints: from a nudge to almost the answer.
        time_limit: seconds that one row of the probe may take.
        solution: what `solution()` shows where that is not the reference's source: another object's, or a text.
    """

    name: str
    reference: Any
    probe: Callable[[Any, np.random.Generator], Iterator[Row | tuple[str, Callable[[], Any]]]]
    misconceptions: Sequence[Misconception]
    equivalents: Sequence[Any] = ()
    accepts: Sequence[Any] = ()
    hints: Sequence[str] = field(default=())
    time_limit: float = 5.0
    solution: Any = None

    def rows(self, answer: Any, seed: int) -> Iterator[Row]:
        """Yield the probe's rows for `answer`, with inputs drawn from `seed` and the exercise's name."""
        rng = np.random.default_rng([seed, *self.name.encode()])
        for row in self.probe(answer, rng):
            yield row if isinstance(row, Row) else Row(*row)


def quiz(name: str, questions: dict[str, dict], hints: Iterable[str] = ()) -> Exercise:
    """Make an exercise of multiple-choice questions.

    The learner writes a function of no arguments that returns {question: letter}. Each question carries one row, so
    every right letter earns its share; each wrong letter is a misconception with an explanation of its own.

    Args:
        questions: {question's key: {"answer": letter, letter of a wrong choice: why it is wrong, …}}.
    """
    return readings(
        name,
        {
            key: {
                "answer": question["answer"],
                "wrong": {letter: why for letter, why in question.items() if letter != "answer"},
            }
            for key, question in questions.items()
        },
        hints,
    )


def readings(name: str, questions: dict[str, dict], hints: Iterable[str] = ()) -> Exercise:
    """Make an exercise of what can be read off an explorer: numbers and words.

    The learner writes a function of no arguments that returns {question: number or word}. Each question carries one
    row, so every right reading earns its share, and the report keeps the right one to itself. Each wrong one that is
    declared is a misconception with an explanation of its own.

    Args:
        questions: {question's key: a dict of
            "answer": the right number, or the right word in small letters;
            "wrong": {number or word: why it is wrong};
            "tolerance": for numbers, how far from the answer a reading may be, relative to the answer; 1e-6 without it.
                A reading as near as that to a wrong number is that number.
            "too small", "too large": what to tell about all other numbers below, or above, the answer}.
    """
    right = {key: question["answer"] for key, question in questions.items()}

    def reference():
        return dict(right)

    def probe(answer, rng):
        for key, question in questions.items():
            yield Row(f"question {key}", lambda key=key, q=question: _reading(answer(), key, q), is_secret=True)

    def given(key, wrong):
        def answer():
            return right | {key: wrong}

        return answer

    misconceptions = []
    for key, question in questions.items():
        wrong = {str(value): (value, why) for value, why in question["wrong"].items()}
        # Numbers that are farther off than any that is declared.
        for word, sign in (("too small", -1), ("too large", 1)):
            if word in question:
                numbers = [abs(number) for number in (question["answer"], *question["wrong"])]
                wrong[word] = (sign * (1 + 2 * max(numbers)), question[word])
        misconceptions += [
            Misconception(given(key, value), f"{key}: {why}", f"{key}_{word}") for word, (value, why) in wrong.items()
        ]
    return Exercise(name, reference, probe, misconceptions, hints=tuple(hints), solution=f"return {right}")


def _reading(given: Any, key: str, question: dict) -> str:
    """Return what was read for `key` as a text: one of those that the question declares, where it is near enough."""
    if not isinstance(given, dict):
        raise TypeError("return a dict, {question: answer}")
    value, answer = given.get(key), question["answer"]
    if value is None:
        return "no answer"
    if isinstance(answer, str):
        return str(value).strip().lower()
    try:
        number = float(value)
    except (TypeError, ValueError):
        return f"{value}, which is not a number"
    for known in (answer, *question["wrong"]):
        if abs(number - known) <= question.get("tolerance", 1e-6) * abs(known):
            return str(known)
    side = "too small" if number < answer else "too large" if number > answer else "not a number"
    return side if side in question else f"{number:g}"
