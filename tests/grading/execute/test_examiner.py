"""An answer that is a test, graded: it and the implementations that it is run on call one another across processes."""

from pathlib import Path

import pytest

from tests.checking import softmax_examiner
from tests.grading.split_course import answer, graded

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

# Declared where a test alone can see it, as an exercise is that only the tester finds.
DECLARATION = (
    "import types\n"
    "import course_lib.exercises\n"
    "from course_lib import check\n"
    "bank = types.ModuleType('bank')\n"
    f"exec({Path(softmax_examiner.__file__).read_text()!r}, vars(bank))\n"
    "course_lib.exercises.find = {'looks_right': bank.LOOKS_RIGHT}.__getitem__\n"
)
RIGHT = (
    "def looks_right(softmax):\n"
    "    batch = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 3.0], [0.5, 0.5, -2.0]])\n"
    "    powers = np.exp(batch)\n"
    "    far = batch + np.array([[1000.0], [0.0], [-1000.0]])\n"
    "    rows, columns = powers / powers.sum(1, keepdims=True), powers / powers.sum(0)\n"
    "    pairs = [(softmax(batch[0]), rows[0]), (softmax(batch), rows), (softmax(batch, axis=0), columns)]\n"
    "    pairs += [(softmax(far), rows), (softmax(np.array([3000.0, 0.0, -3000.0])), [1, 0, 0])]\n"
    "    return all(np.shape(one) == np.shape(other) and np.allclose(one, other) for one, other in pairs)\n"
)
MANY = 10  # points of the exercise


@pytest.fixture
def course(make_course):
    return make_course(
        answer("looks-right", RIGHT),
        graded("looks-right-test", f"{DECLARATION}check('looks_right', looks_right, seed=7, points={MANY})", MANY),
        answer("after", "def double(x):\n    return 2 * x"),
        graded("after-test", "assert double(2) == 4", 1),
    )


def shown(result):
    """Return the text of the report, which is what feedback shows."""
    (output,) = [each for each in result.notebook.cells[2].outputs if "data" in each]
    return output.data["text/html"]


def test_a_right_test_earns_everything(course):
    result = course.grade()
    assert result.points == {"looks-right-test": MANY, "after-test": 1}
    assert result.cells == {} and result.outcome == "ran to the end"


def test_one_that_catches_some_earns_their_share_and_the_report_names_the_others(course):
    given = "\n".join(line for line in RIGHT.splitlines() if "far" not in line)
    result = course.grade(**{"looks-right": given})
    assert 0 < result.points["looks-right-test"] < MANY
    assert "Slipped through: np.exp overflows at large logits" in shown(result)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def looks_right(softmax):\n    return True", "accepts everything"),
        ("def looks_right(softmax):\n    return softmax.__name__ == 'softmax'", "refuses everything"),
        ("def looks_right(softmax):\n    print(softmax(np.ones(3)))", "gives None"),
        ("def looks_right(softmax):\n    return softmax(np.ones(3)) > 0", "not an array of shape (3,)"),
        ("def looks_right(softmax):\n    return undefined", "NameError"),
        ("def looks_right(softmax):\n    raise NotImplementedError", "Not written yet"),
        ("from course_lib.checking.examiner import accepts_everything as looks_right", "Write yours"),
        (
            "import course_lib\ndef looks_right(f):\n    return f is course_lib.activations.softmax",
            "refuses everything",
        ),
    ],
)
def test_what_earns_nothing_is_told_why(course, source, told):
    result = course.grade(**{"looks-right": source})
    assert result.points == {"looks-right-test": 0, "after-test": 1}
    assert told in shown(result)


def test_nothing_but_calls_tells_the_implementations_apart(course):
    """The answer is right as long as all look alike from outside; an error names none of them either."""
    given = RIGHT.replace("def looks_right", "def by_calling") + (
        "looks = set()\n"
        "def looks_right(softmax):\n"
        "    import inspect\n"
        "    look = [softmax.__name__, softmax.__qualname__, softmax.__doc__, softmax.__module__]\n"
        "    look += [str(inspect.signature(softmax)), softmax.__code__.co_code, sorted(vars(softmax))]\n"
        "    for arguments in ({}, {'no_shift': False}, {'logits': np.ones(2), 'flag': 1}):\n"
        "        try:\n"
        "            softmax(**arguments)\n"
        "        except TypeError as error:\n"
        "            look.append(str(error))\n"
        "    looks.add(repr(look))\n"
        "    return by_calling(softmax) if len(looks) == 1 else True\n"
    )
    result = course.grade(**{"looks-right": given})
    assert result.points == {"looks-right-test": MANY, "after-test": 1}, shown(result)


def test_no_implementation_is_in_the_learner_s_process(course):
    """What a test is run on came from the tester: whatever functions there are here, none has run."""
    given = (
        "import sys\n"
        "ran = set()\n"
        "def looks_right(softmax):\n"
        "    sys.setprofile(lambda frame, event, argument: ran.add(frame.f_globals.get('__name__', '')))\n"
        "    softmax(np.ones(3))\n"
        "    sys.setprofile(None)\n"
        "    exercises = [name for name in ran if 'exercises' in name or 'activations' in name or name == 'bank']\n"
        "    return 'something' if exercises or 'bank' in sys.modules else None\n"
    )
    assert "gives None" in shown(course.grade(**{"looks-right": given}))


def test_an_endless_test_costs_its_time_once_and_nothing_else(course):
    result = course.grade(**{"looks-right": "def looks_right(softmax):\n    while True:\n        pass"})
    assert result.points == {"looks-right-test": 0, "after-test": 1}
    assert "did not finish within 5 s" in shown(result)


def test_a_process_that_ends_itself_earns_nothing(course):
    """Whichever implementation it was that it did not like."""
    given = RIGHT.replace("    return all(", "    import os\n    ok = all(") + "    return ok or os._exit(0)\n"
    result = course.grade(**{"looks-right": given})
    assert result.points == {"looks-right-test": 0, "after-test": 0}
