"""What a submission and a test find around themselves: files, modules, folders that are named, and a seed."""

import os

import pytest
from nbgrader.api import Gradebook

from course_lib.grading import execute
from course_lib.grading.seeds import seed_of, term_secret
from tests.grading.execute.cells import DOUBLE, FULL
from tests.grading.split_course import ASSIGNMENT, Course, answer, given, graded, snapshot

# nbgrader's own, for each submission that it makes.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]


# --- Files ------------------------------------------------------------------------------------------------------------


def test_files_beside_the_notebook_are_there_for_cells_and_tests(make_course):
    course = make_course(
        answer("total", "def total():\n    return np.loadtxt('data/numbers.csv', delimiter=',').sum()"),
        graded("test", "assert total() == np.loadtxt('data/numbers.csv', delimiter=',').sum() == 6"),
        files={"data/numbers.csv": "1,2,3\n"},
    )
    assert course.grade(files={"data/numbers.csv": "1,2,3\n"}).points == {"test": 1.0}
    assert course.grade(total="def total():\n    return 5").points == {"test": 0.0}


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


def test_a_file_whose_name_is_not_utf8_is_passed_over_and_the_row_says_so(course):
    """Old archives hold such names."""
    course.folder("ada").mkdir(parents=True)
    with open(os.fsencode(course.folder("ada")) + b"/notes-\xe9.txt", "w") as file:
        file.write("own")
    result = course.grade()
    assert (result.points, result.outcome) == (FULL, "ran to the end")
    assert any(r"notes-\xe9.txt" in remark for remark in result.remarks)


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


def test_a_module_beside_the_notebook_may_have_any_name(tmp_path):
    """This repository has a package of that name."""
    files = {"tests.py": "def is_double(f):\n    return f(2) == 4\n"}
    cells = [DOUBLE, graded("test", "from tests import is_double\nassert is_double(double)")]
    course = Course(tmp_path, *cells, files=files)
    assert course.grade(files=files).points == {"test": 1.0}
    assert course.grade(files=files, double="def double(x):\n    return x").points == {"test": 0.0}


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


def test_variables_of_the_configuration_are_texts_to_the_submission(make_course):
    course = make_course(
        answer("number", "import os\nnumber = os.environ['NUMBER']"), graded("test", "assert number == '3'"),
        variables={"NUMBER": 3},
    )  # fmt: skip
    assert course.grade().points == {"test": 1.0}


def test_every_notebook_of_an_assignment_keeps_its_sandbox_warm(make_course):
    course = make_course()
    with Gradebook(course.url, "numbers") as gradebook:
        for name in ("second", "third"):
            gradebook.update_or_create_notebook(name, ASSIGNMENT)
    for module in ("wave", "json", "csv"):  # what a notebook imports decides which sandbox it may have
        course.teach(given("setup", f"import {module}"), DOUBLE, graded("test", f"{module}; assert double(2) == 4"))
        assert course.grade().points == {"test": 1.0}
    assert [key[0] for key in execute._splits] == [("wave",), ("json",), ("csv",)]
