"""Answers that a teacher may want to look at."""

import ast

import pytest

from course_lib.grading.copied import names_of_ours, remarks

SOLUTION = """
def softmax(logits):
    ### BEGIN SOLUTION
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=-1, keepdims=True)
    return exponentials / total
    ### END SOLUTION
"""
OURS = names_of_ours([ast.parse("from course_lib import activations, check\nimport course_lib.layers as layers")])


def said(answer, solution=SOLUTION):
    return " ".join(remarks([("softmax", answer, solution)], OURS))


def test_the_published_solution_is_told_whatever_its_comments():
    pasted = SOLUTION.replace("    ### BEGIN SOLUTION\n", '    """Mine."""\n').replace(
        "(logits):", "(logits: list) -> list:"
    )
    assert "published solution" in said(pasted)


def test_all_that_was_pasted_is_told_at_once():
    answers = [(name, SOLUTION, SOLUTION) for name in ("one", "two")] + [("three", "x = 1", SOLUTION)]
    assert list(remarks(answers, OURS)) == ["The published solution, comments aside: one, two."]


@pytest.mark.parametrize("answer", [
    "def softmax(x):\n    return activations.softmax(x)",
    "def softmax(x):\n    from course_lib.activations import softmax as s\n    return s(x)",
    "import course_lib\nsoftmax = course_lib.activations.softmax",
    "softmax = layers.Softmax()",
])  # fmt: skip
def test_course_lib_s_own_is_told(answer):
    assert "course_lib's own" in said(answer)


@pytest.mark.parametrize("answer", [
    SOLUTION.replace("shifted", "z"),
    "def softmax(x):\n    e = np.exp(x - x.max())\n    return e / e.sum()",
    "def softmax(x):\n    report = check('softmax', x)",
    "def softmax(:",
    "x = 1\n" * 5,
])  # fmt: skip
def test_other_answers_are_not(answer):
    assert "published" not in said(answer)
    assert "activations" not in said(answer)


def test_short_answers_are_equal_because_there_is_one_way_to_write_them():
    solution = "def relu(x):\n    return np.maximum(x, 0)"
    assert said(solution, solution) == ""


def test_documentation_and_annotations_make_no_answer_longer():
    body = "    return np.maximum(x, np.zeros(3)) * (1 + x) - np.abs(x)"
    documented = f'def relu(x: np.ndarray) -> np.ndarray:\n    """Return x where it is positive."""\n{body}'
    assert said(documented, f"def relu(x):\n{body}") == ""


def test_what_the_solution_uses_too_is_fine():
    solution = "def f(x):\n    return activations.relu(x) + activations.tanh(x)"
    assert said("def f(x):\n    return activations.relu(x)", solution) == ""


@pytest.mark.parametrize(
    "answer",
    [
        "-" * 60_000 + "1",
        "-" * 9_000 + "1",
        "!x\n" * 501,
        "!x\n" * 400 + "[1, [2, 3], [4]]\n" * 10,
        "(" * 9_000,
        "%time x = " * 900,
    ],
    ids=["long", "deep", "magics", "magics and lists", "brackets", "a magic of magics"],
)
def test_answers_made_to_take_long_are_passed_over(answer):
    """Some take IPython minutes, others end its parser, or Python's."""
    assert said(answer) == ""


def test_magics_hide_no_paste():
    assert "published solution" in said("%matplotlib inline" + SOLUTION, "%matplotlib inline" + SOLUTION)
    assert "course_lib's own" in said("%time 1\ndef softmax(x):\n    return activations.softmax(x)")
