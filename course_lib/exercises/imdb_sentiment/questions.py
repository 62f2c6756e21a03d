"""The quiz: what each step from a text to a number loses, what words say by counting, and how a test set is spoiled."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

WHOSE = "Who may decide what the numbers stand for: training reviews, or those that come later?"
ORDER = "The largest of 3, 1 and 2, and the largest of 2, 3 and 1: what can be told from it?"
READ_THEN_WRITTEN = "All rows are read before one is written. What does the last write put there?"
SIDES = "What is the logarithm of the share in positive reviews, divided by that in negative ones?"
CHOSEN = "If twenty coins are thrown ten times each, how many heads has the best of them?"

QUIZ = quiz(
    "quiz_imdb_sentiment",
    Question(
        "unknown",
        "A review that comes in use has a word that no training review had. What becomes of it?",
        [
            Wrong(
                "it gets the next free number",
                "The table of vectors has no row for that number, and none was learned.",
                WHOSE,
            ),
            Wrong("it becomes 0", "0 says that there is no word at all at this place.", WHOSE),
            Right(
                "it becomes 1, like all unknown words",
                "What 1 means was learned from the rare words of the training set.",
            ),
            Wrong(
                "the vocabulary is built anew, with it",
                "Then all numbers behind it would stand for other words than those that were learned.",
                WHOSE,
            ),
        ],
    ),
    Question(
        "order",
        "Two reviews have the same words in another order. Their word vectors go through global max pooling. How does "
        "the rest of the network tell the two apart?",
        [
            Right("it cannot", "The largest number of each unit is the same in both, so all that follows is."),
            Wrong("by the padding", "It stands in front of both alike, and has one vector.", ORDER),
            Wrong("by the place at which a maximum stands", "Pooling gives the maximum, not its place.", ORDER),
            Wrong(
                "by the dense layer behind it",
                "That layer gets the maxima alone, and they are equal.",
                ORDER,
            ),
        ],
    ),
    Question(
        "table",
        "`gradient[ids] += back` in NumPy, where `ids` is [7, 7, 7]. What is added to row 7?",
        [
            Wrong("the sum of all three rows of `back`", "That is what `np.add.at` does.", READ_THEN_WRITTEN),
            Wrong("their mean", "Nothing divides by three.", READ_THEN_WRITTEN),
            Wrong("nothing: it is an error", "It runs without a word, which makes it hard to find.", READ_THEN_WRITTEN),
            Right("one of the three", "Each write begins with the same old row, and the last one stays."),
        ],
    ),
    Question(
        "ratio",
        "`superb` has a share of 0.0004 among all features of positive reviews, and of 0.0001 among those of negative "
        "ones. What is its log-count ratio?",
        [
            Wrong("0.0003", "That is the difference: for rare words it is tiny, whatever they say.", SIDES),
            Right("about 1.4", "It is log 4. A word with the two shares exchanged has −1.4."),
            Wrong("4", "That is the ratio itself; its logarithm treats both directions alike.", SIDES),
            Wrong("about −1.4", "Below 0 are the words that negative reviews have more often.", SIDES),
        ],
    ),
    Question(
        "leak",
        "Twenty settings are trained, each is measured on the test set, and the best accuracy is reported. What is "
        "wrong with the number?",
        [
            Wrong(
                "nothing: no network was trained on the test set", "It decided which of the twenty is shown.", CHOSEN
            ),
            Wrong("it is too low: more data would help", "That holds for every number here, chosen or not.", CHOSEN),
            Right(
                "it is too high: it was chosen for being high",
                "Part of it is luck with these reviews. Choose by a part of the training set, then measure once.",
            ),
            Wrong(
                "it is the wrong measure: a loss is needed",
                "A loss that is chosen among twenty is flattered as well.",
                CHOSEN,
            ),
        ],
    ),
)
