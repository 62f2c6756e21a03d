"""The quiz: whose examples count how much, what travels between devices, and what a setting of Keras means."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

EXAMPLES = "How many examples stand behind each of the two means?"
CHUNKS = "How long is one chunk, and how many of them does a rank send on both ways around?"
SAME_STEP = "All add the same step to their own weights. What becomes of the distance between two of them?"
ALL_OF_THEM = "Is it the batch of one replica, or of all of them together?"
BITS = "What does the setting change: how numbers are kept, or where they are computed?"

QUIZ = quiz(
    "quiz_distributed_training",
    Question(
        "uneven",
        "Two replicas have 30 and 10 examples. A weight's mean gradient is 1 on the first and 3 on the second. By "
        "which gradient do both step?",
        [
            Wrong("2", "That is the mean of the means: the 10 examples count as much as the 30.", EXAMPLES),
            Right("1.5", "(30 · 1 + 10 · 3) / 40: each example counts the same."),
            Wrong("4", "That is the sum, and it grows with the number of replicas.", EXAMPLES),
            Wrong("1 on the first, 3 on the second", "Then they are two networks from now on.", EXAMPLES),
        ],
    ),
    Question(
        "ring",
        "16 ranks have gradients of 200 MB each, and sum them by a ring. How much does each rank send?",
        [
            Wrong("12.5 MB", "That is one chunk, and a rank sends one in every step.", CHUNKS),
            Wrong("200 MB", "That is not even enough for both ways around.", CHUNKS),
            Right("375 MB", "2 · 15 chunks of 200 / 16 = 12.5 MB."),
            Wrong("3,000 MB", "So much it is if whole arrays go around.", CHUNKS),
        ],
    ),
    Question(
        "seeds",
        "Each replica has drawn its own first weights, and nobody has broadcast any. All take the same plain step, by "
        "the mean of their gradients. What becomes of their weights?",
        [
            Right("they stay as far apart as they began", "Equal steps change no distance."),
            Wrong("they become equal, little by little", "Nothing draws them together.", SAME_STEP),
            Wrong("they become equal in the first step", "The steps are equal, not the weights.", SAME_STEP),
            Wrong("they move apart more and more", "For that their steps would have to differ.", SAME_STEP),
        ],
    ),
    Question(
        "batch_size",
        "Under a `MirroredStrategy` with 4 GPUs you call `fit` with `batch_size=64`. How many examples has each GPU in "
        "a step?",
        [
            Wrong("64", "Then the global batch would be 256.", ALL_OF_THEM),
            Wrong("256", "That is four times all that there are in a step.", ALL_OF_THEM),
            Right("16", "In `fit` it is the global batch, and each replica gets its share."),
            Wrong("all of them, 64, one after the other", "Four times the same work would save no time.", ALL_OF_THEM),
        ],
    ),
    Question(
        "policy",
        'A machine has 4 GPUs. `keras.mixed_precision.set_global_policy("mixed_float16")` is called, and `fit`. On '
        "how many GPUs does the network train?",
        [
            Right("one", "A policy says how numbers are kept. A strategy says where they are computed."),
            Wrong("all 4", "Several tutorials say so, and three GPUs stand still.", BITS),
            Wrong("2: float16 needs half", "Half of the memory is needed, on the same device.", BITS),
            Wrong("none: float16 needs no GPU", "TensorFlow takes the first GPU that it finds.", BITS),
        ],
    ),
)
