"""A course whose one chapter has a repair and a proof, for tests of what a release makes of them."""

import sys
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_lib import exercises
from tests import tiny_repair
from tests.tiny_course import CHAPTER, ROOT, cell_metadata, make_course, write

# The exercise itself: a learner's process can import no tests.
SETUP = (
    "import course_lib.exercises\n"
    "from course_lib import check, student_seed\n"
    f"{Path(tiny_repair.__file__).read_text()}\n"
    "course_lib.exercises.find = {'mean': REPAIRED_MEAN}.__getitem__"
)
ANSWER = (
    "# Repair the class.\n"
    "class mean:\n"
    "    ### BEGIN SOLUTION\n"
    "    def __init__(self):\n"
    "        self.values = []\n"
    "\n"
    "    def add(self, value):\n"
    "        self.values.append(value)\n"
    "        return sum(self.values) / len(self.values)\n"
    "    ### END SOLUTION\n"
    "# Every line above may be changed."
)
TEST = (
    'report = check("mean", mean, points=3)\n'
    "### BEGIN HIDDEN TESTS\n"
    'report &= check("mean", mean, points=3, seed=student_seed())\n'
    "### END HIDDEN TESTS\n"
    "report"
)
# For processes in which nbgrader reads its configuration.
REGISTERED = (
    f"\nsys.path.insert(0, {str(ROOT)!r})\n"
    "from course_lib import exercises\nfrom tests import tiny_repair\n"
    f"exercises.CHAPTERS[{CHAPTER!r}] = 'tiny'\nsys.modules['course_lib.exercises.tiny'] = tiny_repair\n"
)


def notebook():
    points = new_output("execute_result", {"text/plain": "3.0"}, execution_count=4)
    proof = new_code_cell("shown = 2 + 2\nassert shown == 4", id="sum-proof", metadata={"tags": ["proof"]})
    answer = new_code_cell(ANSWER, id="mean-answer", metadata=cell_metadata("mean-answer", solution=True))
    test_metadata = cell_metadata("mean-check", grade=True, points=3, locked=True)
    test = new_code_cell(TEST, id="mean-check", metadata=test_metadata, outputs=[points], execution_count=4)
    setup = new_code_cell(SETUP, id="setup", metadata=cell_metadata("setup", locked=True))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    title = new_markdown_cell("# Repairs", id="title")
    return new_notebook(cells=[title, setup, proof, answer, test], metadata=metadata)


def make_repair_course(root, monkeypatch):
    """Write it into `root`, and let its exercise be found in this process as in the chapter's package."""
    make_course(root)
    write(root / "solutions" / CHAPTER / "tiny.ipynb", notebook())
    monkeypatch.setitem(exercises.CHAPTERS, CHAPTER, "tiny")
    monkeypatch.setitem(sys.modules, "course_lib.exercises.tiny", tiny_repair)
    return root
