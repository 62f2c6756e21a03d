"""A small class course that the attacks are made for: one assignment, in nbgrader's own terms.

Each exercise is another way to test: plain asserts, numpy.testing against a file, partial credit by value, a class,
`check` with the student's own seed; then an answer graded by hand and a task. The hidden tests hold a token, new in
every course, that nobody but the teacher may ever see.
"""

import secrets
from dataclasses import dataclass

import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.tiny_course import cell_metadata

ASSIGNMENT = NOTEBOOK = "midterm"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Exercise:
    """What a teacher writes: `answer` between the markers in `frame`, then the test with its hidden half."""

    points: int
    frame: str
    answer: str
    visible: str
    hidden: str
    last: str = ""

    def solved(self):
        return self.frame.format(self.answer)

    def source(self):
        marked = f"### BEGIN SOLUTION\n{self.answer}\n### END SOLUTION"
        indent = " " * (len(self.answer) - len(self.answer.lstrip()))
        return self.frame.format("\n".join(line if line[:1] == " " else indent + line for line in marked.split("\n")))

    def test(self, token, number):
        hidden = self.hidden.replace("TOKEN", token).replace("NUMBER", str(number))
        parts = [self.visible, f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS", self.last]
        return "\n".join(part for part in parts if part)


EXERCISES = {
    "span": Exercise(
        4,
        'def span(values):\n    """Return how far the largest of `values` is from the smallest."""\n{}',
        "    return max(values) - min(values)",
        "assert span([3, 1, 2]) == 2\nassert span([5]) == 0",
        'assert span([-5, 748]) == 753, "TOKEN"\n'
        "assert span([0, NUMBER]) == NUMBER\n"
        "assert isinstance(span([1, 2]), (int, float))",
    ),
    "standardize": Exercise(
        3,
        'def standardize(values):\n    """Return the array shifted to mean 0, scaled to standard deviation 1."""\n{}',
        "    return (values - values.mean()) / values.std()",
        'heights, expected = np.loadtxt("heights.csv", delimiter=",", unpack=True)\n'
        "np.testing.assert_allclose(standardize(heights), expected, atol=1e-6)",
        "np.testing.assert_allclose(standardize(heights[::-1]), expected[::-1], atol=1e-6)",
    ),
    "median": Exercise(
        4,
        'def median(values):\n    """Return the middle of `values`, or the mean of the two in the middle."""\n{}',
        "    ordered, half = sorted(values), len(values) // 2\n"
        "    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2",
        "earned = 0\n"
        "for values, middle in [([3, 1, 2], 2), ([4, 1, 3, 2], 2.5)]:\n"
        "    if median(values) == middle:\n"
        "        earned += 1",
        "for values, middle in [([-7], -7), ([10, 0, 0, 4], 2)]:\n"
        "    if median(values) == middle:\n"
        "        earned += 1",
        "earned",
    ),
    "money": Exercise(
        3,
        'class Money:\n    """An amount in cents: Money(3) + Money(4) == Money(7)."""\n{}',
        "    def __init__(self, cents):\n        self.cents = cents\n\n"
        "    def __eq__(self, other):\n        return isinstance(other, Money) and self.cents == other.cents\n\n"
        "    def __add__(self, other):\n        return Money(self.cents + other.cents)",
        "assert Money(3) == Money(3)\nassert not Money(3) == Money(4)\nassert Money(3) + Money(4) == Money(7)",
        "assert (Money(20) + Money(22)).cents == 42\nassert Money(1) != Money(2)",
    ),
    "rescale": Exercise(
        3,
        'def rescale_columns(table):\n    """Return `table` with each column stretched to run from 0 to 1."""\n{}',
        "    low, spread = table.min(axis=0), np.ptp(table, axis=0)\n"
        "    return (table - low) / np.where(spread == 0, 1, spread)",
        'report = check("rescale_columns", rescale_columns, points=3)',
        'report &= check("rescale_columns", rescale_columns, points=3, seed=student_seed())',
        "report",
    ),
}
POINTS = {name: exercise.points for name, exercise in EXERCISES.items()}
AUTOMATIC = sum(POINTS.values())  # 17; 2 more are given by hand, 1 for the task
FULL = AUTOMATIC + 3


@dataclass(frozen=True)
class Secrets:
    """What only the teacher knows: a text that no test passes to an answer, and a number that one does."""

    token: str
    number: int

    @classmethod
    def draw(cls):
        return cls(f"canary-{secrets.token_hex(6)}", secrets.randbelow(10**9) + 10**9)


def teachers_notebook(known):
    """Return the teacher's notebook with the Secrets `known` in its hidden tests."""
    setup = "import numpy as np\n\nfrom course_lib import check, student_seed"
    cells = [
        new_markdown_cell("# Midterm", id="title"),
        new_code_cell(setup, id="setup", metadata=cell_metadata("setup", locked=True)),
    ]
    for name, exercise in EXERCISES.items():
        answer = cell_metadata(f"{name}-answer", solution=True)
        test = cell_metadata(f"{name}-test", grade=True, points=exercise.points, locked=True)
        cells.append(new_code_cell(exercise.source(), id=f"{name}-answer", metadata=answer))
        cells.append(new_code_cell(exercise.test(known.token, known.number), id=f"{name}-test", metadata=test))
    by_hand = cell_metadata("essay", grade=True, solution=True, points=2)
    task = cell_metadata("task", points=1, locked=True)
    task["nbgrader"]["task"] = True
    cells.append(new_markdown_cell("Why is the median robust?", id="essay", metadata=by_hand))
    cells.append(new_markdown_cell("Draw a histogram of the heights below.", id="task", metadata=task))
    return new_notebook(cells=cells, metadata={"kernelspec": dict(KERNEL), "language_info": {"name": "python"}})


def heights():
    """Return the text of heights.csv: heights, and what they are when standardized."""
    values = np.array([1.52, 1.61, 1.7, 1.75, 1.83, 1.94])
    return "".join(
        f"{value},{z:.12f}\n" for value, z in zip(values, (values - values.mean()) / values.std(), strict=True)
    )


def answer_cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == f"{name}-answer")


def points_of(solved):
    return sum(POINTS[name] for name in solved)
