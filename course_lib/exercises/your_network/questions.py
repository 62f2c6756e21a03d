"""The quiz: on what a network is made of, and which of its parts a change of one thing would touch."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_your_network",
    Question(
        "kept",
        "A network has three dense layers. Which arrays does the way there have to keep for the way back?",
        [
            Wrong(
                "the gradients of the three kernels",
                "These do not exist yet: the way back makes them.",
                "Which array, besides what comes back, does the gradient of a kernel hold?",
            ),
            Right(
                "what each layer was given, three arrays",
                "A kernel's gradient is made of its layer's inputs and of what comes back. Where an input is 0, ReLU "
                "or dropout has stopped it, so the same arrays hold the slopes, too.",
            ),
            Wrong(
                "the logits alone",
                "With the logits the way back can begin, but no kernel's gradient can be made of them.",
                "Which array, besides what comes back, does the gradient of a kernel hold?",
            ),
            Wrong(
                "nothing: the weights are enough",
                "The weights say nothing of the examples, and the gradient depends on these.",
                "Which array, besides what comes back, does the gradient of a kernel hold?",
            ),
        ],
    ),
    Question(
        "memory",
        "Somebody makes the optimizer inside the loop, a new Adam in each step. What are its steps like?",
        [
            Wrong(
                "as before, since Adam keeps nothing between two steps",
                "Adam keeps two running means for every weight, and the number of steps.",
                "What is Adam's first step like, whatever the gradient?",
            ),
            Wrong(
                "shorter and shorter",
                "Nothing of earlier steps is left that could shorten them.",
                "What is Adam's first step like, whatever the gradient?",
            ),
            Right(
                "every weight moves by the whole rate, up or down",
                "Each step is a first step: m̂ is the gradient and the root of v̂ its size, so their quotient is 1 or "
                "−1.",
            ),
            Wrong(
                "zero, since the running means begin at 0",
                "The means begin at 0, and the correction of the first step makes up for just that.",
                "What is Adam's first step like, whatever the gradient?",
            ),
        ],
    ),
    Question(
        "shuffled",
        "x and labels are each shuffled by `rng.permutation`, one after the other. Which loss does the training "
        "approach?",
        [
            Right(
                "about log 10, that of guessing",
                "The images have lost their labels. What is left to learn is how frequent each digit is.",
            ),
            Wrong(
                "0, only later",
                "No label belongs to its image any more. A large network may learn them by heart, in very many epochs, "
                "but nothing that holds for other images.",
                "What does an image still say about its label?",
            ),
            Wrong(
                "the same, since every image is still seen once in an epoch",
                "It is seen, but with the label of another image.",
                "What does an image still say about its label?",
            ),
        ],
    ),
    Question(
        "whole",
        "Batches of 128, 10,000 test images: the mean of the 79 batches' accuracies is 0.9801. How many are right?",
        [
            Wrong(
                "9,801",
                "The last batch has 16 images and counts as much as one of 128.",
                "How many images has the last batch?",
            ),
            Wrong(
                "9,800 or 9,802, since it is rounded",
                "It is not rounding: one image of the last batch counts eight times as much as another.",
                "How many images has the last batch?",
            ),
            Right(
                "that cannot be told from this number",
                "78 batches have 128 images and the last has 16, each of which counts eight times. Count the right "
                "ones instead.",
            ),
        ],
    ),
)
