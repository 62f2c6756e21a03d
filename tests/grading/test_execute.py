"""`ExecuteSplit` on whole notebooks: what each test earns in the gradebook, and what is said about it.

What tests do is tried in test_split_constructs.py, what attackers do in tests/attacks/.
"""

import json
import re
import shutil
from copy import deepcopy

import pytest
from nbformat.v4 import new_code_cell

from course_lib.grading import execute
from course_lib.grading.sandbox import SandboxError, trial
from course_lib.grading.seeds import seed_of, term_secret
from tests.grading.split_course import Course, answer, given, graded, snapshot
from tests.tiny_course import cell

# nbgrader's own, for each submission that it makes.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

SETUP = given("setup", "import numpy as np\nfrom IPython.display import display\nfrom course_lib import student_seed")
DOUBLE = answer("double", "def double(x):\n    return 2 * x")
SQUARE = answer("square", "def square(x):\n    return x * x")
CELLS = (
    SETUP,
    DOUBLE,
    graded("double-test", "assert double(4) == 8", 2),
    SQUARE,
    graded("square-test", "assert square(4) == 16", 3),
)
FULL = {"double-test": 2.0, "square-test": 3.0}


@pytest.fixture(scope="module", autouse=True)
def one_warm_sandbox():
    yield
    execute.close_all()


@pytest.fixture
def make_course(tmp_path):
    """Make a course with the usual imports; as long as its cells import nothing else, it uses the same sandbox."""

    def make(*cells, **more):
        return Course(tmp_path, SETUP, *cells, **more)

    return make


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, *CELLS)


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


@pytest.mark.slow
def test_a_submission_has_a_limit_in_all(course):
    """No cell is too long for itself."""
    course.set(wall=4.0)
    result = course.grade(double="import time\ntime.sleep(2.5)", square="time.sleep(2.5)")
    assert result.points == {"double-test": 0.0, "square-test": 0.0}
    assert result.cells["square-test"] == f"was not run, since {result.outcome}"


@pytest.mark.slow
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


# --- What cannot be run split -----------------------------------------------------------------------------------------

CODE = graded("code-test", "assert square.__code__.co_argcount == 1", 4)


def test_a_test_that_cannot_be_run_split_is_refused_for_everybody(make_course):
    course = make_course(*CELLS[1:], CODE)
    for student, changes in {"ada": {}, "bob": {"square": "def square(x):\n    return 0"}}.items():
        result = course.grade(student=student, **changes)
        assert result.points["code-test"] == 0.0
        assert result.cells["code-test"].startswith("cannot be run from another process: it looks at `__code__`")
        assert result.points["double-test"] == 2.0
        (output,) = cell(result.notebook, "code-test").outputs
        assert "cannot be run from another process" in output.evalue
        assert not result.forgeable


def test_what_the_teachers_own_solution_does_not_pass_is_no_learners_fault(make_course):
    course = make_course(*CELLS[1:], graded("wrong-test", "assert square(2) == 5"))
    for changes in ({}, {"square": "def square(x):\n    return 5"}):
        result = course.grade(**changes)
        assert result.points["wrong-test"] == 0.0
        assert re.fullmatch(
            "cannot be run from another process: the teacher's own solution does not pass it from there .*Assertion.*",
            result.cells["wrong-test"],
        )


def test_tests_in_the_submissions_process_run_everything_and_the_row_says_that_it_can_be_forged(make_course):
    course = make_course(*CELLS[1:], CODE, tests_in_child=["set1/numbers"])
    result = course.grade()
    assert (result.points, result.forgeable) == (FULL | {"code-test": 4.0}, True)
    assert any("can be forged" in remark for remark in result.remarks)
    result = course.grade(square="def square(x, y):\n    return x * x")
    assert result.points == {"double-test": 2.0, "square-test": 0.0, "code-test": 0.0}
    # This is what it costs.
    forged = "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])"
    assert course.grade(square=forged).points == FULL | {"code-test": 4.0}
    course.set(tests_in_child=["set1/another"])
    assert course.grade(square=forged).points == {"double-test": 2.0, "square-test": 0.0, "code-test": 0.0}


def test_the_rehearsal_is_done_once_and_kept(make_course, monkeypatch):
    course = make_course(*CELLS[1:], CODE)
    rehearsed = counted(monkeypatch)
    for student in ("ada", "bob"):
        course.grade(student=student)
    assert len(rehearsed) == 1
    (kept,) = course.rehearsals()
    assert json.loads(kept.read_text())["refused"].keys() == {"code-test"}
    forget_all()
    assert "code-test" in course.grade(student="eve").cells
    assert len(rehearsed) == 1


@pytest.mark.parametrize("changed", ["test", "solution"])
def test_the_rehearsal_is_done_anew_when_the_test_or_the_solution_changes(make_course, monkeypatch, changed):
    course = make_course(SQUARE, graded("test", "assert square.__code__.co_argcount == 1"))
    assert course.grade().points == {"test": 0.0}
    rehearsed = counted(monkeypatch)
    if changed == "test":
        course.teach(SETUP, SQUARE, graded("test", "assert square(3) == 9"))
        assert course.grade().points == {"test": 1.0}
    else:
        course.teach(SETUP, answer("square", "def square(y):\n    return y * y"), course.cells[-1])
        assert course.grade().points == {"test": 0.0}
    assert len(rehearsed) == 1
    assert len(course.rehearsals()) == 2


def counted(monkeypatch):
    """Return a list that grows with each rehearsal."""
    done, rehearse = [], execute.Split.rehearse
    monkeypatch.setattr(
        execute.Split, "rehearse", lambda self, *args, **more: done.append(1) or rehearse(self, *args, **more)
    )
    return done


def forget_all():
    """Know no more than a grader that has just been started."""
    execute._rehearsals.clear()
    execute._teachers.clear()


# --- Files ------------------------------------------------------------------------------------------------------------


def test_files_beside_the_notebook_are_there_for_cells_and_tests(make_course):
    course = make_course(
        answer("total", "def total():\n    return np.loadtxt('data/numbers.csv', delimiter=',').sum()"),
        graded("test", "assert total() == np.loadtxt('data/numbers.csv', delimiter=',').sum() == 6"),
        files={"data/numbers.csv": "1,2,3\n"},
    )
    assert course.grade(files={"data/numbers.csv": "1,2,3\n"}).points == {"test": 1.0}
    assert course.grade(total="def total():\n    return 5").points == {"test": 0.0}


@pytest.mark.slow
def test_a_module_beside_the_notebook_is_found_on_both_sides(make_course):
    helper = {"helper.py": "def near(a, b):\n    return abs(a - b) < 0.1\n"}
    course = make_course(
        answer("half", "from helper import near\ndef half(x):\n    return x / 2 if near(x, x) else None"),
        graded("test", "from helper import near\nassert near(half(3), 1.5)"),
        files=helper,
    )
    assert course.grade(files=helper).points == {"test": 1.0}
    # The test's is the teacher's, whatever the submission hands in under its name.
    forged = {"helper.py": "def near(a, b):\n    return True\n"}
    assert course.grade(files=forged, half="def half(x):\n    return 0").points == {"test": 0.0}


WRITES = (
    answer("save", "with open('out.txt', 'w') as file:\n    file.write('1 2')"),
    graded("test", "with open('out.txt') as file:\n    assert file.read() == '1 2'"),
)


def test_a_file_that_a_cell_wrote_is_read_by_a_test(make_course):
    course = make_course(*WRITES)
    assert course.grade().points == {"test": 1.0}
    assert course.grade(save="with open('out.txt', 'w') as file:\n    file.write('2 1')").points == {"test": 0.0}
    result = course.grade(save="pass")
    assert result.points == {"test": 0.0}
    assert "FileNotFoundError" in result.cells["test"]


def test_a_test_reads_the_teachers_file_whatever_a_submission_writes_under_its_name(make_course):
    course = make_course(
        answer("total", "def total():\n    return 6"),
        graded("test", "with open('key.txt') as file:\n    assert total() == int(file.read())"),
        files={"key.txt": "6"},
    )
    forged = "with open('key.txt', 'w') as file:\n    file.write('7')\ndef total():\n    return 7"
    assert course.grade(files={"key.txt": "6"}).points == {"test": 1.0}
    assert course.grade(files={"key.txt": "7"}, total=forged).points == {"test": 0.0}


def test_grading_writes_nothing_into_the_teachers_folder(make_course):
    course = make_course(
        *WRITES,
        answer("more", "open('new.txt', 'w').close()\nopen('data.txt', 'w').write('changed')"),
        graded("more-test", "with open('log.txt', 'w') as file:\n    file.write('tested')"),
        files={"data.txt": "as it was"},
    )
    before = snapshot(course.source)
    assert course.grade(files={"data.txt": "as it was"}).points == {"test": 1.0, "more-test": 1.0}
    assert snapshot(course.source) == before
    assert [path.name for path in course.folder("ada").iterdir()] == ["data.txt"]


def test_files_are_neither_links_nor_without_end(course, monkeypatch):
    course.grade()
    folder = course.folder("ada")
    (folder / "link.txt").symlink_to(course.root / "gradebook.db")
    (folder / "large.txt").write_text("x" * 2000)
    (folder / "small.txt").write_text("x")
    monkeypatch.setattr(execute, "MAX_FILES", 1000)
    result = course.grade(double="import os\nprint(sorted(os.listdir('.')))\n" + DOUBLE.source)
    assert result.output("double").strip() == "['small.txt']"
    assert result.remarks == ["large.txt is too large to be handed to the submission."]


@pytest.mark.slow
def test_submissions_read_the_folders_that_are_named_and_no_others(course, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    (data / "numbers.txt").write_text("1 2 3")
    for path in (data, *data.parents[:2]):
        path.chmod(0o755)
    reads = f"import os\nprint(open(os.environ.get('DATA', {str(data)!r}) + '/numbers.txt').read())"
    assert "1 2 3" not in course.grade(double=reads).output("double")
    course.set(readable=[str(data)], variables={"DATA": str(data)})
    assert "1 2 3" in course.grade(double=reads).output("double")


# --- Seeds ------------------------------------------------------------------------------------------------------------


def test_each_student_has_a_seed_which_the_submission_does_not_learn(make_course):
    course = make_course(answer("seen", "seen = student_seed()"), graded("test", "print(student_seed())"))
    looks = "import os, gc\nseen = student_seed()\nprint(seen, dict(os.environ))"
    seeds = {}
    for student in ("ada", "bob"):
        result = course.grade(student=student, seen=looks)
        seeds[student] = result.output("test").strip()
        assert seeds[student] == str(seed_of(student, term_secret(course.root / "classroom" / "secret")))
        assert seeds[student] not in result.output("seen")
    assert seeds["ada"] != seeds["bob"]
    assert course.grade(student="ada").output("test").strip() == seeds["ada"]


# --- Where nothing can be run -----------------------------------------------------------------------------------------


def test_without_the_teachers_notebook_nothing_is_judged_and_the_row_says_so(course):
    course.grade()
    notebook = course.notebook()
    shutil.rmtree(course.source)
    result = course.grade(notebook)
    assert result.points == dict.fromkeys(FULL, 0.0)
    assert result.outcome == "the teacher's notebook numbers.ipynb is not in the course's source folder"
    assert result.cells == dict.fromkeys(FULL, f"was not run, since {result.outcome}")


def test_a_notebook_that_is_not_python_is_not_judged_and_the_row_says_so(make_course):
    course = make_course(answer("double", "double <- function(x) 2 * x"), graded("test", "stopifnot(double(2) == 4)"))
    result = course.grade()
    assert result.points == {"test": 0.0}
    assert result.outcome.startswith("the teacher's notebook numbers.ipynb is not Python: ")
    assert result.cells == {"test": f"was not run, since {result.outcome}"}


def test_where_nothing_can_hold_a_submission_none_is_run(course, monkeypatch):
    execute.close_all()
    monkeypatch.setattr(trial, "layers_that_hold", lambda: ())
    with pytest.raises(SandboxError, match=r"bubblewrap.*Landlock"):
        course.grade()
    assert not course.root.joinpath("classroom", "rehearsals").exists()


@pytest.mark.slow
def test_in_so_many_words_submissions_run_without_protection(course, monkeypatch):
    execute.close_all()
    monkeypatch.setattr(trial, "layers_that_hold", lambda: ())
    course.set(without_protection=True)
    assert course.grade().points == FULL
