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

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

# One false alarm in a million runs: the two-sided quantile of the normal distribution at 1 − 1e-6.
ONE_IN_A_MILLION = 4.8916384757

# What an exercise asks for: to write a given formula in NumPy; to find the formula; to repair code; to give an input on
# which code fails; to meet a target; to write a test; to read a picture; to build with Keras; to choose.
KINDS = ("formula", "derive", "repair", "break it", "reach it", "write the check", "read the picture", "build", "quiz")


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
    """An executable wrong answer, and what its author is told in two steps.

    Args:
        answer: the wrong answer itself, a function or a class (in a quiz, one that gives the wrong letter).
        cause: what went wrong, as the learner would see it; never what to do about it.
        cure: what to do about it, told when a changed answer fails in the same way again, or by `hint()`.
        name: unique within the exercise; without it, that of `answer`.
        faulty: set by `flags`, the implementation that this is one flag of, so that two mistakes can be tried together.
        constant: for a mistake that may be made with any number (an ε, a limit to clip at), which `answer` takes as its
            keyword `constant` and has a usual one as default. Called with {label of a row: the learner's value}, it
            returns the number that these values give away; the mistake is then tried with that.
    """

    answer: Any
    cause: str
    cure: str = ""
    name: str = ""
    faulty: Callable | None = None
    constant: Callable[[dict[str, Any]], Any] | None = None

    def __post_init__(self):
        if not self.name:
            object.__setattr__(self, "name", getattr(self.answer, "__name__", "wrong answer"))

    @classmethod
    def of(cls, answer: Any, constant: Callable[[dict[str, Any]], Any] | None = None) -> Misconception:
        """Return `answer` as a misconception whose cause and cure are the two paragraphs of its docstring.

        Raises:
            ValueError: it has no docstring of its own, or not these two paragraphs.
        """
        # A class inherits its base's docstring, which tells of another mistake; a partial has functools' own.
        written = answer.__dict__.get("__doc__") if isinstance(answer, type) else None
        written = answer.__doc__ if inspect.isfunction(answer) else written
        text = inspect.cleandoc(written or "")
        cause, *cures = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
        if not cause or len(cures) != 1:
            name = getattr(answer, "__name__", answer)
            raise ValueError(f"{name}: its docstring needs two paragraphs, what went wrong and what to do about it.")
        return cls(answer, cause, cures[0], constant=constant)


def flags(faulty: Callable, **told: tuple[str, str]) -> list[Misconception]:
    """Make one misconception of each keyword flag of `faulty`, a function or class whose flags are off by default.

    With every flag off, `faulty` must be a right answer. Where no single flag explains an answer, pairs are tried.

        flags(faulty_softmax, no_shift=("exp(1000) is inf, and inf/inf is NaN.", "Subtract the maximum first."))
    """
    return [
        Misconception(partial(faulty, **{flag: True}), *_parted(words), name=flag, faulty=faulty)
        for flag, words in told.items()
    ]


def _parted(words: str | tuple[str, str]) -> tuple[str, str]:
    """TRANSITION: a message that is not parted into cause and cure yet is a cause."""
    return (words, "") if isinstance(words, str) else words


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise, whole.

    Args:
        name: the name in the notebook, unique in the course.
        reference: our answer: a function, a class, or (in a quiz) a plain value.
        probe: the generator function of this module's first lines.
        misconceptions: three or more; each must be refused and named, and no two may look alike on the probe. A
            function or class stands for `Misconception.of` it.
        kind: one of KINDS.
        minutes: that a reader who meets it for the first time needs.
        level: 1 to apply one idea, 2 to combine several, 3 to devise something.
        buggy: in a repair, the function or class with the bug, which a release writes into the answer cell.
        scene: `scene(answer)` returns, as plain data, a small picture of what an answer does.
        equivalents: the same values from other code; each must pass.
        accepts: other conventions that are also right, with other values; an answer that follows one throughout passes.
        hints: from a nudge to the last step before the code; what writes it out is the solution.
        time_limit: seconds that one row of the probe may take.
        solution: what `solution()` shows where that is not the reference's source: another object's, or a text.
    """

    name: str
    reference: Any
    probe: Callable[[Any, np.random.Generator], Iterator[Row | tuple[str, Callable[[], Any]]]]
    misconceptions: Sequence[Any]
    kind: str = ""
    minutes: int = 0
    level: int = 0
    equivalents: Sequence[Any] = ()
    accepts: Sequence[Any] = ()
    hints: Sequence[str] = field(default=())
    time_limit: float = 5.0
    solution: Any = None
    buggy: Any = None
    scene: Callable[[Any], Any] | None = None

    def __post_init__(self):
        known = [m if isinstance(m, Misconception) else Misconception.of(m) for m in self.misconceptions]
        object.__setattr__(self, "misconceptions", known)

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
            Misconception(given(key, value), f"{key}: {why}", name=f"{key}_{word}")
            for word, (value, why) in wrong.items()
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
