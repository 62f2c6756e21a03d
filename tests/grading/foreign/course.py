"""A course of the foreign assignments in a temporary folder, graded by the commands that a teacher types."""

import os
import shutil
import subprocess
import sys
from importlib.resources import files

import nbformat
from nbgrader.api import Gradebook

STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'elsewhere'\n"


class Course:
    """A folder with nbgrader_config.py, in nbgrader's default layout."""

    def __init__(self, root, config=STOCK):
        self.root = root
        root.mkdir(parents=True)
        (root / "nbgrader_config.py").write_text(config)
        shutil.copyfile(files("nbgrader") / "docs/source/user_guide/autotests.yml", root / "autotests.yml")

    def nbgrader(self, *arguments):
        """Run an nbgrader command in the course and return what it said."""
        path = os.pathsep.join([os.path.dirname(sys.executable), os.defpath])  # nbgrader calls `alembic`
        environment = {**os.environ, "PATH": path, "JUPYTER_CONFIG_DIR": str(self.root / "no-config")}
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def hand_out(self, assignment):
        """Write the teacher's folder of `assignment`, make its student version, and hand in all its submissions."""
        self._write(self.root / "source" / assignment.name, assignment, assignment.notebook())
        self.nbgrader("generate_assignment", assignment.name)
        student_version = self.root / "release" / assignment.name / f"{assignment.name}.ipynb"
        for submission in assignment.submissions:
            notebook = assignment.submitted(submission, nbformat.read(student_version, as_version=4))
            self._write(self.root / "submitted" / submission.name / assignment.name, assignment, notebook)

    @staticmethod
    def _write(folder, assignment, notebook):
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{assignment.name}.ipynb")
        for name, content in assignment.files.items():
            (folder / name).write_text(content)

    def scores(self, assignment):
        """Return {student: {graded cell: points}} for the tests of `assignment`, from the gradebook."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            return {
                submission.name: {
                    grade.name: grade.auto_score
                    for notebook in gradebook.find_submission(assignment.name, submission.name).notebooks
                    for grade in notebook.grades
                    if grade.name in assignment.points
                }
                for submission in assignment.submissions
            }
