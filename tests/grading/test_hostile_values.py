"""What an attacker says who has the learner's process: none passes a test without a right value.

The tester is the real one, in a process of its own; the learner's process is a thread here that lies.
"""

import itertools

import numpy as np
import pytest

from tests.grading.hostile_learner import TEACHERS, Answer, Hostile, giving, raised, run, states

pytestmark = pytest.mark.slow

PANDAS = [("other", "import pandas as pd"), *TEACHERS]


# --- A test passed without a right value ------------------------------------------------------------------------------

LIES = [
    *("__eq__", "__ne__", "__lt__", "__gt__", "__le__", "__ge__", "__contains__", "__sub__", "__rsub__", "__bool__"),
    *("__len__", "__iter__", "__abs__", "__hash__", "__float__", "__index__", "__getitem__", "__getattribute__"),
    *("__array__", "__array_ufunc__", "__array_function__", "__array_interface__", "__array_priority__"),
    *("__class__", "__instancecheck__", "__mro_entries__", "__set_name__"),
]
COMPARED = [
    "assert {} == 7",
    "assert 7 == {}",
    "assert not {} != 7",
    "assert {} in (5, 6, 7)",
    "assert 6.9 < {} < 7.1",
    "assert abs({} - 7) < 1e-6",
    "assert abs(7 - {}) < 1e-6",
    "assert np.isclose({}, 7)",
    "assert np.allclose({}, [1.0, 2.0])",
    "assert np.array_equal({}, [1.0, 2.0])",
    "assert ({} == np.array([1.0, 2.0])).all()",
    "assert (np.array([1.0, 2.0]) == {}).all()",
    "assert np.max(np.abs({} - np.array([1.0, 2.0]))) < 1e-6",
    "assert {} == [1.0, 2.0]",
    "assert {} == {{'a': 7}}",
    "assert {} is True",
    "assert type({}) is int",
    "np.testing.assert_allclose({}, 7.0)",
    "np.testing.assert_equal({}, 7)",
    "np.testing.assert_array_equal({}, [1.0, 2.0])",
    "np.testing.assert_almost_equal({}, 7.0)",
    "unittest.TestCase().assertEqual({}, 7)",
    "unittest.TestCase().assertAlmostEqual({}, 7.0)",
    "unittest.TestCase().assertListEqual({}, [1.0, 2.0])",
    "unittest.TestCase().assertDictEqual({}, {{'a': 7}})",
    "unittest.TestCase().assertIs({}, True)",
]


@pytest.mark.parametrize("base", [(), ("builtins", "int"), ("builtins", "list"), ("numpy", "ndarray")])
def test_an_object_that_equals_everything_equals_nothing(testers, base):
    """Comparisons are made on its plain value; if it has none, it equals no value at all."""
    library = [base] if base else []
    value = {"list": [0.0, 0.0], "ndarray": np.zeros(2)}.get(base[-1] if base else "", 0)
    truths = {"__iter__": [], "__len__": 2, "__hash__": 7, "__float__": 5.0, "__abs__": 5, "__index__": 5}
    hostile = Hostile(
        call=lambda hostile, *request: hostile.thing(library=library, specials=LIES),
        value=lambda hostile, thing: value,
        special=lambda hostile, special, *request: truths.get(special, True),
        get=lambda hostile, thing, name: hostile.function(name),
    )
    results = run(testers, hostile, [test.format("f(1)") for test in COMPARED])
    passed = [test for test, result in zip(COMPARED, results, strict=True) if result.state == "ran"]
    assert passed == []


NAN_LIKE = [
    "np.testing.assert_allclose(f(1), [1.0, 2.0, 3.0])",
    "np.testing.assert_array_equal(f(1), [1.0, 2.0, 3.0])",
    "np.testing.assert_equal(f(1), np.array([1.0, 2.0, 3.0]))",
    "np.testing.assert_almost_equal(f(1), [1.0, 2.0, 3.0])",
    "np.testing.assert_array_almost_equal(f(1), [1.0, 2.0, 3.0])",
    "np.testing.assert_array_less(f(1), [1.0, 2.0, 3.0])",
    "assert np.linalg.norm(f(1) - np.array([1.0, 2.0, 3.0])) < 1e-6",
    "if np.any(f(1) != np.array([1.0, 2.0, 3.0])):\n    raise AssertionError",
    "assert (f(1) == np.array([1.0, 2.0, 3.0])).all()",
    "assert np.all(f(1) == np.array([1.0, 2.0, 3.0]))",
    "assert (f(1) == pd.Series([1.0, 2.0, 3.0])).all()",
    "assert (pd.Series([1.0, 2.0, 3.0]) == f(1)).all()",
]


def passed_with(testers, answer):
    results = run(testers, giving(answer), NAN_LIKE, PANDAS)
    assert len(results) == len(NAN_LIKE)
    return [test for test, result in zip(NAN_LIKE, results, strict=True) if result.state == "ran"]


@pytest.mark.parametrize("dtype", ["f8", "i8", "O"])
def test_masked_arrays_are_no_values(testers, dtype):
    """NumPy's own checks pass whatever is masked."""
    data = np.zeros(3, dtype if dtype != "O" else "f8")
    assert passed_with(testers, lambda hostile: hostile.value("masked", [data, np.ones(3, bool)])) == []


def test_masked_arrays_within_arrays_are_no_values(testers):
    def answer(hostile):
        masked = hostile.value("masked", [np.zeros(()), np.ones((), bool)])
        return hostile.value("array", ["objects", (3,), [masked] * 3])

    assert passed_with(testers, answer) == []


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean", "string"])
@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan")], ids=["None", "NaN", "NumPy's NaN"])
def test_missing_values_are_no_values(testers, dtype, missing):
    """pandas' `all` leaves out what is missing."""

    def answer(hostile):
        return hostile.value("series", [["range", [0, 3, 1], None], [dtype, [missing] * 3], None])

    assert passed_with(testers, answer) == []


@pytest.mark.parametrize(
    ("base", "values", "test"),
    [
        (("builtins", "float"), (1e9, -1e9), "assert 2.9 < f(1) < 3.1"),
        (("builtins", "float"), (-1e9, 1e9), "r = f(1)\nassert r < 3.1\nassert r > 2.9"),
        (
            ("builtins", "list"),
            ([0.0, 0.0], []),
            "r = f(1)\nassert len(r) == 2\nfor a, b in zip(r, [1, 2]):\n    assert a == b",
        ),
        (
            ("numpy", "ndarray"),
            (np.zeros(2), np.zeros((0, 2))),
            "r = f(1)\nassert r.shape == (2,)\nassert (r == np.array([1.0, 2.0])).all()",
        ),
    ],
)
@pytest.mark.parametrize("speaks", ["", "open"])
def test_a_value_is_the_same_at_every_look(testers, base, values, test, speaks):
    """With files, too, for which the other side is asked in between."""
    answers = itertools.cycle(values)
    hostile = Hostile(
        call=lambda hostile, *request: hostile.thing(library=[base], specials=LIES),
        value=lambda hostile, thing: next(answers),
    )
    results = run(testers, hostile, [f"{test}  # {speaks}"] * 2)
    assert states(results) == ["raised"] * 2


@pytest.mark.parametrize(
    "data", [["fields", (3,), []], ["objects", (3,), [None] * 3], ["dates", "<m8[ns]", np.full(3, -(2**63))]]
)
def test_odd_arrays_are_no_values(testers, data):
    assert passed_with(testers, lambda hostile: hostile.value("array", data)) == []


@pytest.mark.parametrize(
    ("base", "value", "test"),
    [
        ("str", None, "assert f(1).startswith('abc')"),
        ("str", {"a": 1}, "assert f(1).isdigit()"),
        ("str", "zzz", "assert f(1).startswith('abc')"),
        ("str", "zzz", "assert f(1).isdigit()"),
        ("set", {9}, "assert f(1).issuperset({1, 2})"),
        ("set", {9}, "unittest.TestCase().assertSetEqual(f(1), {1, 2})"),
        ("tuple", (9,), "assert f(1).count(4)"),
    ],
)
def test_what_a_value_says_of_itself_is_found_here(testers, base, value, test):
    """A text's `startswith` is asked of the text, not of the learner's process."""

    def call(hostile, target, *request):
        if target == getattr(hostile, "method", None):
            return set() if "difference" in str(hostile.asked) else True
        return hostile.thing(library=[("builtins", base)], specials=["__iter__", "__len__"])

    def get(hostile, thing, name):
        hostile.method = hostile.function(name)
        return hostile.method

    hostile = Hostile(call=call, get=get, value=lambda hostile, thing: value)
    assert states(run(testers, hostile, [test])) == ["raised"]


def test_a_context_manager_does_not_swallow_the_test_s_error(testers):
    hostile = Hostile(
        call=lambda hostile, *request: hostile.thing(specials=["__enter__", "__exit__", "__aexit__"]),
        special=lambda hostile, special, *request: True,
    )
    assert "ran" not in states(run(testers, hostile, ["with f(1):\n    assert 1 == 2"]))


@pytest.mark.parametrize(
    "claim",
    [("unittest", "SkipTest"), ("unittest.case", "SkipTest"), ("numpy.testing", "SkipTest"),
     ("numpy.testing._private.utils", "SkipTest"), ("unittest.case", "_ShouldStop")],
)  # fmt: skip
@pytest.mark.parametrize("described", ["by name", "as an object"])
def test_no_exception_skips_a_test(testers, claim, described):
    def answer(hostile):
        if described == "by name":
            return raised([claim, ("builtins", "Exception")], ("skipped",))
        kind = hostile.kind("SkipTest", claim[0], library=[claim, ("builtins", "Exception")])
        error = hostile.meet("error", kind, ("skipped",))
        return Answer(("raise", (error, *raised([]).parts[1][1:]), None))

    test = """
class Tests(unittest.TestCase):
    def test_it(self):
        self.assertEqual(f(1), 2)
result = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(Tests))
assert result.wasSuccessful()
"""
    assert states(run(testers, giving(answer), [test])) == ["raised"]


@pytest.mark.parametrize(
    "name", ["KeyboardInterrupt", "SystemExit", "GeneratorExit", "StopIteration", "StopAsyncIteration"]
)
def test_exceptions_that_end_more_than_a_call_become_ordinary_ones(testers, name):
    """A loop over what f gives is not ended quietly, and neither is the tester."""
    hostile = giving(lambda hostile: raised([("builtins", name), ("builtins", "Exception")], ("x",)))
    tests = [
        "done = [f(x) for x in range(3)]",
        "done = list(map(f, range(3)))",
        "list(f(x) for x in range(3))",
        "try:\n    f(1)\nexcept Exception:\n    caught = True\nassert not caught",
        "assert f(1) == 1",
    ]
    assert states(run(testers, hostile, tests)) == ["raised"] * 5


def test_a_container_of_the_teacher_s_name_is_asked_only_where_the_teacher_s_is(testers):
    hostile = Hostile(
        call=lambda hostile, *request: hostile.thing("Bag", specials=["__contains__", "__eq__", "__sub__", "__rsub__"]),
        special=lambda hostile, special, *request: 0.0 if "sub" in special else True,
    )
    bag = "class Bag:\n" + "".join(f"    def __{name}__(self, x): pass\n" for name in ("contains", "eq", "sub", "rsub"))
    teachers = [*TEACHERS, ("solution", bag)]
    tests = [
        "assert 7 in f(1)",
        "assert f(1) == 7",
        "assert 7 == f(1)",
        "assert abs(f(1) - 7) < 1",
        "assert 7 - f(1) < 1",
    ]
    results = run(testers, hostile, tests, teachers, allowed=frozenset())
    assert states(results) == ["raised"] * 5
    assert "7" not in str([request for request in hostile.asked if request[0] != "random"])


def test_a_check_takes_no_masked_array_for_a_value(testers):
    """The rows of a probe are as little to be believed as any answer."""
    rows = []

    def probe(hostile, *request):
        masked = hostile.value("masked", [np.zeros(()), np.ones((), bool)])
        rows.append(("a row", masked))
        return [("a row", masked)] * 50, 0, []

    teachers = [("other", "from course_lib.notebook import check"), ("solution", "def f(x):\n    return x")]
    test = "report = check('relu', f)\nassert report.points > 0"
    assert states(run(testers, Hostile(probe=probe), [test], teachers)) == ["raised"]
    assert rows


def test_what_a_test_expects_is_not_told(testers):
    """Neither a comparison nor a hidden line crosses."""
    hostile = Hostile(
        call=lambda hostile, *request: hostile.thing(library=[("builtins", "float")], specials=LIES),
        value=lambda *request: 1.0,
        special=lambda *request: 5.0,
        get=lambda hostile, thing, name: hostile.function(name),
    )
    tests = [f"{test.format('f(1)')}\nhidden = 1234567" for test in COMPARED]
    run(testers, hostile, [test.replace("7", "7654321").replace("2.0", "7654321.0") for test in tests])
    assert "7654321" not in str(hostile.asked)
    assert "hidden" not in str(hostile.asked)
