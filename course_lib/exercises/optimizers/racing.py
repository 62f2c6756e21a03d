"""What the optimizer race is asked, and the chapter's quiz."""

import numpy as np

from course_lib.checking.exercise import quiz, readings
from course_lib.optimizers import SGD, Adam
from course_lib.surfaces import BOWL, SADDLE, descend

# --- race_questions
#
# In the chapter, below the race; the noise stays 0, and what is not mentioned stays as it is when the race opens.
#
# 1. `largest_rate`: On the ill-conditioned bowl, with SGD alone, raise the learning rate step by step. Which is the
#    largest one at which the run still does not diverge?
# 2. `best_momentum`: On the bowl from (−4, 1), with Momentum alone at the learning rate 0.01, try the momentum 0, 0.5,
#    0.8, 0.9 and 0.99. With which of them is the loss lowest after 150 steps?
# 3. `escape`: On the saddle from (−2.5, 0.001), let SGD, Momentum and Adam race, all three at the learning rate 0.1.
#    Step on from 0. Who is the first at |y| > 1: `"sgd"`, `"momentum"` or `"adam"`?
# 4. `stuck`: The same race, but from (−2.5, 0). Who is at |y| > 1 after 300 steps: `"sgd"`, `"momentum"`, `"adam"`,
#    `"all"` of them, or `"nobody"`?


def largest_rate():
    """2 / λ, with the largest curvature λ of the bowl: a step multiplies its direction's coordinate by 1 − rate · λ."""
    curvatures = BOWL.gradient(1.0, 1.0)
    return 2 / max(curvatures)


def best_momentum():
    losses = {
        momentum: descend(SGD(0.01, momentum=momentum), BOWL, BOWL.start, steps=150)[1][-1]
        for momentum in (0, 0.5, 0.8, 0.9, 0.99)
    }
    return min(losses, key=losses.get)


def steps_to_leave(start):
    """Return for each racer how many steps it takes from `start` on the saddle to |y| > 1; only those that arrive."""
    racers = {"sgd": SGD(0.1), "momentum": SGD(0.1, momentum=0.9), "adam": Adam(0.1)}
    steps = {}
    for name, racer in racers.items():
        path, _ = descend(racer, SADDLE, start, steps=300)
        left = np.flatnonzero(np.abs(path[:, 1]) > 1)
        if left.size:
            steps[name] = int(left[0])
    return steps


def escape():
    steps = steps_to_leave(SADDLE.start)
    return min(steps, key=steps.get)


def stuck():
    steps = steps_to_leave((SADDLE.start[0], 0.0))
    return {0: "nobody", 3: "all"}.get(len(steps), " and ".join(steps))


RACE_QUESTIONS = readings(
    "race_questions",
    {
        "largest_rate": {
            "answer": largest_rate(),
            "tolerance": 0.05,
            "wrong": {
                1 / 50: "at 1/50 y arrives in a single step, since 1 − 50 · 1/50 = 0. Higher rates overshoot and come "
                "back, but still arrive: go on.",
                2.0: "2 is the limit of x alone. y is 50 times as steep, and diverges long before.",
            },
            "too small": "a higher rate still does not diverge. Go on until the loss no longer falls.",
            "too large": "at that rate each step multiplies y by 1 − 50 · rate, which is below −1: the loss grows.",
        },
        "best_momentum": {
            "answer": best_momentum(),
            "wrong": {
                0: "without momentum x creeps: each step takes 1 % off it, and 150 of them leave more than a fifth.",
                0.5: "with 0.5 steps along x are at most 1 / (1 − 0.5) = 2 times a plain one. More is better here.",
                0.9: "0.9, the usual value, is the first to come close, but swings beyond the minimum and back. "
                "Compare the losses at 150 steps.",
                0.99: "0.99 remembers about 100 steps: it runs through the minimum again and again. Less is better "
                "here.",
            },
        },
        "escape": {
            "answer": escape(),
            "wrong": {
                "sgd": "SGD's steps along y are a tenth of y itself, which begins at 0.001: it is the last.",
                "momentum": "momentum adds up the tiny gradients along y, and is faster than SGD. But one of the three "
                "does not care how tiny they are.",
            },
        },
        "stuck": {
            "answer": stuck(),
            "wrong": {
                "adam": "Adam divides the gradient by its own size, but here it is 0 along y: 0 / (0 + ε) is 0.",
                "momentum": "the velocity adds up the gradients along y, and all of them are 0.",
                "sgd": "along y the gradient is −y, which is 0 and stays 0.",
                "all": "at y = 0 the gradient along y is 0. Did you set the start to y = 0 exactly?",
            },
        },
    },
    hints=[
        "Show the optimizers that are asked for alone, set their sliders, and read the sentence below the picture.",
        "For `largest_rate`: one step takes y to (1 − 50 · rate) · y. When does |y| grow?",
        'Return a dict: `{"largest_rate": a number, "best_momentum": a number, "escape": "…", "stuck": "…"}`.',
    ],
)

# --- quiz_optimizers
#
# 1. `noise`: A mini-batch holds 100 examples, drawn at random from 60,000. The gradient of its mean loss is
#    a) about 600 times smaller than that of all examples.
#    b) right on average; its random part has a standard deviation in proportion to 1/√100.
#    c) right on average; its random part has a standard deviation in proportion to 1/100.
#    d) noisy, but a small enough step against it always lowers the loss over all examples.
# 2. `momentum`: A weight meets the same gradient g at every step. With momentum 0.9 its steps grow to
#    a) 0.9 · rate · g.
#    b) 1.9 · rate · g.
#    c) 10 · rate · g.
#    d) any size, without limit.
# 3. `adagrad`: A weight meets the same gradient at every step. Adagrad's steps get smaller and smaller, because
#    a) it averages over more and more gradients.
#    b) ε is added at every step.
#    c) the squares of past gradients are forgotten little by little.
#    d) the sum of the squares only grows, and the step is divided by its root.
# 4. `correction`: β₁ = 0.9, β₂ = 0.999, and ε may be neglected. What does bias correction do to Adam's first step?
#    a) With it, the step is rate · sign(g). Without it, it would be about 3 times as large.
#    b) With it, the step is rate · sign(g). Without it, it would be 10 times smaller.
#    c) With it, the step is rate · g. Without it, it would be 10 times smaller.
#    d) Nothing: m and v are corrected by the same factor, which cancels out.
# 5. `decay`: An L2 penalty is added to a loss that Adam minimizes. One weight has large gradients, another tiny ones,
#    and both are of like size. Then the penalty
#    a) shrinks both at the same rate, as decoupled weight decay would.
#    b) shrinks the one with the large gradients less, since its share of the gradient is divided by √v̂, too.
#    c) shrinks the one with the large gradients more, since it is in the gradient, too.
#    d) shrinks neither: √v̂ takes it out again.
# 6. `epsilon`: Keras's Adam puts `epsilon` where the paper has ε̂ = ε √(1 − β₂ᵗ). With the same number in Algorithm 1
#    and in Keras, and a weight whose gradients are as small as that number, the first steps are
#    a) equal in both.
#    b) longer in Keras.
#    c) shorter in Keras.
#    d) equal in size, and opposite in sign.

QUIZ = quiz(
    "quiz_optimizers",
    {
        "noise": {
            "answer": "b",
            "a": "both are means over their examples, and of like size. What differs is how much they vary.",
            "c": "the *variance* of a mean falls as 1/100. Its standard deviation is the root of that.",
            "d": "a single batch may well point uphill for the rest. It is right on average, not every time.",
        },
        "momentum": {
            "answer": "c",
            "a": "0.9 is what is kept of the last velocity. To that the new gradient is added, at every step.",
            "b": "1.9 is the second step, 1 + 0.9. The third is 1 + 0.9 + 0.81, and so on.",
            "d": "1 + 0.9 + 0.81 + … has a limit, 1 / (1 − 0.9).",
        },
        "adagrad": {
            "answer": "d",
            "a": "a mean of equal squares would stay as it is, and so would the steps. Adagrad does not divide by t.",
            "b": "ε stands in the denominator once, and is tiny.",
            "c": "that is RMSprop, whose steps settle at a size. Adagrad forgets nothing.",
        },
        "correction": {
            "answer": "a",
            "b": "m alone would be 10 times too small. But v is 1,000 times too small, and its root stands below.",
            "c": "m̂ is g, but it is divided by √v̂, which is |g|.",
            "d": "the factors are 1 − 0.9 and 1 − 0.999, and of the second the root is taken: 0.1 / √0.001 is about 3.",
        },
        "decay": {
            "answer": "b",
            "a": "in plain gradient descent the two are the same thing. In Adam, the penalty's gradient is divided by "
            "√v̂ like all the rest.",
            "c": "where gradients are large, √v̂ is large. What does dividing by it make of the penalty's share?",
            "d": "√v̂ scales the penalty's share, by another number for each weight; it does not take it out.",
        },
        "epsilon": {
            "answer": "c",
            "a": "at t = 1 the factor √(1 − 0.999) is about 1/32: Keras's number acts like one 32 times as large.",
            "b": "compare the denominators: Keras's is √v̂ + ε/√(1 − β₂ᵗ), and 1/√(1 − β₂ᵗ) is above 1.",
            "d": "nothing changes a sign here: both denominators are positive.",
        },
    },
    hints=[
        "For `momentum` and `correction` compute the first two steps by hand, with g = 1.",
        "For `decay` and `epsilon` write down the denominator of Adam's step, and ask what is divided by it.",
    ],
)
