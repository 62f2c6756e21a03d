"""`course report`, as a learner types it: one page that shows all there is, needs nothing else and runs nothing."""

import base64
import html.parser
import json
import re

import numpy as np
import pytest

from course_lib import layers, network, optimizers, showcase
from course_lib.exercises.your_network import PIECES
from course_lib.library.shelf import Draft, Shelf
from course_lib.library.verify import settle
from course_lib.widgets.network_microscope import network_microscope
from tests.library.answers import RELU
from tests.tiny_course import learner_course, run

# What a page may hold from elsewhere: nothing.
FETCHES = ("src", "href", "action", "data", "srcset", "poster", "background", "formaction", "xlink:href")


class Page(html.parser.HTMLParser):
    """What a browser makes of a page: its tags, its text, and whatever it would run or fetch."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.opened, self.text, self.reaches = [], [], "", []
        self.feed(source)
        self.close()
        assert self.opened == [], f"not closed: {self.opened}"

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag not in ("meta", "img", "line", "polyline"):
            self.opened.append(tag)
        for name, value in attributes:
            if name.startswith("on") or (name in FETCHES and not value.startswith("data:image/png;base64,")):
                self.reaches.append((tag, name, value))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if self.opened and self.opened[-1] == tag:
            self.opened.pop()

    def handle_endtag(self, tag):
        assert self.opened.pop() == tag

    def handle_data(self, text):
        self.text += text


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


@pytest.fixture
def home(course, tmp_path):
    return tmp_path / "home"


@pytest.fixture(scope="module")
def trained():
    """A small network with random weights, the microscope on it, and what it says of pixels."""
    made = network.Sequential([layers.Dense(12, activation="relu"), layers.Dense(10, activation="softmax")], seed=0)
    made.build((None, 784))
    made.compile(optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    x = np.random.default_rng(0).random((40, 784), dtype=np.float32)
    return made, network_microscope(made, x, np.arange(40) % 10)


def keep(trained, shift=0):
    made, microscope = trained
    confusion = np.diag(np.full(10, 990)) + np.roll(np.diag(np.arange(1, 11)), 1, axis=1)
    losses = np.linspace(2.3, 0.1, 500)
    said = showcase.keep_network(
        made.get_weights(), losses, confusion, microscope, lambda x: np.roll(made.predict(x), shift, axis=1)
    )
    return str(said)


def drawn():
    pixels = np.zeros((28, 28))
    pixels[4:24, 13:16] = 1
    return pixels


def report(*options):
    result = run("report", *options)
    assert len(result.stderr.splitlines()) <= 1
    return result


def page_of(home):
    return Page((home / "your_network.html").read_text(encoding="utf-8"))


def test_with_nothing_done_each_part_says_in_a_sentence_what_is_missing(home):
    result = report()
    assert result.exit_code == 1
    page = page_of(home)
    for told in (
        "No network is kept yet: train one in chapter 14",
        "The course's own functions serve for relu and softmax (chapter 01), he_normal (chapter 02), ",
        "scale_images, one_hot and confusion_matrix (chapter 08), starting_weights, ",
        "There is no learning curve: no network is kept yet",
        "There is no confusion matrix",
        "There is no picture of its layers",
        "No digit is drawn yet",
    ):
        assert page.text.count(told) == 1 and told in result.stdout
    assert page.reaches == [] and "script" not in page.tags
    assert "`" not in page.text and "code" in page.tags  # a command is set as code


def test_a_function_that_is_not_used_is_named_with_the_reason(home):
    Shelf().submit(
        Draft("relu", "01_activations", "activations", "def relu(x):\n    return np.maximum(x, 0) + abs(y)\n")
    )
    settle(Shelf(), "relu")
    told = str(showcase.made_of())
    served, _, reason = told.partition("fit_network (chapter 14). ")
    assert served.startswith("0 of the 16 functions") and "relu and softmax (chapter 01)" in served
    assert reason.startswith("Your relu is not used: ") and "NameError" in reason and not reason.endswith("..")
    assert report().exit_code == 1 and reason.split(":")[0] in page_of(home).text


def test_the_page_shows_what_was_kept_and_whose_the_functions_are(home, trained):
    Shelf().submit(Draft("relu", "01_activations", "activations", f"import numpy as np\n\n\n{RELU}"))
    settle(Shelf(), "relu")
    assert keep(trained).startswith("Your network is kept.")
    probabilities = np.full(10, 0.02)
    probabilities[1], probabilities[7] = 0.7, 0.14
    assert showcase.keep_digit(drawn(), probabilities) == "It is on your page, with 1 digit in all."
    result = report()
    page = page_of(home)
    assert result.exit_code == 1 and f"The page is {home / 'your_network.html'}" in result.stdout
    # On the page and in the notebook each that is missing is named, chapter by chapter.
    (on_the_page,) = re.findall(r"The course's own functions serve for (.*?)\.", page.text)
    said = str(showcase.made_of())
    assert said.startswith("1 of the 16 functions of the network of chapter 14 are yours. ")
    assert on_the_page.startswith("softmax (chapter 01), he_normal (chapter 02)")
    for told in (on_the_page, said.partition("The course's serve for ")[2].strip(".\n")):
        named = re.split(", | and ", re.sub(r" \(chapter \d\d\)", "", told))
        assert sorted(named) == sorted(name for name in PIECES if name != "relu")
    assert "0.9945" in page.text and "9,900 of the 9,955 test images" in page.text
    assert f"{784 * 12 + 12 + 12 * 10 + 10:,} parameters in layers of 784 – 12 – 10" in page.text
    assert "1 of its 16 functions were written by hand" in page.text
    assert 'print("my relu")' in page.text and "bends the layers (4 lines, chapter 01)" in page.text
    assert "The loss over 500 steps, a mean for each 5 of them: from 2.291 to 0.109." in page.text
    assert "55 are wrong. Most often a 9 is taken for a 0: 10 times." in page.text
    assert "The microscope says: “Your network on 40 examples, as you gave it" in page.text
    assert "read as 1 (0.70), then 7 (0.14)" in page.text
    assert page.tags.count("img") == 2 and page.tags.count("svg") == 1 and page.reaches == []


def test_nothing_that_a_learner_has_written_is_more_than_text(home, trained):
    evil = '</pre><script>alert("x")</script><img src=x onerror=alert(1)>'
    answer = f"import numpy as np\n\n\ndef relu(x):\n    # {evil}\n    return np.maximum(x, 0)\n"
    Shelf().submit(Draft("relu", "01_activations", "activations", answer))
    settle(Shelf(), "relu")
    keep(trained)
    file = home / showcase.FILE
    known = json.loads(file.read_text())
    file.write_text(json.dumps(known | {"microscope_says": f'"{evil}', "microscope": f'"{evil}'}))
    report()
    page = page_of(home)
    assert evil in page.text and "script" not in page.tags
    assert [reach for reach in page.reaches if not reach[2].startswith("data:image/png")] == []
    source = (home / "your_network.html").read_text()
    assert "default-src 'none'" in source and not re.search(r"https?://", source)


@pytest.mark.parametrize(
    "spoiled",
    ["{", "[]", '{"sizes": [784]}', '{"digits": "x"}', "confusion", "digits", "losses", "sizes"],
)
def test_a_spoiled_record_is_as_none(home, trained, spoiled):
    keep(trained)
    file = home / showcase.FILE
    if spoiled.isalpha():
        known = json.loads(file.read_text())
        spoiled = json.dumps(known | {spoiled: [["<b>"]]})
    file.write_text(spoiled)
    assert report().exit_code == 1
    assert "No network is kept yet" in page_of(home).text


def test_the_page_may_lie_elsewhere_and_an_old_one_stays_where_the_new_cannot_be_written(home, tmp_path, monkeypatch):
    target = tmp_path / "there" / "page.html"
    assert report("--output", target).exit_code == 1 and "A network of my own" in target.read_text()
    (tmp_path / "file").write_text("no folder")
    result = report("--output", tmp_path / "file" / "page.html")
    assert result.exit_code == 2 and "The page cannot be written to" in result.stderr

    def full(*arguments, **keywords):
        raise OSError(28, "No space left on device")

    before = target.read_text()
    monkeypatch.setattr("course_lib.checking.files.os.replace", full)
    result = report("--output", target)
    assert result.exit_code == 2 and "No space left on device" in result.stderr
    assert target.read_text() == before and [path.name for path in target.parent.iterdir()] == ["page.html"]


def test_digits_are_kept_once_and_read_anew_by_the_next_network(home, trained):
    told = showcase.keep_digit(drawn(), np.eye(10)[1])
    assert told.startswith("It is not kept") and showcase.kept(home) is None
    keep(trained)
    for _ in range(2):
        told = showcase.keep_digit(drawn(), np.eye(10)[1])
    assert told == "It is on your page, with 1 digit in all."
    assert showcase.keep_digit(drawn().T, np.eye(10)[2]) == "It is on your page, with 2 digits in all."
    pixels = np.frombuffer(base64.b64decode(showcase.kept(home).digits[0]["pixels"]), np.uint8).reshape(28, 28)
    assert np.array_equal(pixels, 255 * drawn())
    keep(trained)
    first = showcase.kept(home).digits[0]["probabilities"]
    expected = trained[0].predict(drawn().reshape(1, 784).astype("float32"))[0]
    np.testing.assert_allclose(first, expected, atol=1e-5)
    keep(trained, shift=1)
    np.testing.assert_allclose(showcase.kept(home).digits[0]["probabilities"], np.roll(first, 1), atol=1e-5)


def test_where_nothing_can_be_kept_a_sentence_says_so(course, tmp_path, trained, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "file" / "home"))
    assert keep(trained).startswith("Nothing can be kept in")


def test_every_function_of_the_network_is_asked_for_in_a_chapter(course):
    told = [part.name for part in showcase.parts()]
    assert told == list(PIECES) and len(told) == 16
    assert all(re.match(r"\d\d_", part.chapter) and not part.is_yours for part in showcase.parts())
