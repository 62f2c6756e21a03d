"""The quiz: on shapes, as the chapter met them, and on how the course itself works."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_welcome",
    Question(
        "shapes",
        "`a` has shape `(4,)` and `b` has shape `(4, 1)`. What is `b - a`?",
        [
            Wrong(
                "an array of shape `(4,)`: first minus first, second minus second, …",
                "NumPy does not pair up the numbers here: a flat array counts as one row, and the column is held "
                "against that row.",
                "Think of the table of differences at the beginning of the chapter, and run it with four numbers.",
            ),
            Wrong(
                "an array of shape `(4, 1)`, since one of them is a column",
                "The result is no column either: the flat array counts as a row, so there is a column for each of its "
                "numbers.",
                "Make two such arrays in a new cell, and print the shape of their difference.",
            ),
            Wrong(
                "an error, since the shapes differ",
                "Nothing is raised. NumPy stretches both arrays (“broadcasting”), which is why the slip is so hard to "
                "see.",
                "Make two such arrays in a new cell, and print the shape of their difference.",
            ),
            Right(
                "an array of shape `(4, 4)`",
                "The flat array counts as a row, and a column minus a row is a table: each of four numbers against "
                "each of four.",
            ),
        ],
    ),
    Question(
        "points",
        "An exercise is worth 2 points. Three of the four lines of its report agree; all weigh the same and none is "
        "essential. It was your sixth attempt, and you had two hints. What have you earned?",
        [
            Wrong(
                "nothing yet",
                "A check is not all or nothing: rows that agree earn their share, unless a row is marked essential.",
                "Read again what the report of the obvious line earned, and why.",
            ),
            Right(
                "1.5 points",
                "Each of the four lines earns a quarter of 2 points. Attempts and hints cost nothing.",
            ),
            Wrong(
                "1.5 points less something for the attempts",
                "Trying again costs nothing: your best points count, however many attempts there were.",
                "Read again what is said of attempts above the first check.",
            ),
            Wrong(
                "1.5 points less something for the hints",
                "Hints are free as well. Only that a solution was shown is remembered, and it takes no points either.",
                "Read again what is said of `hint` and `solution` under “Build it yourself”.",
            ),
        ],
    ),
    Question(
        "copies",
        "You have half of a chapter. Then you fetch a new version of the course, and later run `course reset` on the "
        "chapter. What has become of your half?",
        [
            Wrong(
                "it is lost, since a reset replaces your copy",
                "A reset makes a clean copy, but it deletes nothing.",
                "Read again what the table of commands says of `course reset`.",
            ),
            Wrong(
                "it was lost before, since the new version replaced your copy",
                "An update changes `notebooks/`, never `work/`, where your copies are.",
                "Ask what the last of the three commands does with your copy.",
            ),
            Right(
                "it is in `work/`, in a folder with a date in its name",
                "An update never touches `work/`, and a reset keeps your copy there under a dated name.",
            ),
            Wrong(
                "it is in your progress record, with which a check can bring it back",
                "Checks record points, attempts and hints, not your code. The code is in the notebook that you save.",
                "Ask what the last of the three commands does with your copy.",
            ),
        ],
    ),
    hints=["Each question has its place in the chapter: find it, read it again, and try it in a new cell."],
)
