"""Every way in which an answer can come to be in a kernel: it is found, and where its code is from is said."""

import pytest

from tests.checking.kernels import running_kernel
from tests.checking.out_of_order import (
    CHECK,
    FAILING,
    HELPER,
    IMPORTS,
    RIGHT,
    WITH_HELPER,
    WRONG,
    indented,
    passed,
    refused,
)

pytestmark = pytest.mark.slow  # a kernel runs hundreds of cells

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
    """Counted in calls: looking up where an answer is from goes once through the names, and reads no cell again."""
    notebook.run(RIGHT, "answer")
    for number in range(300):
        notebook.run(f"def helper_{number}(x):\n    y = x + {number}\n    return y * 2\n\nvalue_{number} = {number}")
    shown = notebook.run(
        "import sys\nfrom course_lib import cells\ncalls = []\nsys.setprofile(lambda *_: calls.append(1))\n"
        "origin = cells.origin_of('softmax', softmax)\nsys.setprofile(None)\nprint(origin.judged, len(calls))"
    )
    assert shown.text.startswith("[2], 301 runs ago") and int(shown.text.split()[-1]) < 30 * 600, shown.text


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
