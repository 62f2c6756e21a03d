"""One line of configuration gives any course this feedback, by nbgrader's own command and by formgrader's button."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.grading.feedback_pages import FAILED, LEFT_OUT, SECRETS, TEST, role, text_of

FOREIGN_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "foreign"
c.GenerateFeedback.exporter_class = "course_lib.grading.feedback.FeedbackExporter"
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """A course that knows nothing of this one but the line of configuration, and its one submission, graded."""
    root = tmp_path_factory.mktemp("foreign")
    (root / "nbgrader_config.py").write_text(FOREIGN_CONFIG)
    solution = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    cells = [
        new_code_cell(solution, id="answer", metadata=role("answer", solution=True)),
        new_code_cell(TEST, id="test", metadata=role("test", grade=True, locked=True, points=1)),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": kernel}), root / "source" / "ps1" / "problem.ipynb"
    )
    nbgrader(root, "generate_assignment", "ps1")
    notebook = nbformat.read(root / "release" / "ps1" / "problem.ipynb", as_version=4)
    answer = "def double(x):\n    print('given', x)\n    return 2 * x if x < 9 else 0\n"
    notebook.cells[0].source = (
        answer + "from IPython.display import HTML\nHTML('<script>alert(1)</script><b>shown</b>')"
    )
    (root / "submitted" / "ada" / "ps1").mkdir(parents=True)
    nbformat.write(notebook, root / "submitted" / "ada" / "ps1" / "problem.ipynb")
    nbgrader(root, "autograde", "ps1")
    return root


def nbgrader(root, *arguments) -> None:
    environment = {**os.environ, "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def formgrader(root) -> None:
    """Do what formgrader does when a teacher presses "Generate feedback"."""
    program = (
        "from nbgrader.apps import NbGrader\nfrom nbgrader.apps.api import NbGraderAPI\n"
        "app = NbGrader()\napp.initialize([])\n"
        "result = NbGraderAPI(config=app.config).generate_feedback('ps1')\nassert result['success'], result"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("generate", [lambda root: nbgrader(root, "generate_feedback", "ps1", "--force"), formgrader])
def test_one_line_of_configuration_makes_any_courses_feedback_safe(foreign, generate):
    path = foreign / "feedback" / "ada" / "ps1" / "problem.html"
    path.unlink(missing_ok=True)
    generate(foreign)
    page = path.read_text(encoding="utf-8")
    assert "problem (Score: 0.0 / 1.0)" in " ".join(text_of(page).split())
    assert "<b>shown</b>" in page and "Content-Security-Policy" in page
    assert "<script" not in page and "https://" not in page.partition("<body>")[2]
    assert [secret for secret in SECRETS if secret in page] == []
    assert FAILED in page and LEFT_OUT in page
