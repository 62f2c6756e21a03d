"""A class with nbgrader's own commands: every chapter through generate, submit, autograde, feedback and export.

Each chapter is graded once, in a copy of the course in a temporary folder, by the commands that a teacher types.
"""

import csv
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

from course_lib.commands.course import chapters_in
from course_lib.commands.release import environment_kept
from tests.tiny_course import CHAPTER as TINY
from tests.tiny_course import ROOT, cell, make_course, read, write

pytestmark = pytest.mark.slow

CHAPTERS = chapters_in(ROOT / "solutions")


def is_solution(cell):
    return cell.metadata.get("nbgrader", {}).get("solution", False)


class Class:
    """A course with one chapter, and the students who hand it in."""

    def __init__(self, root, chapter):
        self.root, self.chapter = root, chapter
        (self.notebook,) = [path.name for path in (root / "solutions" / chapter).glob("*.ipynb")]

    def nbgrader(self, *arguments):
        """Run an nbgrader command in the course and return what it said."""
        # No folder of this Python on PATH: the environment need not be activated.
        environment = {**os.environ, "PATH": os.defpath, "JUPYTER_CONFIG_DIR": str(self.root / "no-config")}
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *map(str, arguments)],
            cwd=self.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    @property
    def released(self):
        return self.root / "notebooks" / self.chapter

    def solved(self, share=1.0):
        """Return the student version with the first `share` of its solution cells solved, and how many those are."""
        notebook = read(self.released / self.notebook)
        solutions = read(self.root / "solutions" / self.chapter / self.notebook)
        cells = [each for each in notebook.cells if is_solution(each)]
        solved = cells[: round(len(cells) * share)]
        for each in solved:
            each.source = cell(solutions, each.id).source
        return notebook, len(solved)

    def submit(self, student, notebook):
        folder = self.root / "classroom" / "submitted" / student / self.chapter
        shutil.copytree(self.released, folder)
        write(folder / self.notebook, notebook)
        return folder / self.notebook

    def scores(self):
        """Return {student: (score, maximum)} from nbgrader's CSV."""
        self.nbgrader("export")
        with (self.root / "classroom" / "grades.csv").open() as file:
            return {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}


def copy_of_the_course(root, chapter):
    root.mkdir()
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    shutil.copytree(ROOT / "solutions" / chapter, root / "solutions" / chapter)
    (root / "notebooks").mkdir()
    return root


def test_there_are_chapters():
    """Without chapters every test below would be skipped, and this file would prove nothing."""
    assert CHAPTERS


@pytest.fixture(scope="module", params=[TINY, *CHAPTERS])
def graded(request, tmp_path_factory):
    """A class of three, graded: one solved everything, one nothing, one half."""
    root = tmp_path_factory.mktemp("class") / "course"
    make_course(root) if request.param == TINY else copy_of_the_course(root, request.param)
    the_class = Class(root, request.param)
    the_class.nbgrader("generate_assignment", the_class.chapter)
    the_class.submit("solved", the_class.solved()[0])
    the_class.submit("untouched", the_class.solved(0)[0])
    half, the_class.solved_by_half = the_class.solved(0.5)
    the_class.submit("half", half)
    the_class.nbgrader("autograde", the_class.chapter)
    the_class.nbgrader("generate_feedback", the_class.chapter)
    return the_class


def test_scores_are_full_partial_and_none(graded):
    scores = graded.scores()
    assert scores.keys() == {"solved", "untouched", "half"}
    (maximum,) = {maximum for _, maximum in scores.values()}
    assert maximum > 0
    assert scores["solved"][0] == maximum
    assert scores["untouched"][0] == 0
    # A chapter with a single exercise has no half.
    assert 0 < scores["half"][0] < maximum or graded.solved_by_half in (0, 1)


def test_every_test_cell_was_graded_without_a_manual_look(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.root / 'classroom' / 'gradebook.db'}") as gradebook:
        for student in ("solved", "untouched", "half"):
            assert not gradebook.find_submission(graded.chapter, student).needs_manual_grade


def test_feedback_shows_the_score_and_the_report(graded):
    score, maximum = graded.scores()["half"]
    page = (graded.root / "classroom" / "feedback" / "half" / graded.chapter / graded.notebook).with_suffix(".html")
    text = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    assert f"(Score: {score} / {maximum})" in text
    assert re.search(r"✗.{1,200}? of \d+ points", text)


def test_validate_lets_a_solved_notebook_pass(graded):
    """What a learner's *Validate* button says before they hand in."""
    path = graded.root / "classroom" / "submitted" / "solved" / graded.chapter / graded.notebook
    assert "Success! Your notebook passes all the tests." in graded.nbgrader("validate", path)


def test_course_release_writes_what_generate_assignment_writes(graded):
    """`course release` leaves the gradebook out and is otherwise nbgrader's own command."""
    from course_lib.commands.course import Course
    from course_lib.commands.release import differences, generated

    with generated(Course(graded.root), graded.chapter) as fresh:
        assert differences(fresh, graded.released) == []


# --- What one chapter can show for all: seeds, tags and the secret --------------------------------------------------


@pytest.fixture(scope="module")
def tricky(tmp_path_factory):
    """The tiny chapter, handed in by two honest students who look at their seed, and by one who tags tests away."""
    root = make_course(tmp_path_factory.mktemp("class") / "course")
    source = read(root / "solutions" / TINY / "tiny.ipynb")
    test = cell(source, "double-test")
    test.source = f"print(student_seed())\n{test.source}"
    write(root / "solutions" / TINY / "tiny.ipynb", source)
    the_class = Class(root, TINY)
    the_class.nbgrader("generate_assignment", TINY)
    for student in ("ada", "émile"):
        notebook, _ = the_class.solved()
        look = "import os\nprint(student_seed(), [name for name in os.environ if name.startswith('DESCENT')])"
        cell(notebook, "double-solution").source += f"\n{look}"
        the_class.submit(student, notebook)
    notebook, _ = the_class.solved(0)
    for each in notebook.cells:
        if each.cell_type == "code":
            each.metadata["tags"] = ["demo", "skip-execution"]
    cell(notebook, "setup").metadata["tags"] = []
    the_class.submit("skipper", notebook)
    os.environ["DESCENT_SECRET"] = "a secret that the teacher keeps elsewhere"
    try:
        the_class.nbgrader("autograde", TINY, "--student", "ada")
    finally:
        del os.environ["DESCENT_SECRET"]
    the_class.seed_by_another_secret = the_class_seed(the_class, "ada")
    assert not (the_class.root / "classroom" / "secret").exists()
    the_class.nbgrader("autograde", TINY, "--force")
    return the_class


def printed(the_class, student, name):
    """Return what a cell of the student's graded notebook printed."""
    path = the_class.root / "classroom" / "autograded" / student / TINY / the_class.notebook
    (output,) = [out for out in cell(read(path), name).outputs if out.output_type == "stream"]
    return output.text.strip()


def the_class_seed(the_class, student):
    """Return the seed that the test cell saw."""
    return int(printed(the_class, student, "double-test"))


def test_every_student_is_graded_with_a_seed_of_their_own(tricky):
    seeds = {student: the_class_seed(tricky, student) for student in ("ada", "émile")}
    assert seeds["ada"] != seeds["émile"]
    assert all(1 < seed < 2**63 for seed in seeds.values())
    # Another term, another secret, other numbers.
    assert tricky.seed_by_another_secret != seeds["ada"]


def test_a_regrade_meets_the_same_seed(tricky):
    before = the_class_seed(tricky, "ada")
    tricky.nbgrader("autograde", TINY, "--student", "ada", "--force")
    assert the_class_seed(tricky, "ada") == before


def test_a_submission_learns_neither_the_secret_nor_its_seed(tricky):
    for student in ("ada", "émile"):
        assert printed(tricky, student, "double-solution") == "1 ['DESCENT_DATA']"


def test_the_secret_is_the_teachers_alone(tricky):
    secret = tricky.root / "classroom" / "secret"
    assert len(secret.read_text()) == 64
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700


def test_tagging_a_test_away_earns_nothing(tricky):
    scores = tricky.scores()
    assert scores["skipper"][0] == 0
    assert scores["ada"] == scores["émile"] == (5, 5)
    autograded = tricky.root / "classroom" / "autograded" / "skipper" / TINY / tricky.notebook
    assert cell(read(autograded), "double-test").execution_count


def test_the_configuration_gives_slow_chapters_their_time(tmp_path):
    from traitlets.config import PyFileConfigLoader

    shutil.copyfile(ROOT / "nbgrader_config.py", tmp_path / "nbgrader_config.py")
    with environment_kept():
        config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    assert config.Execute.timeout >= 300
    assert config.CourseDirectory.root == str(tmp_path)
