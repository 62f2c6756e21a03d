"""The quiz: what has to be tuned for whom, what trials tell, and how much of a best score is luck."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

WHOSE_RATE = "For which of the two networks was the rate chosen, and what does the other one have?"
COUNT = "A grid tries every combination: how many are there, and how many of them have a rate that no other one has?"
BEYOND = "Which rates between the best one and the end of the range were tried, and which ones beyond it?"
LUCK = "What is the best of 100 trials of one network expected to be, beside the best of 6 of the same network?"
SPREAD = "How far apart are the means, and how far apart are the seeds of one setting?"

QUIZ = quiz(
    "quiz_tuning",
    Question(
        "nuisance",
        "Does batch normalization help? The learning rate was tuned for a network without it, and one with it is "
        "trained with the same rate. What is wrong?",
        [
            Wrong(
                "nothing: only one thing was changed",
                "Another thing changed with it: how well the rate suits the network.",
                WHOSE_RATE,
            ),
            Wrong(
                "the test set should have chosen the rate",
                "Then no examples are left on which the two can be measured honestly.",
                WHOSE_RATE,
            ),
            Right(
                "the rate has to be chosen anew for the network with it",
                "The rate is a nuisance hyperparameter: each network needs its own, found with equally many trials.",
            ),
            Wrong(
                "the rate should have been Keras's default for both",
                "A default suits one of the two better than the other, too.",
                WHOSE_RATE,
            ),
        ],
    ),
    Question(
        "grid",
        "A grid has three values for each of four hyperparameters. How many trials is that, and how many different "
        "learning rates are tried?",
        [
            Right("81 trials, 3 rates", "3⁴ = 81, and each rate is tried 27 times. Of 81 random trials all differ."),
            Wrong("12 trials, 3 rates", "That many are tried if one value is changed at a time.", COUNT),
            Wrong("81 trials, 81 rates", "So it is in random search.", COUNT),
            Wrong("64 trials, 4 rates", "That is three hyperparameters with four values each.", COUNT),
        ],
    ),
    Question(
        "border",
        "A learning rate was searched log-uniformly between 0.001 and 0.1, and the best trial has 0.08. What now?",
        [
            Wrong("train with 0.08", "Whether 0.2 is better, nobody knows.", BEYOND),
            Wrong("search between 0.07 and 0.09", "What lies beyond 0.1 stays untried.", BEYOND),
            Wrong("search between 0.0001 and 0.1", "That is the wrong end.", BEYOND),
            Right("search up to 1", "The best lies at the upper border, so the range moves up by a factor of 10."),
        ],
    ),
    Question(
        "budget",
        "“Our network: 92.8 %, the best of 100 trials. The older one: 92.0 %, the best of 6.” What follows?",
        [
            Wrong("ours is better by 0.8 points", "The two numbers were found with unlike luck.", LUCK),
            Right(
                "nothing yet: 100 trials have more luck than 6",
                "Compare the expected best of 6 of both, or give both 100 trials.",
            ),
            Wrong("ours is worse, since it needed 100 trials", "How good its best of 6 was is not told.", LUCK),
            Wrong("nothing: a test set was missing", "One would be needed, too; but there is more.", LUCK),
        ],
    ),
    Question(
        "seeds",
        "Two settings, three seeds each: 91.5, 92.6 and 92.2 %; 91.7, 92.4 and 91.9 %. The means are 92.1 and 92.0. "
        "What can be said?",
        [
            Wrong("the first is better, since its mean is higher", "Another seed could turn that round.", SPREAD),
            Wrong("the first is better, since it has the best seed", "It has the worst one, too.", SPREAD),
            Right(
                "no difference is visible",
                "Seeds of one setting lie a point apart, and the means differ by a tenth of that.",
            ),
            Wrong("the two are equally good", "A small difference would not show with three seeds.", SPREAD),
        ],
    ),
)
