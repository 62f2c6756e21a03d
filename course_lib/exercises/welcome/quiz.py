"""The quiz: on shapes, as the chapter met them, and on how the course itself works."""

from course_lib.checking.exercise import quiz

QUIZ = quiz(
    "quiz_welcome",
    {
        "shapes": {
            "answer": "d",
            "a": "NumPy does not pair up the numbers here: a flat array counts as one row, and the column is held "
            "against that row.",
            "b": "the result is no column either: the flat array counts as a row, so there is a column for each of its "
            "numbers.",
            "c": "nothing is raised. NumPy stretches both arrays (“broadcasting”), which is why the slip is so hard to "
            "see.",
        },
        "points": {
            "answer": "b",
            "a": "a check is not all or nothing: rows that agree earn their share, unless a row is marked essential.",
            "c": "trying again costs nothing: your best points count, however many attempts there were.",
            "d": "hints are free as well. Only that a solution was shown is remembered, and it takes no points either.",
        },
        "copies": {
            "answer": "c",
            "a": "`course reset` makes a clean copy and keeps the old one beside it under a dated name.",
            "b": "an update changes `notebooks/`, never `work/`, where your copies are.",
            "d": "checks record points, attempts and hints, not your code. The code is in the notebook that you save.",
        },
    },
)
