"""What can be done to a submission's files before they are handed in: each a function of the world and the folder."""

import json
import os
import shutil

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.attacks.course import EXERCISES, NOTEBOOK

FILE = f"{NOTEBOOK}.ipynb"

# --- changes to the file ---


def text(content):
    """Return a remake that puts `content` in the notebook's place."""

    def remake(world, folder):
        path = folder / FILE
        path.write_bytes(content(path.read_bytes()) if callable(content) else content)

    return remake


def data(change):
    """Return a remake that changes the notebook's JSON."""

    def remake(world, folder):
        path = folder / FILE
        notebook = json.loads(path.read_text())
        path.write_text(json.dumps(change(notebook) or notebook))

    return remake


def named(notebook, name):
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def tests(notebook):
    return [cell for cell in notebook["cells"] if cell["id"].endswith("-test")]


def emptied(notebook):
    for cell in tests(notebook):
        cell["source"] = ["pass"]
        cell["metadata"]["nbgrader"] |= {"locked": False, "solution": False}


def retyped(notebook):
    for cell in tests(notebook):
        cell["cell_type"] = "markdown"
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)


def doubled(notebook):
    """Put before each test an empty cell with its id, and after it another one."""
    cells = []
    for cell in notebook["cells"]:
        if cell["id"].endswith("-test"):
            cells.append(cell | {"id": cell["id"] + "-a", "source": ["pass"]})
            cells.append(cell)
            cells.append(cell | {"id": cell["id"] + "-b", "source": ["pass"]})
        else:
            cells.append(cell)
    notebook["cells"] = cells


def swapped(notebook):
    """Give each test the answer's role and the answer the test's."""
    for name in EXERCISES:
        answer, test = named(notebook, f"{name}-answer"), named(notebook, f"{name}-test")
        answer["metadata"], test["metadata"] = test["metadata"], answer["metadata"]


def repointed(notebook):
    for cell in tests(notebook):
        cell["metadata"]["nbgrader"] |= {"points": 1000}


def poisoned_points(notebook):
    for cell, points in zip(tests(notebook), [float("nan"), -5, "many", None, 1e400], strict=True):
        cell["metadata"]["nbgrader"] |= {"points": points}


def undone(notebook):
    """Leave metadata that is none: lists, numbers and texts where objects should be."""
    for cell, junk in zip(tests(notebook), [[], 7, "x", None, {"grade_id": ["a"], "grade": "yes"}], strict=True):
        cell["metadata"]["nbgrader"] = junk


def ungraded(notebook):
    for cell in tests(notebook):
        cell["metadata"]["nbgrader"] |= {"grade": False, "solution": True, "locked": False}


def deleted(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["id"].endswith("-test")]


def tagged(notebook):
    for cell in tests(notebook):
        cell["metadata"]["tags"] = ["skip-execution", "demo"]


def with_outputs(notebook):
    """Store results that were never computed, and skip what would compute them."""
    for cell in tests(notebook):
        cell["outputs"] = [new_output("execute_result", {"text/plain": "4.0"}, execution_count=1)]
        cell["execution_count"] = 1
        cell["metadata"]["tags"] = ["skip-execution"]


def kernelspec(**spec):
    def change(notebook):
        notebook["metadata"]["kernelspec"] = spec
        notebook["metadata"]["language_info"] = {"name": spec.get("language", "python")}

    return data(change)


def ahead(notebook):
    """Put the tests before everything else, and cells of the same names where they were."""
    moved = tests(notebook)
    notebook["cells"] = moved + [cell for cell in notebook["cells"] if cell not in moved]


def many_cells(notebook):
    notebook["cells"] += [json.loads(json.dumps(new_markdown_cell("x" * 1000, id=f"n{n}"))) for n in range(20_000)]


# --- changes to the folder ---


def link(target, name=FILE, hard=False):
    """Return a remake that puts a link to one of the places an attacker knows under `name`."""

    def remake(world, folder):
        (folder / name).unlink(missing_ok=True)
        place = target if target.startswith("/") else world.where()[target]
        (os.link if hard else os.symlink)(place, folder / name)

    return remake


def folder_in_its_place(world, folder):
    (folder / FILE).unlink()
    (folder / FILE).mkdir()


def fifo(world, folder):
    os.mkfifo(folder / "heights.txt")


def sparse(world, folder):
    with (folder / "large.bin").open("wb") as file:
        file.truncate(2**40)


def odd_names(world, folder):
    """Add notebooks whose names are paths, options, commands and templates."""
    for name in (
        "..",
        "-f",
        "$(touch planted)",
        "a;touch planted",
        "{student_id}",
        "a\nb",
        "*",
        "x" * 240,
        "mïdterm\u202e",
    ):
        shutil.copy(folder / FILE, folder / f"{name}.ipynb")
    (folder / "deep" / "down").mkdir(parents=True)
    shutil.copy(folder / FILE, folder / "deep" / "down" / FILE)


def shadows(world, folder):
    """Add modules in the names of those that the tests import."""
    full = "class Full(float):\n    def __and__(self, other):\n        return self\n\n"
    (folder / "course_lib").mkdir()
    (folder / "course_lib" / "__init__.py").write_text(
        full + "check = lambda *a, **k: Full(3)\nstudent_seed = lambda: 0\n"
    )
    for name in ("sitecustomize", "usercustomize", "ipython_config", "conftest"):
        (folder / f"{name}.py").write_text(f"open({str(world.root / 'open' / 'planted')!r}, 'w')\n")


def shadowed_data(world, folder):
    (folder / "heights.csv").write_text("1,1\n2,2\n3,3\n")


# --- markup ---

SCRIPT = "<script>window.planted = 1</script>"
IMAGE = "<img src=x onerror='window.planted = 1'>"


def markup(notebook):
    html = SCRIPT + IMAGE + "<iframe src='javascript:window.planted=1'></iframe><svg onload='window.planted = 1'/>"
    notebook["cells"] += [
        dict(new_markdown_cell(html, id="markup")),
        dict(
            new_code_cell(
                f"from IPython.display import HTML, Javascript, display\n"
                f"display(HTML({html!r}), Javascript('window.planted = 1'))\nprint({html!r})\n"
                f"raise ValueError({html!r})",
                id="shown",
            )
        ),
    ]
    notebook["metadata"]["title"] = SCRIPT
