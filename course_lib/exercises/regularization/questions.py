"""The quiz: what overfitting looks like, and what each cure does."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_regularization",
    Question(
        "overfitting",
        "Training loss 0.01, validation loss 0.9 and rising. What helps least?",
        [
            Wrong(
                "more images, or shifted copies of those there are",
                "More different examples are the surest cure: they cannot all be learned by heart.",
                "Which of these makes the network fit the training images more closely still?",
            ),
            Wrong(
                "stopping when the validation loss was lowest",
                "That gives back the weights from before the network began to learn single images by heart.",
                "Which of these makes the network fit the training images more closely still?",
            ),
            Right(
                "a wider network, trained for longer",
                "It fits the training images even more closely, and those are fitted already.",
            ),
            Wrong(
                "a price on large weights",
                "It keeps the network from bending far for single images.",
                "Which of these makes the network fit the training images more closely still?",
            ),
        ],
    ),
    Question(
        "sparse",
        "After training with a penalty, many of the weights are almost exactly 0, the others about as large as "
        "before. Which penalty was it?",
        [
            Right("L1", "Its pull is the same however small a weight is, so it brings small ones all the way to 0."),
            Wrong(
                "L2",
                "Its pull is in proportion to the weight: it fades near 0, and pulls the hardest on large weights.",
                "How hard does each penalty pull on a weight of 0.01?",
            ),
            Wrong(
                "both do this alike",
                "Near 0 they differ most: one slope is constant there, the other fades.",
                "How hard does each penalty pull on a weight of 0.01?",
            ),
            Wrong(
                "neither: that is dropout",
                "Dropout makes outputs 0 for a step; it sets no weight to 0.",
                "What is made 0, and for how long?",
            ),
        ],
    ),
    Question(
        "inverted",
        "With inverted dropout at rate 0.2, what happens to a unit's output when the network is used?",
        [
            Wrong(
                "it is multiplied by 0.8",
                "That belongs to the form of the first paper, which scales nothing while training.",
                "What have survivors been multiplied by while training?",
            ),
            Wrong(
                "it is multiplied by 1.25",
                "That happens to survivors while training; in use nothing is missing that it could make up for.",
                "What has to be made up for when nothing is dropped?",
            ),
            Wrong(
                "it is dropped with probability 0.2",
                "The network would answer another time otherwise to the same question.",
                "Is anything drawn at random in use?",
            ),
            Right(
                "it is passed on as it is", "Survivors have grown by 1.25 while training, so the mean is right already."
            ),
        ],
    ),
    Question(
        "alone",
        "A network with batch normalization is asked about one image at a time. In use, what is the image normalized "
        "by?",
        [
            Wrong(
                "its own mean and variance, as a batch of one",
                "The variance of one example is 0: every output would be β, whatever the image.",
                "What is the variance of a single number?",
            ),
            Right(
                "moving statistics from training",
                "They stand in for the batch's, so an answer does not depend on what else is asked.",
            ),
            Wrong(
                "the statistics of the last training batch",
                "A single batch is a matter of chance; the moving statistics are a mean over many.",
                "What was remembered while training, batch after batch?",
            ),
            Wrong(
                "nothing: it is switched off",
                "The next layer was trained on normalized numbers, and needs them in use, too.",
                "What would the layer behind it get?",
            ),
        ],
    ),
    Question(
        "backward",
        "In the way back through batch normalization somebody takes μ and σ² for constants. What goes wrong?",
        [
            Wrong(
                "nothing: they are no weights",
                "They are no weights, but they are computed from the inputs, which come from weights.",
                "If all inputs of a feature grow by 1, what becomes of the outputs? And of this gradient?",
            ),
            Wrong(
                "the gradient of β",
                "That is the sum of what arrives: μ and σ² play no role in it.",
                "Which of the three gradients goes on to the layer before?",
            ),
            Wrong(
                "only the last digits of the gradients",
                "Two of three paths are missing: for the inputs they are as large as the third.",
                "If all inputs of a feature grow by 1, what becomes of the outputs? And of this gradient?",
            ),
            Right(
                "the gradient of the inputs: it pushes where pushing changes nothing",
                "Moving all inputs of a feature alike changes no output, so their gradients must sum to 0.",
            ),
        ],
    ),
)
