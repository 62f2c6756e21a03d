"""The quiz: which loss for what, and what its slope does."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_losses",
    Question(
        "waiting",
        "A bus line's waiting times are predicted. Once in a hundred rides a sensor writes 9,999 minutes. Which loss "
        "lets the prediction follow the other ninety-nine?",
        [
            Wrong(
                "the mean squared error",
                "One error of 9,990 has a square of a hundred million: it outweighs all others together.",
                "Compare the slope that the wild value has with that of a value which is off by 3 minutes.",
            ),
            Right(
                "the mean absolute error",
                "Its slope is 1 for every error, however large: one wild value counts as one.",
            ),
            Wrong(
                "the squared error, with a smaller learning rate",
                "A smaller rate walks to the same minimum in more steps, and the minimum is in the wrong place.",
                "Ask where the loss is smallest, not how one gets there.",
            ),
            Wrong(
                "binary cross-entropy",
                "That is the loss of a yes-or-no answer; minutes are numbers.",
                "Ask which distribution a waiting time has, and which loss is its −log p.",
            ),
        ],
    ),
    Question(
        "stuck",
        "A network with one sigmoid at its end is certain and wrong about an example: p = 0.0001, and the class is 1. "
        "Which loss pushes its logit the hardest?",
        [
            Wrong(
                "the squared error of p",
                "Its slope along the logit has the sigmoid's in it, p (1 − p), which is 0.0001 here: hardly a push.",
                "Write down the slope along the logit, by the chain rule. Which factor is tiny?",
            ),
            Wrong(
                "all push equally: the error is the same",
                "The error is the same, the slope along the logit is not: it depends on what the loss makes of p.",
                "Write down two of these slopes along the logit, and put p = 0.0001 in.",
            ),
            Right(
                "binary cross-entropy from logits",
                "Its slope along the logit is p − y, nearly −1: the sigmoid's own slope has canceled.",
            ),
            Wrong(
                "the absolute error of p",
                "Its slope along the logit is the sigmoid's, p (1 − p) = 0.0001: hardly a push.",
                "Write down the slope along the logit, by the chain rule. Which factor is tiny?",
            ),
        ],
    ),
    Question(
        "labels",
        "Labels are whole numbers from 0 to 9, the model ends in ten logits. Which loss in Keras?",
        [
            Wrong(
                "`CategoricalCrossentropy(from_logits=True)`",
                "It expects one-hot rows, and refuses one number a row.",
                "Which of the names says that the labels are not written out as rows of zeros and a 1?",
            ),
            Right(
                "`SparseCategoricalCrossentropy(from_logits=True)`",
                "Sparse takes whole numbers as labels, and from_logits says that no softmax has been applied.",
            ),
            Wrong(
                "`SparseCategoricalCrossentropy()`",
                "Without from_logits the logits are taken for probabilities, and clipped to numbers between 0 and 1.",
                "What does the last layer give, and what does this loss take it for?",
            ),
            Wrong(
                "`BinaryCrossentropy(from_logits=True)`",
                "It asks ten yes-or-no questions, whose answers need not sum to 1.",
                "How many classes of the ten are true at once?",
            ),
        ],
    ),
    Question(
        "rare",
        "Of 1,000 patients 10 are ill. A network is trained with `class_weight={0: 1, 1: 99}`. What changes?",
        [
            Wrong(
                "it sees ill patients 99 times as often",
                "The same patients come, each once an epoch. It is the loss that counts some more.",
                "Where do the weights enter: in the data, or in the sum that makes the loss?",
            ),
            Wrong(
                "its learning rate is 99 times as large",
                "Only the slopes of the ill ones grow; a rate would scale all of them.",
                "Write down the loss as a sum over patients, and put the weights in.",
            ),
            Right(
                "an ill patient's loss and slope count 99 times, so both groups pull about equally",
                "10 times 99 is 990, as much as the 990 healthy ones, so it no longer pays to call everybody healthy.",
            ),
            Wrong(
                "its probabilities come nearer to the true shares",
                "On the contrary: it now speaks as if half of all patients were ill.",
                "For which share of ill patients would the weighted loss be the likelihood?",
            ),
        ],
    ),
    Question(
        "smoothing",
        "With label smoothing of 0.1 and ten classes, what is the target of the true class?",
        [
            Wrong(
                "0.90",
                "What is taken off is spread over all ten classes, the true one included.",
                "One tenth is taken off and handed out in ten equal parts. Who gets one?",
            ),
            Right("0.91", "0.9 is left, and a tenth of the 0.1 comes back: each class gets 0.01."),
            Wrong(
                "0.10",
                "That is the share that is spread, not what is left.",
                "Compute y · (1 − 0.1) + 0.1 / 10 for y = 1.",
            ),
            Wrong(
                "1.00, as before: only the others change",
                "Then the targets of a row would sum to more than 1.",
                "Compute y · (1 − 0.1) + 0.1 / 10 for y = 1.",
            ),
        ],
    ),
    hints=["Each question has its place in the chapter: find it, read it again, and compute an example."],
)
