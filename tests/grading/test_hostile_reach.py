"""What an attacker says who has the learner's process: none runs the tester's code, opens its files or takes its names.

The tester is the real one, in a process of its own; the learner's process is a thread here that lies.
"""

import itertools

import numpy as np
import pytest

from tests.grading.hostile_learner import (
    LOST,
    TEACHERS,
    Handle,
    Hostile,
    giving,
    lent,
    outputs,
    raised,
    returned,
    run,
    states,
)

pytestmark = pytest.mark.slow


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
        function = hostile.meet("function", name, name, name, name, 2, None, {}, None)
        return {name: function for name in wanted if name == "f"}, {}

    error = raised([("builtins", "ValueError")], ("x",))
    test = "import inspect\ntry:\n    print(inspect.getsource(f))\nexcept OSError:\n    pass\nf(1)"
    results = run(testers, Hostile(names=names, call=lambda *request: error), [test])
    assert states(results) == ["raised"]
    assert "the_term_s_secret" not in outputs(results)
    assert "PATH=" not in outputs(results)


def test_no_file_of_the_learner_s_is_imported(testers):
    files = [
        ("the_learners.py", b"raise SystemExit"),
        ("the_learners/x.txt", b""),
        ("sitecustomize.py", b""),
        ("the_learners", b""),
    ]
    test = (
        "open('x.txt', 'w').close()\nf(1)\ntry:\n    import the_learners\nexcept ImportError:\n    print('not found')"
    )
    hostile = Hostile(files=lambda *request: files, call=lambda *request: 3)
    assert "not found" in outputs(run(testers, hostile, [test]))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../x.txt",
            "a/../../x.txt",
            "/tmp/x.txt",
            "..",
            ".",
            "",
            ".hidden",
            "a/.hidden",
            "a//b",
            "a/",
            "a/b/c/d/e/f/g",
        ),
        *("good.txt/x", "x\0", "x\n", "a\0/x", 3, b"x.txt"),
    ],
)
def test_files_stay_in_the_test_s_folder(testers, name):
    files = [("good.txt", b"fine"), (name, b"hostile")]
    hostile = Hostile(files=lambda *request: files, call=lambda *request: 3)
    test = """
import os
f(1)
print(sorted(os.listdir()), os.path.exists("../x.txt"), open("good.txt").read())
"""
    (result,) = run(testers, hostile, [test])
    assert result.outputs[0]["text"] == "['good.txt'] False fine\n"


@pytest.mark.parametrize(
    "writes",
    [
        "with open('key.csv', 'w') as file:\n    file.write('7')",
        "Path('key.csv').write_text('7')",
        "np.savetxt('key.csv', [7], fmt='%d')",
        "with open('draft', mode='w') as file:\n    json.dump(7, file)\nos.replace('draft', 'key.csv')",
        "%%writefile key.csv\n7\n",
    ],
)
def test_files_of_a_teacher_s_cell_stay_as_they_are(testers, writes):
    imports = "import json\nimport os\nfrom pathlib import Path\nimport numpy as np"
    written = [("other", imports), ("other", writes), *TEACHERS[1:]]
    hostile = Hostile(files=lambda *request: [("key.csv", b"3"), ("own.csv", b"3")], call=lambda *request: 3)
    tests = ["assert f(1) == int(open('key.csv').read())", "assert f(1) == int(open('own.csv').read())"]
    assert states(run(testers, hostile, tests, written)) == ["raised", "ran"]


def test_files_of_a_submission_have_a_size_in_all(testers):
    numbers = itertools.count()
    hostile = Hostile(
        files=lambda *request: [(f"{next(numbers)}.txt", bytes(10 * 2**20))], call=lambda *request: 3
    )  # fmt: skip
    test = "import os\nfor _ in range(10):\n    f(1)\nsizes = [os.path.getsize(name) for name in os.listdir('.')]"
    assert states(run(testers, hostile, [f"{test}\nassert 20 * 2**20 < sum(sizes) <= 64 * 2**20"])) == ["ran"]


def test_the_teacher_s_files_stay_as_they_are(testers, tmp_path):
    (tmp_path / "data.csv").write_text("1,2")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside.csv").write_text("3,4")
    names = ["data.csv", "data.csv/x", "folder", "folder/inside.csv", "folder/new.csv", "folder/new/x.csv"]
    hostile = Hostile(files=lambda *request: [(name, b"9,9") for name in names], call=lambda *request: 3)
    results = run(testers, hostile, ["f(1)\nassert open('data.csv').read() == '1,2'"], folder=tmp_path)
    assert states(results) == ["ran"]
    assert (tmp_path / "data.csv").read_text() == "1,2"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["inside.csv"]
    assert (tmp_path / "folder" / "inside.csv").read_text() == "3,4"


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
