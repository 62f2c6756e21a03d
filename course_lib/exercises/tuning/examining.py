"""The exercise whose answer is a test: does a function tell a better setting from a lucky one?"""

import numpy as np

from course_lib import tuning
from course_lib.checking.examiner import examiner
from course_lib.checking.exercise import flags


def is_better_by_t(first, second):
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    # Student's t, 2.5 % on each side, by the degrees of freedom; above 30 it is near 2.
    quantiles = {2: 4.303, 4: 2.776, 6: 2.447, 8: 2.306, 10: 2.228, 14: 2.145, 18: 2.101, 24: 2.064, 30: 2.042}
    freedom = max((known for known in quantiles if known <= len(first) + len(second) - 2), default=2)
    return tuning.difference_interval(first, second, quantiles[freedom])[0] > 0


def is_better_at_196(first, second):
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    error = np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    return bool((first.mean() - second.mean()) / max(error, 1e-12) > 1.96)


def faulty_is_better(first, second, **made):
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if "swapped" in made:
        first, second = second, first
    difference = first.mean() - second.mean()
    shares = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    plain = {
        "means": lambda: difference > 0,
        "medians": lambda: np.median(first) > np.median(second),
        "luckiest": lambda: first.max() > second.max(),
        "any_seed": lambda: np.any(first[:, None] > second),
        "ranges": lambda: first.min() > second.max(),
        "worst_seeds": lambda: first.min() > second.min(),
        "most_seeds": lambda: np.mean(first[:, None] > second) > 0.5,
        "first_seeds": lambda: first[0] > second[0],
        "points": lambda: difference > 0.005,
        "many_points": lambda: difference > 0.03,
        "perhaps": lambda: difference + 2 * np.sqrt(sum(shares)) > 0,
        "different": lambda: abs(difference) > 2 * np.sqrt(sum(shares)),
        "deviations": lambda: difference > 2 * np.sqrt(first.var(ddof=1) + second.var(ddof=1)),
        "of_the_first": lambda: difference > 2 * np.sqrt(shares[0]),
        "of_the_second": lambda: difference > 2 * np.sqrt(shares[1]),
        "not_rooted": lambda: difference > 2 * sum(shares),
        "divided_by_n": lambda: difference > 2 * np.hypot(first.std() / len(first), second.std() / len(second)),
    }
    answer = next((plain[flag] for flag in plain if flag in made), None)
    return bool(answer()) if answer else tuning.difference_interval(first, second)[0] > 0


# What is told of each that slips through: what the learner's test would have to look at.
SLIPS = dict(
    means="It compares the means alone, whatever their seeds spread.",
    medians="It compares the medians alone, whatever the seeds spread.",
    luckiest="It compares the luckiest seeds alone.",
    any_seed="It says yes as soon as some seed of the first is above some seed of the second.",
    ranges="It says yes only if every seed of the first is above every seed of the second, however many there are.",
    worst_seeds="It compares the unluckiest seeds alone.",
    most_seeds="It says yes if the first wins in most pairs of seeds.",
    first_seeds="It compares the first seed of each alone.",
    points="It says yes to any difference of more than half a point, whatever the spread.",
    many_points="It says yes only to differences of more than three points, however small the spread is.",
    perhaps="It says yes where the first *may* be better: the upper end of the interval is above 0.",
    different="It says yes where the first is clearly *worse*, too: it asks only whether they differ.",
    swapped="It says which is worse: the two are swapped.",
    deviations="It takes the spread of single seeds for that of a mean, so more seeds do not help.",
    of_the_first="It counts the spread of the first setting alone.",
    of_the_second="It counts the spread of the second setting alone.",
    not_rooted="It takes variances for deviations: the root is missing, so the interval is far too narrow.",
    divided_by_n="It divides the deviation by the number of seeds, not by its root, so the interval is too narrow.",
)
WRONG = flags(faulty_is_better, **{flag: (cause, "Think of scores on which it errs.") for flag, cause in SLIPS.items()})

STEADY, WILD = np.array([-0.002, 0.001, 0.0, 0.002, -0.001]), np.array([-0.05, 0.04, 0.02, -0.04, 0.03])
MANY = np.tile(WILD, 20)
CLEAR = [
    (0.95 + STEADY, 0.90 + STEADY),
    (0.91 + STEADY / 10, 0.908 + STEADY / 10),  # little, but steadily
    (0.93 + MANY, 0.90 + MANY),  # ranges overlap, but there are a hundred seeds
    (0.95 + STEADY, np.append(0.90 + STEADY, 0.96)),  # the luckiest seed is the other's
    (np.append(0.95 + STEADY, 0.88), 0.86 + STEADY / 2),
]
LUCK = [
    (0.90 + STEADY, 0.95 + STEADY),
    (0.915 + WILD, 0.90 + WILD[::-1]),
    (0.93 + WILD, 0.90 + STEADY),
    (0.93 + STEADY, 0.90 + WILD),
    (0.91 + STEADY[[3, 3, 1, 1, 3]] + [0, 0, 0, 0, -0.1], 0.905 + STEADY),  # ahead in most seeds, and one goes wrong
    (np.append(0.90 + STEADY, 0.99), 0.90 + STEADY),
    (0.9002 + STEADY, 0.90 + STEADY),
]


def tells_luck_apart(is_better):
    """Return whether a function says yes to differences that are clear, and no to those that seeds explain."""
    return all(is_better(*pair) for pair in CLEAR) and not any(is_better(*pair) for pair in LUCK)


def tells_by_assertions(is_better):
    for first, second in CLEAR:
        assert is_better(list(first), list(second))
    for first, second in LUCK:
        assert not is_better(first, second)
    return True


def tells_by_many_draws(is_better):
    """Draw scores around known means: a right function says yes rarely where there is nothing, and mostly elsewhere."""
    rng = np.random.default_rng(0)

    def share(lead, spread, other_spread, seeds, count=40):
        draws = [(rng.normal(lead, spread, seeds), rng.normal(0, other_spread, seeds)) for _ in range(count)]
        return np.mean([bool(is_better(0.9 + first, 0.9 + second)) for first, second in draws])

    nothing = max(share(0, *each) for each in ((0.02, 0.02, 8), (0.002, 0.03, 8), (0.03, 0.002, 8), (0.002, 0.002, 8)))
    clear = min(share(*each) for each in ((0.05, 0.01, 0.01, 8), (0.002, 0.0005, 0.0005, 8), (0.02, 0.03, 0.03, 150)))
    return clear > 0.9 and nothing < 0.15 and share(-0.05, 0.01, 0.01, 8) == 0


def tries_clear_ones(is_better):
    """You try a clear difference alone, to which nearly every function says yes.

    Try scores whose difference is no more than luck, too: means that differ a little, and seeds that spread widely.
    """
    return is_better(*CLEAR[0])


def tries_luck_alone(is_better):
    """You look for a yes too many and not for a no too many: what demands too much of a lead slips through.

    Try leads that are clear in other ways, too: one that is small but steady, and one with a hundred seeds whose scores
    overlap.
    """
    return not any(is_better(*pair) for pair in LUCK)


def tries_one_of_each(is_better):
    """You try one clear difference and one case of luck, which most wrong functions also tell apart.

    Let a single seed be lucky, let only one of the two spread, take a hundred seeds, and swap the two.
    """
    return is_better(*CLEAR[0]) and not is_better(*LUCK[1])


def never_swaps(is_better):
    """You never try a first that is clearly worse: what asks only whether two differ slips through.

    Swap the two of a clear difference; the answer is no.
    """
    return all(is_better(*pair) for pair in CLEAR) and not any(is_better(*pair) for pair in LUCK[1:])


def wants_the_higher_mean(is_better):
    """You demand a yes where a right function says no: where the lead is no more than luck, or none.

    Demand it only where the lead is many times as large as the spread of a mean. A higher mean alone is no reason.
    """
    return all(is_better(*pair) for pair in [*CLEAR, *LUCK[1:]])


def wants_ranges_apart(is_better):
    """You demand a no wherever the scores of single seeds overlap, however many there are.

    What counts is the spread of the *mean*, which shrinks with the root of the number of seeds.
    """
    return is_better(*CLEAR[0]) and not is_better(*CLEAR[2])


TELLS_LUCK_APART = examiner(
    "tells_luck_apart",
    "is_better",
    right={
        "two deviations of the difference": tuning.is_better,
        "Student's t": is_better_by_t,
        "1.96 deviations": is_better_at_196,
    },
    wrong=WRONG,
    reference=tells_luck_apart,
    misconceptions=[
        tries_clear_ones,
        tries_luck_alone,
        tries_one_of_each,
        never_swaps,
        wants_the_higher_mean,
        wants_ranges_apart,
    ],
    equivalents=[tells_by_assertions, tells_by_many_draws],
    hints=[
        "Begin with two cases: a lead of 0.05 with seeds that spread by 0.002, and a lead of 0.015 with seeds that "
        "spread "
        "by 0.04. What must a right function say?",
        "Then take each number from which a wrong function could judge (means, luckiest seeds, a fixed number of "
        "points, "
        "the spread of one of the two alone) and think of scores on which it errs.",
        "Seeds count: with a hundred of them a lead of 0.03 is clear although single scores overlap. And a first that "
        "is "
        "clearly worse is not better.",
    ],
    minutes=12,
    level=3,
)
