"""What is read in a teacher's notebook: which code is trusted, and which names are the learner's.

A name that is the learner's by mistake is one whose answers an attacker gives; one that is the teacher's by mistake is
one under which honest work is not found.
"""

import pytest

from course_lib.grading.split.plan import TeacherCell, read

IMPORTS = "import numpy as np, pandas as pd\nfrom numpy.testing import assert_allclose"
F = "def f(x):\n    return x"


def plan_of(*cells):
    """Read cells, each (role, source); return the plan."""
    return read(TeacherCell(f"{role} {number}", source, role) for number, (role, source) in enumerate(cells))


def learners(*cells):
    """Return the names that are the learner's at the end."""
    names = set()
    for step in plan_of(*cells).steps:
        names = (names | set(step.learners)) - set(step.teachers)
    return names


def trusted(*cells):
    """Return what the tester runs itself besides the tests."""
    return "\n".join(step.trusted for step in plan_of(*cells).steps if step.role != "test" and step.trusted)


@pytest.mark.parametrize(
    "solution",
    [
        "pd.options.mode.chained_assignment = None",
        "np.random.default_rng = 3",
        "pd.options['a'].b[0] = 1",
        "np.set_printoptions(precision=3)",
        "np.random.seed(0)",
        "del np.x",
        "np.x += 1",
        "for np.x in []:\n    pass",
        "setattr(np, 'x', 1)",
        "try:\n    import numpy as np\nexcept ImportError:\n    pass",
        "if True:\n    from numpy.testing import assert_allclose",
        "import numpy as np\nimport pandas as pd",
        "def g():\n    np = 3\n    import pandas as pd",
        "class G:\n    np = 3",
        "[np for np in range(3)]",
        "h = lambda np: np",
        "exec('np = 3')",
        "globals()['np'] = 3",
    ],
)
def test_a_solution_takes_no_module_from_the_tests(solution):
    test = (
        "np.testing.assert_allclose(f(1), 2)\npd.testing.assert_frame_equal(f(1), 3)\nassert_allclose(f(1), globals())"
    )
    cells = [("other", IMPORTS), ("solution", f"{solution}\n{F}"), ("test", test)]
    assert not learners(*cells) & {"np", "pd", "assert_allclose", "globals", "setattr", "exec"}
    assert "f" in learners(*cells)
    assert "import numpy as np" in trusted(*cells)


@pytest.mark.parametrize(
    ("solution", "names"),
    [
        ("a = 1", "a"),
        ("a, (b, *c) = 1, (2, 3)", "a b c"),
        ("a: int = 1", "a"),
        ("a += 1", "a"),
        ("for a, b in []:\n    c = 1", "a b c"),
        ("with open('x') as a, open('y') as (b, c):\n    pass", "a b c"),
        ("while (a := 1):\n    break", "a"),
        ("[a := i for i in range(3)]", "a"),
        ("{k: (a := v) for k, v in {}.items()}", "a"),
        ("try:\n    pass\nexcept ValueError as a:\n    b = 1\nelse:\n    c = 1", "a b c"),
        ("match 1:\n    case {'x': a, **b}:\n        pass\n    case [c, *d] as e:\n        pass", "a b c d e"),
        ("def a():\n    b = 1", "a"),
        ("async def a():\n    pass", "a"),
        ("class a:\n    b = 1", "a"),
        ("def a():\n    global b\n    b = 1", "a b"),
        ("type a = int", "a"),
        ("a = 1\ndel a", "a"),
        ("%time a = 1", "a"),
        ("%%time\na = 1", "a"),
        ("a = !ls", "a"),
        ("%matplotlib inline\n!ls\na = 1", "a"),
        ("if True:\n    a = 1\nelse:\n    def b():\n        pass", "a b"),
        ("assert_allclose = print", "assert_allclose"),
        ("def assert_allclose(*a):\n    pass", "assert_allclose"),
    ],
)
def test_what_a_solution_binds_is_the_learner_s(solution, names):
    test = "\n".join(names.split())
    assert learners(("other", IMPORTS), ("solution", solution), ("test", f"print({test!r})")) == set(names.split())


@pytest.mark.parametrize(
    "solution", ["a[0] = 1", "a.b.c = 1", "a[0] += 1", "del a[0]", "a.append(1)", "for a[0] in []:\n    pass"]
)
def test_a_variable_whose_content_a_solution_changes_is_the_learner_s(solution):
    assert learners(("other", "a = make()"), ("solution", solution), ("test", "a")) == {"a"}


def test_what_a_submission_binds_besides_changes_nothing():
    """The plan is read from the teacher's notebook: `assert_allclose = print` in an answer is no name of a test's."""
    cells = [("other", IMPORTS), ("solution", F), ("test", "assert_allclose(f(1), 2)")]
    assert learners(*cells) == {"f"}


def test_imports_after_a_solution_are_the_teacher_s_again():
    cells = [("solution", "def norm(x):\n    pass"), ("other", "from numpy.linalg import norm"), ("test", "norm(1)")]
    assert learners(*cells) == set()
    assert trusted(*cells) == "from numpy.linalg import norm"


def test_a_solution_after_an_import_is_the_learner_s():
    cells = [("other", "from numpy.linalg import norm"), ("solution", "def norm(x):\n    pass"), ("test", "norm(1)")]
    assert learners(*cells) == {"norm"}


@pytest.mark.parametrize(
    "helper",
    [
        "def near(a, b):\n    return abs(f(a) - b) < tol",
        "def near(a, b, tol=tol):\n    return abs(a - b) < tol",
        "near = lambda a, b: abs(f(a) - b) < tol",
        "near = lambda a, b, tol=tol: abs(f(a) - b) < tol",
        "from functools import partial\nnear = partial(assert_allclose, atol=tol)",
        "class near:\n    def __init__(self, a, b):\n        assert f(a) == b",
    ],
)
def test_a_teacher_s_helper_stays_the_teacher_s(helper):
    """It looks up the learner's names when it is called; what it is, is not the learner's to say."""
    cells = [("other", IMPORTS), ("solution", f"tol = 1\n{F}"), ("other", helper), ("test", "assert near(1, 2)")]
    assert learners(*cells) == {"f", "tol"}
    assert "near" in trusted(*cells)


def test_cases_that_name_the_learner_s_functions_stay_the_teacher_s():
    """Otherwise the attacker gives an empty list of cases."""
    cells = [("solution", F), ("other", "cases = [(f, 1, 2)]"), ("test", "for g, x, y in cases:\n    assert g(x) == y")]
    assert learners(*cells) == {"f"}
    assert trusted(*cells) == "cases = [(f, 1, 2)]"


@pytest.mark.parametrize("other", ["model = train(f)", "y = f(3)", "z = f.history[0]", "for x in f(1):\n    y = x"])
def test_what_learner_s_code_makes_is_the_learner_s(other):
    """It is not run a second time."""
    cells = [("solution", f"{F}\ndef train(g):\n    return g"), ("other", other), ("test", "print(model, x, y, z)")]
    assert learners(*cells) > {"f", "train"}
    assert trusted(*cells) == ""


def test_only_what_tests_need_is_run():
    cells = [
        (
            "other",
            "tol = 1e-6\nslow = sum(range(10))\nbase = 2\ndef near(a, b):\n    return abs(a - b) < tol * base",
        ),
        ("other", "from numpy.testing import *\nprint(slow)"),
        ("solution", F),
        ("test", "assert near(f(1), 1)"),
    ]
    assert trusted(*cells).splitlines()[:2] == ["tol = 1e-06", "base = 2"]
    assert "slow" not in trusted(*cells)
    assert "from numpy.testing import *" in trusted(*cells)


def test_what_a_test_binds_is_the_test_s_until_a_solution_binds_it_again():
    cells = [("solution", "tol = 1"), ("test", "tol = 2"), ("other", "base = tol"), ("test", "base")]
    assert learners(*cells) == set()
    assert learners(*cells, ("solution", "tol = 3"), ("test", "tol")) == {"tol"}


def test_operators_are_those_that_the_teacher_s_classes_define():
    source = """
from dataclasses import dataclass
from functools import total_ordering
class Vector:
    def __eq__(self, other): return True
    def __add__(self, other): return self
    __radd__ = __add__
    __hash__ = None
class Point(Vector):
    pass
class Plain:
    def method(self): pass
@dataclass
class Pair:
    a: int
@dataclass(eq=False)
class Same:
    a: int
@dataclass(order=True, frozen=True)
class Key:
    a: int
@total_ordering
class Ordered:
    def __lt__(self, other): return True
"""
    operators = plan_of(("solution", source), ("test", "Vector")).operators
    vector = {"__eq__", "__add__", "__radd__", "__hash__"}
    assert vector <= set(operators["Vector"])
    assert vector <= set(operators["Point"])
    assert not {"__eq__", "__add__"} & set(operators.get("Plain", ()))
    assert {"__eq__", "__ne__"} <= set(operators["Pair"])
    assert "__eq__" not in operators.get("Same", ())
    assert {"__lt__", "__ge__", "__hash__", "__eq__"} <= set(operators["Key"])
    assert {"__lt__", "__ge__"} <= set(operators["Ordered"])


def test_a_class_of_a_test_s_own_forwards_nothing():
    assert "Mine" not in plan_of(("test", "class Mine:\n    def __eq__(self, other): return True")).operators


def test_what_is_no_python_is_said():
    with pytest.raises(SyntaxError):
        plan_of(("solution", "def f(:"))


def test_exercises_and_modules_are_found():
    plan = plan_of(
        ("other", "import numpy.linalg as la\nfrom .near import x"), ("test", "check('relu', relu, points=2)")
    )
    assert plan.exercises == ["relu"]
    assert plan.modules == ["numpy.linalg"]


def test_modules_inside_modules_are_found_where_they_are_used():
    plan = plan_of(
        ("other", "import numpy as np, scipy\nfrom numpy import random"),
        ("test", "np.testing.assert_allclose(f(np.ones(3)), scipy.stats.norm.pdf(0.0), err_msg=x.y.z)"),
    )
    assert plan.modules == ["numpy", "scipy", "numpy.random", "numpy.testing", "scipy.stats"]
