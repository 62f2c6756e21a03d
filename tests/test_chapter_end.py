"""How a chapter closes: points, what was built, what was foreseen, and the way on."""

import re

import pytest

from course_lib import closing, exercises, guess, predictions, reveal
from course_lib.checking import progress
from course_lib.library import serving
from tests.notebooks.chapters import COURSE, notebook_path

FIRST, *_, LAST = exercises.CHAPTERS


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A learner who has done nothing yet, in a kernel that was just started."""
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(predictions, "_asked", {})
    return tmp_path / "home"


def html(chapter):
    return closing(chapter, points=25)._repr_html_()


def test_it_says_what_was_solved_and_leads_to_what_was_not():
    progress.record_check("softmax", 2, 2, None)
    progress.record_check("elu", 0.5, 1, progress.Failed("sum", "0"))
    progress.record_check("Adam", 4, 4, None)  # another chapter's
    told = str(closing("01_activations", points=25)).splitlines()
    asked = len(exercises.of_chapter("01_activations"))
    assert told[:2] == ["The end of 01_activations.", f"You solved 1 of {asked} exercises and have 2.5 of 25 points."]
    assert told[2].startswith("Not solved yet: activation_questions, sigmoid,")
    assert re.search(r"\belu\b", told[2]) and not re.search(r"\bsoftmax\b", told[2])
    assert '<a href="../01_activations/activations.ipynb#cell-id=elu-answer">elu</a>' in html("01_activations")


def test_what_was_built_is_named_whether_it_is_used_or_not(monkeypatch):
    now = {
        "softmax": serving.Served(max, True, "your_library/activations.py"),
        "tanh": serving.Served(max, True, "this notebook"),
        "elu": serving.Served(min, False, why_not="it takes 30 times as long as the course's"),
    }
    monkeypatch.setattr(serving, "served", lambda name: now.get(name, serving.Served(min, False)))
    told = str(closing("01_activations", points=25))
    assert "You built tanh, softmax. The course runs on yours from here on.\n" in told
    assert "Your elu is not used, because it takes 30 times as long as the course's.\n" in told
    assert "sigmoid_derivative is" not in told
    assert "You built <code>tanh</code>, <code>softmax</code>." in html("01_activations")


def test_nothing_built_is_not_mentioned():
    assert "built" not in str(closing(FIRST, points=10))


def test_it_counts_what_was_foreseen(monkeypatch):
    assert "foresaw" not in str(closing(FIRST, points=10))
    guess("one", "How many?").answer("4")
    reveal("one", 4)
    assert "You foresaw 1 of 1.\n" in str(closing(FIRST, points=10))


@pytest.mark.parametrize("chapter", exercises.CHAPTERS)
def test_links_lead_to_notebooks_that_are_there(chapter):
    targets = re.findall(r'href="([^"#]+)', html(chapter))
    assert targets
    for target in targets:
        assert (notebook_path(COURSE.notebooks, chapter).parent / target).resolve().is_file(), target


def test_the_next_chapter_is_named_and_the_last_one_says_that_it_is_the_last():
    told = str(closing("00_welcome", points=10))
    assert told.endswith("Next: ../01_activations/activations.ipynb, or in a terminal: course lab 01")
    assert "last chapter" not in told
    told = str(closing(LAST, points=25))
    assert "Next:" not in told and "This is the last chapter there is so far." in told
    assert "<code>course progress</code>" in html(LAST)


def test_a_damaged_record_is_kept_and_said_and_the_way_on_is_still_there(home):
    home.mkdir()
    (home / "progress.json").write_text("{ half", encoding="utf-8")
    told = str(closing(FIRST, points=10))
    assert "kept as progress.json.damaged" in told and "course lab 01" in told
    assert (home / "progress.json.damaged").read_text(encoding="utf-8") == "{ half"


def test_while_grading_nothing_of_the_record_is_told(monkeypatch):
    progress.record_check("softmax", 2, 2, None)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert str(closing("01_activations", points=25)) == "This is the end of 01_activations."


def test_an_unknown_chapter_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="01_activations"):
        closing("01_activation", points=25)
