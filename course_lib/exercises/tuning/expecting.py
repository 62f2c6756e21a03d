"""The exercise on what the best of a few trials is on average: luck, computed exactly."""

import itertools
import math

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves

ONES = "thirteen scores, of which three are 1 and the others 0, budget 4"
DRAWN = "a share of some round number of draws, not of all that there are"


def probe_expected_best(expected_best, rng):
    six, ten, many = rng.uniform(0.2, 0.95, 6), rng.normal(size=10), rng.uniform(0.5, 0.9, 16)
    ties = rng.permutation([0.5, 0.5, 0.5, 0.75, 0.75, 1.0])
    yield Row("scores 1, 2, 3, budget 2", lambda: expected_best(np.array([1.0, 2.0, 3.0]), 2), essential=True)
    yield "scores 3, 7, 1, 5, budget 2", lambda: expected_best(np.array([3.0, 7.0, 1.0, 5.0]), 2)
    for budget in (1, 3, 6):
        yield f"six scores, budget {budget}", lambda budget=budget: expected_best(six, budget)
    yield "ten scores, some negative, budget 2", lambda: expected_best(ten, 2)
    yield "sixteen scores, budget 4", lambda: expected_best(many, 4)
    yield "scores of which several are equal, budget 2", lambda: expected_best(ties, 2)
    yield ONES, lambda: exact_or_drawn(expected_best(np.repeat([0.0, 1.0], [10, 3]), 4))


def exact_or_drawn(expected):
    """Return the share of draws that hold a 1; in words, where it was found by drawing 100, 500, 1,000, … times.

    Exact is 505/715, and with replacement 1 − (10/13)⁴: neither is a share of such a round number.
    """
    if expected is None or np.ndim(expected) > 0 or not np.isfinite(expected):
        return expected
    expected = float(expected)
    is_near = min(abs(expected - 505 / 715), abs(expected - (1 - (10 / 13) ** 4))) < 0.06
    return DRAWN if is_near and abs(expected * 1e5 - round(expected * 1e5)) < 1e-6 else expected


def faulty_expected_best(scores, budget, **made):
    scores = np.asarray(scores, dtype=float)
    n, ordered = len(scores), np.sort(scores)
    if "unsorted" in made:
        ordered = scores
    if "descending" in made:
        ordered = ordered[::-1]
    places = np.arange(1, n + 1)
    if "with_replacement" in made:
        return float(ordered @ ((places / n) ** budget - ((places - 1) / n) ** budget))
    plain = {
        "largest_of_all": lambda: ordered[-1],
        "top_ones": lambda: ordered[-budget:].mean(),
        "quantile": lambda: np.quantile(ordered, budget / (budget + 1)),
        "quantile_of_the_rest": lambda: np.quantile(ordered, 1 - 1 / budget),
        "mean": lambda: ordered.mean(),
        "first_ones": lambda: scores[:budget].max(),
        "last_ones": lambda: scores[-budget:].max(),
        "windows": lambda: np.mean([scores[i : i + budget].max() for i in range(n - budget + 1)]),
        "pieces": lambda: np.mean([scores[i : i + budget].max() for i in range(0, n, budget)]),
        "median": lambda: ordered[np.searchsorted((places / n) ** budget, 0.5)],
        "median_without": lambda: np.median([max(few) for few in itertools.combinations(scores, budget)]),
        "repeated_draws": lambda: np.mean(
            [max(few) for few in itertools.combinations_with_replacement(scores, budget)]
        ),
        "powers": lambda: ordered @ (places / n) ** budget,
        "powers_that_sum_to_1": lambda: ordered @ (places**budget) / (places**budget).sum(),
        "by_the_deviation": lambda: scores.mean() + scores.std() * np.sqrt(2 * np.log(budget)),
        "mean_of_so_far": lambda: np.maximum.accumulate(scores).mean(),
    }
    for flag, compute in plain.items():
        if flag in made:
            return float(compute())
    taken = budget if "one_more" in made else budget - 1
    shift = 1 if "itself_below" in made else 0
    ways = np.array([math.comb(i + shift, taken) for i in range(n)], dtype=float)
    of = 1 if "not_divided" in made else math.comb(n, budget - 1) if "divided_by_less" in made else math.comb(n, budget)
    products = ordered * ways / of
    return products if "not_summed" in made else float(products.sum())


def expected_by_draws(scores, budget):
    rng = np.random.default_rng(0)
    return float(np.mean([rng.choice(scores, budget, replace=False).max() for _ in range(400)]))


def by_combinations(scores, budget):
    return sum(max(few) for few in itertools.combinations(scores, budget)) / math.comb(len(scores), budget)


def by_shares(scores, budget):
    """Down from the largest: the share of draws that hold it, then that of the others that hold the next."""
    expected, left = 0.0, 1.0
    ordered = sorted(scores, reverse=True)
    for place, score in enumerate(ordered[: len(ordered) - budget + 1]):
        share = budget / (len(ordered) - place)
        expected, left = expected + left * share * score, left * (1 - share)
    return expected


def scene_expected_best(expected_best):
    """How the best of ten trials with accuracies from 0.50 to 0.95 grows with the budget."""
    scores = np.array([0.9, 0.55, 0.7, 0.95, 0.5, 0.75, 0.6, 0.85, 0.65, 0.8])
    budgets = np.arange(1, 11)
    return Curves(
        budgets, {"best of so many": np.array([float(expected_best(scores, int(b))) for b in budgets])}, "budget"
    )


SUM = (
    "Sort the scores, and weigh each by the share of draws whose best it is: those that hold it and take the others "
    "from "
    "below it."
)

EXPECTED_BEST = Exercise(
    name="expected_best",
    kind="derive",
    minutes=15,
    level=3,
    reference=tuning.expected_best,
    probe=probe_expected_best,
    scene=scene_expected_best,
    misconceptions=[
        *flags(
            faulty_expected_best,
            ("with_replacement", "unsorted", "one_more", "divided_by_less"),
            with_replacement=(
                "The trials are drawn with replacement: one trial may be drawn twice, which makes the best a little "
                "worse.",
                "A draw takes different trials: count with binomial coefficients, `math.comb`.",
            ),
            unsorted=(
                "The scores are not sorted, so the i-th of them is not the i-th smallest, and the weights meet others.",
                "Sort them first: `np.sort(scores)`.",
            ),
            descending=(
                "The largest weights meet the smallest scores: this is the mean of the smallest of a draw.",
                "The weight grows with the number of scores below: sort upwards.",
            ),
            one_more=(
                "As many others are drawn from below the best as the budget says: with the best itself that is one "
                "more.",
                "The best takes one place of the budget: `math.comb(below, budget - 1)`.",
            ),
            itself_below=(
                "Each score is counted among those below it.",
                "Below the smallest there are 0 others, below the largest n − 1.",
            ),
            not_divided=(
                "The weights do not sum to 1: they are numbers of draws, not shares.",
                "Divide by how many draws there are in all, `math.comb(n, budget)`.",
            ),
            divided_by_less=(
                "The weights do not sum to 1: they are divided by the number of draws of one trial less.",
                "Divide by how many draws there are in all, `math.comb(n, budget)`.",
            ),
            not_summed=("An array comes back, a number for each score.", "Sum them: one mean is asked for."),
            largest_of_all=("The largest score of the whole study comes back, whatever the budget.", SUM),
            top_ones=("The mean of the largest scores comes back, as many as the budget.", SUM),
            quantile=("A quantile stands for the mean: that of the share budget / (budget + 1).", SUM),
            quantile_of_the_rest=("A quantile stands for the mean: that of the share 1 − 1 / budget.", SUM),
            mean=("The mean of all scores comes back, as for a budget of 1.", SUM),
            first_ones=("The best of the first trials comes back: one draw, and not the mean over all.", SUM),
            last_ones=("The best of the last trials comes back: one draw, and not the mean over all.", SUM),
            windows=("Only trials that follow one another are drawn together.", SUM),
            pieces=("The study is cut into pieces, so only trials of one piece are drawn together.", SUM),
            median=("This is the median of the best, with replacement, and not its mean.", SUM),
            median_without=("This is the median of the best, and not its mean.", SUM),
            repeated_draws=(
                "A trial may be drawn twice, and draws with repetitions count as much as the others.",
                "`itertools.combinations` takes each trial once at most.",
            ),
            powers=(
                "Each score is weighed by (i / n)^budget, the chance that *no* draw is above it, not by the chance "
                "that it "
                "is the best.",
                SUM,
            ),
            powers_that_sum_to_1=(
                "The scores are weighed by powers of their ranks, which are no shares of draws.",
                SUM,
            ),
            by_the_deviation=(
                "The mean plus deviation · √(2 ln budget) comes back: a rule for the bell of a normal distribution, "
                "which "
                "scores need not follow.",
                SUM,
            ),
            mean_of_so_far=("This is the mean of the best-so-far curve, whatever the budget.", SUM),
        ),
        Misconception(
            expected_by_draws,
            "The mean over random draws is near, and not exact: with other random numbers it comes out otherwise.",
            "Every trial is as likely to be drawn as any other: count in how many draws each score is the best, and "
            "leave "
            "chance out.",
            proof=(ONES, DRAWN),
        ),
    ],
    equivalents=[by_combinations, by_shares],
    hints=[
        "Of the scores 1, 2 and 3 there are three draws of two: which, and what is the best of each?",
        "`math.comb(n, budget)` is the number of draws. Take one score. In which draws is it the best? Those in which "
        "it "
        "is drawn, and all others come from the scores below it.",
        "The i-th smallest score has i − 1 below it, of which budget − 1 are drawn. Sum the scores, each times its "
        "number "
        "of draws, and divide by the number of all.",
    ],
)
