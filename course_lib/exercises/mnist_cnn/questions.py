"""The quiz: what a convolution shares, how many weights it has, and what it takes for granted."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

COUNT = "How many numbers does one filter have, and how many filters are there?"
SHARED = "Which numbers are learned, and do they belong to a place of the image?"
ORDER = "Which of the two networks knows which pixels lie side by side?"
SMALL = "What do a hundred examples have to decide, if all weights may change?"
LARGEST = "Which numbers of the window change the output if they grow a little?"

QUIZ = quiz(
    "quiz_mnist_cnn",
    Question(
        "shared",
        "A convolution has 32 filters of 3 × 3 for gray images of 28 × 28: 320 parameters. How many has it for images "
        "of 56 × 56?",
        [
            Right("320", "The same filters move over a larger image; nothing belongs to a single place."),
            Wrong("1,280", "A dense layer would grow like that: it has a weight for each pixel.", SHARED),
            Wrong("640", "Neither side of the image is in the number.", SHARED),
            Wrong("it depends on the padding", "Padding adds places, and no weights.", SHARED),
        ],
    ),
    Question(
        "count",
        "A convolution of 3 × 3 takes 32 channels and has 64 filters. How many weights has its kernel?",
        [
            Wrong("576", "A filter looks at all 32 channels, with weights of its own for each.", COUNT),
            Wrong("288", "That is one filter, and there are 64.", COUNT),
            Right("18,432", "Each of 64 filters has 3 · 3 numbers for each of 32 channels."),
            Wrong("2,048", "A filter looks at 9 places in each channel.", COUNT),
        ],
    ),
    Question(
        "padding",
        "An image of 28 × 28, a kernel of 5 × 5, stride 1. How many zeros on each side keep the size?",
        [
            Wrong("one", "26 places come out: 28 + 2 − 5 + 1.", "Solve 28 + 2 · padding − 5 + 1 = 28."),
            Right("two", "28 + 4 − 5 + 1 = 28: half of the kernel, rounded down, hangs over at each side."),
            Wrong("four", "32 places come out: 28 + 8 − 5 + 1.", "Solve 28 + 2 · padding − 5 + 1 = 28."),
            Wrong("five", "34 places come out: 28 + 10 − 5 + 1.", "Solve 28 + 2 · padding − 5 + 1 = 28."),
        ],
    ),
    Question(
        "shuffled",
        "The columns of all tables in a data set come in an arbitrary order: age, income, height, … Is a convolution "
        "along them a good idea?",
        [
            Wrong(
                "yes, it has fewer weights than a dense layer",
                "Few weights help only if what they have in common is true of the data.",
                ORDER,
            ),
            Wrong("yes, if the columns are standardized first", "The scale is not what is missing.", ORDER),
            Wrong(
                "yes, since the order is the same for all examples",
                "So it was in the chapter, when all curves were put in one new order, and accuracy fell.",
                ORDER,
            ),
            Right(
                "no, since neighbors have nothing to do with each other",
                "A convolution looks for the same pattern among neighbors everywhere; here there is none to be found.",
            ),
        ],
    ),
    Question(
        "pooled",
        "A window of 2 × 2 holds 3, −5, 1 and 2. Its maximum gets 0.4 from above. What goes back to the 2?",
        [
            Wrong("0.4", "If the 2 grows a little, the output stays 3.", LARGEST),
            Wrong("0.1", "That would be the share of one of four in average pooling.", LARGEST),
            Right("nothing", "If it grows a little, the output does not change. The 3 gets all of the 0.4."),
            Wrong("0.8", "The gradient does not depend on the number, only on which is the largest.", LARGEST),
        ],
    ),
    Question(
        "frozen",
        "A network has learned five digits from 20,000 images, and shall learn five others from 25. Why keep its "
        "convolutions as they are?",
        [
            Wrong("their gradients are 0 there", "They are not: the other digits would change them, too.", SMALL),
            Right(
                "25 images can choose among good features, but are too few to make some",
                "What strokes look like is learned from 20,000 images, and is the same for other digits.",
            ),
            Wrong("it has to keep its answers for the first five", "Its last layer is replaced.", SMALL),
            Wrong("convolutions cannot be trained twice", "They can, and with enough images it is better.", SMALL),
        ],
    ),
)
