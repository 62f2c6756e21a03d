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
from collections.abc import Callable, Collection, Iterator, Sequence
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
        constant: where the mistake is a number or a word, whichever it is: (a row's label, `read`). `read(value)` tells
            from what an answer gave on that row what it must hold: {keyword: what}, or the value of the keyword
            `constant`. `answer` is then tried with it; it has an example as default. Where nothing can be told, `read`
            raises ValueError or gives NaN.
        proof: where the mistake gives no values of its own (what is drawn at random, what is left over from before):
            (a row's label, the text that proves the mistake), for a row that answers a question about the answer.
        between: (lowest, highest) positive constant, for a mistake that is the same whatever its constant (where x is
            cut off, which ε, which default). `answer` then takes a keyword `constant`, with a default that is tried
            in the tests; the constant of a learner's answer is found from its values.
    """

    answer: Any
    cause: str
    cure: str = ""
    name: str = ""
    faulty: Callable | None = None
    constant: tuple[str, Callable[[Any], Any]] | None = None
    proof: tuple[str, str] | None = None
    between: tuple[float, float] | None = None

    def __post_init__(self):
        if not self.name:
            object.__setattr__(self, "name", getattr(self.answer, "__name__", "wrong answer"))

    @classmethod
    def of(
        cls,
        answer: Any,
        constant: tuple[str, Callable[[Any], Any]] | None = None,
        between: tuple[float, float] | None = None,
    ) -> Misconception:
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
        return cls(answer, cause, cures[0], constant=constant, between=between)


def flags(faulty: Callable, in_pairs: Collection[str] | None = None, /, **told: tuple[str, str]) -> list[Misconception]:
    """Make one misconception of each keyword flag of `faulty`, a function or class whose flags are off by default.

    With every flag off, `faulty` must be a right answer. Where no single flag explains an answer, pairs are tried.

        flags(faulty_softmax, no_shift=("exp(1000) is inf, and inf/inf is NaN.", "Subtract the maximum first."))

    Args:
        in_pairs: the flags that are tried in pairs, where those of all would be thousands; None for all.
        told: the cause and the cure of each flag.
    """
    return [
        Misconception(
            partial(faulty, **{flag: True}),
            *cause_and_cure,
            name=flag,
            faulty=faulty if in_pairs is None or flag in in_pairs else None,
        )
        for flag, cause_and_cure in told.items()
    ]


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
        buggy: in a repair, the function or class with the bug, which a release writes into the answer cell with its
            docstring and comments. It is no misconception besides: what gives the same earns nothing.
        scene: `scene(answer)` returns, as plain data, a small picture of what an answer does.
        remark: says what is seen of a wrong answer that makes none of the known mistakes, from the (label, value, right
            value) of each failing row; "" leaves it to the engine's general remarks.
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
    remark: Callable[[list[tuple[str, Any, Any]]], str] | None = None

    def __post_init__(self):
        known = [m if isinstance(m, Misconception) else Misconception.of(m) for m in self.misconceptions]
        object.__setattr__(self, "misconceptions", known)

    def rows(self, answer: Any, seed: int) -> Iterator[Row]:
        """Yield the probe's rows for `answer`, with inputs drawn from `seed` and the exercise's name."""
        rng = np.random.default_rng([seed, *self.name.encode()])
        for row in self.probe(answer, rng):
            yield row if isinstance(row, Row) else Row(*row)

    def explain(self, values: list[Any]) -> tuple[str, str, str] | None:
        """Return (names, causes, cures) of what is wrong in the rows' `values`, where the exercise itself can tell."""
        return None

    def choices_made(self, values: list[Any]) -> dict[str, bool]:
        """Return {question: whether the right choice was made} of what the rows' `values` answer, in a quiz."""
        return {}

    @property
    def explanations(self) -> Sequence[str]:
        """What whoever has everything right is told: why it is right."""
        return ()
