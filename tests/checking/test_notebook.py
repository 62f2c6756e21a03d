"""check, hint and solution as a notebook's cells call them, with every odd answer that people give."""

import dataclasses
import functools
import json
import logging
import os
import sys
import types

import numpy as np
import pytest

from course_lib import activations, check, exercises, hint, optimizers, solution, student_seed
from course_lib.checking import progress

QUIZ = exercises.find("quiz_activations")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path / "home"


def right(logits, axis=-1):
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


class EqualsEverything:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__

    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **keywords):
        return self

    def __array__(self, dtype=None, copy=None):
        return np.array([EqualsEverything()], dtype=object)


class RaisesWhenAsked:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __call__(self, logits, axis=-1):
        raise RuntimeError


def unwritten(logits, axis=-1):
    raise NotImplementedError


def endless(logits, axis=-1):
    while True:
        pass


def exits(logits, axis=-1):
    raise SystemExit(0)


FLOOD = {
    "None": None,
    "a number": 3.0,
    "its own result": right(np.zeros(3)),
    "a module": types,
    "a class": EqualsEverything,
    "an object that equals everything": EqualsEverything(),
    "an object that raises when it is asked for anything": RaisesWhenAsked(),
    "gives an object that equals everything": lambda logits, axis=-1: EqualsEverything(),
    "gives None": lambda logits, axis=-1: None,
    "gives True": lambda logits, axis=-1: True,
    "gives itself": lambda logits, axis=-1: FLOOD,
    "gives NaN": lambda logits, axis=-1: logits * np.nan,
    "gives text": lambda logits, axis=-1: "softmax",
    "gives a huge number": lambda logits, axis=-1: 10**10000,
    "gives a wrong shape": lambda logits, axis=-1: right(logits, axis)[None],
    "gives an object array": lambda logits, axis=-1: np.array([EqualsEverything()] * 5),
    "gives a masked array": lambda logits, axis=-1: np.ma.masked_all(np.shape(logits)),
    "gives 400 MB": lambda logits, axis=-1: np.zeros(50_000_000),
    "unwritten": unwritten,
    "takes nothing": lambda: 0,
    "raises": lambda logits, axis=-1: 1 / 0,
    "exits": exits,
    "a partial of ours": functools.partial(activations.softmax, axis=-1),
    "course_lib's own": activations.softmax,
    "another of course_lib's": activations.sigmoid,
    "a builtin": print,
    "a NumPy function": np.exp,
}


@pytest.mark.parametrize("odd", FLOOD)
def test_odd_answers_earn_nothing_and_are_told_why(odd, capfd):
    report = check("softmax", FLOOD[odd], points=4)
    assert report.points == 0 and not report.passed
    assert len(report.message) > 20 and "0x" not in str(report)
    html = report._repr_mimebundle_()["text/html"]
    assert len(html) < 20_000
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_an_endless_answer_is_stopped():
    report = check("softmax", endless, points=4)
    assert report.points == 0 and "did not finish within" in report.message


@pytest.mark.parametrize("oddity", ["prints", "logs", "writes to descriptor 2", "changes its argument"])
def test_noisy_but_right_answers_earn_all(oddity, capfd):
    def noisy(logits, axis=-1):
        result = right(logits, axis)
        if oddity == "prints":
            print("x" * 10_000_000)
        elif oddity == "logs":
            logging.getLogger("mine").critical("softmax")
            print("softmax", file=sys.__stderr__)
        elif oddity == "writes to descriptor 2":
            os.write(2, b"softmax")
        else:
            logits *= 0
        return result

    report = check("softmax", noisy, points=4)
    assert report.points == 4 and report.passed
    assert bool(report.notes) == (oddity == "changes its argument")
    assert bool(report.output) == (oddity == "prints") and len(report.output) < 20_000
    assert capfd.readouterr() == ("", "")


def test_ours_is_refused_in_every_guise():
    @functools.wraps(activations.softmax)
    def wrapped(*arguments, **keywords):
        return activations.softmax(*arguments, **keywords)

    renamed = types.FunctionType(activations.softmax.__code__, vars(activations), "mine")
    for ours in (activations.softmax, wrapped, renamed, functools.partial(activations.softmax, axis=-1)):
        report = check("softmax", ours, points=4)
        assert report.points == 0 and "Write yours" in report.message


@pytest.mark.parametrize(
    ("exercise", "ours"),
    [
        ("Nesterov", optimizers.SGD),
        ("Nesterov", type("Nesterov", (optimizers.SGD,), {})),
        ("Nesterov", functools.partial(optimizers.SGD, nesterov=True)),
        ("Adam", type("Adam", (optimizers.Adam,), {})),
    ],
)
def test_the_courses_own_classes_earn_nothing_under_another_name(exercise, ours):
    report = check(exercise, ours)
    assert report.points == 0 and f"course_lib's own `{exercise}`" in report.message


def test_unknown_names_are_answered_with_the_nearest():
    assert "did you mean softmax" in check("sofmax", right).message
    assert check(None, right).points == 0
    assert "softmax" in hint("sofmax").text and "softmax" in solution("sofmax").text


def test_progress_remembers_the_best(home):
    check("softmax", lambda x, axis=-1: None, points=2)
    check("softmax", right, points=2)
    check("softmax", unwritten, points=2)
    entry = progress.read()["softmax"]
    assert entry["attempts"] == 2 and entry["passed"] and (entry["points"], entry["max_points"]) == (2.0, 2.0)


def test_a_damaged_record_is_kept_and_said_once(home):
    home.mkdir()
    (home / "progress.json").write_text("{ half", encoding="utf-8")
    report = check("softmax", right)
    assert report.passed and "was damaged" in report.notes[0] and "progress.json.damaged" in report.notes[0]
    assert (home / "progress.json.damaged").read_text(encoding="utf-8") == "{ half"
    assert progress.read()["softmax"]["passed"] and check("softmax", right).notes == []


def test_progress_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "file" / "home"))
    report = check("softmax", right)
    assert report.passed and f"Nothing can be kept in {tmp_path / 'file' / 'home'}" in report.notes[0]
    assert check("softmax", right).notes == []  # said once, not at every cell
    # This kernel remembers: hints come one after the other.
    assert [hint("softmax").text[:6] for _ in range(2)] == ["Hint 1", "Hint 2"]
    assert progress.read()["softmax"]["attempts"] == 2


def test_hints_come_one_by_one(home):
    hints = exercises.find("softmax").hints
    given = [hint("softmax").text for _ in range(len(hints) + 1)]
    assert [text for expected, text in zip(hints, given, strict=False) if expected not in text] == []
    assert given[-1] == given[-2] and "last hint" in given[-1]
    assert (
        json.loads((home / "progress.json").read_text(encoding="utf-8"))["exercises"]["softmax"]["hints"]
        == len(hints) + 1
    )


def test_the_solution_is_shown_and_recorded():
    notice = solution("softmax")
    assert "def softmax(logits, axis=-1)" in notice.code and "<pre>" in notice._repr_html_()
    assert progress.read()["softmax"]["solution_shown"]


def test_nothing_is_given_away_or_recorded_while_grading(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert "while an assignment is being graded" in hint("softmax").text
    assert solution("softmax").code == ""
    assert check("softmax", right).passed
    assert progress.read() == {}


def test_every_student_meets_other_numbers(monkeypatch):
    assert student_seed() == 1
    monkeypatch.setenv("DESCENT_STUDENT_SEED", str(2**62 + 5))
    assert student_seed() == 2**62 + 5
    assert check("softmax", right, seed=student_seed()).passed
    learned = exercises.find("softmax").rows(right, 0), exercises.find("softmax").rows(right, student_seed())
    first, other = (next(iter(rows)).value() for rows in learned)
    assert not np.array_equal(first, other)


def test_a_check_for_no_points_does_not_count_as_the_best():
    check("softmax", right, points=2)
    check("softmax", right, points=0)
    assert progress.read()["softmax"]["max_points"] == 2.0


def without_shift(logits, axis=-1):
    powers = np.exp(logits)
    return powers / powers.sum(axis=axis, keepdims=True)


def without_shift_in_other_words(logits, axis=-1):
    total = np.sum(np.exp(logits), axis=axis, keepdims=True)
    return np.exp(logits) / total


def over_everything(logits, axis=-1):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


@pytest.fixture
def cures(monkeypatch):
    """Softmax with a cure to each mistake that can be told from all other text of a report."""
    softmax = exercises.find("softmax")
    told = [dataclasses.replace(m, cure=f"The cure of {m.name}.") for m in softmax.misconceptions]
    softmax = dataclasses.replace(softmax, misconceptions=told)
    monkeypatch.setattr(exercises, "find", lambda name: softmax)


def tells_cure(answer, **options):
    report = check("softmax", answer, **options)
    cure = report.diagnosis.cure
    assert cure and (cure in report.message) == (cure in str(report)) == (cure in report._html()) == report.tells_cure
    return report.tells_cure


def test_the_cure_is_told_when_a_changed_answer_makes_the_same_mistake_again(cures):
    assert not tells_cure(without_shift)
    assert not tells_cure(without_shift)  # unchanged code run again is no second failure
    assert not tells_cure(over_everything)  # another mistake has its own first time
    assert tells_cure(without_shift_in_other_words)
    assert tells_cure(without_shift)  # what was told is not taken back
    assert not tells_cure(over_everything)
    assert check("softmax", right).passed
    assert not tells_cure(without_shift)  # after a right answer all begins anew


def test_a_hint_begins_with_the_cure_of_the_last_mistake(cures):
    cure = check("softmax", without_shift).diagnosis.cure
    hints = exercises.find("softmax").hints
    assert cure in hint("softmax").text
    assert hints[0] in hint("softmax").text and hints[1] in hint("softmax").text
    assert tells_cure(without_shift)  # it was told by then
    other = check("softmax", over_everything).diagnosis.cure
    assert other in hint("softmax").text


def test_a_hint_on_several_questions_has_a_line_for_each():
    wrong = {question.key: letter for question in QUIZ.questions for letter in question.mistakes()}
    keys = [question.key for question in QUIZ.questions]
    cure = check(QUIZ.name, lambda: wrong).diagnosis.cure
    lines = hint(QUIZ.name).text.splitlines()
    assert lines[: len(keys) + 1] == ["On your last answer:", *cure.splitlines()] and len(keys) > 1
    assert [line.partition(":")[0] for line in lines[1:]] == keys


def test_a_run_from_top_to_bottom_is_no_second_failure(cures, monkeypatch):
    assert not tells_cure(without_shift)
    monkeypatch.setenv("DESCENT_UNATTENDED", "1")
    assert not tells_cure(without_shift_in_other_words)
    monkeypatch.delenv("DESCENT_UNATTENDED")
    assert tells_cure(without_shift_in_other_words)


def test_while_grading_cause_and_cure_are_told_at_once(cures, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert tells_cure(without_shift)
    assert progress.read() == {}


def test_a_demonstration_and_what_is_not_written_are_no_attempts(cures):
    assert not tells_cure(without_shift, record=False)
    assert "Not written yet" in check("softmax", unwritten).message
    assert progress.read() == {}


def test_what_a_helper_does_counts_as_a_change(cures):
    namespace = {"np": np, "__name__": "a notebook"}
    answers = []
    for shift in ("0", "0 * logits"):
        exec(f"def shifted(logits):\n    return np.exp(logits - {shift})", namespace)
        exec(
            "def softmax(logits, axis=-1):\n    p = shifted(logits)\n    return p / p.sum(axis, keepdims=True)",
            namespace,
        )
        answers.append(namespace["softmax"])
        namespace = dict(namespace)
    assert not tells_cure(answers[0])
    assert tells_cure(answers[1])
