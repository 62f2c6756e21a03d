"""What the graph stepper is asked."""

from course_lib.checking.questions import Reading, readings

BACKPROPAGATION_QUESTIONS = readings(
    "backpropagation_questions",
    Reading("twice", 5.0, wrong={3.0: ("a.", "b."), 2.0: ("c.", "d.")}),
    hints=["Set.", "Read."],
)
