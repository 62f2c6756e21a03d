"""The quiz on schedules."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_learning_rate_schedules",
    Question(
        "steps",
        "5,000 examples, batches of 50, 10 epochs. The rate should fall along one cosine to 0 at the end. "
        "What is `decay_steps`?",
        [
            Wrong(
                "10",
                "After 10 steps a tenth of the first epoch is over: the rate would be 0 for all the rest.",
                "How many batches does an epoch have?",
            ),
            Wrong("100", "That is one epoch.", "The cosine should take all epochs."),
            Right("1,000", "An epoch has 100 batches, so 10 epochs have 1,000 steps."),
            Wrong(
                "50,000",
                "A step takes a batch, not an example: in this run the rate would hardly fall.",
                "How many batches does an epoch have?",
            ),
        ],
    ),
    Question(
        "boundary",
        "`PiecewiseConstantDecay([100, 200], [1.0, 0.5, 0.1])`. Which rate has step 100?",
        [
            Right("1.0", "A boundary is the last step of the value before it: the comparison is step ≤ 100."),
            Wrong(
                "0.5",
                "This value begins with the step after the boundary.",
                "Does step 100 come before the boundary, or after it?",
            ),
            Wrong(
                "0.75",
                "No mean is taken: the rate is one of the values.",
                "Does step 100 come before the boundary, or after it?",
            ),
            Wrong("0.1", "This value begins after step 200.", "Which boundaries has step 100 passed?"),
        ],
    ),
    Question(
        "noise",
        "The loss has stopped falling, and goes up and down. You divide the rate by 10, and soon it falls further. "
        "Why?",
        [
            Wrong(
                "a smaller rate finds better minima far away",
                "A smaller rate goes less far.",
                "What of the loss depends on the noise of the batches?",
            ),
            Right(
                "the part of the loss that the batches' noise keeps up is in proportion to the rate",
                "Smaller steps let less noise in, and this part goes down within some steps.",
            ),
            Wrong(
                "the gradients have become ten times larger",
                "The gradients are those of the loss; the rate has no effect on them at the same place.",
                "What does each step add to the weights besides the way downhill?",
            ),
            Wrong(
                "the batches have less noise now",
                "The noise of a batch depends on its size. What has changed is how much of it a step takes in.",
                "What does each step add to the weights besides the way downhill?",
            ),
        ],
    ),
    Question(
        "warm_up",
        "Why does a large rate often need a warm-up?",
        [
            Wrong(
                "Python and the processor need time to get fast",
                "It is about the weights: the first steps are as exact as all others.",
                "How steep may the loss be where training begins?",
            ),
            Wrong(
                "without it the rate would never reach its peak",
                "Without it the rate is at its peak in step 0.",
                "What happens in the first steps at the full rate?",
            ),
            Wrong(
                "at first the gradients are too small",
                "If they were, a larger rate would help, and not a smaller one.",
                "How steep may the loss be where training begins?",
            ),
            Right(
                "where training begins the loss can be far steeper than where it leads",
                "Small steps lead out of the steep part; there the peak rate is safe.",
            ),
        ],
    ),
    Question(
        "late",
        "A warm-up of 50 steps, then a cosine of 950. What is wrong if the cosine is then asked for `step`?",
        [
            Wrong(
                "nothing: both count steps",
                "Both do, but the cosine should begin when the warm-up is over.",
                "For which step is the cosine asked first, and which rate has it there?",
            ),
            Right(
                "it has run during the warm-up: its peak is never reached, and it ends 50 steps early",
                "It must be asked for step − 50, which is 0 when it begins.",
            ),
            Wrong(
                "it ends 50 steps late",
                "It is 50 steps ahead, not behind.",
                "At which step of the training is it asked for its own step 950?",
            ),
            Wrong(
                "the rate jumps up to the peak when the warm-up ends",
                "It jumps, but not upward: the warm-up has just reached the peak.",
                "What is the cosine after 50 of its steps, above or below its peak?",
            ),
        ],
    ),
    Question(
        "test",
        "In a range test the loss falls fastest at 0.05, is lowest at 0.2, and explodes at 0.6. Which peak rate "
        "would you try first?",
        [
            Wrong(
                "0.6, the largest that has been tried",
                "There the run is being lost.",
                "Leave a distance from the rate at which the loss explodes.",
            ),
            Wrong(
                "0.0005, to be safe",
                "There the loss does not fall yet: the training would take a hundred times as many steps.",
                "Where does the loss fall?",
            ),
            Right(
                "about 0.2, a third of where it explodes",
                "It is large enough to go far, with a distance from the explosion; a longer run decides.",
            ),
            Wrong(
                "the mean of the smallest and the largest",
                "The mean lies close to the largest, at the explosion's side.",
                "Leave a distance from the rate at which the loss explodes.",
            ),
        ],
    ),
)
