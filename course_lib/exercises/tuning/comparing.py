"""The exercise that compares the values of one hyperparameter, each with as much luck as the others."""

import itertools

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import NoDict, TooFew

# The values of the scientific hyperparameter, and how many trials each has.
STUDIES = {
    "two widths, with 2 and 5 trials": {64: 2, 128: 5},
    "three widths, with 3 trials each": {32: 3, 64: 3, 256: 3},
    "three widths, with 7, 3 and 4 trials": {16: 7, 32: 3, 512: 4},
    "optimizers by their names, with 3 and 8 trials": {"adam": 3, "sgd": 8},
    "dropout of 0, 0.2 and 0.5, with 6, 9 and 4 trials": {0.0: 6, 0.2: 9, 0.5: 4},
    "a width with a single trial beside one with 4": {64: 1, 128: 4},
}
FIRST = next(iter(STUDIES))
OTHER_ORDER = "the same trials in another order: what changes"


def probe_fair_comparison(fair_comparison, rng):
    def study(groups):
        values = [value for value, count in groups.items() for _ in range(count)]
        scores = rng.uniform(0.3, 0.95, len(values))
        order = rng.permutation(len(values))
        return np.array([values[place] for place in order]), scores[order]

    studies = {label: study(groups) for label, groups in STUDIES.items()}
    losses = study({64: 4, 128: 6})
    # Ascending within each group: whatever takes the first ones changes much when that is turned around.
    rising = np.repeat([8, 16], [4, 9]), np.concatenate([np.linspace(0.2, 0.9, 4), np.linspace(0.1, 0.95, 9)])
    for label, (values, scores) in studies.items():
        yield Row(
            label,
            lambda label=label, values=values, scores=scores: in_order(fair_comparison(values, scores), STUDIES[label]),
            essential=label == FIRST,
        )
    yield (
        "scores that are negative, with 4 and 6 trials",
        lambda: in_order(fair_comparison(losses[0], -losses[1]), [64, 128]),
    )

    def turned_around():
        one, other = (in_order(fair_comparison(*(each[::way] for each in rising)), [8, 16]) for way in (1, -1))
        if one is None or other is None:
            return None
        apart = np.max(np.abs(np.subtract(one, other)))
        return "nothing" if apart < 1e-9 else "a little" if apart < 0.2 else "much"

    yield OTHER_ORDER, turned_around


def in_order(result, values):
    """Return what stands in the dict for each of the values. Raises OtherParts where there is no such dict."""
    if result is None:
        return None
    if not isinstance(result, dict):
        what = (
            "a list, or an array" if isinstance(result, list | tuple | np.ndarray) and np.ndim(result) else "one thing"
        )
        raise NoDict(f"asked for is a dict with a number for each value; your function returned {what}")
    # Between processes a key that is one of NumPy's numbers is its text.
    found = {str(key): number for key, number in result.items()} | result
    keys = [value if value in found else str(value) for value in values]
    if missing := [key for key in keys if key not in found]:
        raise TooFew(f"the dict that came back has nothing for {missing[0]}")
    return [found[key] for key in keys]


def faulty_comparison(values, scores, **made):
    values, scores = np.asarray(values), np.asarray(scores, dtype=float)
    groups = {value.item(): scores[values == value] for value in np.unique(values)}
    counts = [len(group) for group in groups.values()]
    budgets = {
        "budget_of_the_largest": max(counts),
        "budget_of_one": 1,
        "budget_of_the_groups": len(groups),
        "budget_of_the_mean": len(scores) // len(groups),
        "one_trial_less": min(counts) - 1,
    }
    budget = next((budgets[flag] for flag in budgets if flag in made), min(counts))
    told = {
        "largest": lambda group: group.max(),
        "first_ones": lambda group: group[:budget].max(),
        "last_ones": lambda group: group[-budget:].max(),
        "median": lambda group: np.median(group),
        "smallest": lambda group: group.min(),
        "top_ones": lambda group: np.sort(group)[-budget:].mean(),
        "with_replacement": lambda group: _with_replacement(group, budget),
        "counted": lambda group: len(group),
        "mean_of_the_first": lambda group: group[:budget].mean(),
        "best_of_all": lambda group: tuning.expected_best(scores, budget),
    }
    tell = next((told[flag] for flag in told if flag in made), lambda group: _expected_best(group, budget))
    results = {value: float(tell(group)) for value, group in groups.items()}
    if "differences" in made:
        results = {value: result - max(results.values()) for value, result in results.items()}
    return results


def _expected_best(group, budget):
    """As NumPy's numbers have it, where the budget is larger than the group: 0 draws, of which 0 / 0 is no number."""
    return tuning.expected_best(group, budget) if budget <= len(group) else np.nan


def _with_replacement(group, budget):
    shares = np.arange(len(group) + 1) / len(group)
    return np.sort(group) @ np.diff(shares**budget)


def comparison_beyond_a_group(values, scores):
    """The budget is larger than the smallest group, which has not so many trials to draw.

    The budget is the number of trials of the smallest group, which every group can give.
    """
    values, scores = np.asarray(values), np.asarray(scores)
    kinds, counts = np.unique(values, return_counts=True)
    return {kind: tuning.expected_best(scores[values == kind], int(counts.max())) for kind in kinds.tolist()}


def comparison_divided_by_zero(values, scores):
    """It is divided by 0 draws: the budget is larger than the smallest group, which has not so many trials to draw.

    The budget is the number of trials of the smallest group, which every group can give.
    """
    values, scores = np.asarray(values), np.asarray(scores)
    kinds, counts = np.unique(values, return_counts=True)
    return {kind: 1.0 / max(0, int(count) - int(counts.max()) + 1) for kind, count in zip(kinds, counts, strict=True)}


def comparison_in_a_list(values, scores):
    """A list comes back, which does not say which number is of which value.

    Return a dict: {value: expected best}.
    """
    return list(tuning.fair_comparison(values, scores).values())


def comparison_with_a_winner(values, scores):
    """Only the value that wins comes back, not what was found of each.

    Return a dict with all of them: by how much it wins tells more than that it wins.
    """
    found = tuning.fair_comparison(values, scores)
    return max(found, key=found.get)


def comparison_by_draws(values, scores):
    rng = np.random.default_rng(0)
    groups = {value.item(): scores[values == value] for value in np.unique(values)}
    budget = min(map(len, groups.values()))
    return {
        value: float(np.mean([rng.choice(group, budget, replace=False).max() for _ in range(200)]))
        for value, group in groups.items()
    }


def comparison_by_one_draw(values, scores):
    rng = np.random.default_rng(0)
    groups = {value.item(): scores[values == value] for value in np.unique(values)}
    budget = min(map(len, groups.values()))
    return {value: float(rng.choice(group, budget, replace=False).max()) for value, group in groups.items()}


def by_combinations(values, scores):
    groups = {}
    for value, score in zip(np.asarray(values).tolist(), scores, strict=True):
        groups.setdefault(value, []).append(score)
    budget = min(map(len, groups.values()))
    return {value: np.mean([max(few) for few in itertools.combinations(g, budget)]) for value, g in groups.items()}


def by_own_sum(values, scores):
    from math import comb

    kinds, counts = np.unique(values, return_counts=True)
    budget, found = int(counts.min()), {}
    for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
        ordered = sorted(scores[values == kind])
        found[kind] = sum(score * comb(below, budget - 1) for below, score in enumerate(ordered)) / comb(count, budget)
    return found


SAME_LUCK = (
    "Give all groups the budget of the smallest one: `expected_best(group, budget)`, the best of so many of its trials."
)
SMALLEST = "The budget is the number of trials of the smallest group, which every group can give."

FAIR_COMPARISON = Exercise(
    name="fair_comparison",
    kind="derive",
    minutes=12,
    level=3,
    reference=tuning.fair_comparison,
    probe=probe_fair_comparison,
    misconceptions=[
        *flags(
            faulty_comparison,
            ("with_replacement", "budget_of_the_mean", "differences"),
            largest=(
                "The largest score of each group comes back: a group with more trials has more luck, whatever its "
                "value.",
                SAME_LUCK,
            ),
            budget_of_the_mean=(
                "The budget is the mean number of trials, more than the smallest group has: nan means that there is "
                "no such "
                "draw.",
                SMALLEST,
            ),
            budget_of_the_largest=(
                "The budget is that of the largest group, more than the others have: nan means that there is no such "
                "draw.",
                SMALLEST,
            ),
            budget_of_one=(
                "The mean of each group comes back: what its value gives with nuisance hyperparameters that nobody "
                "tuned.",
                SAME_LUCK,
            ),
            budget_of_the_groups=("The budget is the number of groups.", SMALLEST),
            one_trial_less=("The budget is one trial less than the smallest group has.", SMALLEST),
            first_ones=(
                "Of each group the first trials count, and the others are thrown away: one draw, which another order "
                "changes.",
                SAME_LUCK,
            ),
            last_ones=(
                "Of each group the last trials count, and the others are thrown away: one draw, which another order "
                "changes.",
                SAME_LUCK,
            ),
            mean_of_the_first=("The mean of the first trials of each group comes back.", SAME_LUCK),
            median=("The median of each group comes back: nothing is tuned then.", SAME_LUCK),
            smallest=("The smallest score of each group comes back.", SAME_LUCK),
            top_ones=(
                "The mean of the best trials of each group comes back, which favors the larger group.",
                SAME_LUCK,
            ),
            with_replacement=(
                "The trials of a group are drawn with replacement: one may be drawn twice.",
                "`expected_best` takes different ones.",
            ),
            counted=("What comes back is how many trials each group has.", SAME_LUCK),
            best_of_all=("All groups get the same number: that of all trials together.", SAME_LUCK),
            differences=(
                "What comes back is how far each is from the best one.",
                "Return the expected best itself, of each value.",
            ),
        ),
        comparison_beyond_a_group,
        comparison_divided_by_zero,
        comparison_in_a_list,
        comparison_with_a_winner,
        Misconception(
            comparison_by_draws,
            "The result changes a little when the trials come in another order, as the mean over random draws does.",
            "`expected_best` gives the mean over all draws, without chance.",
            proof=(OTHER_ORDER, "a little"),
        ),
        Misconception(
            comparison_by_one_draw,
            "The result depends on the order of the trials: some of a group are taken, once, and the others are thrown "
            "away.",
            SAME_LUCK,
            proof=(OTHER_ORDER, "much"),
        ),
    ],
    equivalents=[by_combinations, by_own_sum],
    hints=[
        "Which trials have the value 64? `scores[values == 64]`. Do the same for every value that occurs, "
        "`np.unique(values)`.",
        "The largest of eight scores is larger than the largest of three, even if the value changes nothing. What "
        "would the "
        "best of three of the eight be, on average?",
        "You have written that already: `yours.expected_best(group, budget)`. Which budget can every group give?",
    ],
)
