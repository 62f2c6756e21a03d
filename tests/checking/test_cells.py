"""Cells run out of order, in a real kernel: what is judged is named, and what is not the newest is not judged."""

import re

import pytest

from tests.checking.kernels import running_kernel

pytestmark = pytest.mark.slow  # a kernel runs hundreds of cells

IMPORTS = "import numpy as np"
RIGHT = """\
def softmax(logits, axis=-1):
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
WRONG = """\
def softmax(logits, axis=-1):
    powers = np.exp(logits)
    return powers / powers.sum(axis=axis, keepdims=True)
"""
CHECK = 'from course_lib import check\nreport = check("softmax", softmax, points=2)\nreport'


def indented(source):
    return "".join(f"    {line}\n" for line in source.splitlines())


def commented(source):
    return "".join(f"# {line}\n" for line in source.splitlines())


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with running_kernel(tmp_path_factory.mktemp("kernel")) as (manager, notebook):
        notebook.run("from course_lib import check")
        notebook.manager = manager
        yield notebook


@pytest.fixture
def notebook(kernel):
    """The kernel with nothing in it, counting from 1 again; the hooks stand."""
    kernel.run("get_ipython().reset(new_session=True)", "reset")
    kernel.run(IMPORTS, "imports")
    return kernel


@pytest.fixture
def unwatched(notebook):
    """The same before the course was imported: nothing but IPython's history knows what ran."""
    notebook.run(
        "import course_lib.cells\n"
        "for event in ('pre_run_cell', 'post_run_cell'):\n"
        "    for hook in get_ipython().events.callbacks[event][:]:\n"
        "        if hook.__module__.startswith('course_lib'):\n"
        "            get_ipython().events.unregister(event, hook)\n"
        "course_lib.cells._watched = None"
    )
    notebook.run(
        "getattr(get_ipython().history_manager, 'exceptions', {}).clear()\nget_ipython().reset(new_session=True)",
        "reset",
    )
    notebook.run(IMPORTS, "imports")
    return notebook


def passed(shown, judged=None):
    """Assert that the check passed without a word against it, and that it says which run it judged."""
    assert shown.error == "" and shown.stderr == ""
    assert shown.report["message"].startswith("Right"), shown.report
    assert shown.report["points"] == 2 and shown.report["notes"] == []
    if judged is not None:
        assert shown.report["judged"] == judged


def refused(shown, *words):
    """Assert that nothing was judged, and that the report says why in these words, in this order."""
    assert shown.error == "" and shown.stderr == ""
    assert shown.report["points"] == 0 and shown.report["rows"] == [] and shown.report["judged"] == ""
    assert not shown.report["passed"] and "Right" not in shown.text
    assert shown.report["message"].startswith("Not judged.")
    assert re.search(".*".join(map(re.escape, words)), shown.report["message"]), shown.report["message"]


FAILING = {
    "a missing colon": (RIGHT.replace("):", ")", 1), "cannot be read by Python (SyntaxError in line 1)"),
    "a misspelled def": (RIGHT.replace("def", "dfe"), "cannot be read by Python (SyntaxError in line 1)"),
    "an indentation that ends nowhere": (
        RIGHT.replace("    return", "  return"),
        "cannot be read by Python (IndentationError in line 3)",
    ),
    "an import above that fails": (f"import nothing_there\n\n{RIGHT}", "stopped with ModuleNotFoundError in line 1"),
    "a misspelled from": (f"from numpy import expp\n{RIGHT}", "stopped with ImportError in line 1"),
    "a decorator that is not there": (f"@jit\n{RIGHT}", "stopped with NameError in line 1"),
    "a default that is not there": (RIGHT.replace("axis=-1", "axis=LAST", 1), "stopped with NameError in line 1"),
    "a return outside of all functions": (f"return 3\n{RIGHT}", "stopped with SyntaxError in line 1"),
    "an unknown magic": (f"%%tiem\n{RIGHT}", "no longer does"),
    "%%time over an import that fails": (f"%%time\nimport nothing_there\n{RIGHT}", "stopped with ModuleNotFoundError"),
    "%%capture over one": (f"%%capture\nimport nothing_there\n{RIGHT}", "stopped with ModuleNotFoundError"),
    "an if that fails": (f"if True:\n    1 / 0\n{indented(RIGHT)}", "stopped with ZeroDivisionError in line 2"),
    "a try that fails": (f"try:\n{indented(RIGHT)}    1 / 0\nexcept Wrong:\n    pass", None),
    "an await that fails": (f"await nothing()\n{RIGHT}", "stopped with NameError in line 1"),
    "sys.exit": (f"raise SystemExit\n{RIGHT}", "stopped with SystemExit in line 1"),
    "renamed": (RIGHT.replace("softmax", "sofmax"), "no longer does: it defines `sofmax`"),
    "commented out": (commented(RIGHT), "no longer does: its definition is a comment there"),
    "indented into another": (f"def outer():\n{indented(RIGHT)}", "no longer does: it is now indented inside `outer`"),
    "written over": ("print('something else')", "no longer does."),
    "a magic that writes a file": (f"%%writefile written.py\n{RIGHT}", "no longer does"),
}


@pytest.mark.parametrize("change", FAILING)
def test_a_cell_that_was_broken_is_not_judged_by_what_it_was_before(notebook, change):
    source, words = FAILING[change]
    notebook.run(RIGHT, "answer")
    passed(notebook.run(CHECK, "check"), "[2], 1 run ago")
    notebook.run(source, "answer")
    shown = notebook.run(CHECK, "check")
    if words is None:  # the definition was reached, so it is the newest
        passed(shown, "[4], 1 run ago")
    else:
        refused(shown, "cell", "[4]", words, "What the kernel still holds is from [2].")
    notebook.run(RIGHT, "answer")
    passed(notebook.run(CHECK, "check"), "[6], 1 run ago")


def test_a_refused_answer_is_no_attempt(notebook):
    count = "from course_lib.checking import progress\nprint(progress.read()['softmax']['attempts'])"
    notebook.run(RIGHT, "answer")
    notebook.run(CHECK, "check")
    before = notebook.run(count).text
    notebook.run(FAILING["a missing colon"][0], "answer")
    refused(notebook.run(CHECK, "check"))
    assert notebook.run(count).text == before


def test_a_later_definition_is_what_is_judged(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run(WRONG, "copy below")
    shown = notebook.run(CHECK, "check")
    assert shown.report["rows"] and not shown.report["passed"] and shown.report["judged"] == "[3], 1 run ago"
    notebook.run(RIGHT, "answer")
    passed(notebook.run(CHECK, "check"), "[5], 1 run ago")


def test_the_same_text_in_two_cells_is_told_apart(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run(RIGHT, "copy below")
    passed(notebook.run(CHECK, "check"), "[3], 1 run ago")
    notebook.run(WRONG, "copy below")
    notebook.run(RIGHT, "answer")
    passed(notebook.run(CHECK, "check"), "[6], 1 run ago")
    notebook.run("print(1)", "copy below")  # no longer the home of what is judged
    passed(notebook.run(CHECK, "check"), "[6], 3 runs ago")


def test_the_same_text_that_fails_the_second_time(notebook):
    source = f"HERE\n{RIGHT}"
    notebook.run("HERE = 1")
    notebook.run(source, "answer")
    passed(notebook.run(CHECK, "check"), "[3], 1 run ago")
    notebook.run("del HERE")
    notebook.run(source, "answer")
    refused(notebook.run(CHECK, "check"), "[6]", "NameError in line 1", "from [3]")


def test_a_broken_copy_elsewhere_and_two_ways_out(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run(WRONG[:-10], "copy below")
    refused(notebook.run(CHECK, "check"), "[3]", "SyntaxError", "or run the cell of [2] again")
    notebook.run(RIGHT, "answer")
    passed(notebook.run(CHECK, "check"))
    notebook.run("def softmax(:", "copy below")
    refused(notebook.run(CHECK, "check"))
    notebook.run("# never mind", "copy below")
    passed(notebook.run(CHECK, "check"))


def test_an_error_after_the_definition_does_not_matter(notebook):
    notebook.run(f"{RIGHT}\nsoftmax(1, 2, 3)", "answer")
    passed(notebook.run(CHECK, "check"), "[2], 1 run ago")


def test_errors_of_other_cells_do_not_matter(notebook):
    notebook.run(RIGHT, "answer")
    for source in (
        "softmax([1, 2], 3, 4)",
        "print softmax(3)",
        "def relu(x)",
        "1 / 0",
        "if softmax(x):\n",
        "x = softmax(",
    ):
        assert notebook.run(source).error
    notebook.run("class Layer:\n    def softmax(self) return 1")
    passed(notebook.run(CHECK, "check"), "[2], 8 runs ago")


def test_an_interrupted_cell(notebook, kernel):
    notebook.run(RIGHT, "answer")
    sent = notebook.send(f"import time\nprint('begun', flush=True)\ntime.sleep(60)\n{RIGHT}", "answer")
    while kernel.client.get_iopub_msg(timeout=60)["content"].get("text") != "begun\n":
        continue
    kernel.manager.interrupt_kernel()
    assert notebook.wait(sent).error == "KeyboardInterrupt"
    refused(notebook.run(CHECK, "check"), "[3] and was interrupted in line")


def test_a_deleted_name_and_one_that_was_never_there(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run("del softmax")
    shown = notebook.run(CHECK, "check")
    assert shown.error == "NameError" and "`softmax` was deleted in [3]. Run the cell that defines it" in shown.text
    notebook.run(RIGHT, "answer")
    passed(notebook.run(CHECK, "check"))


def test_a_name_that_never_came_to_be(notebook):
    def advice(source):
        notebook.run(source, "answer")
        shown = notebook.run(CHECK, "check")
        assert shown.error == "NameError" and shown.stderr == ""
        assert shown.text.index("NameError") < shown.text.index("Run" if "Run" in shown.text else "run it")
        return shown.text

    assert "[2] and cannot be read by Python (SyntaxError in line 1)" in advice(RIGHT.replace("):", ")", 1))
    assert "stopped with ModuleNotFoundError in line 1" in advice(f"import nothing_there\n{RIGHT}")
    assert "There is `sofmax`, from [6]" in advice(RIGHT.replace("softmax", "sofmax"))
    notebook.run("del sofmax")
    assert "In [9], its definition is a comment there" in advice(commented(RIGHT))


def test_advice_is_given_only_where_something_is_checked_or_an_import_is_missing(notebook):
    assert notebook.run("softmax(3)").text == "NameError: name 'softmax' is not defined\n"
    assert notebook.run("nothing_at_all").text == "NameError: name 'nothing_at_all' is not defined\n"
    notebook.run("del np")
    assert "was deleted in [4]" in notebook.run("np.zeros(3)").text
    notebook.run("get_ipython().reset(new_session=True)")
    assert "`np` is not defined: it comes from the import cell" in notebook.run("np.zeros(3)").text
    assert "comes from the import cell" in notebook.run("activations.relu").text


def test_an_answer_without_its_imports_is_told_where_they_are(notebook):
    notebook.run("get_ipython().reset(new_session=True)")
    notebook.run(RIGHT, "answer")
    shown = notebook.run(CHECK, "check")
    assert not shown.report["passed"] and shown.report["judged"] == "[1], 1 run ago"
    assert any("`np` is not defined: it comes from the import cell" in note for note in shown.report["notes"])


HELPER = "def shifted(logits, axis):\n    return logits - np.max(logits, axis=axis, keepdims=True)\n"
WITH_HELPER = """\
def softmax(logits, axis=-1):
    powers = np.exp(shifted(logits, axis))
    return powers / powers.sum(axis=axis, keepdims=True)
"""


def test_helpers_are_newest_too(notebook):
    notebook.run(HELPER, "helper")
    notebook.run(WITH_HELPER, "answer")
    passed(notebook.run(CHECK, "check"), "[3], 1 run ago")
    notebook.run(HELPER.replace("def", "dfe"), "helper")
    refused(notebook.run(CHECK, "check"), "`softmax` uses `shifted`, and the cell that should define `shifted`", "[5]")
    notebook.run(HELPER.replace("shifted", "shift"), "helper")
    refused(notebook.run(CHECK, "check"), "`softmax` uses `shifted`, and the cell that defined `shifted` in [2]", "[7]")
    notebook.run(HELPER, "helper")
    passed(notebook.run(CHECK, "check"))


def test_helpers_of_helpers_constants_and_classes(notebook):
    notebook.run("LOWEST = 0.0", "constant")
    notebook.run("class Shift:\n    def by(self, logits, axis):\n        return helper(logits, axis) - LOWEST", "class")
    notebook.run(HELPER.replace("shifted", "helper"), "helper")
    notebook.run("shifted = Shift().by", "made")
    notebook.run(WITH_HELPER, "answer")
    passed(notebook.run(CHECK, "check"), "[6], 1 run ago")
    notebook.run("1 / 0\nLOWEST = 0.0", "constant")
    refused(notebook.run(CHECK, "check"), "`softmax` uses `LOWEST`", "ZeroDivisionError in line 1")
    notebook.run("LOWEST = 0.0", "constant")
    notebook.run("LEAST = 0.0", "constant")
    shown = notebook.run(CHECK, "check")  # a number may have been bound unseen: said, not refused
    assert shown.report["passed"] and "`softmax` uses `LOWEST`" in shown.report["notes"][0]


def test_an_import_cell_that_fails_later_takes_no_module_away(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run("import nothing_there\nimport numpy as np", "imports")
    shown = notebook.run(CHECK, "check")
    assert shown.report["passed"] and "`softmax` uses `np`" in shown.report["notes"][0]
    notebook.run("import nothing_there\nimport math as np", "imports")
    refused(notebook.run(CHECK, "check"), "`softmax` uses `np`", "ModuleNotFoundError in line 1")


ODD = {
    "a lambda": "softmax = lambda z, axis=-1: np.exp(z - z.max(axis=axis, keepdims=True)) / np.sum("
    "np.exp(z - z.max(axis=axis, keepdims=True)), axis=axis, keepdims=True)",
    "under %%time": f"%%time\n{RIGHT}",
    "under %%capture": f"%%capture\n{RIGHT}",
    "under if": f"if True:\n{indented(RIGHT)}",
    "under try": f"try:\n    import jax\nexcept ImportError:\n{indented(RIGHT)}",
    "under with": f"with np.errstate(all='ignore'):\n{indented(RIGHT)}",
    "a class that is called": "class Softmax:\n    def __call__(self, logits, axis=-1):\n"
    "        return inner(logits, axis)\n"
    f"{RIGHT.replace('softmax', 'inner')}softmax = Softmax()",
    "a partial": f"import functools\n{RIGHT.replace('softmax', 'inner')}softmax = functools.partial(inner)",
    "wrapped": f"import functools\n@functools.wraps(np.exp)\n{RIGHT}",
    "cached": f"import functools\n{RIGHT}softmax = functools.partial(functools.lru_cache(3)(lambda f: f)(softmax))",
    "by exec": f"exec({RIGHT!r})",
    "by globals()": f"{RIGHT.replace('softmax', 'inner')}globals()['softmax'] = inner",
    "after an await": f"import asyncio\nawait asyncio.sleep(0)\n{RIGHT}",
    "after a semicolon": f"a = 1; b = 2\n{RIGHT}",
    "made by a factory": f"def make():\n{indented(RIGHT)}    return softmax\nsoftmax = make()",
    "with a walrus": f"{RIGHT.replace('softmax', 'inner')}print((softmax := inner) is None)",
    "from a magic line": f"%time pass\n{RIGHT}",
    "its name kept in a loop": f"{RIGHT.replace('softmax', 'inner')}for softmax in [inner]:\n    pass",
}


@pytest.mark.parametrize("way", ODD)
def test_every_way_of_defining_is_seen(notebook, way):
    notebook.run(WRONG, "earlier")
    notebook.run(ODD[way], "answer")
    notebook.run("1 + 1")
    passed(notebook.run(CHECK, "check"), "[3], 2 runs ago")
    notebook.run("softmax = (", "answer")
    refused(notebook.run(CHECK, "check"), "[6]", "SyntaxError", "from [3]")


@pytest.mark.parametrize("way", ODD)
def test_every_way_of_defining_is_judged_before_anything_was_watched(unwatched, way):
    unwatched.run(WRONG, "earlier")
    unwatched.run(ODD[way], "answer")
    shown = unwatched.run(CHECK, "check")
    passed(shown)
    if way not in ("by exec", "by globals()"):
        assert shown.report["judged"] == "[3], 1 run ago"


UNWATCHED = [
    "a missing colon",
    "a misspelled def",
    "an import above that fails",
    "a default that is not there",
    "a decorator that is not there",
    "%%time over an import that fails",
    "an await that fails",
    "sys.exit",
]


@pytest.mark.parametrize("change", UNWATCHED)
def test_what_failed_before_anything_was_watched_is_read_from_the_history(unwatched, change):
    source, words = FAILING[change]
    unwatched.run(RIGHT, "answer")
    unwatched.run(source, "answer")
    refused(unwatched.run(CHECK, "check"), "[3]", words.partition(" in line")[0], "from [2]")


def test_what_ran_before_anything_was_watched_is_judged(unwatched):
    unwatched.run(f"import nothing_there\n{RIGHT}", "answer")
    unwatched.run(WRONG, "answer")
    unwatched.run(RIGHT, "answer")
    unwatched.run("%run -i other.py")
    passed(unwatched.run(CHECK, "check"), "[4], 2 runs ago")


def test_an_alias_a_factory_and_a_decorator_say_where_their_code_is_from(notebook):
    mine = RIGHT.replace("softmax", "mine")
    notebook.run(mine, "mine")
    notebook.run("softmax = mine", "alias")
    passed(notebook.run(CHECK, "check"), "[3], 1 run ago, with code from [2]")
    notebook.run(mine.replace("logits -", "logits  -"), "mine")
    passed(notebook.run(CHECK, "check"))  # the same code as before, in other words
    notebook.run(mine.replace("np.exp", "np.exp2"), "mine")
    refused(notebook.run(CHECK, "check"), "`mine` was defined anew in [7]", "from [2]", "Run the cell of [3] again")
    notebook.run("def mine(x):\n    return x", "another cell with the name")
    passed(notebook.run(CHECK, "check"))

    notebook.run(f"def make():\n{indented(RIGHT)}    return softmax", "factory")
    notebook.run("softmax = make()", "alias")
    passed(notebook.run(CHECK, "check"), "[12], 1 run ago, with code from [11]")
    notebook.run(f"def make():\n{indented(WRONG)}    return softmax", "factory")
    refused(notebook.run(CHECK, "check"), "`make` was defined anew in [14]", "Run the cell of [12] again")


def test_answers_without_a_name(notebook):
    notebook.run(RIGHT, "answer")
    call = "from course_lib import check\ncheck('softmax', {}, points=2)"
    passed(notebook.run(call.format("lambda logits, axis=-1: softmax(logits, axis)"), "check"), "[3], this run")
    passed(notebook.run("import functools\n" + call.format("functools.partial(softmax)"), "check"))
    passed(notebook.run(f"def test(f):\n    {call.splitlines()[1].format('f')[:0]}return check('softmax', f, points=2)"
                        "\nfrom course_lib import check\ntest(softmax)", "check"), "[2], 3 runs ago")  # fmt: skip
    notebook.run("def softmax(x", "answer")
    for answer in ("functools.partial(softmax)", "lambda logits, axis=-1: softmax(logits, axis)", "softmax"):
        refused(notebook.run("import functools\n" + call.format(answer), "check"), "[6]", "SyntaxError")


def test_a_definition_in_the_checks_own_cell(notebook):
    passed(notebook.run(f"{RIGHT}\n{CHECK}", "both"), "[2], this run")
    passed(notebook.run(f"{RIGHT}\n{CHECK}", "both"), "[3], this run")
    passed(notebook.run(f"{CHECK}\n{WRONG}\nreport", "both"), "[3], 1 run ago")
    refused(notebook.run(CHECK, "both"), "no longer does", "from [4]")


def test_a_loop_over_several_answers(notebook):
    source = f"{RIGHT.replace('softmax', 'one')}{WRONG.replace('softmax', 'other')}from course_lib import check\n"
    shown = notebook.run(source + "for each in (one, other):\n    r = check('softmax', each)\n    print(r)")
    assert shown.text.count("judged: [2], this run") == 2


def test_a_name_bound_to_something_that_is_no_function(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run("softmax = softmax(np.zeros(3))", "later")
    shown = notebook.run(CHECK, "check")
    assert "should be a function" in shown.report["message"] and shown.report["judged"] == "[3], 1 run ago"


def test_a_class_and_a_method_that_came_later(notebook):
    adam = "class Cell:\n    def __call__(self, logits, axis=-1):\n        return inner(logits, axis)\n"
    notebook.run(RIGHT.replace("softmax", "inner"))
    notebook.run(adam, "class")
    notebook.run("softmax = Cell()", "made")
    passed(notebook.run(CHECK, "check"), "[4], 1 run ago, with code from [3]")
    notebook.run("Cell.__call__ = lambda self, logits, axis=-1: inner(logits, axis)")
    passed(notebook.run(CHECK, "check"))


def test_from_a_module_and_after_its_file_changed(notebook, kernel):
    save = "%%writefile mine.py\nimport numpy as np\n\n\n{}"
    notebook.run(save.format(RIGHT), "file")
    notebook.run("from mine import softmax", "answer")
    passed(notebook.run(CHECK, "check"), "[3], 1 run ago, from the module `mine`")
    notebook.run(save.format("# only a comment more\n" + RIGHT), "file")
    passed(notebook.run(CHECK, "check"))
    notebook.run(save.format(WRONG), "file")
    refused(notebook.run(CHECK, "check"), "the module `mine` has changed since `softmax` was taken from it", "Restart")
    notebook.run("import importlib, mine\nimportlib.reload(mine)\nfrom mine import softmax", "answer")
    assert not notebook.run(CHECK, "check").report["message"].startswith("Not judged")
    notebook.run(save.format(HELPER.replace("shifted", "helping")), "file")
    notebook.run("import importlib, mine\nimportlib.reload(mine)", "answer")
    notebook.run(WITH_HELPER.replace("shifted", "mine.helping"), "own")
    passed(notebook.run(CHECK, "check"))
    notebook.run(save.format(HELPER.replace("shifted", "helping").replace("max", "min")), "file")
    refused(notebook.run(CHECK, "check"), "the module `mine` has changed since `helping`")


def test_a_script_that_is_run(notebook):
    notebook.run(f"%%writefile script.py\nimport numpy as np\n{RIGHT}", "file")
    notebook.run("%run script.py", "answer")
    passed(notebook.run(CHECK, "check"), "[3], 1 run ago, from the file `script.py`")
    notebook.run(f"%%writefile script.py\nimport numpy as np\n{WRONG}", "file")
    refused(notebook.run(CHECK, "check"), "the file `script.py` has changed")


def test_lines_that_are_quoted_are_those_that_ran(notebook):
    save = "%%writefile quoted.py\n{}def softmax(logits, axis=-1):\n    return logits.nothing_of_the_kind\n"
    notebook.run(save.format("# above\n"), "file")
    notebook.run("from quoted import softmax", "answer")
    assert "return logits.nothing_of_the_kind" in str(notebook.run(CHECK, "check").report["rows"])
    notebook.run(save.format("# another line\n# above\n"), "file")
    shown = notebook.run(CHECK, "check")
    assert shown.report["rows"] and "(line 3)" in shown.report["rows"][0]["actual"]


def test_without_ids_of_cells(notebook):
    """nbclient and older front ends send none: what fails is seen, and what ran through is judged."""
    notebook.run(RIGHT, None)
    passed(notebook.run(CHECK, None), "[2], 1 run ago")
    notebook.run("def softmax(x", None)
    refused(notebook.run(CHECK, None), "[4]", "SyntaxError")
    notebook.run(RIGHT, None)
    notebook.run(RIGHT.replace("softmax", "sofmax"), None)
    passed(notebook.run(CHECK, None), "[6], 2 runs ago")


def test_run_all_that_stopped_says_how_old_the_answer_is(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run(IMPORTS, "imports")
    notebook.run("1 / 0", "stops here")  # and what comes after it does not run
    passed(notebook.run(CHECK, "check"), "[2], 3 runs ago")


def test_the_chapters_own_cell_counts_for_its_name_whatever_it_says(notebook):
    notebook.run(RIGHT, "scratch")
    notebook.run("softmax, in words (", "softmax-answer")
    refused(notebook.run(CHECK, "check"), "[3] and cannot be read by Python")


def test_both_checks_of_a_cell_and_the_report_in_full(notebook):
    notebook.run(RIGHT, "answer")
    shown = notebook.run(
        "from course_lib import check\nreport = check('softmax', softmax, points=2)\n"
        "report &= check('softmax', softmax, points=2, seed=1)\nprint(report)\n"
        "print(report._repr_mimebundle_()['text/html'])"
    )
    assert "\n  judged: [2], 1 run ago\n" in shown.text and "judged: [2], 1 run ago</div></div>" in shown.text


def test_hostile_objects_are_still_checked(notebook):
    notebook.run(
        "class Odd(type):\n    def __getattribute__(cls, name):\n        raise RuntimeError\n"
        "class Equal:\n    def __eq__(self, other):\n        raise RuntimeError\n    __hash__ = None\n"
        "    def __getattr__(self, name):\n        return self\n"
        "    def __call__(self, *a, **k):\n        return self\n"
        "class Strange(metaclass=Odd):\n    pass\n"
        "x, y, softmax = Equal(), Strange, Equal()"
    )
    shown = notebook.run(CHECK, "check")
    assert shown.error == "" and shown.stderr == "" and not shown.report["passed"]


def test_silent_while_an_assignment_is_graded(notebook):
    notebook.run(RIGHT, "answer")
    notebook.run("def softmax(x", "answer")
    notebook.run("import os\nos.environ['NBGRADER_EXECUTION'] = 'validate'")
    shown = notebook.run(CHECK, "check")
    notebook.run("del os.environ['NBGRADER_EXECUTION']")
    assert shown.report["points"] == 2 and shown.report["judged"] == ""


def test_three_hundred_cells_cost_a_check_next_to_nothing(notebook):
    notebook.run(RIGHT, "answer")
    for number in range(300):
        notebook.run(f"def helper_{number}(x):\n    y = x + {number}\n    return y * 2\n\nvalue_{number} = {number}")
    shown = notebook.run(
        "import time\nfrom course_lib import cells\ntook = []\nfor _ in range(20):\n    begun = time.thread_time()\n"
        "    origin = cells.origin_of('softmax', softmax)\n    took.append(time.thread_time() - begun)\n"
        "print(origin.judged, min(took))"
    )
    assert shown.text.startswith("[2], 301 runs ago") and float(shown.text.split()[-1]) < 0.003, shown.text


def test_after_a_restart_a_check_cell_says_what_to_run(tmp_path):
    with running_kernel(tmp_path) as (_, fresh):
        shown = fresh.run(CHECK, "check")
        assert shown.error == "NameError" and shown.stderr == ""
        assert "Run the cell in which you write `softmax`, then this one again" in shown.text
        fresh.run(RIGHT, "answer")
        shown = fresh.run(CHECK, "check")
        assert any("`np` is not defined: it comes from the import cell" in note for note in shown.report["notes"])
        fresh.run(IMPORTS, "imports")
        passed(fresh.run(CHECK, "check"), "[2], 3 runs ago")


def test_a_chapter_run_without_history_counts_its_runs_as_with_one(tmp_path):
    """nbval runs so, and compares reports with those that a run with a history has stored."""
    with running_kernel(tmp_path) as (_, fresh):
        fresh.keeps_history = False
        fresh.run(f"{IMPORTS}\nfrom course_lib import check", None)
        fresh.run(f"%%capture\n{RIGHT}", None)
        passed(fresh.run(CHECK, None), "[2], 1 run ago")
        passed(fresh.run(f"{RIGHT}\n{CHECK}", None), "[4], this run")
        fresh.run("def softmax(x", None)
        refused(fresh.run(CHECK, None), "[5]", "SyntaxError", "from [4]")


def test_says_nothing_in_plain_python():
    from course_lib import check

    report = check("softmax", lambda logits, axis=-1: logits)
    assert report.judged == "" and "judged" not in str(report)
