"""Cells run out of order, in a real kernel: what is judged is named, and what is not the newest is not judged."""

import pytest

from tests.checking.out_of_order import CHECK, FAILING, HELPER, RIGHT, WITH_HELPER, WRONG, commented, passed, refused

pytestmark = pytest.mark.slow  # a kernel runs hundreds of cells


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
