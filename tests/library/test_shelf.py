"""The library on the disk: what is kept, what is refused, and what becomes of files that somebody edits or breaks."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from course_lib import activations, optimizers, yours
from course_lib.library import serving
from course_lib.library.shelf import Draft, Shelf, digest_of
from course_lib.library.verify import settle
from tests.library.answers import ADAM, RELU, SOFTMAX

NUMPY = "import numpy as np\n\n\n"
X = np.array([-1.0, 0.0, 2.0])


def is_mine(name, capsys):
    getattr(yours, name)(X)
    return f"my {name}" in capsys.readouterr().out


def test_without_a_library_everything_is_the_courses(shelf):
    np.testing.assert_array_equal(yours.softmax(X), activations.softmax(X))
    assert isinstance(yours.Adam(0.1), optimizers.Adam)
    assert yours.whose("softmax") == "the course's" and "softmax: the course's" in repr(yours.softmax)
    assert not shelf.home.exists()


def test_names_are_those_of_the_exercises(shelf):
    assert {"softmax", "Adam", "stack_derivative", "whose"} <= set(dir(yours))
    with pytest.raises(AttributeError, match="did you mean softmax"):
        _ = yours.sofmax
    with pytest.raises(AttributeError):  # its answer would be the list of right letters
        _ = yours.quiz_activations


def test_what_passes_is_kept_and_used(shelf, keep, capsys):
    keep("softmax", NUMPY + SOFTMAX)
    keep("relu", NUMPY + RELU)
    assert is_mine("softmax", capsys) and is_mine("relu", capsys)
    assert yours.whose("relu") == "your own, from your_library/activations.py"
    text = (shelf.folder / "activations.py").read_text()
    assert text.index("# %% softmax") < text.index("# %% relu") and "edit this file by hand" in text


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (NUMPY + "def relu(x):\n    return abs(x)\n", "it does not pass"),
        ("def relu(x):\n    return np.maximum(x, 0)\n", "it does not pass"),
        ("def relu(x)\n", "cannot be loaded: SyntaxError"),
        ("raise SystemExit\n", "cannot be loaded: SystemExit"),
        ("import os\nos._exit(0)\n", "it ends the process"),
        ("from course_lib.activations import relu\n", "it does not pass"),
        ("from course_lib import activations\n\ndef relu(x):\n    return activations.relu(x)\n", "it does not pass"),
        ("from course_lib import yours\n\ndef relu(x):\n    return yours.relu(x)\n", "it does not pass"),
    ],
)
def test_what_does_not_pass_on_its_own_is_never_used(shelf, keep, source, why):
    keep("relu", source)
    assert why in yours.whose("relu") and yours.relu(X)[0] == 0
    assert not (shelf.folder / "activations.py").exists() and not shelf.waiting()


def test_an_answer_that_fails_leaves_the_earlier_one_in_use(shelf, keep, capsys):
    keep("relu", NUMPY + RELU)
    keep("relu", NUMPY + "def relu(x):\n    return abs(x)\n")
    assert is_mine("relu", capsys)


def test_an_older_answer_is_kept_beside_the_new_one(shelf, keep, capsys):
    keep("relu", NUMPY + RELU)
    keep("relu", NUMPY + "def relu(x):\n    return np.where(x > 0, x, 0)\n")
    assert not is_mine("relu", capsys) and yours.is_yours("relu")
    assert "my relu" in (shelf.folder / "older" / "relu-1.py").read_text()


def test_names_that_clash_do_not_meet(shelf, keep, capsys):
    keep("relu", NUMPY + "def shifted(x):\n    return x\n\n\n" + RELU.replace("(x, 0)", "(shifted(x), 0)"))
    keep("softmax", NUMPY + SOFTMAX)
    keep("elu", "from numpy import *\n\n\ndef elu(x, alpha=1.0):\n    return where(x > 0, x, alpha * expm1(x))\n")
    assert is_mine("relu", capsys) and is_mine("softmax", capsys) and yours.is_yours("elu")
    assert yours.whose("softmax").endswith("activations_softmax.py")


def test_annotations_of_the_future_stand_first(shelf, keep):
    keep("relu", NUMPY + "def relu(x):\n    return np.maximum(x, 0)\n")
    source = NUMPY + "def sigmoid(x: array) -> array:\n    return np.exp(-np.logaddexp(0, -x))\n"
    keep("sigmoid", source, futures=("annotations",))
    assert yours.is_yours("sigmoid") and yours.is_yours("relu")


def test_a_slow_answer_is_kept_but_not_used(shelf, keep):
    keep("relu", "import time\n" + NUMPY + RELU.replace("    return", "    time.sleep(0.01)\n    return"))
    assert "times as long as the course's" in yours.whose("relu") and not yours.is_yours("relu")
    assert "time.sleep" in (shelf.folder / "activations.py").read_text()


def test_missing_defaults_are_the_courses(shelf, keep):
    keep("Adam", NUMPY + ADAM, topic="optimizers")
    mine, ours = yours.Adam(0.1, epsilon_hat=False), optimizers.Adam(0.1)
    assert (mine.b1, mine.b2, mine.epsilon) == (0.9, 0.999, 1e-7)
    weights, theirs = [np.array([1.0, -2.0])], [np.array([1.0, -2.0])]
    for _ in range(3):  # in place, as networks train
        mine.step_in_place(weights, [weights[0] ** 3])
        ours.step_in_place(theirs, [theirs[0] ** 3])
    np.testing.assert_allclose(weights[0], theirs[0])
    with pytest.raises(TypeError, match="epsilon_hat"):
        yours.Adam(0.1, epsilon_hat=True)
    assert serving.name_of_own(mine) == "Adam" and serving.name_of_own(ours) == ""


def test_an_optimizer_whose_reference_is_a_stand_in_steps_in_place_too():
    weights = [np.array([1.0])]
    yours.Nesterov(0.1, 0.9).step_in_place(weights, [np.array([1.0])])
    np.testing.assert_allclose(weights[0], 0.81)


def edit(shelf, old, new):
    file = shelf.folder / "activations.py"
    file.write_text(file.read_text().replace(old, new))


def test_a_file_edited_by_hand_is_used_once_it_was_checked(shelf, keep, capsys):
    keep("relu", NUMPY + RELU)
    assert is_mine("relu", capsys)
    edit(shelf, "my relu", "mine, edited")
    yours.relu(X)
    assert capsys.readouterr().out == "mine, edited\n"
    edit(shelf, "np.maximum(x, 0)", "np.minimum(x, 0)")
    assert yours.relu(X).tolist() == [0, 0, 2] and "it does not pass" in yours.whose("relu")
    edit(shelf, "np.minimum(x, 0)", "np.minimum(x, 0")
    assert yours.relu(X).tolist() == [0, 0, 2] and "SyntaxError" in yours.whose("relu")
    edit(shelf, "np.minimum(x, 0", "np.maximum(x, 0)")
    assert yours.is_yours("relu")


def test_a_file_that_is_being_written_is_no_edit(shelf, keep, monkeypatch, capsys):
    """The verifier writes a file first and its record then: who reads in between waits until it lets go of the lock."""
    keep("relu", NUMPY + RELU)
    file = shelf.file("activations")
    file.write_text(file.read_text() + "\n\n# %% softmax\n\n" + NUMPY + SOFTMAX)
    renewed, lock = digest_of(file.read_text()), Shelf.lock
    taken = []

    def as_the_verifier_lets_go(self):
        if not taken:
            taken.append(self)
            self.change({"relu": lambda known: replace(known, digest=renewed)})
        return lock(self)

    monkeypatch.setattr(Shelf, "lock", as_the_verifier_lets_go)
    assert is_mine("relu", capsys)
    assert taken and shelf.waiting() == []


def test_a_function_added_by_hand_counts_when_it_passes(shelf, keep):
    keep("relu", NUMPY + RELU)
    edit(shelf, "def relu", "def tanh(x):\n    return np.tanh(x)\n\n\ndef relu")
    assert yours.is_yours("tanh") and yours.is_yours("relu")


@pytest.mark.parametrize("damage", ["gone", "empty", "bytes", "a folder"])
def test_a_file_that_is_gone_or_broken_breaks_nothing(shelf, keep, damage):
    keep("relu", NUMPY + RELU)
    file = shelf.folder / "activations.py"
    file.unlink()
    match damage:
        case "empty":
            file.touch()
        case "bytes":
            file.write_bytes(b"\xff\xfe\x00")
        case "a folder":
            file.mkdir()
    assert yours.relu(X).tolist() == [0, 0, 2] and yours.whose("relu").startswith("the course's; yours is not used")


def test_a_record_that_is_lost_is_made_anew(shelf, keep, capsys):
    keep("relu", NUMPY + RELU)
    shelf.record_file.write_text("{ half")
    assert is_mine("relu", capsys)


def test_a_verifier_that_was_killed_is_not_waited_for_for_ever(shelf, monkeypatch):
    draft = Draft("relu", "01_activations", "activations", NUMPY + RELU, tries=2)
    shelf.submit(draft)
    settle(shelf, "relu")
    assert "cut short" in yours.whose("relu") and not shelf.waiting()
    monkeypatch.setattr(serving, "PATIENCE", 0.2)
    monkeypatch.setattr(serving, "start_verifier", lambda shelf: None)
    shelf.submit(Draft("softmax", "01_activations", "activations", NUMPY + SOFTMAX))
    assert "not finished yet" in yours.whose("softmax")


def test_whoever_reads_starts_a_verifier_where_none_is_at_work(shelf):
    shelf.submit(Draft("relu", "01_activations", "activations", NUMPY + RELU))
    assert yours.is_yours("relu")


def test_the_library_is_a_package_that_can_be_imported(shelf, keep):
    keep("relu", NUMPY + RELU)
    assert yours.is_yours("relu")
    yours.relu(X)
    assert str(shelf.home) in sys.path
    from your_library.activations import relu

    assert relu(X).tolist() == [0, 0, 2] and Shelf().entries()["relu"].is_used
