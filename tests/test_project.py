"""What holds the project together: the direction of imports, pinned versions, and the files that users meet first."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "course_lib"
MATHEMATICS = [
    "activations",
    "initializers",
    "weighting",
    "losses",
    "line_fits",
    "optimizers",
    "schedules",
    "regularizers",
    "surfaces",
    "tuning",
    "layers",
    "convolution",
    "convolution_layers",
    "mnist_1d",
    "network",
    "early_stopping",
    "augmentation",
    "parallel",
    "ranks",
    "collectives",
    "data_parallel",
    "pruning",
    "quantization",
    "distillation",
    "text",
    "ngrams",
    "embedding",
    "naive_bayes",
    "autograd",
    "gradients",
    "inspection",
]


def imports_of(path):
    """Yield the full names of the modules that `path` imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(*parts):
    path = LIBRARY.joinpath(*parts)
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    assert files and all(file.exists() for file in files)
    return files


@pytest.mark.parametrize("module", MATHEMATICS)
def test_the_mathematics_imports_numpy_and_itself_only(module):
    allowed = {"numpy", "course_lib", *(f"course_lib.{name}" for name in MATHEMATICS)}
    if module == "parallel":
        allowed.add("threadpoolctl")  # what tells NumPy's BLAS how many threads to use
    for name in imports_of(LIBRARY / f"{module}.py"):
        root = name.split(".")[0]
        assert (
            root in sys.stdlib_module_names
            or root == "numpy"
            or any(name == ours or name.startswith(ours + ".") for ours in allowed)
        ), f"{module}.py imports {name}"


@pytest.mark.parametrize(
    ("room", "may_not_import"),
    [
        ("checking", ["course_lib.exercises", "course_lib.notebook", "course_lib.grading", "course_lib.commands",
                      "IPython", "ipywidgets", "nbgrader", "nbformat", "nbclient"]),
        ("exercises", ["course_lib.grading", "course_lib.commands", "course_lib.cli", "course_lib.widgets"]),
        ("widgets", ["course_lib.checking", "course_lib.exercises", "course_lib.grading", "course_lib.cli"]),
        ("grading", ["course_lib.cli", "course_lib.commands"]),
        ("serving", ["course_lib.checking", "course_lib.exercises", "course_lib.library", "course_lib.widgets",
                     "course_lib.grading", "course_lib.commands", "course_lib.cli", "course_lib.notebook",
                     "course_lib.showcase", "course_lib.yours"]),
        ("training", ["course_lib.checking", "course_lib.exercises", "course_lib.notebook", "course_lib.yours",
                      "course_lib.widgets", "course_lib.grading", "course_lib.commands", "course_lib.cli"]),
        ("data", ["course_lib.checking", "course_lib.exercises", "course_lib.cli"]),
    ],
)  # fmt: skip
def test_dependencies_point_one_way(room, may_not_import):
    for file in files_of(room):
        for name in imports_of(file):
            if re.match(r"course_lib\.checking\.(isolation|scene)\b", name):
                continue  # they know nothing of the rest: running a learner's function safely, and what a picture holds
            for forbidden in may_not_import:
                assert name != forbidden and not name.startswith(forbidden + "."), f"{file} imports {name}"


def test_importing_the_library_does_not_import_tensorflow():
    code = (
        "import sys, course_lib; from course_lib import check, exercises; check('softmax', None);"
        "heavy = {'tensorflow', 'keras', 'IPython', 'matplotlib', 'nbgrader'} & set(sys.modules);"
        "sys.exit(str(heavy or 0))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1 and run.stderr.strip() == "0", run.stderr


def pins_of_lock():
    """Return {requirement's name: (version, marker)} of the project's direct dependencies, locked for Python 3.12."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    python = {"python_full_version": "3.12.0", "python_version": "3.12"}
    versions = {
        package["name"]: package["version"]
        for package in lock["package"]
        if "version" in package
        and any(Marker(m).evaluate(python) for m in package.get("resolution-markers", ["python_version > '3'"]))
    }
    pins = {}
    extras = project["optional-dependencies"]
    for requirement in project["dependencies"] + extras["serve"] + extras["cpu"]:
        name = re.match(r"[\w-]+", requirement).group()
        if name != "pip":  # conda installs pip itself
            pins[name] = (versions[name], requirement.partition(";")[2].strip())
    return pins


def pip_part():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))


def test_conda_users_get_the_locked_versions():
    locked = [
        f"{name}=={version}" + (f"; {marker}" * bool(marker)) for name, (version, marker) in pins_of_lock().items()
    ]
    assert pip_part() == [*locked, "--editable ."]


@pytest.mark.slow
def test_the_pip_part_of_the_conda_environment_resolves():
    requirements = "\n".join(line for line in pip_part() if not line.startswith("--"))
    uv = shutil.which("uv") or str(ROOT / ".venv-uv/bin/uv")
    run = subprocess.run(
        [uv, "pip", "compile", "--quiet", "--python-version", "3.12", "--no-header", "-"],
        input=requirements, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "jupyterlab==" in run.stdout


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake (\w+)", readme))
    assert {"lab", "test"} <= named
    for target in named | {"lab", "check", "test", "release", "bench", "results"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


def test_links_in_the_documents_lead_somewhere():
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    links = [
        (document, link)
        for document in documents
        for link in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text(encoding="utf-8"))
    ]
    assert links
    for document, link in links:
        assert (document.parent / link).exists(), f"{document.name} links to {link}"
