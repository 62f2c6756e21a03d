"""Predictions: what counts as foreseen, what is kept, and what is shown without a browser."""

import json
import math
import os
from datetime import datetime, timedelta

import numpy as np
import pytest

from course_lib import guess, predictions, reveal
from course_lib.checking import progress
from course_lib.predictions import difference, foreseen, is_within, names_in

SIGMOIDS = "At most how much is left after five sigmoids?"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A learner who has done nothing yet, in a kernel that was just started."""
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    restart()
    yield tmp_path / "home"
    restart()


def restart():
    predictions._asked.clear()


def answered(prediction, answer):
    """Answer as the browser does, and return what it is told."""
    form = prediction.form()
    form._hear({"event": "answer", "answer": answer})
    return form.told


def kept(name):
    return progress.read(progress.PREDICTIONS).get(name, {}).get("guess")


# --- what counts as foreseen


@pytest.mark.parametrize(
    ("guessed", "truth", "factor", "expected"),
    [
        (0.002, 0.001, 2, True), (0.0005, 0.001, 2, True), (0.0021, 0.001, 2, False), (0.2, 0.1, 2, True),
        (-3, -2, 2, True), (-3, 2, 2, False), (3, -2, 2, False), (0, 0, 2, True), (0, 1e-9, 2, False),
        (1e-9, 0, 2, False), (math.inf, math.inf, 2, True), (math.inf, 1e300, 2, False), (1, math.nan, 2, False),
        (4, 4, 1, True), (4.1, 4, 1, False), (5, 1, 10, True), (1e-300, 1e300, 2, False),
    ],
)  # fmt: skip
def test_a_number_is_foreseen_within_a_factor(guessed, truth, factor, expected):
    assert is_within(guessed, truth, factor) is expected


@pytest.mark.parametrize(
    ("guessed", "truth", "said"),
    [
        (0.003, 0.001, "Your guess is 3 times the result."),
        (0.001, 0.25**5, "Your guess is 2 % too large."),
        (1, 1000, "The result is 1,000 times your guess."),
        (5, 5, "Your guess is exact."),
        (0.1, np.float64(np.float32(0.1)), "Your guess is as good as exact."),
        (0.5, 0, "Your guess is off by 0.5."),
        (0, 0.25, "Your guess is off by 0.25."),
        (-1, 2, "Your guess is off by 3, and has the other sign."),
        (-4, -2, "Your guess is 2 times the result."),
        (-0.95, -1, "Your guess is 5 % too large."),
        (3, math.inf, "No factor leads from one to the other."),
    ],
)
def test_the_factor_is_said_in_a_sentence(guessed, truth, said):
    assert difference(guessed, truth) == said


@pytest.mark.parametrize("truth", [0.001, np.float32(0.001), np.array([0.001]), np.array(0.001)])
def test_a_guess_stands_beside_the_truth(truth):
    assert answered(guess("left", SIGMOIDS, unit="of the gradient"), "1/500") == (
        "Your guess: 0.002 of the gradient. It can be changed until the result is shown."
    )
    shown = reveal("left", truth)
    assert shown.was_foreseen
    assert str(shown) == (
        f"{SIGMOIDS} It is: 0.001 of the gradient. Your guess: 0.002 of the gradient. "
        "Your guess is 2 times the result. You foresaw it."
    )
    html = shown._repr_html_()
    assert "0.002 of the gradient" in html and ">0.001 of the gradient<" in html and "✓ Your guess is 2 times" in html


def test_within_says_how_near_is_near_enough():
    answered(guess("exactly", "How many of six?", within=1), "5")
    assert not reveal("exactly", 4).was_foreseen
    answered(guess("roughly", "How many?", within=10), "5")
    assert reveal("roughly", 40).was_foreseen
    with pytest.raises(ValueError, match="a factor, 1 or more"):
        guess("nonsense", "?", within=0.5)


@pytest.mark.parametrize(
    ("choices", "answer", "truth", "expected"),
    [
        (["the first", "the last"], 0, "The first", True),
        (["the first", "the last"], 1, "the first", False),
        (["yes", "no"], 1, np.bool_(False), True),
        (["yes", "no"], 0, 3 > 2, True),
        ([1, 2, 4], 2, np.int64(4), True),
        (["1/4", "1/2"], 0, 0.25, True),
    ],
)
def test_a_choice_is_foreseen_if_it_is_the_right_one(choices, answer, truth, expected):
    answered(guess("layer", "Which?", choices=choices), answer)
    assert reveal("layer", truth).was_foreseen is expected


def test_a_result_that_is_none_of_the_choices_is_shown_as_such():
    answered(guess("layer", "Which?", choices=["the first", "the last"]), 0)
    shown = reveal("layer", "the middle")
    assert not shown.was_foreseen and "It is: the middle (none of the choices)." in str(shown)


@pytest.mark.parametrize("choices", [[], ["one"], ["a", "A "], list("abcdef")])
def test_two_to_five_different_choices_are_needed(choices):
    with pytest.raises(ValueError, match="two to five different choices"):
        guess("layer", "Which?", choices=choices)


# --- what is kept


def test_the_last_guess_before_the_result_counts_and_none_after_it():
    prediction = guess("left", SIGMOIDS)
    answered(prediction, "0.5")
    answered(prediction, "0.1 %")
    assert kept("left") == 0.001
    reveal("left", 0.25**5)
    told = answered(prediction, "0.000977")
    assert told == "The result is known already, so this guess does not count. Your guess: 0.001."
    assert kept("left") == 0.001
    restart()
    assert guess("left", SIGMOIDS).guess == 0.001


def test_a_guess_outlives_its_kernel_and_is_shown_when_the_cell_runs_again():
    answered(guess("left", SIGMOIDS), "0,25^5")
    restart()
    again = guess("left", SIGMOIDS)
    assert "Your guess: 0.000977." in str(again) and "Your guess: 0.000977." in again._html()
    assert again.form().told == "Your guess: 0.000977." and again.form().typed == "0.000977"
    assert reveal("left", 0.25**5).was_foreseen
    answered(guess("layer", "Which?", choices=["the first", "the last"]), 1)
    restart()
    assert guess("layer", "Which?", choices=["the first", "the last"]).form().chosen == 1
    # The question was written anew: what was answered is no answer to it.
    assert guess("layer", "Which?", choices=["the top", "the bottom"]).guess is None


def test_who_has_seen_the_result_makes_no_prediction_of_it():
    prediction = guess("left", SIGMOIDS)
    shown = reveal("left", 0.25**5)
    assert shown.was_foreseen is None and str(shown) == f"{SIGMOIDS} It is: 0.000977."
    assert answered(prediction, "0.001") == "The result is known already, so this guess does not count."
    restart()
    assert guess("left", SIGMOIDS).guess is None


def test_in_a_run_that_nobody_looks_at_nothing_is_revealed(monkeypatch):
    with monkeypatch.context() as unattended:
        unattended.setenv("DESCENT_UNATTENDED", "1")
        guess("left", SIGMOIDS)
        reveal("left", 0.25**5)
    restart()
    prediction = guess("left", SIGMOIDS)
    answered(prediction, "0.001")
    assert kept("left") == 0.001 and reveal("left", 0.25**5).was_foreseen


def test_what_is_no_number_is_answered_and_not_kept():
    prediction = guess("left", SIGMOIDS)
    assert answered(prediction, "half").startswith("“half” is not read as a number.")
    assert prediction.form().is_refused and prediction.form().typed == "half" and kept("left") is None
    answered(prediction, "0.5")
    assert not prediction.form().is_refused


def test_markup_in_what_was_typed_is_text():
    assert "<b>" not in answered(guess("left", SIGMOIDS), "<b>1")


def test_a_record_that_cannot_be_written_is_said_and_the_kernel_remembers(home):
    home.write_text("not a folder")
    prediction = guess("left", SIGMOIDS)
    assert "Nothing can be kept in" in answered(prediction, "0.001")
    assert "Nothing can be kept in" not in answered(prediction, "0.001")
    assert guess("left", SIGMOIDS).guess == 0.001
    assert reveal("left", 0.25**5).was_foreseen
    assert foreseen() == "You foresaw 1 of 1."


def test_the_end_of_a_chapter_counts_what_was_guessed():
    assert foreseen() == ""
    guess("skipped", "How many?")
    reveal("skipped", 2)
    assert foreseen().startswith("You made no predictions here.")
    for name, typed, truth in (("one", "1", 1.5), ("two", "1", 9), ("three", "", 3), ("four", "1", None)):
        prediction = guess(name, "How many?")
        answered(prediction, typed)
        if truth is not None:
            reveal(name, truth)
    assert foreseen() == "You foresaw 1 of 2."
    # The first time counts: who plays on with other numbers has seen it.
    reveal("two", 1)
    assert foreseen() == "You foresaw 1 of 2."


def test_the_first_records_can_be_read_and_nothing_in_them_is_lost(home):
    home.mkdir()
    old = {"softmax": {"points": 2.0, "max_points": 2.0, "passed": True, "attempts": 3}}
    (home / "progress.json").write_text(json.dumps(old), encoding="utf-8")
    assert progress.read() == old
    answered(guess("left", SIGMOIDS), "0.001")
    progress.record_check("relu", 1, 1, None)
    assert kept("left") == 0.001
    assert progress.read().keys() == {"softmax", "relu"} and progress.read()["softmax"] == old["softmax"]


# --- text


def test_without_a_browser_it_is_the_question_as_text():
    number = guess("left", "At most `how much` is *left*?", unit="of the gradient")._repr_mimebundle_()
    assert number["text/plain"] == "Guess: At most `how much` is *left*?\n  a number (of the gradient)"
    assert "At most <code>how much</code> is <em>left</em>?" in number["text/html"] and VIEW in number
    choices = guess("layer", "Which?", choices=["the first", "<b>the last"])._repr_mimebundle_()
    assert choices["text/plain"] == "Guess: Which?\n  a) the first\n  b) <b>the last"
    assert "<li>&lt;b&gt;the last</li>" in choices["text/html"]


def test_while_grading_it_is_text_and_silent_and_nothing_is_read_or_kept(monkeypatch, home, capfd):
    answered(guess("left", SIGMOIDS), "0.001")
    before = os.stat(home / "progress.json").st_mtime_ns
    restart()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    bundle = guess("left", SIGMOIDS)._repr_mimebundle_()
    assert bundle.keys() == {"text/plain", "text/html"} and "0.001" not in str(bundle)
    assert str(reveal("left", 0.25**5)) == f"{SIGMOIDS} It is: 0.000977."
    assert os.stat(home / "progress.json").st_mtime_ns == before
    assert capfd.readouterr() == ("", "")


def test_a_result_whose_question_was_not_asked_is_shown_alone():
    assert str(reveal("never_asked", 0.25)) == "It is: 0.25."


def test_names_are_found_in_a_cell():
    cell = 'guess("one", "Which?")\nguess(\n    \'two\', "How much?"\n)\nreveal("three", guess_of(4))'
    assert names_in(cell) == ["one", "two"] and names_in(cell, "reveal") == ["three"]


# --- Run All


@pytest.fixture
def sent(monkeypatch):
    """Say when the cell that runs now was sent; `sent(5)` is five seconds after the first."""
    first = datetime(2026, 1, 1, 12)
    at = {"seconds": 0}
    monkeypatch.setattr(predictions, "_time_sent", lambda: first + timedelta(seconds=at["seconds"]))
    return lambda seconds: at.update(seconds=seconds)


def test_run_all_passes_over_a_question_and_leaves_it_open(sent):
    prediction = guess("five_sigmoids", SIGMOIDS)
    sent(0.3)
    reveal("five_sigmoids", 0.001)
    assert "Run the cell with the result again" in answered(prediction, "0.001")
    assert kept("five_sigmoids") == 0.001
    sent(60)
    assert "You foresaw it." in str(reveal("five_sigmoids", 0.001))
    assert str(foreseen()) == "You foresaw 1 of 1."
    # From then on it is closed.
    assert "does not count" in answered(prediction, "0.5") and kept("five_sigmoids") == 0.001


def test_after_run_all_it_is_open_the_next_day_too(sent):
    guess("five_sigmoids", SIGMOIDS)
    reveal("five_sigmoids", 0.001)
    restart()
    assert "It can be changed until" in answered(guess("five_sigmoids", SIGMOIDS), "2")


def test_who_had_time_to_read_it_and_went_on_has_let_it_pass(sent):
    prediction = guess("five_sigmoids", SIGMOIDS)
    sent(30)
    reveal("five_sigmoids", 0.001)
    assert "does not count" in answered(prediction, "0.001")
