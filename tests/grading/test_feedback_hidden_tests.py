"""Feedback keeps hidden tests hidden, whatever could give them away; test_feedback.py of tests/browser/ opens it."""

from functools import cache

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.grading.feedback_pages import (
    FAILED,
    LEFT_OUT,
    SECRETS,
    TEST,
    code,
    error,
    graded,
    markdown,
    page_of,
    plot,
    printed,
    role,
    shown,
    stock_page_of,
    text_of,
    without_secrets,
)


@cache
def run(*sources) -> list:
    """Run code cells in a real kernel and return them with their outputs."""
    from nbclient import NotebookClient

    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    return notebook.cells


in_a_kernel = pytest.mark.slow


def as_run(*sources) -> list:
    """Return the cells as they are after a run, the ones with hidden tests graded."""
    cells = []
    for number, cell in enumerate(run(*sources)):
        is_test = "HIDDEN" in cell.source
        metadata = role(f"cell-{number}", grade=is_test, solution=not is_test, score=0.0, points=1.0)
        cells.append(new_code_cell(cell.source, outputs=cell.outputs, execution_count=number + 1, metadata=metadata))
    return cells


# --- The source -----------------------------------------------------------------------------------------------------


def test_hidden_lines_are_one_neutral_line():
    text = without_secrets(graded())
    assert "assert double(1) == 2\n# Hidden tests.\nassert double(0) == 0" in text
    assert all(secret in text_of(stock_page_of(graded())) for secret in SECRETS)


def test_every_region_of_every_cell_disappears():
    region = "### BEGIN HIDDEN TESTS\nsecret_number = 1234567\n### END HIDDEN TESTS"
    text = without_secrets(
        graded(source=f"first = 1\n{region}\nbetween = 2\n    {region}\nlast = 3"),
        code(f"mine = 1\n{region}", solution=True, name="mine"),
        code(f"plain = 1\n{region}"),
        markdown(f"Some words\n\n{region}"),
    )
    assert "first = 1\n# Hidden tests.\nbetween = 2\n    # Hidden tests.\nlast = 3" in text
    assert text.count("Hidden tests.") == 2 * 4 + 2  # as text, and as source of the page


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\n### BEGIN HIDDEN TESTS\nsecret_number = 1234567",
        "### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\nsecret_number\n### END HIDDEN TESTS",
        "### BEGIN HIDDEN TESTS ### END HIDDEN TESTS\nsecret_number\n### END HIDDEN TESTS",
        "x = 1  # BEGIN HIDDEN TESTS 1234567\nsecret_number\n  # END HIDDEN TESTS 2469134",
    ],
)
def test_odd_delimiters_show_rather_less(source):
    without_secrets(graded(source=source))


def test_the_course_chooses_the_delimiters():
    source = "a = 1\n# VERSTECKT\nsecret_number = 1234567\n# SICHTBAR\nb = 2"
    text = without_secrets(graded(source=source), begin="VERSTECKT", end="SICHTBAR")
    assert "a = 1\n# Hidden tests.\nb = 2" in text


def test_answers_solutions_and_mark_schemes_stay_as_nbgrader_shows_them():
    answer = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    scheme = "Why?\n\n=== BEGIN MARK SCHEME ===\n\none point for each reason\n\n=== END MARK SCHEME ==="
    cells = [code(answer, solution=True, name="s"), markdown(scheme, metadata=role("t", task=True, score=1, points=2))]
    for page in (page_of(*cells), stock_page_of(*cells)):
        assert "return 2 * x" in text_of(page) and "BEGIN SOLUTION" in text_of(page)
        assert "one point for each reason" in text_of(page)


# --- Errors of a cell with hidden tests -----------------------------------------------------------------------------


RIGHT_TWICE = "def double(x):\n    return 2 * x if x < 2 else 0"


WRONG = "def double(x):\n    return 3 * x + 5"


LEAKS = "def double(x):\n    if x > 9: raise ValueError(f'I was given {x}')\n    return 2 * x"


@in_a_kernel
@pytest.mark.parametrize("answer", [RIGHT_TWICE, LEAKS])
def test_an_error_in_a_hidden_line_says_nothing_but_that(answer):
    text = without_secrets(*as_run(answer, TEST))
    assert FAILED in text and "AssertionError" not in text


@in_a_kernel
def test_an_error_in_a_visible_line_shows_that_line_and_its_last_line():
    text = without_secrets(*as_run(WRONG, TEST))
    assert "----> assert double(1) == 2\nAssertionError" in text
    assert FAILED not in text


@in_a_kernel
def test_an_error_below_a_visible_line_shows_the_test_and_not_what_led_to_it():
    text = without_secrets(*as_run("def double(x):\n    return inner(x)\ndef inner(x):\n    return x / 0", TEST))
    assert "----> assert double(1) == 2\nZeroDivisionError: division by zero" in text


NUMPY = """import numpy as np
### BEGIN HIDDEN TESTS
expected = np.array([1234567.0, 2469134.0])
### END HIDDEN TESTS
np.testing.assert_allclose(np.ones(2), expected)"""


@in_a_kernel
def test_expected_arrays_of_numpy_testing_are_not_shown():
    text = without_secrets(*as_run(NUMPY))
    assert "AssertionError: Not equal to tolerance" in text
    assert "DESIRED" not in text and "ACTUAL" not in text
    hidden = NUMPY.replace("### END HIDDEN TESTS\n", "") + "\n### END HIDDEN TESTS"
    assert FAILED in without_secrets(*as_run(hidden))


CHAIN = """try:
    assert double(1) == 2
except AssertionError:
    ### BEGIN HIDDEN TESTS
    raise ValueError("message 777")
    ### END HIDDEN TESTS
    pass"""


@in_a_kernel
def test_of_a_chain_of_errors_every_part_must_be_visible():
    assert FAILED in without_secrets(*as_run(WRONG, CHAIN))


@in_a_kernel
def test_a_test_that_is_no_python_says_only_visible_things():
    text = without_secrets(*as_run(TEST.replace("assert double(0)", "assert assert double(0)")))
    assert "SyntaxError" in text
    assert FAILED in without_secrets(*as_run(TEST.replace("secret_number = ", "secret_number = = ")))


def test_the_learners_own_traceback_below_the_tests_locates_nothing():
    traceback = [
        "Cell In[2], line 4\n----> 4 assert double(secret_number) == 2469134",
        "\nIn the submission:\n",
        "Cell In[2], line 1\n----> 1 assert double(1) == 2",
    ]
    assert FAILED in without_secrets(graded(error("E", "1234567", traceback)))
    assert FAILED in without_secrets(graded(error("E", "1234567", traceback[1:])))


def test_a_grader_that_counts_otherwise_is_understood():
    traceback = [
        "\x1b[31mCell\x1b[39m \x1b[32mIn[2]\x1b[39m, line 6\n----> 6 assert double(0) == 0",
        "AssertionError: visible",
    ]
    assert "AssertionError: visible" in without_secrets(graded(error(message="visible", traceback=traceback)))


@pytest.mark.parametrize(
    "traceback",
    [
        [],
        ["AssertionError: message 777"],
        ["Cell In[4], line 1\n----> 1 double(secret_number)"],  # another cell's
        ["Cell In[5], line 99", "secret_number"],
        ["Cell In[5], line 1", "Cell In[5], line 4"],
        ["Cell In[5], line 1\n----> 1 something else"],
        ["\x1b[31mCell \x1b[32mIn[5]\x1b[39m, line \x1b[1m4\x1b[0m"],
    ],
)
def test_what_cannot_be_located_is_hidden(traceback):
    assert FAILED in without_secrets(graded(error(message="message 777", traceback=traceback)))


# --- Other outputs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output",
    [
        printed("1234567"),
        printed("1234567", name="stderr"),
        shown(text_plain="1234567"),
        shown(text_html="<b>1234567</b>", text_plain="x"),
        shown(svg=plot()[0], text_plain="1234567"),
        new_output("execute_result", {"text/plain": "0.1234567"}),
        new_output("execute_result", {"text/plain": "1.0", "text/html": "1234567"}),
        new_output(
            "execute_result", {"application/vnd.descent.report+json": {"rows": "1234567"}, "text/html": "1234567"}
        ),
        new_output("execute_result", {"application/vnd.descent.report+json": "1234567"}),
    ],
)
def test_what_was_printed_or_shown_beside_a_hidden_test_is_left_out(output):
    assert LEFT_OUT in without_secrets(graded(output))


def test_a_test_without_hidden_parts_keeps_all_its_outputs():
    traceback = ["Cell In[5], line 1\n----> 1 assert double(1) == 2", "AssertionError: five"]
    text = text_of(page_of(graded(printed("I doubled"), error(traceback=traceback), source="assert double(1) == 2")))
    assert "I doubled" in text and "AssertionError: five" in text and LEFT_OUT not in text


@in_a_kernel
def test_a_traceback_elsewhere_that_quotes_a_hidden_line_is_cut_to_its_last_line():
    helper = (
        "def helper(x):\n    value = x\n### BEGIN HIDDEN TESTS\n"
        "    value = x / (1234567 - 1234567)\n### END HIDDEN TESTS\n    return value"
    )
    text = without_secrets(*as_run(helper, "x = 1\nhelper(x)"), secrets=["1234567"])
    assert "ZeroDivisionError: division by zero" in text


@pytest.mark.parametrize(
    "output",
    [
        printed("found: secret_number = 1234567\n"),
        shown(text_html="<i>secret_number</i> = <b>1234567</b>", text_plain="x"),
        shown(text_plain="secret_number = 1234567"),
        error("KeyError", "secret_number = 1234567", ["KeyError: secret_number = 1234567"]),
    ],
)
def test_an_output_elsewhere_that_quotes_a_hidden_line_is_left_out(output):
    without_secrets(graded(), code("look", output, printed("honest")), secrets=SECRETS)


def test_lines_that_also_stand_in_the_open_are_no_quotes():
    source = "import numpy as np\n### BEGIN HIDDEN TESTS\nimport numpy as np\n### END HIDDEN TESTS"
    assert "I wrote import numpy as np" in text_of(
        page_of(graded(source=source), code("x", printed("I wrote import numpy as np")))
    )
