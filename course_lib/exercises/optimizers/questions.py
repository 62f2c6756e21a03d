"""The quiz: on the steps of each optimizer, as they can be computed by hand."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_optimizers",
    Question(
        "noise",
        "A batch of 100 is drawn at random from 60,000 examples. Its gradient is",
        [
            Wrong(
                "about 600 times smaller than that of all",
                "Both are means over their examples, and of like size. What differs is how much they vary.",
                "Compare the mean of all 60,000 with the mean of a few: is one of them smaller, or only less certain?",
            ),
            Right(
                "right on average, its noise in proportion to 1/√100",
                "A mean of n examples is right on average, as a single one is, and has 1/√n of its noise.",
            ),
            Wrong(
                "right on average, its noise in proportion to 1/100",
                "By that rule four times as many examples would leave a quarter of the noise.",
                "Measured above: they left half of it. What do a hundred times as many leave?",
            ),
            Wrong(
                "noisy, but a small enough step against it lowers the loss of all",
                "A single batch may well point uphill for the rest.",
                "Ask what is true of one batch, and what only of many batches together.",
            ),
        ],
    ),
    Question(
        "momentum",
        "Under a steady gradient g, with momentum 0.9, steps grow to",
        [
            Wrong(
                "0.9 · rate · g",
                "0.9 is what is kept of the last velocity. To that the new gradient is added, at every step.",
                "Write down the first three velocities for g = 1, then what they approach.",
            ),
            Wrong(
                "1.9 · rate · g",
                "1.9 is the second step, 1 + 0.9. It is not the last.",
                "The third is 1 + 0.9 + 0.81, and so on: which number do these sums approach?",
            ),
            Right(
                "10 · rate · g",
                "The velocity is the sum 1 + 0.9 + 0.81 + … = 1 / (1 − 0.9) = 10 gradients.",
            ),
            Wrong(
                "any size, without limit",
                "1 + 0.9 + 0.81 + … has a limit.",
                "Sum the geometric series, or ask for which velocity v the next one, 0.9 · v + g, is v again.",
            ),
        ],
    ),
    Question(
        "adagrad",
        "Under a steady gradient Adagrad's steps get smaller and smaller, because",
        [
            Wrong(
                "it averages over more and more gradients",
                "A mean of equal squares would stay as it is, and so would the steps. Adagrad does not divide by t.",
                "Write down its sum s after one, two and three steps with g = 1.",
            ),
            Wrong(
                "ε is added at every step",
                "ε stands in the denominator once, and is tiny.",
                "Look at what else stands in the denominator, and how it changes from step to step.",
            ),
            Wrong(
                "past squares are forgotten little by little",
                "That is RMSprop, whose steps settle at a size.",
                "Write down Adagrad's sum s after one, two and three steps with g = 1.",
            ),
            Right(
                "the sum of squares only grows, and its root divides the step",
                "After t steps the sum is t · g², so that a step is rate / √t: smaller and smaller.",
            ),
        ],
    ),
    Question(
        "correction",
        "β₁ = 0.9, β₂ = 0.999, tiny ε. With bias correction Adam's first step is",
        [
            Right(
                "rate · sign(g); without, about 3 times as long",
                "Without it, m is 0.1 · g and √v is √0.001 · |g|: their quotient is 0.1 / 0.032, about 3.",
            ),
            Wrong(
                "rate · sign(g); without, 10 times shorter",
                "m alone would be 10 times too small. But v is too small as well, and its root stands below.",
                "Compute m, v and m / √v after one step with g = 1, without any correction.",
            ),
            Wrong(
                "rate · g; without, 10 times shorter",
                "m̂ is g, but it is divided by √v̂, which is |g|.",
                "Compute m, v and m / √v after one step with g = 1, without any correction.",
            ),
            Wrong(
                "the same as without: the two factors cancel",
                "The factors are 1 − 0.9 and 1 − 0.999, and of the second the root is taken: they do not cancel.",
                "Compute 0.1 / √0.001.",
            ),
        ],
    ),
    Question(
        "decay",
        "Adam, and a loss with an L2 penalty. Of two equal weights one has large gradients, one tiny ones. The penalty",
        [
            Wrong(
                "shrinks both alike, as AdamW does",
                "In plain gradient descent the two are the same thing. In Adam, the penalty's gradient is divided by "
                "√v̂ like all the rest.",
                "For which of the two weights is √v̂ larger?",
            ),
            Right(
                "shrinks the one with large gradients less",
                "The penalty is a part of the gradient, and all of it is divided by √v̂, which is large there.",
            ),
            Wrong(
                "shrinks the one with large gradients more",
                "Where gradients are large, √v̂ is large, and it stands below.",
                "What does dividing by √v̂ make of the penalty's share of the step?",
            ),
            Wrong(
                "shrinks neither: √v̂ takes it out again",
                "√v̂ scales the penalty's share, by another number for each weight; it does not take it out.",
                "Write down the penalty's share of one step, and what it is divided by for each of the weights.",
            ),
        ],
    ),
    Question(
        "rate",
        "Up to which rate does plain descent on ½ (x² + 100 y²) not diverge?",
        [
            Wrong(
                "0.01",
                "At 0.01 y arrives in a single step, since 1 − 100 · 0.01 = 0. A somewhat higher rate overshoots, and "
                "still comes closer from step to step.",
                "A step takes y to (1 − 100 · rate) · y. Try a rate of 0.015.",
            ),
            Right(
                "0.02",
                "A step takes y to (1 − 100 · rate) · y. That factor is −1 at 0.02, and below −1 for higher rates: the "
                "limit is 2 divided by the largest curvature.",
            ),
            Wrong(
                "0.1",
                "At 0.1 a step takes y to (1 − 100 · 0.1) · y, which is −9 y: nine times as far out.",
                "Which factor does a step put before y, and when does |y| grow?",
            ),
            Wrong(
                "2",
                "2 is the limit for x alone. Along y the curvature is 100 times as large.",
                "Work out where a step of this rate takes y from 1.",
            ),
        ],
    ),
    hints=[
        "For `momentum` and `correction` compute the first two steps by hand, with g = 1.",
        "For `decay` write down the denominator of Adam's step; for `rate` ask where one step takes y.",
    ],
)
