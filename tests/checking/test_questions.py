"""Quizzes: one declaration, an answer in any form that a person writes, and a chapter's cell made from it."""

import pytest

from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from course_lib.checking.questions import Question, Right, Wrong, quiz, quiz_markdown
from course_lib.exercises import CHAPTERS, of_chapter
from tests.notebooks.chapters import solved

UNITS = Question(
    "units",
    "A network tags photos. Which output?",
    [
        Wrong("five units, softmax", "They compete.", "Count the tags."),
        Wrong("five units, tanh", "No probabilities.", "Look at its values."),
        Right("five units, a sigmoid for each", "Each tag is its own question."),
        Wrong("`relu`, of course", "No limit.", "Look at its values."),
    ],
)
FIRST_EPOCH = Question(
    "first_epoch",
    "Why is it lower?",
    [Wrong("it overfits", "The opposite.", "Ask when."), Right("dropout", "Units were off.")],
)
QUIZ = quiz("quiz_tiny", UNITS, FIRST_EPOCH, hints=["Think."])


def answered(answer, points=2.0):
    return judge(QUIZ, observe(QUIZ, answer if callable(answer) else lambda: answer, 0), 0, points)


@pytest.mark.parametrize(
    "written",
    ["c", "C", "c)", " C", "(c)", "c.", "[c]", "'c'", "`c`", "**c**", "c )", "C: five units", "c) five units, tanh",
     "c five units, a sigmoid for each", "five units, a sigmoid for each", "Five units,  a sigmoid for each.",
     "answer: c", "Option C", "the answer is c", "Ⓒ", "ｃ", "С", ["c"], ("c)",)],
)  # fmt: skip
def test_a_letter_in_any_form_is_that_letter(written):
    report = answered({"units": written, "first_epoch": "b"})
    assert report.passed and report.points == 2.0, report


@pytest.mark.parametrize(
    "answers",
    [
        {"Units": "c", "First epoch": "b"},
        {" units ": "c", "first-epoch": "b", "another": "z"},
        ["c", "b"],
        ("c", "b)"),
    ],
)
def test_keys_in_any_spelling_and_answers_in_order_are_accepted(answers):
    assert answered(answers).passed


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"units": "D)", "first_epoch": "b"}, "units: No limit. Look at its values."),
        ({"units": "e", "first_epoch": "b"}, "units: there is no choice e, only a to d."),
        (
            {"units": "a or c", "first_epoch": "b"},
            "units: “a or c” names several choices, and one letter is asked for.",
        ),
        ({"units": ["a", "c"], "first_epoch": "b"}, "units: 2 answers in a row, and a letter is asked for."),
        ({"units": {"c"}, "first_epoch": "b"}, "units: a set"),
        ({"units": "a sigmoid", "first_epoch": "b"}, "units: “a sigmoid” is none of the letters a to d."),
        ({"units": 3, "first_epoch": "b"}, "units: the number 3, and a letter is asked for."),
        ({"units": "?", "first_epoch": "b"}, "units: no answer."),
        ({"first_epoch": "b"}, "units: no answer."),
        ({"unit": "c", "first_epoch": "b"}, "units: no answer has this name, but one is called “unit”."),
    ],
)
def test_an_answer_that_is_none_is_told_precisely_and_costs_its_own_share(answers, told):
    report = answered(answers)
    assert report.points == 1.0 and report.diagnosis.certainty == "sure"
    assert told in report.message, report.message
    assert "C" not in report.message  # the right letter stays secret


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (lambda: None, "Does the function end with `return` and a value?"),
        ({"c", "b"}, "a set"),
        ("c", "Your function gives a text. Asked for is a dict"),
        (["c"], "Your function gives a single answer. Asked for is a dict"),
        (["c", "b", "a"], "Your function gives 3 answers in a row."),
        (3, "Your function gives the number 3."),
        (lambda: print, "Your function gives a function `print`."),
        (lambda: {}["units"], "KeyError"),
    ],
)
def test_what_is_no_dict_is_told_precisely(answers, told):
    report = answered(answers)
    assert report.points == 0.0 and told in str(report), report
    if callable(answers) or "None" in report.message:
        return
    assert report.diagnosis.cure == 'Write `return {"units": "…", "first_epoch": "…"}`.'


def test_every_wrong_choice_is_explained_and_the_right_ones_when_all_are_right():
    report = answered({"units": "a", "first_epoch": "a"})
    assert report.points == 0.0 and report.diagnosis.name == "units_a + first_epoch_a"
    assert report.diagnosis.cause == "units: They compete.\nfirst_epoch: The opposite."
    assert report.diagnosis.cure == "units: Count the tags.\nfirst_epoch: Ask when."
    one_is_right = answered({"units": "a", "first_epoch": "b"})
    assert one_is_right.message == "1 of 2 checks agree. units: They compete. Count the tags."
    assert report.explanations == []
    passed = answered({"units": "c", "first_epoch": "b"})
    assert "units: Each tag is its own question." in str(passed)
    assert "<div>first_epoch: Units were off.</div>" in passed._repr_mimebundle_()["text/html"]


def test_choices_that_were_made_can_be_told_from_those_that_were_not():
    def made(answers):
        record = observe(QUIZ, lambda: answers, 0)
        return QUIZ.choices_made([observation.value for observation in record.observations])

    assert made({"units": "C", "first_epoch": "a)"}) == {"units": True, "first_epoch": False}
    assert made({"units": "a sigmoid"}) == made(None) == made("c") == {}


def test_a_question_has_exactly_one_right_choice():
    with pytest.raises(ValueError, match="exactly one"):
        Question("none", "?", [Wrong("a", "No.", "Ask.")])


def test_the_cell_of_the_chapter_is_made_from_the_declaration():
    text = quiz_markdown(QUIZ)
    assert text.startswith("## Quiz\n\nReturn a letter for each question.\n\n**units**: A network tags photos.")
    assert "\n- c) five units, a sigmoid for each\n- d) `relu`, of course\n\n**first_epoch**: Why is it lower?" in text


def quizzes():
    return [(chapter, each) for chapter in CHAPTERS for each in of_chapter(chapter) if each.kind == "quiz"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_chapters_quiz_cell_says_what_is_declared(chapter):
    [exercise] = [each for owner, each in quizzes() if owner == chapter]
    cells = {cell.id: cell.source for cell in solved(chapter).cells}
    assert cells["quiz"] == quiz_markdown(exercise)
    keys = ", ".join(f'"{question.key}": "?"' for question in exercise.questions)
    assert f"# Like this: return {{{keys}}}" in cells[f"{exercise.name}-answer"]


@pytest.mark.parametrize("exercise", [exercise for _, exercise in quizzes()], ids=lambda exercise: exercise.name)
def test_what_a_quiz_says_can_be_read_anywhere_and_gives_no_letter_away(exercise):
    for question in exercise.questions:
        right = question.lettered[question.right]
        for choice in question.choices:
            texts = [choice.text, choice.cause, getattr(choice, "cure", "")]
            assert not any("$" in text or "<" in text for text in [question.text, *texts])  # no formulas of TeX
            if choice is not right:
                assert choice.cause[-1] in ".!?)" and choice.cure[-1] in ".!?"
                told = f"{choice.cause} {choice.cure}".casefold()
                assert right.text.casefold() not in told and f" {question.right})" not in told
        assert right.cause.endswith((".", ")"))
