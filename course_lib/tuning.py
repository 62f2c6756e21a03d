"""Searching for hyperparameters: what is tried, what it costs, and how much of the best one's lead is luck.

A search space is a dict from a name to what the values may be:

    {"rate": ("log_uniform", 1e-4, 1.0), "dropout": ("uniform", 0.0, 0.6), "width": ("integer", 16, 256),
     "batch": ("choice", [16, 32, 64, 128])}

A trial is one setting, a dict from the same names to values, and the score that training with it reached on the
validation examples. Larger scores are better. The test examples are for the setting that was chosen, once.
"""

import itertools
import math

import numpy as np

# --- the space


def log_uniform(u, low, high):
    """Return the number between `low` and `high` that lies at the share `u` of the way, measured in logarithms.

        low · (high / low)^u

    With `u` drawn evenly from [0, 1), every factor is as likely as every other: of the way from 0.0001 to 1, a quarter
    of the draws falls between 0.0001 and 0.001, and as many between 0.1 and 1.

    Args:
        u: number in [0, 1], or an array of them.
        low, high: the ends, 0 < low < high.
    Returns:
        float, or an array shaped like `u`.
    """
    return low * (high / low) ** u


def value_at(values, u):
    """Return which of a hyperparameter's `values` stands for `u`, a number in [0, 1).

    Args:
        values: ("uniform", low, high); ("log_uniform", low, high); ("integer", low, high), both ends possible and each
            whole number as likely as the others; or ("choice", [one, another, …]).
        u: float in [0, 1).
    Raises:
        ValueError: the kind is unknown, or the ends are none.
    """
    kind, *ends = values
    if kind == "choice":
        return ends[0][int(u * len(ends[0]))]
    if kind not in ("uniform", "log_uniform", "integer"):
        raise ValueError(f'a hyperparameter is "uniform", "log_uniform", "integer" or "choice", not {kind!r}')
    low, high = ends
    if not low < high or (kind == "log_uniform" and low <= 0):
        raise ValueError(f"{kind} needs low < high{', both above 0' * (kind == 'log_uniform')}, not {low} and {high}")
    if kind == "integer":
        return low + int(u * (high - low + 1))
    return log_uniform(u, low, high) if kind == "log_uniform" else low + u * (high - low)


def grid_search(space, levels):
    """Return every combination of `levels` values of each hyperparameter.

    A range is cut into as many equal parts as there are levels, in logarithms where it is log-uniform, and the middle
    of each part is taken. Of n^d trials of d hyperparameters only n values of each one are different.

    Args:
        space: dict, as in this module's first lines.
        levels: int ≥ 1, the same for all, or {name: int}.
    Returns:
        list of dicts; the last hyperparameter changes fastest.
    """
    counts = levels if isinstance(levels, dict) else dict.fromkeys(space, levels)
    values = [[value_at(space[name], (part + 0.5) / counts[name]) for part in range(counts[name])] for name in space]
    return [dict(zip(space, combination, strict=True)) for combination in itertools.product(*values)]


def random_search(space, trials, seed):
    """Return `trials` settings, each of whose values is drawn by itself.

    Every trial tries a new value of every hyperparameter, so one that does not matter costs nothing.

    Args:
        space: dict, as in this module's first lines.
        trials: int ≥ 0.
        seed: int, or None for other settings every time.
    Returns:
        list of dicts.

    Reference: Bergstra and Bengio (2012), "Random search for hyper-parameter optimization".
    """
    rng = np.random.default_rng(seed)
    return [{name: value_at(values, rng.random()) for name, values in space.items()} for _ in range(trials)]


# --- giving up early


def successive_halving(settings, score, least=1, most=27, eta=3):
    """Train many settings for a short time, the better ones for longer, and so on; return the best of the last round.

    In the first round every setting is scored after `least` epochs. The best 1/eta of them go on, rounded down but one
    at least, with eta times as many epochs, as long as these are not more than `most`. With eta = 3 a round costs about
    as much as the one before.

    Args:
        settings: list of anything.
        score: function (setting, epochs) → number, the validation score after so many epochs.
        least: int ≥ 1, the epochs of the first round.
        most: int ≥ least, what the epochs never exceed.
        eta: int ≥ 2.
    Returns:
        one of `settings`. Of equal scores, the one that comes first.

    Reference: Jamieson and Talwalkar (2016), "Non-stochastic best arm identification and hyperparameter optimization".
    """
    epochs, alive = least, list(settings)
    while True:
        scores = [score(setting, epochs) for setting in alive]
        order = sorted(range(len(alive)), key=lambda place: -scores[place])
        if epochs * eta > most:
            return alive[order[0]]
        alive = [alive[place] for place in order[: max(1, len(alive) // eta)]]
        epochs *= eta


def hyperband(most=27, eta=3):
    """Return Hyperband's brackets: how many settings begin, and with how many epochs, in each successive halving.

    A halving that begins with many settings and few epochs may throw out what learns slowly. Hyperband spends as much
    on each of several halvings, from the boldest to one that trains its few settings to the end.

        n_s = ⌈(s_max + 1) / (s + 1) · eta^s⌉ settings, from most / eta^s epochs, for s = s_max, …, 0

    Args:
        most: int ≥ 1, epochs of a whole training.
        eta: int ≥ 2.
    Returns:
        list of pairs (settings, epochs), the boldest first.

    Reference: Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar (2018), "Hyperband: a novel bandit-based approach to
    hyperparameter optimization".
    """
    last = 0
    while eta ** (last + 1) <= most:
        last += 1
    return [(-(-(last + 1) * eta**s // (s + 1)), most // eta**s) for s in range(last, -1, -1)]


# --- how good is the best


def best_so_far(scores):
    """Return for each trial the largest score among it and those before it: array (trials,)."""
    return np.maximum.accumulate(np.asarray(scores, dtype=float))


def expected_best(scores, budget):
    """Return how large the best of `budget` trials is on average, when they are drawn from these without replacement.

        Σ_i s_(i) · C(i − 1, budget − 1) / C(n, budget),  s_(1) ≤ … ≤ s_(n)

    The i-th smallest score is the best of the draw if it is drawn, and the others come from the i − 1 below it.

    Args:
        scores: array (n,), of a study that is larger than the budget.
        budget: int from 1 to n.
    Returns:
        float.
    Raises:
        ValueError: the budget is not from 1 to n.

    Reference: Dodge, Gururangan, Card, Schwartz and Smith (2019), "Show your work: improved reporting of experimental
    results", who draw with replacement; Tang et al. (2020), "Showing your work doesn't always work", for why without.
    """
    ordered = np.sort(np.asarray(scores, dtype=float))
    _check_budget(budget, len(ordered))
    ways = [math.comb(below, budget - 1) / math.comb(len(ordered), budget) for below in range(len(ordered))]
    return float(ordered @ ways)


def bootstrap_best(scores, budget, draws=1000, seed=0, level=0.9):
    """Return how large the best of `budget` trials is: the mean over many draws from a study, and where most lie.

    A study of 100 trials holds many studies of 6. Each draw takes `budget` different ones of its trials.

    Args:
        scores: array (n,).
        budget: int from 1 to n.
        draws: int ≥ 1, how many small studies are drawn.
        seed: int.
        level: float in (0, 1), the share of the draws that lies in the interval.
    Returns:
        mean, (low, high): floats.
    Raises:
        ValueError: the budget is not from 1 to n.
    """
    scores = np.asarray(scores, dtype=float)
    _check_budget(budget, len(scores))
    rng = np.random.default_rng(seed)
    bests = [scores[rng.choice(len(scores), budget, replace=False)].max() for _ in range(draws)]
    low, high = np.quantile(bests, [(1 - level) / 2, (1 + level) / 2])
    return float(np.mean(bests)), (float(low), float(high))


def _check_budget(budget, trials):
    if not 1 <= budget <= trials:
        raise ValueError(f"of {trials} trials a budget takes from 1 to {trials}, not {budget}")


def best_settings(settings, validation, test):
    """Return the setting that did best on the validation examples, and its score on the test examples.

    Nothing is chosen by the test scores: the largest of many is large by luck, too.

    Args:
        settings: list of anything.
        validation, test: numbers, one for each setting.
    Returns:
        the setting, and its test score.
    """
    best = int(np.argmax(validation))
    return settings[best], float(test[best])


# --- what a study says


def widen(values, scores, low, high):
    """Return the ends between which to search next: one of them moves if the best trial lies at the border.

    Ends and distances are in logarithms: at the border is what lies in the outer tenth of the way between the ends.
    That end moves outwards by a factor of 10. The range beyond it was never tried, and the best may lie there.

    Args:
        values: array (trials,), of one hyperparameter that was drawn log-uniformly.
        scores: array (trials,).
        low, high: the ends of the search, 0 < low < high.
    Returns:
        the new low, the new high: floats.
    """
    best = values[int(np.argmax(scores))]
    place = math.log(best / low) / math.log(high / low)
    return float(low / 10 if place < 0.1 else low), float(high * 10 if place > 0.9 else high)


def best_over_nuisance(trials, scientific, score="validation"):
    """Return the best score for each value of the scientific hyperparameter, whatever the nuisance ones were.

    A scientific hyperparameter is the one whose effect is asked about. A nuisance one has to be tuned for each of its
    values, or the comparison is unfair; a fixed one stays the same in all trials, and the result holds for it alone.

    Args:
        trials: list of dicts that hold the hyperparameters and the score.
        scientific: name of the hyperparameter.
        score: name of the score.
    Returns:
        {value: float}, in the order of the values.

    Reference: Godbole, Dahl, Gilmer, Shallue and Nado (2023), "Deep learning tuning playbook".
    """
    best = {}
    for trial in trials:
        value = trial[scientific]
        best[value] = max(trial[score], best.get(value, -math.inf))
    return dict(sorted(best.items()))


def fair_comparison(values, scores):
    """Return, for each value of the scientific hyperparameter, the expected best score of equally many trials.

    More trials have more luck, so all groups get the budget of the smallest one: `expected_best` of so many.

    Args:
        values: array (trials,), the value of the scientific hyperparameter in each trial.
        scores: array (trials,); the nuisance hyperparameters were drawn anew in each trial.
    Returns:
        {value: float}, in the order of the values.
    """
    values, scores = np.asarray(values), np.asarray(scores, dtype=float)
    groups = {value.item(): scores[values == value] for value in np.unique(values)}
    budget = min(len(group) for group in groups.values())
    return {value: expected_best(group, budget) for value, group in groups.items()}


def difference_interval(first, second, deviations=2.0):
    """Return between which two numbers the true difference of two means lies, as far as several seeds tell.

        mean(first) − mean(second) ± deviations · √(s₁² / n₁ + s₂² / n₂)

    s² has n − 1 in its denominator. Two deviations hold about 95 % where there are ten seeds or more each; with five,
    the same interval holds about 90 %.

    Args:
        first, second: scores of one setting each, trained with several seeds: arrays (n₁,) and (n₂,).
        deviations: float > 0.
    Returns:
        low, high: floats.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    difference = first.mean() - second.mean()
    error = math.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    return float(difference - deviations * error), float(difference + deviations * error)


def is_better(first, second):
    """Return whether the first setting's scores are higher than the second's by more than their seeds explain.

    The whole interval of their difference has to lie above 0: see `difference_interval`.
    """
    return difference_interval(first, second)[0] > 0
