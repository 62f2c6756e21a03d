"""What an attacker says who has the learner's process: nothing of it may pass a test, or be done by the tester.

The tester is the real one, in a process of its own; the learner's process is a thread here that lies.
"""

import numpy as np
import pytest

from course_lib.grading.split import testers as fork_server
from tests.grading.hostile_learner import TEACHERS, Answer, Handle, Hostile, raised, returned, run, run_cells

pytestmark = pytest.mark.slow

LOST = ["raised", "not run"]  # the submission's process is not believed any more
PANDAS = [("other", "import pandas as pd"), *TEACHERS]


@pytest.fixture(scope="module")
def testers():
    with fork_server.Testers(["pandas"], ["relu"]) as testers:
        yield testers


def giving(answer):
    """A learner's process whose f gives `answer(hostile)` on each call."""
    return Hostile(call=lambda hostile, target, arguments, keywords: answer(hostile))


def states(results):
    return [result.state for result in results]


def outputs(results):
    return str([result.outputs for result in results])


# --- The control: this fake does pass and fail tests ------------------------------------------------------------------


def test_right_and_wrong_plain_values_are_told_apart(testers):
    tests = [
        "assert f(1) == 3",
        "assert f(1) == 4",
        "np.testing.assert_allclose(f(1), 3)",
        "assert isinstance(f(1), str)",
    ]
    assert states(run(testers, giving(lambda hostile: 3), tests)) == ["ran", "raised", "ran", "raised"]


# --- Code and files of the tester's -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (np.ndarray, ((1,), "O", b"AAAAAAAA")),  # an array of pointers that the attacker chose
        (np.ndarray, ((2**31,), "f8")),
        (bytearray, (2**33,)),
        (list, ("abc",)),
        (type, ("abc",)),
        (object, ()),
    ],
)
def test_nothing_is_called_but_what_was_lent(testers, kind, arguments):
    said = []

    def answer(hostile):
        said.append(hostile.ask("call", hostile.known(kind), arguments, {})[0])
        return 3

    results = run(testers, giving(answer), ["assert f(1) == 4", "assert f(1) == 3"])
    if kind is type:  # which does not even cross
        assert states(results) == LOST
    else:
        assert [said, states(results)] == [["raise", "raise"], ["raised", "ran"]]


@pytest.mark.parametrize("target", [3, "print", None, [1], {"a": 1}])
def test_what_cannot_be_called_is_not(testers, target):
    said = []

    def answer(hostile):
        said.append(hostile.ask("call", target, (), {})[0])
        return 3

    assert states(run(testers, giving(answer), ["assert f(1) == 4"])) == ["raised"]
    assert said == ["raise"]


@pytest.mark.parametrize("number", [-1, -2, -5, -1000, -(2**62)])
def test_handles_that_were_not_lent_mean_nothing(testers, number):
    """Of the test's own objects the learner may mean only those that it was handed: not a module, which has a name."""
    hostile = giving(lambda hostile: Handle(number))
    results = run(testers, hostile, ["assert f(np) is not np", "assert f(1) == 1"])
    assert states(results) == LOST
    assert "stands for none" in outputs(results[:1])


LENDING = """
from unittest.mock import Mock
def gen():
    hidden = 3
    yield hidden
class Case:
    _hidden = 3
    shown = 4
    def method(self):
        return 5
mock = Mock(return_value=3)
f(gen(), Case(), mock, lambda: 3)
"""


def lent(hostile, sort):
    names = {"generator": "gen", "case": "Case", "mock": "Mock", "function": "<lambda>"}
    return next(handle for handle, (_, name, *_) in hostile.met.items() if name == names[sort])


@pytest.mark.parametrize(
    ("sort", "request_"),
    [
        ("generator", ("get", "gi_frame")),
        ("generator", ("get", "__class__")),
        ("case", ("get", "__class__")),
        ("case", ("get", "_hidden")),
        ("case", ("get", "__dict__")),
        ("case", ("set", "method", 3)),
        ("case", ("set", "__class__", 3)),
        ("case", ("set", "_hidden", 3)),
        ("mock", ("get", "return_value")),
        ("mock", ("get", "assert_called_once_with")),
        ("mock", ("get", "configure_mock")),
        ("mock", ("set", "return_value", 3)),
        ("mock", ("set", "assert_called_once_with", 3)),
        ("mock", ("set", "call_count", 3)),
        ("function", ("get", "__globals__")),
        ("function", ("get", "func_name")),
        ("function", ("set", "__code__", 3)),
    ],
)
def test_of_lent_objects_only_public_attributes_are_had(testers, sort, request_):
    said = []

    def call(hostile, target, arguments, keywords):
        what, *details = request_
        said.append(hostile.ask(what, lent(hostile, sort), *details)[0])
        return 3

    run(testers, Hostile(call=call), [LENDING])
    assert said == ["raise"]


@pytest.mark.parametrize(
    "special", ["__reduce__", "__class__", "__init__", "__getattribute__", "__subclasses__", "close"]
)
def test_of_lent_objects_few_special_methods_are_called(testers, special):
    said = []

    def call(hostile, target, arguments, keywords):
        said.append(hostile.ask("special", special, lent(hostile, "case"))[0])
        return 3

    run(testers, Hostile(call=call), [LENDING])
    assert said == ["raise"]


@pytest.mark.parametrize(
    ("claims", "arguments"),
    [
        ([("builtins", "SyntaxError")], ("x", ("{file}", 2, 1, None))),
        ([("builtins", "IndentationError")], ("x", ("{file}", 2, 1, None))),
        ([("builtins", "ValueError")], ("{file}",)),
        ([("builtins", "FileNotFoundError")], (2, "x", "{file}")),
    ],
)
def test_no_file_is_read_into_a_traceback(testers, tmp_path, claims, arguments):
    file = tmp_path / "secret.py"
    file.write_text("one = 1\nthe_term_s_secret = 2\nthree = 3\n" * 3)

    def filled(item):
        return str(file) if item == "{file}" else tuple(map(filled, item)) if isinstance(item, tuple) else item

    results = run(testers, giving(lambda hostile: raised(claims, filled(arguments))), ["f(1)"])
    assert states(results) == ["raised"]
    assert "the_term_s_secret" not in outputs(results)


@pytest.mark.parametrize("name", ["/proc/self/environ", "{file}", "<ipython-input>", "a\nb"])
def test_a_function_s_name_leads_to_no_file(testers, tmp_path, name):
    file = tmp_path / "secret.py"
    file.write_text("the_term_s_secret = 2\n" * 9)
    name = name.format(file=file)

    def names(hostile, wanted):
        function = hostile.meet("function", name, name, name, name, 2, None, {})
        return {name: function for name in wanted if name == "f"}, {}

    error = raised([("builtins", "ValueError")], ("x",))
    test = "import inspect\ntry:\n    print(inspect.getsource(f))\nexcept OSError:\n    pass\nf(1)"
    results = run(testers, Hostile(names=names, call=lambda *request: error), [test])
    assert states(results) == ["raised"]
    assert "the_term_s_secret" not in outputs(results)
    assert "PATH=" not in outputs(results)


def test_no_file_of_the_learner_s_is_imported(testers):
    files = [("the_learners.py", b"raise SystemExit"), ("sitecustomize.py", b""), ("the_learners", b"")]
    test = (
        "open('x.txt', 'w').close()\nf(1)\ntry:\n    import the_learners\nexcept ImportError:\n    print('not found')"
    )
    hostile = Hostile(files=lambda *request: files, call=lambda *request: 3)
    assert "not found" in outputs(run(testers, hostile, [test]))


@pytest.mark.parametrize("name", ["../x.txt", "/tmp/x.txt", "..", ".", "", ".hidden", "a/b", "x\0", "x\n", 3, b"x.txt"])
def test_files_stay_in_the_test_s_folder(testers, name):
    hostile = Hostile(files=lambda *request: [(name, b"hostile"), ("good.txt", b"fine")], call=lambda *request: 3)
    test = """
import os
f(1)
print(sorted(os.listdir()), os.path.exists("../x.txt"), open("good.txt").read())
"""
    (result,) = run(testers, hostile, [test])
    assert result.outputs[0]["text"] == "['good.txt'] False fine\n"


def test_the_teacher_s_files_stay_as_they_are(testers, tmp_path):
    (tmp_path / "data.csv").write_text("1,2")
    (tmp_path / "folder").mkdir()
    files = [("data.csv", b"9,9"), ("folder", b"9,9")]
    hostile = Hostile(files=lambda *request: files, call=lambda *request: 3)
    results = run(testers, hostile, ["f(1)\nassert open('data.csv').read() == '1,2'"], folder=tmp_path)
    assert states(results) == ["ran"]
    assert (tmp_path / "data.csv").read_text() == "1,2"


# --- Names ------------------------------------------------------------------------------------------------------------


def changing_text(hostile, *texts):
    """An object that claims to be a text, each time that it is asked another one."""
    hostile.texts = [*texts]
    return hostile.thing("Text", library=[("builtins", "str")], specials=["__hash__", "__eq__"])


def next_text(hostile, thing):
    return hostile.texts.pop(0) if len(hostile.texts) > 1 else hostile.texts[0]


def test_a_test_s_names_are_not_replaced(testers):
    """The answer to which names there are is an object whose keys are one name when asked, another when stored."""

    def names(hostile, wanted):
        hostile.key, hostile.evil = changing_text(hostile, "f", "f", "np"), hostile.thing("Evil")
        return hostile.thing("Table"), {}

    def get(hostile, thing, name):
        hostile.function_of_it = hostile.function("items")
        return hostile.function_of_it

    hostile = Hostile(
        names=names, get=get, value=next_text, call=lambda hostile, *request: [(hostile.key, hostile.evil)]
    )
    results = run(testers, hostile, ["f", "np.testing.assert_allclose(1, 2)", "assert type(np) is type(unittest)"])
    assert "ran" not in states(results)[:2]


def test_a_test_s_names_are_not_removed(testers):
    def call(hostile, *request):
        return returned(3, rebound=[changing_text(hostile, "f", "f", "isclose")])

    teachers = [("other", "from numpy import isclose"), *TEACHERS]
    hostile = Hostile(call=call, value=next_text)
    results = run(testers, hostile, ["f(1)", "assert not isclose(1, 2)"], teachers)
    assert "NameError" not in outputs(results)


@pytest.mark.parametrize("name", ["np", "unittest", "__builtins__", "print", "isinstance"])
def test_only_the_learner_s_names_are_taken(testers, name):
    def names(hostile, wanted):
        return {"f": hostile.function(), name: hostile.function(name)}, {}

    hostile = Hostile(names=names, call=lambda *request: returned(3, rebound=[name]))
    test = f"f(1)\nassert not hasattr({name}, 'hostile')\nnp.testing.assert_allclose(1, 2)"
    assert "Not equal" in outputs(run(testers, hostile, [test]))
    assert not [request for request in hostile.asked if request[0] == "get"]


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


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean"])
def test_missing_values_are_no_values(testers, dtype):
    """pandas' `all` leaves out what is missing."""

    def answer(hostile):
        return hostile.value("series", [["range", [0, 3, 1], None], [dtype, [None] * 3], None])

    assert passed_with(testers, answer) == []


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
    assert "7" not in str(hostile.asked)


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


# --- Ending the tester, or filling its memory -------------------------------------------------------------------------

COLLIDING = [number * (2**61 - 1) for number in range(1, 40_000)]


@pytest.mark.parametrize(
    "description",
    [
        lambda hostile: ("value", "deque", [hostile.value("range", [0, 10**18, 1]), 1]),
        lambda hostile: ("value", "keys", hostile.value("range", [0, 10**18, 1])),
        lambda hostile: ("value", "error", [["builtins", "ValueError"], hostile.value("range", [0, 10**18, 1])]),
        lambda hostile: ("value", "Counter", [COLLIDING, [1] * len(COLLIDING)]),
        lambda hostile: ("value", "keys", COLLIDING),
        lambda hostile: ("value", "items", [[number, 1] for number in COLLIDING]),
        lambda hostile: ("value", "array", ["fields", (10**9, 10**9), []]),
        lambda hostile: ("value", "array", ["objects", (0, 10**15), []]),
    ],
    ids=["deque", "keys", "error", "hashes of Counter", "hashes of keys", "hashes of items", "fields", "objects"],
)
def test_what_would_take_too_long_to_make_is_not_made(testers, description):
    answer = giving(lambda hostile: hostile.meet(*description(hostile)))
    assert states(run(testers, answer, ["f(1)", "assert 1 == 1"])) == LOST


@pytest.mark.parametrize(
    "description",
    [
        (),
        ("nonsense",),
        ("function",),
        ("function", 3, "f", "m", None, 1, None, {}),
        ("function", "f", "f", "m", None, 1, [("a b", 1, None, False)], {}),
        ("function", "f", "f", "m", None, 1, [("a", 9, None, False)], {}),
        ("class", "int\0", "builtins", None, [], [], [], None),
        ("class", "C", "m", None, [3], [], [], None),
        ("class", "C", "m", None, [], [3], [], None),
        ("class", "C", "m", None, [], [], 3, None),
        ("object", 3),
        ("error", 3, ()),
        ("lent", "x", []),
        ("global", "os", "system"),
        ("path", "/etc"),
        ("value", "nonsense", None),
        ("value", "class", ["os", "system"]),
        ("value", "class", ["subprocess", "Popen"]),
        ("value", "dtype", "O,O"),
        ("value", "range", [0, 1, 0]),
        ("value", "random", ["Generator", {"bit_generator": "MT19937", "state": {"key": np.zeros(3), "pos": 9}}]),
        ("value", "random", ["Generator", {"bit_generator": "os"}]),
        ("value", "frame", [3, 3, 3]),
        ("value", "series", [["one", ["os.system", []], None], np.zeros(3), None]),
        ("value", "Decimal", "zz"),
        ("value", "Fraction", [1, 0]),
        ("value", "failure", ["nonsense", "", "", ""]),
    ],
    ids=str,
)
def test_a_description_that_makes_no_sense_costs_the_submission_its_tests(testers, description):
    answer = giving(lambda hostile: hostile.meet(*description))
    assert states(run(testers, answer, ["assert f(1) is None", "assert True"])) == LOST


@pytest.mark.parametrize(
    "message", [("return",), ("nonsense", 1), ("begin", 1), (), ("meet", 3), ("meet", {0: ()}), 3, None]
)
def test_a_message_that_makes_no_sense_ends_no_tester(testers, message):
    def call(hostile, *request):
        hostile._connection.send(message, 5)
        return 3

    results = run(testers, Hostile(call=call), ["assert f(1) == 4", "assert f(1) == 5"])
    assert len(results) == 2
    assert "ran" not in states(results)


@pytest.mark.parametrize(
    "changed",
    [
        3,
        (3, 3),
        ([3], [3]),
        ([(-1, "list", 3)], [(0, 0)]),
        ([(-1, "list", [(0, 7)])], [(0, 0)]),
        ([(-1, "dict", [[[]], [(1, 1)]])], [(0, 0)]),
        ([(0, "other", 3)], [(0, 0)]),
        ([(9, "list", [])], [(0, 9)]),
        ([(-1, "list", [(0, 0)])], [(0, 0)]),
        ([], []),
    ],
    ids=str,
)
def test_changes_that_make_no_sense_end_no_tester(testers, changed):
    """What became of arguments and results: nodes that are none, or that hold themselves."""
    hostile = giving(lambda hostile: returned(3, changed=changed))
    results = run(testers, hostile, ["assert f([1]) == [2]", "assert np.allclose(f([1]), 2)"])
    assert len(results) == 2
    assert "ran" not in states(results)


def test_endless_calls_back_end(testers):
    def call(hostile, target, arguments, keywords):
        return hostile.ask("call", lent(hostile, "function"), arguments, {})[1]

    test = "g = lambda x: f(g)\nassert f(g) == 3"
    results = run(testers, Hostile(call=call), [test])
    assert states(results) == ["raised"] or states(results) == ["not run"]


@pytest.mark.parametrize("request_", ["begin", "run", "names"])
@pytest.mark.parametrize("answer", [3, [], raised([("builtins", "ValueError")]), raised([("builtins", "SystemExit")])])
def test_each_cell_has_a_result_whatever_is_answered(testers, request_, answer):
    results = run(testers, Hostile(**{request_: lambda *request: answer}), ["assert f(1) == 2", "assert f(1) == 3"])
    assert len(results) == 2
    assert "ran" not in states(results)


def test_an_exception_whose_text_cannot_be_had_costs_its_test_alone(testers):
    def call(hostile, target, arguments, keywords):
        if arguments == (2,):
            return 2
        kind = hostile.kind("Odd", library=[("builtins", "Exception")], specials=["__str__", "__repr__"])
        return Answer(("raise", (hostile.meet("error", kind, ()), *raised([]).parts[1][1:]), None))

    hostile = Hostile(call=call, special=lambda *request: raised([("builtins", "ValueError")]), get=lambda *request: 3)
    assert states(run(testers, hostile, ["f(1)", "assert f(2) == 2"])) == ["raised", "ran"]


@pytest.mark.parametrize(
    ("claim", "arguments"),
    [
        (("numpy.exceptions", "AxisError"), (5, 2)),
        (("json", "JSONDecodeError"), ()),
        (("builtins", "UnicodeDecodeError"), ()),
        (("builtins", "OSError"), (2, "x")),
        (("builtins", "ExceptionGroup"), ()),
    ],
)
def test_exceptions_of_libraries_with_other_arguments_cost_their_test_alone(testers, claim, arguments):
    hostile = Hostile(call=lambda hostile, target, given, keywords: 2 if given == (2,) else raised([claim], arguments))
    assert states(run(testers, hostile, ["f(1)", "assert f(2) == 2"])) == ["raised", "ran"]


# --- The report -------------------------------------------------------------------------------------------------------


def test_output_is_limited_whatever_the_submission_says(testers):
    flood = {"output_type": "stream", "name": "stdout", "text": "x" * 3_000_000}
    many = [{"output_type": "stream", "name": "stdout", "text": "x"}, {"output_type": "error"}] * 10_000
    for said in ([flood] * 3, many):
        results = run_cells(testers, Hostile(run=lambda hostile, *request, said=said: (said, True)), ["1", "2"])
        assert states(results) == ["ran", "ran"]
        assert len(outputs(results)) < 6_000_000


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"application/json": b"bytes"}, "metadata": {}},
        {"output_type": "display_data", "data": {"application/json": {1: {2}}}, "metadata": {}},
        {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {"a": {1, 2}}},
        {"output_type": "display_data", "data": {"text/plain": ["x", None]}, "metadata": {"a": float("nan")}},
        {"output_type": "stream", "name": ["x"], "text": {"x": 1}},
        {"output_type": ["x"]},
        {"output_type": "error", "ename": None, "evalue": {1}, "traceback": 3},
        3,
    ],
)
def test_outputs_that_are_none_cost_nothing(testers, output):
    results = run_cells(testers, Hostile(run=lambda *request: ([output], True)), ["1", "2"])
    assert states(results) == ["ran", "ran"]


def test_what_a_test_displays_of_the_learner_s_costs_nothing(testers):
    """Its own display methods may give what is no output."""

    def call(hostile, target, arguments, keywords):
        if target == getattr(hostile, "method", None):
            return {"text/plain": {1, 2}, "a": hostile.thing()}
        return hostile.thing(specials=["__repr__"])

    def get(hostile, thing, name):
        if "canary" in name:
            return raised([("builtins", "AttributeError")])
        hostile.method = hostile.function(name)
        return hostile.method

    hostile = Hostile(call=call, get=get, special=lambda *request: "7.0")
    results = run(testers, hostile, ["from IPython.display import display\ndisplay(f(1))", "assert 1 == 1"])
    assert states(results)[1:] == ["ran"]


def test_the_text_of_a_learner_s_object_is_never_taken_for_points(testers):
    hostile = Hostile(
        call=lambda hostile, *request: hostile.thing(specials=["__repr__", "__str__"]),
        special=lambda *request: "7.0",
        get=lambda *request: raised([("builtins", "AttributeError")]),
    )
    (result,) = run(testers, hostile, ["f(1)"])
    with pytest.raises(ValueError, match="could not convert"):
        float(result.outputs[0]["data"]["text/plain"])


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


def test_a_test_s_own_variables_are_not_told(testers):
    """Only a name that the solution looks up outside of its functions is the learner's to see."""
    solution = "def f(x):\n    expected = x + offset\n    return expected"
    test = "expected = 1234567\noffset = 7654321\nassert f(1) != expected"
    hostile = giving(lambda hostile: 3)
    assert states(run(testers, hostile, [test], [("other", "offset = 1"), ("solution", solution)])) == ["ran"]
    assert [request for request in hostile.asked if request[0] == "bind"] == [("bind", "offset", 7654321)]


def test_warnings_of_the_learner_s_own_kind_are_ordinary_ones(testers):
    def call(hostile, *request):
        kind = hostile.kind("Evil", library=[("builtins", "UserWarning"), ("builtins", "Warning")])
        return returned(3, warned=[(kind, "x"), (3, "x"), (hostile.known(ValueError), hostile.thing())])

    results = run(
        testers, Hostile(call=call), ["import warnings\nwarnings.simplefilter('error')\nf(1)", "assert 1 == 1"]
    )
    assert states(results) == ["raised", "ran"]
