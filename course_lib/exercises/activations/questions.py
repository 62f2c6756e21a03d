"""The quiz: which function goes where, and what becomes of the gradient."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_activations",
    Question(
        "labels",
        "A network tags photos: beach, dog, night, sunset, snow. A photo may have several tags, or none. Which output?",
        [
            Wrong(
                "five units, softmax",
                "Softmax makes the five shares compete for a sum of 1; here several tags, or none, may be right.",
                "What would the five numbers have to be for a dog on a beach at sunset? Which function can give them?",
            ),
            Wrong(
                "five units, tanh",
                "tanh gives values from −1 to 1, which are no probabilities.",
                "Look for a function whose values lie between 0 and 1, and ask whether they may sum to 3.",
            ),
            Right(
                "five units, a sigmoid for each",
                "Each tag is a yes-or-no question of its own, and a sigmoid gives each its own probability.",
            ),
            Wrong(
                "five units, ReLU",
                "ReLU gives values without upper limit, which are no probabilities.",
                "Look for a function whose values lie between 0 and 1, and ask whether they may sum to 3.",
            ),
        ],
    ),
    Question(
        "price",
        "A network predicts the price of a house in dollars. Which output?",
        [
            Wrong(
                "one unit, sigmoid",
                "A sigmoid never exceeds 1: no house for more than one dollar.",
                "Ask which numbers may come out, and which of the functions can give all of them.",
            ),
            Right(
                "one unit, identity",
                "A price may be any number, and the identity is the one that limits nothing.",
            ),
            Wrong(
                "one unit, softmax",
                "Over a single unit softmax is always exactly 1, whatever the house.",
                "Compute the softmax of one number, of any one. Which function passes it on?",
            ),
            Wrong(
                "one unit, tanh",
                "tanh stays between −1 and 1: no house for more than one dollar.",
                "Ask which numbers may come out, and which of the functions can give all of them.",
            ),
        ],
    ),
    Question(
        "stack",
        "The loss of a network with ten hidden sigmoid layers does not move. Which change goes to the cause?",
        [
            Wrong(
                "train ten times longer",
                "The first layers get a millionth of the gradient or less; ten times as long changes next to nothing.",
                "The cause is the product of ten slopes. What changes the slopes themselves?",
            ),
            Wrong(
                "multiply the learning rate by 100",
                "The last layers get gradients of a healthy size: a hundred times the rate makes those explode.",
                "The cause is the product of ten slopes. What changes the slopes themselves?",
            ),
            Wrong(
                "give each layer twice as many units",
                "More units stand side by side; the product of slopes from layer to layer is as long as before.",
                "Follow one path from the output to the first layer. What is each factor on it, and what would make "
                "it larger?",
            ),
            Right(
                "use ReLU in the hidden layers",
                "The sigmoid's slope is at most ¼, so ten of them leave a millionth. ReLU's slope is 1 where a unit "
                "is active.",
            ),
        ],
    ),
    Question(
        "dead",
        "A ReLU unit in the *first* hidden layer has a negative z for every training example. You go on training with "
        "plain gradient descent. What becomes of its weights?",
        [
            Right(
                "nothing: they stay exactly as they are",
                "ReLU's slope is 0 for every example, so each of its weights has a gradient of exactly 0, and its "
                "inputs, the data, never change.",
            ),
            Wrong(
                "they shrink to 0",
                "It is the unit's output that is 0, and its gradient; a step with the gradient 0 shrinks nothing.",
                "Write down one step of gradient descent for such a weight, with the gradient that it gets.",
            ),
            Wrong(
                "they come back if the learning rate is raised",
                "A larger learning rate multiplies a gradient of exactly 0. Nothing moves.",
                "Write down one step of gradient descent for such a weight, with any learning rate.",
            ),
            Wrong(
                "they come back, but slowly",
                "The gradient on the negative side is exactly 0, not small, and the unit's inputs never change.",
                "Ask what would have to change for z to become positive, and whether it can.",
            ),
        ],
    ),
    Question(
        "signs",
        "A unit has five inputs, all sigmoids. For one example, the signs in the gradient of its five weights are …",
        [
            Wrong(
                "mixed, depending on the example",
                "Each is the slope along the unit's z times an input, and sigmoids are positive. (With tanh they mix.)",
                "Write down the gradient of one weight as a product. Which factor do the five weights share?",
            ),
            Right(
                "all the same",
                "Each is the slope along the unit's z, which all share, times an input, and sigmoids are positive.",
            ),
            Wrong(
                "those of the weights",
                "The weights decide the unit's value; the slope along a weight is the slope along z times its input.",
                "Write down the gradient of one weight as a product, and the sign of each factor.",
            ),
            Wrong(
                "alternating",
                "Nothing alternates: each is the slope along the unit's z times a positive input.",
                "Write down the gradient of two of the weights, and compare the signs of their factors.",
            ),
        ],
    ),
    hints=["Each question has its place in the chapter: find it, read it again, and compute an example."],
)
