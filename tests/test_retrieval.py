"""`recall()`: which questions are asked, and what an answer leads to."""

import pytest

from course_lib import check, exercises, recall
from course_lib.checking import progress
from course_lib.retrieval import chosen


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    # A course of four chapters, so that a new one changes nothing that is asked here.
    four = {chapter: topic for chapter, topic in exercises.CHAPTERS.items() if chapter[:2] in ("00", "01", "05", "08")}
    monkeypatch.setattr(exercises, "CHAPTERS", four)
    return tmp_path / "home"


def keys(number):
    return [f"{asked.quiz}.{asked.question.key}" for asked in chosen(number)]


def click(chapter, index, letter):
    form = recall(chapter).box().children[index]
    form._hear({"event": "answer", "answer": "abcdef".index(letter)})
    return form


def test_an_empty_record_gives_a_fixed_pair_from_the_nearest_chapters():
    assert keys(2) == ["quiz_activations.labels", "quiz_welcome.shapes"]
    assert keys(1) == ["quiz_welcome.shapes", "quiz_welcome.nan"]
    assert keys(6)[0] == "quiz_optimizers.noise"  # a chapter that has no exercises of its own yet


def test_in_the_first_chapter_there_is_nothing_earlier():
    assert chosen(0) == [] and "nothing to recall yet" in str(recall("00"))


@pytest.mark.parametrize("chapter", ["05", 5, "5", "05_optimizers", "optimizers"])
def test_a_chapter_is_named_in_any_way(chapter):
    assert str(recall(chapter)) == str(recall("05"))


def test_a_chapter_that_is_none_is_told():
    assert "There is no chapter 'moon'" in str(recall("moon"))


def test_what_a_quiz_missed_comes_first_until_it_is_recalled():
    answers = exercises.find("quiz_activations").reference() | {"dead": "B)", "signs": "a sigmoid"}
    check("quiz_activations", lambda: answers)
    assert keys(2) == ["quiz_activations.dead", "quiz_activations.labels"]  # `signs` was not answered
    # To choose the right one after its explanation is no recall of it.
    check("quiz_activations", exercises.find("quiz_activations").reference)
    assert keys(2)[0] == "quiz_activations.dead"
    click(2, 0, "a")
    assert keys(2) == ["quiz_activations.labels", "quiz_welcome.shapes"]
    # Missed again, it is asked again.
    click(2, 0, "a")
    assert keys(2)[0] == "quiz_activations.labels"


def test_those_asked_least_often_come_next():
    click(2, 0, "c")
    click(2, 0, "d")
    assert keys(2) == ["quiz_activations.price", "quiz_welcome.nan"]


def test_a_click_explains_every_choice_at_once_and_closes_the_question():
    form = click(2, 0, "b")
    question = chosen(2)[0].question
    assert form.explanations == [choice.cause.replace("'", "&#x27;") for choice in question.choices]
    assert (form.chosen, form.right, form.is_open) == (1, 2, False)
    assert form.told.startswith("Not quite: c) is right. Each tag is")
    before = progress.read(progress.QUESTIONS)
    form._hear({"event": "answer", "answer": 2})
    assert form.chosen == 1 and progress.read(progress.QUESTIONS) == before
    assert click(2, 1, "d").told.startswith("Right. The flat array")


def test_a_record_that_cannot_be_written_is_said(home):
    home.write_text("not a folder")
    assert "Nothing can be kept in" in click(2, 0, "c").told
    assert "Nothing can be kept in" not in click(2, 1, "c").told


def test_without_a_browser_it_is_text_and_gives_nothing_away():
    bundle = recall(2)._repr_mimebundle_()
    assert "From chapter 01 activations: A network tags photos" in bundle["text/plain"]
    assert "\n  c) five units, a sigmoid for each\n" in bundle["text/plain"]
    assert "<code>b - a</code>" in bundle["text/html"]
    for text in (bundle["text/plain"], bundle["text/html"]):
        assert "yes-or-no question" not in text and "compete" not in text
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_while_grading_it_is_text_and_does_not_depend_on_the_record(monkeypatch):
    fixed = str(recall(2))
    click(2, 0, "a")
    click(2, 1, "d")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert str(recall(2)) == fixed and recall(2)._repr_mimebundle_().keys() == {"text/plain", "text/html"}
