"""`course …` as a learner types it: finding the course and its chapters, progress, data, and the program itself."""

import json
import os
import re
import subprocess
import sys
import time

import pytest

from course_lib.commands.course import CourseError, find_course, which_chapter
from tests.tiny_course import CHAPTER, ROOT, learner_course, refused, run

CHAPTERS = ["00_welcome", "01_activations", "08_mnist_mlp", "09_mnist_cnn"]


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08_mnist_mlp", "08_mnist_mlp"),
        ("08", "08_mnist_mlp"),
        ("8", "08_mnist_mlp"),
        ("mnist_mlp", "08_mnist_mlp"),
        ("act", "01_activations"),
        ("work/08_mnist_mlp/", "08_mnist_mlp"),
        ("00", "00_welcome"),
    ],
)
def test_a_chapter_is_known_by_number_topic_and_beginning(tmp_path, typed, meant):
    assert which_chapter(typed, CHAPTERS, tmp_path) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("mnist", "could be any of 08_mnist_mlp, 09_mnist_cnn"),
        ("08_mnist_mpl", "Did you mean 08_mnist_mlp?"),
        ("activation_functions", "Did you mean 01_activations?"),
        ("12", "There are: 00_welcome, 01_activations"),
        ("", "There is no chapter ''"),
    ],
)
def test_an_unknown_chapter_is_refused_with_the_nearest(tmp_path, typed, words):
    with pytest.raises(CourseError) as error:
        which_chapter(typed, CHAPTERS, tmp_path)
    assert words in str(error.value)


def test_the_course_is_found_from_below_and_from_outside(course, tmp_path):
    assert find_course(course.notebooks / CHAPTER).root == course.root
    (tmp_path / "elsewhere" / "notebooks").mkdir(parents=True)  # a folder of that name is no course yet
    assert find_course(tmp_path / "elsewhere").root == ROOT


def test_outside_any_course_a_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course_lib.commands.course.__file__", str(tmp_path / "site-packages" / "course.py"))
    assert "There is no course here" in refused("progress")


def test_data_that_cannot_be_had_is_told_after_all_were_tried(monkeypatch):
    from course_lib import data

    asked = []

    def fetch(name, say):
        asked.append(name)
        say(f"trying {name}")
        if name == "mnist":
            raise data.DataUnavailable("MNIST could not be fetched: do this.\nTried, in this order:\n  - Keras")

    monkeypatch.setattr(data, "fetch", fetch)
    monkeypatch.setattr(data, "status", lambda: [type("Status", (), {"name": name}) for name in ("mnist", "imdb")])
    assert refused("data") == "MNIST could not be fetched: do this.\n"  # what was tried has been said
    assert asked == ["mnist", "imdb"]
    assert run("data", "imdb").stdout == "trying imdb\n"


def test_an_unknown_data_set_is_told_in_a_sentence():
    assert "There is no data set called 'cifar'" in refused("data", "cifar")


def test_help_needs_neither_notebooks_nor_numpy():
    """What makes `course --help` quick; the time itself is measured by the benchmarks."""
    heavy = ["numpy", "nbformat", "nbgrader", "nbclient", "keras", "tensorflow", "rich.table"]
    program = (
        "import sys\nfrom course_lib import cli\n"
        "try:\n    cli.app(['reset', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {heavy[:-1]} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert result.stdout.splitlines()[-1] == "loaded: []", result.stderr


@pytest.mark.slow
def test_lab_really_serves_the_copies_and_ends_on_ctrl_c(course, tmp_path):
    """Starts JupyterLab through the installed program, asks it for the folder, and interrupts it as a learner does."""
    import signal
    import urllib.request

    program = os.path.join(os.path.dirname(sys.executable), "course")
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(
        [program, "lab", "--no-browser", "--port", "0", "--", "--IdentityProvider.token=t", "--allow-root"],
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
        },
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        deadline = time.monotonic() + 60
        while not (servers := list((tmp_path / "run").glob("jpserver-*.json"))):
            assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.2)
        # The program has become JupyterLab, rather than waiting for it.
        assert servers[0].name == f"jpserver-{process.pid}.json"
        url = json.loads(servers[0].read_text())["url"]
        while True:
            try:
                with urllib.request.urlopen(f"{url}api/contents/{CHAPTER}?token=t", timeout=10) as answer:
                    names = {entry["name"] for entry in json.load(answer)["content"]}
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert names == {"tiny.ipynb", "pictures"}
        with urllib.request.urlopen(f"{url}lab?token=t", timeout=30) as answer:
            page = answer.read().decode()
        # No menus for teachers, and no question about news before the first chapter.
        disabled = re.search(r'"disabledExtensions": (\[.*?\])', page).group(1)
        assert {"@jupyter/nbgrader", "@jupyterlab/apputils-extension:announcements"} <= set(json.loads(disabled))
        # Without a terminal JupyterLab does not ask whether to stop; while still starting up it can miss the first one.
        while process.poll() is None:
            assert time.monotonic() < deadline
            process.send_signal(signal.SIGINT)
            time.sleep(3)
    finally:
        process.kill()
        log.close()


def test_help_and_version_come_by_the_usual_options():
    assert run("-h").exit_code == 0 and run("check", "-h").stdout == run("check", "--help").stdout
    assert re.fullmatch(r"course \d+\.\d+\.\d+\n", run("--version").stdout)
