"""What an attacker says who has the learner's process: none ends the tester, fills its memory or spoils the report.

The tester is the real one, in a process of its own; the learner's process is a thread here that lies.
"""

import sys

import numpy as np
import pytest

from tests.grading.hostile_learner import (
    LOST,
    Answer,
    Hostile,
    giving,
    lent,
    outputs,
    raised,
    returned,
    run,
    run_cells,
    states,
)

pytestmark = pytest.mark.slow


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
        ("function", 3, "f", "m", None, 1, None, {}, None),
        ("function", "f", "f", "m", None, 1, [("a b", 1, None, False)], {}, None),
        ("function", "f", "f", "m", None, 1, [("a", 9, None, False)], {}, None),
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


def test_endless_calls_back_end_and_the_next_test_runs(testers):
    def call(hostile, target, arguments, keywords):
        if arguments == (1,):
            return 3
        hostile.ask("call", lent(hostile, "function"), arguments, {})
        return 4

    test = "g = lambda x: f(g)\nassert f(g) == 3"
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)  # the hostile side goes on
    try:
        results = run(testers, Hostile(call=call), [test, "assert f(1) == 3"])
    finally:
        sys.setrecursionlimit(limit)
    assert states(results) == ["raised", "ran"]


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
