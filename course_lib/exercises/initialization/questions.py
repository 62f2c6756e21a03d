"""The quiz: what a start does to a network, and which belongs where."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_initialization",
    Question(
        "zeros",
        "All weights and biases of a network with two hidden tanh layers start at 0. What happens in training?",
        [
            Wrong(
                "the gradients explode in the first steps",
                "Every gradient of a weight has a weight or an answer of a unit as a factor, and all of them are 0. "
                "What is 0 cannot explode.",
                "Write down what the units answer, and then the gradient of a weight as a product.",
            ),
            Right(
                "only the biases of the output layer learn",
                "All answers inside are 0 and all weights are 0, so every gradient is 0, but for the output's biases: "
                "these learn how frequent each class is.",
            ),
            Wrong(
                "it learns as usual, only more slowly",
                "Time does not help where gradients are exactly 0.",
                "Write down what the units answer, and then the gradient of a weight as a product.",
            ),
            Wrong(
                "it learns, but all units of a layer stay equal",
                "That is what other equal weights do, such as 0.5 everywhere. With zeros there is less still.",
                "Write down what the units answer, and then the gradient of a weight as a product.",
            ),
        ],
    ),
    Question(
        "first_loss",
        "A network for 1,000 classes has just been made. Its loss, −log p of the true class, is 31. What does this "
        "say?",
        [
            Wrong(
                "nothing yet: before training any loss is possible",
                "A network that knows nothing should give each class about the same share, and that loss is known.",
                "Compute −log p for p = 1/1000.",
            ),
            Right(
                "its first logits are too large: it is sure, and wrong",
                "Equal shares give log(1000) = 6.9. A loss of 31 means that the true class gets 10⁻¹⁴: the logits "
                "differ by far too much.",
            ),
            Wrong(
                "that 1,000 classes are simply hard",
                "They are, and equal shares already have that in them: a loss of log(1000).",
                "Compute −log p for p = 1/1000.",
            ),
            Wrong(
                "its weights are too small",
                "With very small weights all logits are near 0, the shares are equal, and the loss is log(1000) = 6.9.",
                "Which logits give a share of 10⁻¹⁴ to the true class?",
            ),
        ],
    ),
    Question(
        "relu",
        "A network of 30 ReLU layers starts with variances of 1 / fan_in. What is left of the mean square of the "
        "signal?",
        [
            Wrong(
                "all of it",
                "This holds for layers without an activation. ReLU sets half of the sums to 0.",
                "What share of the mean square does one ReLU leave? Take that to the power of 30.",
            ),
            Wrong(
                "about half",
                "That is what one layer leaves.",
                "Take what one layer leaves to the power of 30.",
            ),
            Right(
                "about 1 part in 10⁹",
                "Each ReLU halves the mean square, and 0.5³⁰ is 10⁻⁹. He's variance, 2 / fan_in, makes up for it.",
            ),
            Wrong(
                "it grows without limit",
                "For that the variance would have to be above 2 / fan_in.",
                "What share of the mean square does one ReLU leave? Take that to the power of 30.",
            ),
        ],
    ),
    Question(
        "limit",
        "Weights with the deviation 0.1 are wanted, drawn uniformly between −limit and limit. Which limit?",
        [
            Wrong(
                "0.1",
                "Most of these draws are nearer to 0 than 0.1, so their deviation is smaller: 0.1 / √3 = 0.058.",
                "The variance of such draws is limit² / 3. Solve for the limit.",
            ),
            Wrong(
                "0.3",
                "The variance of such draws is limit² / 3, and a deviation is its root.",
                "Solve limit² / 3 = 0.1² for the limit.",
            ),
            Wrong(
                "0.058",
                "Here √3 divides, where it should multiply: these draws have the deviation 0.033.",
                "Solve limit² / 3 = 0.1² for the limit.",
            ),
            Right("0.173", "The variance is limit² / 3, so the limit is √3 times the deviation."),
        ],
    ),
    Question(
        "conv",
        "A convolution has the kernel (3, 3, 64, 128). With He's rule, which variance do its weights start with?",
        [
            Wrong(
                "2 / 64",
                "A unit sees 64 numbers at each of the nine places of its window.",
                "How many numbers does one unit add up?",
            ),
            Right("2 / 576", "One unit adds up 3 · 3 · 64 = 576 numbers, its fan_in."),
            Wrong(
                "2 / 1152",
                "3 · 3 · 128 is fan_out, in how many sums an input counts.",
                "He's rule keeps the signal on its way forward. How many numbers does one unit add up?",
            ),
            Wrong(
                "2 / 3",
                "3 is the height of the window.",
                "How many numbers does one unit add up?",
            ),
        ],
    ),
    hints=["Each question has its place in the chapter: find it, read it again, and compute an example."],
)
