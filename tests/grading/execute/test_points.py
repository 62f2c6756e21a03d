"""`ExecuteSplit` on whole notebooks: what each test earns in the gradebook, and what is said about it.

What tests do is tried in test_split_constructs.py, what attackers do in tests/attacks/.
"""

from copy import deepcopy

import pytest
from nbformat.v4 import new_code_cell

from course_lib.grading import execute
from tests.grading.execute.cells import DOUBLE, FULL
from tests.grading.split_course import answer, given, graded
from tests.tiny_course import cell

# nbgrader's own, for each submission that it makes.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]


# --- What runs, and how often -----------------------------------------------------------------------------------------


def test_right_answers_earn_everything_and_their_outputs_are_kept(course):
    notebook = course.notebook(double="print('made')\ndef double(x):\n    print('called')\n    return 2 * x\ndouble(1)")
    cell(notebook, "square-test").outputs = [{"output_type": "stream", "name": "stdout", "text": "forged"}]
    result = course.grade(notebook)
    assert (result.points, result.cells, result.remarks, result.outcome) == (FULL, {}, [], "ran to the end")
    assert result.output("double").split() == ["made", "called", "2"]
    assert result.output("double-test").split() == ["called"]
    assert result.output("square-test") == ""
    assert [each.execution_count for each in result.notebook.cells] == [1, 2, 3, 4, 5]


def test_a_wrong_answer_loses_its_own_test_and_the_row_says_how(course):
    result = course.grade(double="def double(x):\n    return 2 * xx")
    assert result.points == FULL | {"double-test": 0.0}
    assert result.cells == {"double-test": "failed: NameError: name 'xx' is not defined"}
    trace = cell(result.notebook, "double-test").outputs[-1].traceback
    assert "2 * xx" in "\n".join(trace)


@pytest.mark.parametrize("restored", [True, False])
def test_a_test_runs_with_the_gradebooks_source(course, restored):
    """Even where no preprocessor before it has restored the cells."""
    course.restoring *= restored
    notebook = course.notebook(double="def double(x):\n    return 0")
    cell(notebook, "double-test").source = "pass"
    result = course.grade(notebook)
    assert result.points == FULL | {"double-test": 0.0}
    assert cell(result.notebook, "double-test").source == "assert double(4) == 8"


@pytest.mark.parametrize("tag", ["skip-execution", "demo"])
def test_a_test_that_is_tagged_away_runs(course, tag):
    notebook = course.notebook(double="def double(x):\n    return 0")
    cell(notebook, "double-test").metadata["tags"] = [tag]
    assert course.grade(notebook).points == FULL | {"double-test": 0.0}


def test_other_cells_that_are_tagged_away_do_not_run(course):
    notebook = course.notebook()
    cell(notebook, "square").metadata["tags"] = ["skip-execution"]
    result = course.grade(notebook)
    assert result.points == FULL | {"square-test": 0.0}
    assert "square" in result.cells["square-test"]


@pytest.mark.parametrize("first", ["assert double(4) == 8", "pass"], ids=["copied", "edited"])
def test_a_test_that_is_there_twice_runs_once(course, first):
    """The second call of this answer would be right."""
    notebook = course.notebook(
        double="def double(x, calls=[]):\n    calls.append(x)\n    return 2 * x * len(calls[1:])"
    )
    copy = deepcopy(cell(notebook, "double-test"))
    copy.id, copy.source = "copy", first
    notebook.cells.insert(2, copy)
    assert course.grade(notebook).points == FULL | {"double-test": 0.0}


def test_a_deleted_test_earns_nothing(course):
    notebook = course.notebook()
    notebook.cells.remove(cell(notebook, "double-test"))
    assert course.grade(notebook).points == FULL | {"double-test": 0.0}


def test_a_deleted_answer_costs_its_own_test(course):
    notebook = course.notebook()
    notebook.cells.remove(cell(notebook, "double"))
    result = course.grade(notebook)
    assert result.points == FULL | {"double-test": 0.0}
    assert "double" in result.cells["double-test"]


def test_an_answer_may_be_corrected_in_a_cell_of_the_learners_own(course):
    """As in a kernel: what was bound last before the test counts, in whatever cell."""
    notebook = course.notebook(double="def double(x):\n    return 0")
    notebook.cells.insert(2, new_code_cell("def double(x):\n    return x + x"))
    assert course.grade(notebook).points == FULL


def test_the_teachers_helpers_are_the_teachers(make_course):
    """Whatever the submission binds to their names."""
    near = "def near(a, b):\n    assert abs(a - b) < tolerance"
    course = make_course(
        given("helpers", f"tolerance = 0.1\n{near}"), DOUBLE, graded("double-test", "near(double(1), 2)")
    )
    forged = "near = print\ntolerance = 100\ndef double(x):\n    return 3"
    assert course.grade(double=forged).points == {"double-test": 0.0}
    assert course.grade().points == {"double-test": 1.0}


# --- Submissions that stop or never end -------------------------------------------------------------------------------


def test_an_endless_cell_is_stopped_and_the_next_tests_run(course):
    course.set(timeout=1)
    result = course.grade(double="while True:\n    pass")
    assert result.points == FULL | {"double-test": 0.0}


def test_an_endless_function_costs_its_own_test_and_the_row_says_so(course):
    course.set(timeout=1)
    result = course.grade(double="def double(x):\n    while True:\n        pass")
    assert result.points == FULL | {"double-test": 0.0}
    assert result.cells == {"double-test": "took longer than 1 s"}


def test_what_computes_on_after_its_test_is_not_waited_for(make_course):
    course = make_course(DOUBLE, graded("test", "assert double(4) == 8"))
    course.set(timeout=1, wall=6.0)
    result = course.grade(double="def double(x):\n    return sum(range(10**13))")  # C code heeds no signal
    assert (result.points, result.outcome) == ({"test": 0.0}, "ran to the end")


@pytest.mark.parametrize("none", [None, 0, -1])
def test_without_a_limit_for_a_cell_the_one_for_all_cells_holds(course, none):
    """In nbclient's words there is none where `timeout` is None or negative."""
    course.set(timeout=none, wall=6.0)
    assert course.grade().points == FULL
    result = course.grade(double="def double(x):\n    while True:\n        pass")
    assert result.points == {"double-test": 0.0, "square-test": 0.0}
    assert result.outcome == "the submission took more than 6 seconds"


def test_a_submission_that_ends_itself_keeps_what_it_had(course):
    result = course.grade(square="import os\nos._exit(3)")
    assert result.points == FULL | {"square-test": 0.0}
    assert result.cells["square-test"].startswith("was not run, since ")
    assert result.outcome != "ran to the end"
    # A test that was not run has an error, or nbgrader would give it everything.
    assert [output.output_type for output in cell(result.notebook, "square-test").outputs] == ["error"]
    assert course.grade().points == FULL


def test_a_submission_that_ends_itself_in_a_test_loses_that_and_what_follows(course):
    result = course.grade(double="import os\ndef double(x):\n    os._exit(0)")
    assert result.points == {"double-test": 0.0, "square-test": 0.0}
    assert set(result.cells) == set(FULL)
    assert result.cells["square-test"].startswith("was not run, since ")


def test_a_submission_has_a_limit_in_all(course):
    """No cell is too long for itself."""
    course.set(wall=4.0)
    result = course.grade(double="import time\ntime.sleep(2.5)", square="time.sleep(2.5)")
    assert result.points == {"double-test": 0.0, "square-test": 0.0}
    assert result.cells["square-test"] == f"was not run, since {result.outcome}"


def test_a_submission_has_a_limit_on_memory(course):
    course.set(memory=400 * 2**20)
    result = course.grade(square="lots = [bytearray(2**20) for _ in range(1000)]\ndef square(x):\n    return x * x")
    assert result.points["double-test"] == 2.0
    assert "memory" in result.outcome or "MemoryError" in result.output("square")


# --- Points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "points", "said"),
    [
        ("2", 2.0, None),
        ("1.5", 1.5, None),
        ("0", 0.0, None),
        ("np.float64(1.5)", 1.5, None),
        ("np.int32(1)", 1.0, None),
        ("np.float32(0.5) + 1", 1.5, None),
        ("np.array(1.5)", 1.5, None),
        ("__import__('fractions').Fraction(1, 2)", 0.5, None),
        ("__import__('decimal').Decimal('0.5')", 0.5, None),
        ("float('nan')", 0.0, "gave nan of 2 points; counted are 0"),
        ("float('inf')", 0.0, "gave inf of 2 points; counted are 0"),
        ("-float('inf')", 0.0, "gave -inf of 2 points; counted are 0"),
        ("-1", 0.0, "gave -1 of 2 points; counted are 0"),
        ("1e6", 2.0, "gave 1e+06 of 2 points; counted are 2"),
    ],
)
def test_partial_credit_stays_between_nothing_and_everything(make_course, value, points, said):
    course = make_course(answer("credit", "def credit():\n    return 2"), graded("credit-test", "credit()", 2))
    result = course.grade(credit=f"def credit():\n    return {value}")
    assert result.points == {"credit-test": points}
    assert result.cells.get("credit-test") == said
    assert result.remarks == ([f"credit-test {said}"] if said else [])


@pytest.mark.parametrize(
    "value", ["True", "np.bool_(True)", "None", "'2'", "[2]", "np.ones(2)", "np.array([2.0])", "2 + 0j"]
)
def test_what_is_no_number_is_no_credit_where_the_teachers_solution_gives_one(make_course, value):
    """nbgrader gives full points for all of them."""
    course = make_course(answer("credit", "def credit():\n    return 2"), graded("credit-test", "credit()", 2))
    result = course.grade(credit=f"def credit():\n    return {value}")
    said = "counts as 0: it ends with a number of points for your own solution, and with something else here"
    assert (result.points, result.cells) == ({"credit-test": 0.0}, {"credit-test": said})
    assert result.remarks == [f"credit-test {said}"]


@pytest.mark.parametrize("ending", ["'well done'", "np.ones(2)", "credit() == 2", "None"])
def test_a_test_that_ends_with_no_number_for_the_teacher_too_earns_everything(make_course, ending):
    test = graded("credit-test", f"assert credit() > 1\n{ending}", 2)
    course = make_course(answer("credit", "def credit():\n    return 2"), test)
    assert course.grade().points == {"credit-test": 2.0}
    assert course.grade(credit="def credit():\n    return 3").points == {"credit-test": 2.0}
    assert course.grade(credit="def credit():\n    return 1").points == {"credit-test": 0.0}


def test_what_counts_as_a_number_is_kept_with_the_rehearsal(make_course):
    course = make_course(answer("credit", "def credit():\n    return 2"), graded("credit-test", "credit()", 2))
    course.grade()
    execute._rehearsals.clear()  # as in another process
    assert course.grade(credit="def credit():\n    return True").points == {"credit-test": 0.0}


def test_a_number_before_the_failure_is_no_credit(make_course):
    test = graded("credit-test", "display(2)\nassert credit() == 2\n2", 2)
    course = make_course(answer("credit", "def credit():\n    return 2"), test)
    assert course.grade().points == {"credit-test": 2.0}
    assert course.grade(credit="def credit():\n    return 1").points == {"credit-test": 0.0}


def test_warnings_and_stderr_cost_nothing(course):
    loud = (
        "import sys, warnings\n"
        "print('loaded', file=sys.stderr)\n"
        "def double(x):\n"
        "    warnings.warn('this is slow')\n"
        "    print('called', file=sys.stderr)\n"
        "    return 2 * x"
    )
    result = course.grade(double=loud)
    assert result.points == FULL
    assert "called" in result.output("double-test")


def test_tensorflow_does_not_tune_its_data_on_one_core_unless_a_cell_says_so(make_course):
    looks = "options = tf.data.Options()\nprint(options.autotune.enabled)\n"
    course = make_course(
        given("tensorflow", "import tensorflow as tf"),
        answer("own", f"{looks}options.autotune.enabled = True\nprint(options.autotune.enabled)"),
        graded("test", looks),
    )
    result = course.grade()
    assert result.points == {"test": 1.0}
    assert result.output("own").split() == ["False", "True"]
    assert result.output("test").split() == ["False"]


def test_a_cell_of_the_teacher_s_may_show_what_a_syntax_error_looks_like(make_course):
    course = make_course(
        given("wrong", "print(1) = 2"),
        given("wrong-too", "def counter():\n    nonlocal count"),
        answer("double", "def double(x):\n    return 2 * x"),
        graded("test", "assert double(2) == 4"),
    )
    assert course.grade().points == {"test": 1.0}
    assert course.grade(double="def double(x):\n    return x").points == {"test": 0.0}


def test_what_a_test_imports_itself_later_tests_have_too(make_course):
    course = make_course(
        answer("half", "import statistics as st\nhalf = 0.5"),
        graded("first", "import statistics as st\nassert st.mean([1, 3]) == 2"),
        graded("second", "assert st.mean([1, 3]) == 2"),
        graded("third", "assert half == 0.5"),
    )
    assert course.grade(half="half = 3").points == {"first": 1.0, "second": 1.0, "third": 0.0}
