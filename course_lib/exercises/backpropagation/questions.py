"""The quiz: how gradients go through a graph, what checks them, and what clipping keeps."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_backpropagation",
    Question(
        "twice",
        "A number a is used in two places of a graph. From one of them the gradient 3 comes back to it, from the other "
        "−1. What is its gradient?",
        [
            Wrong("3", "The larger one alone forgets the other way on which a moves the result.",
                  "If a grows by 0.01, by how much does the result grow on each of the two ways, and in all?"),
            Wrong("−1, if that comes last", "The last one alone forgets the other way on which a moves the result.",
                  "If a grows by 0.01, by how much does the result grow on each of the two ways, and in all?"),
            Right("2", "a moves the result on both ways, so what comes back on them is added: 3 + (−1)."),
            Wrong("1", "A mean would say that a moves the result half as much as it does.",
                  "If a grows by 0.01, by how much does the result grow on each of the two ways, and in all?"),
        ],
    ),
    Question(
        "order",
        "Why does the way back go through the nodes of a graph in reverse topological order?",
        [
            Right("a node comes after everything that uses it, so its gradient is complete when it passes it on",
                  "What comes back on all its uses must have been added before the node multiplies it by its slopes."),
            Wrong("the order in which nodes were created would be slower",
                  "The number of steps is the same in any order.",
                  "What would a node pass on, if one of its uses had not paid it yet?"),
            Wrong("otherwise Python would run into an endless loop",
                  "A graph of results has no circles, so any order ends.",
                  "What would a node pass on, if one of its uses had not paid it yet?"),
            Wrong("the inputs have to get their gradients first",
                  "The inputs are the last: what comes to them has gone through everything else.",
                  "Where does the way back begin, and where does it end?"),
        ],
    ),
    Question(
        "bias",
        "A bias of shape (10,) is added to a batch of shape (64, 10). What is the bias's gradient, from the gradient "
        "u of the sum, of shape (64, 10)?",
        [
            Wrong("u.mean(axis=0)", "A mean would divide by 64. If the loss is a mean, that is in u already.",
                  "If one number of the bias grows by 0.01, how many entries of the sum grow, and by how much each?"),
            Wrong("u.sum(axis=0, keepdims=True)", "That has the shape (1, 10), and the bias has (10,).",
                  "Which shape must a gradient have?"),
            Wrong("u.sum(axis=1)", "That has one number for each of the 64 examples.",
                  "Along which of the two axes was the bias stretched?"),
            Right("u.sum(axis=0)", "The bias was stretched over the 64 examples: what comes back from them is added."),
        ],
    ),
    Question(
        "check",
        "A gradient check finds a relative difference of 10⁻⁹ for a layer's weights with a batch of one example. What "
        "does that show?",
        [
            Wrong("the layer's gradients are right",
                  "With one example a sum over the batch, a mean and the first example are all the same.",
                  "Which mistakes cannot be seen with a single example?"),
            Right("the gradient is right for that one example; a sum over the batch can still be wrong",
                  "A mean in place of a sum, or one example in place of all, shows only with several examples."),
            Wrong("nothing: the difference should be exactly 0",
                  "A measured gradient is never exact; 10⁻⁹ is as near as it gets.",
                  "Where does the measured gradient get its error from?"),
            Wrong("the step h was too small",
                  "With too small a step rounding would make the difference larger.",
                  "How does the error of a central difference change with h?"),
        ],
    ),
    Question(
        "clip",
        "The gradients of two layers have the lengths 30 and 40. They are clipped to a global norm of 5. How long are "
        "they then?",
        [
            Wrong("5 and 5", "That is each clipped alone: the step would turn toward the shorter one.",
                  "Which one factor brings both together to a length of 5?"),
            Wrong("2.5 and 2.5", "Half for each would turn the step: one was longer than the other.",
                  "Which one factor brings both together to a length of 5?"),
            Right("3 and 4", "Together they are √(30² + 40²) = 50 long, so one factor of 1/10 shrinks both."),
            Wrong("30 and 40, for only entries above 5 are cut",
                  "Cutting entries is clipping by value. Here a length is limited.",
                  "How long are both gradients together, as one vector?"),
        ],
    ),
    hints=["Each question has its place in the chapter: find it, read it again, and compute an example."],
)  # fmt: skip
