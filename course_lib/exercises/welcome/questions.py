"""The quiz: on shapes, NaN and descent, as the chapter met them."""

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
        "nan",
        "In a table of three columns, every number of the last column is 7. Somebody rescales each column by "
        "`(x - min) / (max - min)` and takes `np.mean` of the whole result. What comes out?",
        [
            Wrong(
                "the mean of the other two columns",
                "`np.mean` leaves nothing out: every number of the table goes into its sum.",
                "Work out what becomes of the third column, and then what a sum with it gives.",
            ),
            Wrong(
                "the mean with 0 for the last column",
                "The last column does not become 0 by this formula: its largest number minus its smallest is 0, and "
                "that is what it is divided by.",
                "Work out 7 − 7 over 7 − 7, as NumPy does.",
            ),
            Right(
                "NaN",
                "In the last column 0 is divided by 0, which is NaN, and one NaN makes every sum NaN.",
            ),
            Wrong(
                "an error, since something is divided by 0",
                "Python's own numbers raise an error there; NumPy's arrays warn at most, and go on.",
                "Divide `np.zeros(2)` by `np.zeros(2)` in a new cell.",
            ),
        ],
    ),
    Question(
        "descent",
        "On the bowl f(x) = x², whose slope is 2x, a walk downhill stands at x = −2. Its learning rate is 0.1. Where "
        "is it after one step?",
        [
            Wrong(
                "−2.4",
                "That is farther from the bottom, which lies at 0: this step climbs.",
                "The slope at −2 is −4. Subtract 0.1 times −4, and mind both signs.",
            ),
            Right(
                "−1.6",
                "The slope at −2 is −4, and −2 − 0.1 · (−4) = −1.6.",
            ),
            Wrong(
                "−1.9",
                "That step is 0.1 long, the learning rate itself: the size of the slope plays no part in it.",
                "A step is the learning rate times the slope where the walk stands.",
            ),
            Wrong(
                "1.6",
                "That is on the other side of the bottom, 3.6 away: the step is far too long.",
                "A step is the learning rate times the slope where the walk stands; work it out first.",
            ),
        ],
    ),
    hints=["Each question has its place in the chapter: find it, read it again, and try it in a new cell."],
)
