"""solutions/ → notebooks/: what is written, what is refused, and that nothing is touched where it fails."""

import os

import pytest
from nbformat.v4 import new_code_cell, new_output

from course_lib.checking.repair import buggy_source
from course_lib.commands import release
from course_lib.commands.course import Course
from course_lib.commands.lint import leaks, problems
from tests.repair_course import make_repair_course
from tests.repair_course import notebook as repair_notebook
from tests.tiny_course import CHAPTER, cell, make_course, read, run, snapshot, solved_notebook, write
from tests.tiny_repair import REPAIRED_MEAN


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.chdir(make_course(tmp_path / "course"))
    return Course(tmp_path / "course")


def test_release_writes_a_student_version_and_then_leaves_it_alone(course):
    first = run("release")
    assert (first.exit_code, first.stdout) == (0, f"notebooks/{CHAPTER}: written\n")
    released = read(course.notebooks / CHAPTER / "tiny.ipynb")
    assert [each.id for each in released.cells] == [each.id for each in solved_notebook().cells]
    assert cell(released, "double-solution").source == (
        'def double(x):\n    raise NotImplementedError("Replace this line with your code.")'
    )
    assert cell(released, "double-test").source == 'report = check("double", double, points=2)\nreport'
    assert all(not each.get("outputs") for each in released.cells)
    assert cell(released, "a-demo").metadata["tags"] == ["demo"]
    assert (course.notebooks / CHAPTER / "numbers.csv").read_text() == "1,2,3\n"
    # Nothing but the chapter is left: no gradebook, no scratch folder, no variables for kernels.
    assert sorted(os.listdir(course.root)) == ["nbgrader_config.py", "notebooks", "solutions"]
    assert sorted(os.listdir(course.notebooks)) == [CHAPTER]

    before = snapshot(course.notebooks)
    when = (course.notebooks / CHAPTER / "tiny.ipynb").stat().st_mtime_ns
    second = run("release", CHAPTER)
    assert (second.exit_code, second.stdout) == (0, f"notebooks/{CHAPTER}: unchanged\n")
    assert snapshot(course.notebooks) == before
    assert (course.notebooks / CHAPTER / "tiny.ipynb").stat().st_mtime_ns == when
    # Not only is the old file kept: what is generated anew is equal, byte for byte.
    with release.generated(course, CHAPTER) as fresh:
        assert snapshot(fresh) == snapshot(course.notebooks / CHAPTER)


def test_release_does_not_change_the_environment_of_this_process(course):
    before = dict(os.environ)
    run("release")
    assert dict(os.environ) == before


def test_drift_is_found_in_every_form_and_changes_nothing(course):
    assert run("release", "--check").exit_code == 1
    run("release")
    clean = run("release", "--check")
    assert (clean.exit_code, clean.stdout) == (0, "")

    notebook = read(course.notebooks / CHAPTER / "tiny.ipynb")
    cell(notebook, "title").source = "# Tiny, changed by hand"
    write(course.notebooks / CHAPTER / "tiny.ipynb", notebook)
    (course.notebooks / CHAPTER / "numbers.csv").unlink()
    (course.notebooks / CHAPTER / "extra.txt").write_text("not from the solutions")
    write(course.notebooks / "99_orphan" / "orphan.ipynb", solved_notebook())
    before = snapshot(course.root)
    drifted = run("release", "--check")
    assert drifted.exit_code == 1
    for words in (
        "tiny.ipynb differs",
        "numbers.csv is missing",
        "extra.txt does not",
        "99_orphan has no solution",
    ):
        assert words in drifted.stdout
    assert snapshot(course.root) == before

    run("release", CHAPTER)
    assert not (course.notebooks / CHAPTER / "extra.txt").exists()
    assert run("release", "--check", CHAPTER).exit_code == 0


def remove_markers(notebook):
    cell(notebook, "double-solution").source = "def double(x):\n    return x + x"


def store_an_error(notebook):
    cell(notebook, "setup").outputs = [new_output("error", ename="ZeroDivisionError", evalue="oops", traceback=[])]


def lose_points(notebook):
    cell(notebook, "larger-test").outputs[0]["data"]["text/plain"] = "1.5"


def write_to_stderr(notebook):
    cell(notebook, "larger-test").outputs.append(new_output("stream", name="stderr", text="a warning"))


def never_run(notebook):
    cell(notebook, "larger-test").execution_count = None


def give_a_machine_id(notebook):
    cell(notebook, "title").id = "3fa85f64"


def give_another_machine_id(notebook):
    cell(notebook, "title").id = "c0ffee12-7a3b-4c1e-9f00-aabbccddeeff"


def repeat_an_id(notebook):
    cell(notebook, "title").id = "setup"


def repeat_a_grade_id(notebook):
    cell(notebook, "larger-test").metadata["nbgrader"]["grade_id"] = "double-test"


def leave_a_region_open(notebook):
    cell(notebook, "double-test").source = cell(notebook, "double-test").source.replace("### END HIDDEN TESTS\n", "")


def forget_the_role(notebook):
    del cell(notebook, "double-solution").metadata["nbgrader"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (remove_markers, "cell double-solution: a solution cell without ### BEGIN SOLUTION"),
        (store_an_error, "cell setup: its stored output is an error, ZeroDivisionError: oops"),
        (lose_points, "cell larger-test: our own solution earns 1.5 of 3 points"),
        (write_to_stderr, "cell larger-test: its stored output has a line on stderr"),
        (never_run, "cell larger-test: it was never run"),
        (give_a_machine_id, "cell 3fa85f64: give it an id of words"),
        (give_another_machine_id, "cell c0ffee12-7a3b-4c1e-9f00-aabbccddeeff: give it an id of words"),
        (repeat_an_id, "cell setup: 2 cells have this id"),
        (repeat_a_grade_id, "cell larger-test: 2 cells have the grade_id double-test"),
        (leave_a_region_open, "cell double-test: 1 BEGIN HIDDEN TESTS and 0 END HIDDEN TESTS"),
        (forget_the_role, "cell double-solution: a BEGIN SOLUTION region, but nbgrader's metadata"),
    ],
)
def test_problems_names_each_mistake_of_an_author(spoil, words):
    notebook = solved_notebook()
    assert problems(notebook) == []
    spoil(notebook)
    assert any(line.startswith(words) for line in problems(notebook)), problems(notebook)


def test_an_unfit_solution_is_refused_and_everything_stays(course):
    run("release")
    path = course.solutions / CHAPTER / "tiny.ipynb"
    notebook = read(path)
    remove_markers(notebook)
    write(path, notebook)
    before = snapshot(course.root)
    for arguments in (["release"], ["release", "--check"]):
        refused = run(*arguments)
        assert refused.exit_code == 2
        assert "without ### BEGIN SOLUTION" in refused.stderr
        assert snapshot(course.root) == before


def test_a_solution_that_stands_elsewhere_too_is_a_leak(course):
    path = course.solutions / CHAPTER / "tiny.ipynb"
    notebook = read(path)
    secret = "    doubled = x + 0.0\n    return doubled + x"
    cell(notebook, "double-solution").source = f"def double(x):\n    ### BEGIN SOLUTION\n{secret}\n    ### END SOLUTION"
    notebook.cells.append(new_code_cell(f"def mine(x):\n{secret}", id="scratch"))
    write(path, notebook)
    refused = run("release")
    assert refused.exit_code == 2
    assert "cell scratch repeats the solution of double-solution" in refused.stderr
    assert not (course.notebooks / CHAPTER).exists()


def test_leaks_sees_markers_hidden_tests_and_outputs_that_stayed():
    solved = solved_notebook()
    found = leaks(solved, solved)
    assert "cell double-solution still has BEGIN SOLUTION" in found
    assert "cell double-test still has END HIDDEN TESTS" in found
    assert "cell double-test still has its output" in found


def test_what_nbgrader_refuses_is_told_in_a_sentence(course):
    path = course.solutions / CHAPTER / "tiny.ipynb"
    notebook = read(path)
    cell(notebook, "double-test").metadata["nbgrader"]["schema_version"] = 1
    write(path, notebook)
    refused = run("release")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("course: nbgrader could not generate 00_tiny: ")
    assert "Traceback" not in refused.stderr
    assert not (course.root / "build").exists()


def test_a_chapter_that_cannot_be_replaced_stays(course, monkeypatch):
    run("release")
    before = snapshot(course.notebooks)
    notebook = read(course.solutions / CHAPTER / "tiny.ipynb")
    cell(notebook, "title").source = "# Tiny, second edition"
    write(course.solutions / CHAPTER / "tiny.ipynb", notebook)
    rename = os.rename

    def full_disk(source, target):
        if os.fspath(target) == os.fspath(course.notebooks / CHAPTER) and not os.fspath(source).endswith(".old"):
            raise OSError(28, "No space left on device", target)
        rename(source, target)

    monkeypatch.setattr(os, "rename", full_disk)
    refused = run("release")
    assert refused.exit_code == 2
    assert "No space left on device" in refused.stderr
    assert snapshot(course.notebooks) == before


@pytest.mark.slow
def test_run_stores_stable_outputs_and_release_run_is_repeatable(course, monkeypatch):
    for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.delenv(name, raising=False)
    path = course.solutions / CHAPTER / "tiny.ipynb"
    notebook = read(path)
    del cell(notebook, "a-demo").metadata["tags"]
    # --run executes demonstrations too; this one must find the variables that stored outputs are made with.
    cell(notebook, "a-demo").source = "import os, pathlib\npathlib.Path('made.txt').touch()\n" + (
        "[os.environ[name] for name in ('TF_CPP_MIN_LOG_LEVEL', 'TF_ENABLE_ONEDNN_OPTS', 'CUDA_VISIBLE_DEVICES')]"
    )
    cell(notebook, "a-demo").metadata["execution"] = {"iopub.status.busy": "2025-01-01T00:00:00Z"}
    cell(notebook, "larger-test").outputs = []
    notebook.metadata["kernelspec"] = {"display_name": "Mine", "language": "python", "name": "mine"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1"}
    write(path, notebook)
    done = run("release", "--run")
    assert done.exit_code == 0, done.stderr
    first = path.read_bytes()
    executed = read(path)
    assert cell(executed, "a-demo").outputs[0]["data"]["text/plain"] == "['3', '0', '-1']"
    assert cell(executed, "larger-test").outputs[0]["data"]["text/plain"] == "3.0"
    assert executed.metadata["kernelspec"]["name"] == "python3"
    assert executed.metadata["language_info"] == {"name": "python"}
    assert "execution" not in cell(executed, "a-demo").metadata
    # What a cell writes beside the notebook is no support file of the chapter.
    assert sorted(os.listdir(path.parent)) == ["numbers.csv", "tiny.ipynb"]

    again = run("release", "--run")
    assert (again.stdout, path.read_bytes()) == (f"notebooks/{CHAPTER}: unchanged\n", first)

    cell(executed, "double-solution").source = "1 / 0  ### BEGIN SOLUTION\n### END SOLUTION"
    write(path, executed)
    before = path.read_bytes()
    assert before != first
    failed = run("release", "--run")
    assert failed.exit_code == 2
    assert "cell double-solution: ZeroDivisionError: division by zero" in failed.stderr
    assert path.read_bytes() == before


def test_replace_folder_needs_no_old_folder(tmp_path):
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh" / "a.txt").touch()
    release.replace_folder(tmp_path / "fresh", tmp_path / "notebooks" / "chapter")
    assert (tmp_path / "notebooks" / "chapter" / "a.txt").exists()


def test_an_unknown_chapter_is_told_with_the_nearest(course):
    refused = run("release", "tinny")
    assert (refused.exit_code, refused.stderr) == (2, "course: There is no chapter 'tinny'. Did you mean 00_tiny?\n")


# --- Repairs and proofs


def test_a_repair_begins_with_the_buggy_code_and_proofs_are_left_out(tmp_path, monkeypatch):
    course = Course(make_repair_course(tmp_path / "course", monkeypatch))
    monkeypatch.chdir(course.root)
    done = run("release")
    assert (done.exit_code, done.stdout) == (0, f"notebooks/{CHAPTER}: written\n"), done.stderr
    released = read(course.notebooks / CHAPTER / "tiny.ipynb")
    assert [each.id for each in released.cells] == ["title", "setup", "mean-answer", "mean-check"]
    bug = buggy_source(REPAIRED_MEAN)
    assert cell(released, "mean-answer").source == f"# Repair the class.\n{bug}\n# Every line above may be changed."
    assert cell(released, "mean-check").source == 'report = check("mean", mean, points=3)\nreport'
    assert leaks(repair_notebook(), released) == []
    assert run("release", "--check").exit_code == 0


@pytest.mark.parametrize(
    ("proof", "reader", "told"),
    [
        ("slope = 1", "print(slope)", "`slope`"),
        ("import numpy as np", "def later():\n    return np.pi", "`np`"),
        ("for row in range(3):\n    assert row < 3", "row + 1", "`row`"),
        ("points = [1]\npoints[0] = 2", "%timeit points", "`points`"),
        ("def slope():\n    return 1\nassert slope() == 1", "slope()", "`slope`"),
        ("slope = 1", "slope = 2\nprint(slope)", None),
        ("slope = 1", "def f(slope):\n    return slope", None),
        ("assert setup", "setup = 1", None),
    ],
)
def test_a_proof_binds_nothing_that_other_cells_read(proof, reader, told):
    notebook = repair_notebook()
    cell(notebook, "sum-proof").source = proof
    notebook.cells.append(new_code_cell(reader, id="reader"))
    notebook.cells.append(new_code_cell("print(shown)", id="proof-too", metadata={"tags": ["proof"]}))
    wanted = [f"cell sum-proof: tagged proof, but cell reader reads its {told}, and releases leave it out"]
    assert problems(notebook) == (wanted if told else [])


def test_a_proof_is_no_test():
    notebook = repair_notebook()
    cell(notebook, "mean-check").metadata["tags"] = ["proof"]
    assert [line for line in problems(notebook) if line.startswith("cell mean-check: tagged proof")]
