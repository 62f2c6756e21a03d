"""What honest cells do in a Lab they may do while they are graded: nothing that was made before the fork is stale."""

import pytest

from course_lib.grading.sandbox import enter
from tests.grading.split_course import answer, given, graded

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

USES = {
    "a temporary file without a name": "import tempfile\nwith tempfile.TemporaryFile() as f:\n    f.write(b'x')",
    "a temporary folder": "import tempfile, os\nassert os.listdir(tempfile.mkdtemp()) == []",
    "the folder of temporary files": "import tempfile, os\nassert os.path.isdir(tempfile.gettempdir())",
    "a spooled file": "import tempfile\nwith tempfile.SpooledTemporaryFile(max_size=2) as f:\n    f.write(b'xyz')",
    "an await": "import asyncio\nawait asyncio.sleep(0)\nawait asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))",
    "a task": "import asyncio\ntask = asyncio.ensure_future(asyncio.sleep(0, 5))\nassert await task == 5",
    "asyncio.run": "import asyncio\nasyncio.run(asyncio.sleep(0))",
    "another folder": "import os\nos.makedirs('inner', exist_ok=True)\n%cd inner\n"
    "assert os.getcwd().endswith('inner')\n%cd -q ..",
    "a bookmark": "%bookmark here\n%bookmark -l",
    "a stored variable": "kept = 3\n%store kept\nkept = 4\n%store -r kept\nassert kept == 3",
    "a file of a cell": "%%writefile made.txt\nsome text",
    "matplotlib's folders": "import os, matplotlib as m\nfor folder in (m.get_configdir(), m.get_cachedir()):\n"
    "    open(os.path.join(folder, 'mine'), 'w').close()",
    "a picture": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('picture.png')\nplt.show()",
    "an animation": "from matplotlib.animation import FuncAnimation\nimport matplotlib.pyplot as plt\n"
    "figure, axes = plt.subplots()\n[line] = axes.plot([0, 1])\n"
    "html = FuncAnimation(figure, lambda i: line.set_ydata([0, i]), frames=2).to_jshtml()\nassert 'base64' in html",
    "joblib's memory": "import joblib, tempfile\nmemory = joblib.Memory(tempfile.mkdtemp(), verbose=0)\n"
    "assert memory.cache(abs)(-3) == 3",
}
PROGRAMS = {
    "pip": "!pip install numpy",
    "the magic of pip": "%pip install numpy",
    "a listing": "!ls -la",
    "a listing as a list": "files = !ls",
    "a listing as an expression": "print(len(get_ipython().getoutput('ls')))",
    "popen": "import os\nread = os.popen('date').read()",
    "popen as a context": "import os\nwith os.popen('date') as pipe:\n    lines = list(pipe)",
    "system": "import os\ncode = os.system('date')",
    "the magic of system": "%system date",
    "a capture": "%%capture told\n!date",
}


def square(first):
    return f"{first}\ndef square(x):\n    return x * x"


@pytest.fixture
def one_answer(make_course):
    return make_course(
        answer("square", "def square(x):\n    return x * x"), graded("square-test", "assert square(3) == 9")
    )


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_cell_does_what_it_does_in_a_lab(one_answer, use):
    cell = use if use.startswith("%%") else square(use)
    notebook = one_answer.notebook(square=cell)
    if use.startswith("%%"):
        notebook.cells.insert(1, given("of-the-learner", square("")))
    result = one_answer.grade(notebook)
    assert result.points == {"square-test": 1.0}, result.output("square")


@pytest.mark.parametrize("use", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_that_cannot_be_started_is_a_line_of_output_and_the_cell_goes_on(one_answer, use):
    if use.startswith("%%"):
        notebook = one_answer.notebook()
        notebook.cells.insert(1, given("of-the-learner", use))
        result = one_answer.grade(notebook)
    else:
        result = one_answer.grade(square=square(use))
        assert "was not run: there is no shell" in result.output("square") or "system" in use
    assert result.points == {"square-test": 1.0}, result.output("square")


def test_a_teachers_set_up_cell_that_installs_something_costs_nobody_anything(make_course):
    course = make_course(
        given("set-up", "!pip install -q numpy\n%pip install numpy\nHALF = 0.5"),
        answer("half", "def half(x):\n    return HALF * x"),
        graded("half-test", "assert half(3) == 1.5"),
    )
    assert course.grade().points == {"half-test": 1.0}


# Where the environment itself lies in /tmp, that is a folder on the way to it, and not the submission's.
OWN_TMP = not any(path.startswith("/tmp/") for path in enter.environment())


def test_a_file_in_tmp_is_the_submissions_own(one_answer):
    use = "with open('/tmp/kept.txt', 'x') as f:\n    f.write('x')\nassert open('/tmp/kept.txt').read() == 'x'"
    for student in ("ada", "bob"):
        assert one_answer.grade(student=student, square=square(use)).points == {"square-test": float(OWN_TMP)}


def test_what_one_submission_leaves_in_its_folders_no_other_sees(one_answer):
    leave = """
import os, matplotlib, tempfile
for folder in (matplotlib.get_configdir(), tempfile.gettempdir(), os.path.expanduser("~")):
    with open(os.path.join(folder, "left.txt"), "w") as file:
        file.write("mine")
"""
    look = """
import os, matplotlib, tempfile
for folder in (matplotlib.get_configdir(), tempfile.gettempdir(), os.path.expanduser("~")):
    assert not os.path.exists(os.path.join(folder, "left.txt"))
"""
    assert one_answer.grade(student="ada", square=square(leave)).points == {"square-test": 1.0}
    assert one_answer.grade(student="bob", square=square(look)).points == {"square-test": 1.0}
