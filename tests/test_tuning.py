"""Searches of hyperparameters: what they draw, what they spend, and what the best of a study is worth."""

import itertools

import numpy as np
import pytest
from scipy import stats

from course_lib import tuning

SPACE = {
    "rate": ("log_uniform", 1e-4, 1.0),
    "dropout": ("uniform", 0.0, 0.6),
    "layers": ("integer", 1, 4),
    "batch": ("choice", ["small", "large"]),
}


@pytest.fixture(scope="module")
def drawn():
    return tuning.random_search(SPACE, 20_000, seed=1)


@pytest.mark.parametrize(
    ("name", "distribution"), [("rate", stats.loguniform(1e-4, 1)), ("dropout", stats.uniform(0, 0.6))]
)
def test_random_search_draws_as_scipy_does(drawn, name, distribution):
    assert stats.kstest([setting[name] for setting in drawn], distribution.cdf).pvalue > 1e-6


def test_whole_numbers_and_choices_are_equally_likely(drawn):
    for name, values in (("layers", [1, 2, 3, 4]), ("batch", ["small", "large"])):
        counts = [sum(setting[name] == value for setting in drawn) for value in values]
        assert sum(counts) == len(drawn) and stats.chisquare(counts).pvalue > 1e-6


def test_a_seed_gives_the_same_settings_and_values_are_drawn_apart(drawn):
    assert tuning.random_search(SPACE, 5, seed=1) == drawn[:5]
    assert tuning.random_search(SPACE, 5, seed=2) != drawn[:5]
    together = np.corrcoef([[np.log(s["rate"]), s["dropout"], s["layers"]] for s in drawn], rowvar=False)
    assert np.abs(together - np.eye(3)).max() < 0.04


def test_a_grid_has_few_values_of_each_and_random_search_many():
    grid, drawn = tuning.grid_search(SPACE, {"rate": 4, "dropout": 2, "layers": 2, "batch": 2}), SPACE
    assert len(grid) == 32 == len({tuple(setting.values()) for setting in grid})
    np.testing.assert_allclose(sorted({s["rate"] for s in grid}), [10**-3.5, 10**-2.5, 10**-1.5, 10**-0.5])
    np.testing.assert_allclose(sorted({s["dropout"] for s in grid}), [0.15, 0.45])
    assert {s["layers"] for s in grid} == {2, 4} and {s["batch"] for s in grid} == {"small", "large"}
    assert len({setting["rate"] for setting in tuning.random_search(drawn, 32, seed=0)}) == 32


@pytest.mark.parametrize("values", [("log_uniform", 0, 1), ("uniform", 1, 1), ("integer", 3, 2)])
def test_ends_that_are_none_are_refused(values):
    with pytest.raises(ValueError, match="needs low < high"):
        tuning.value_at(values, 0.5)


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'normal'"):
        tuning.value_at(("normal", 0, 1), 0.5)


def test_halving_spends_as_much_on_each_round():
    spent = {}

    def score(setting, epochs):
        spent[epochs] = spent.get(epochs, 0) + epochs
        return setting

    assert tuning.successive_halving(list(range(27)), score, 1, 27, 3) == 26
    assert spent == {1: 27, 3: 27, 9: 27, 27: 27}


@pytest.mark.parametrize(
    ("settings", "least", "most", "eta", "rounds"),
    [(20, 1, 27, 3, [(1, 20), (3, 6), (9, 2), (27, 1)]), (11, 2, 16, 2, [(2, 11), (4, 5), (8, 2), (16, 1)]),
     (5, 1, 10, 4, [(1, 5), (4, 1)]), (4, 3, 3, 3, [(3, 4)])],
)  # fmt: skip
def test_halving_keeps_the_share_rounded_down_and_never_trains_longer_than_most(settings, least, most, eta, rounds):
    trained = []
    chosen = tuning.successive_halving(
        list(range(settings)), lambda setting, epochs: trained.append(epochs) or -setting, least, most, eta
    )
    assert chosen == 0 and [(epochs, trained.count(epochs)) for epochs in sorted(set(trained))] == rounds


def test_halving_throws_out_what_learns_slowly():
    curves = {"slow": [0.1, 0.2, 0.9], "quick": [0.5, 0.6, 0.6], "none": [0.2, 0.2, 0.2]}

    def score(name, epochs):
        return curves[name][{1: 0, 3: 1, 9: 2}[epochs]]

    assert tuning.successive_halving(list(curves), score, 1, 9, 3) == "quick"
    assert tuning.successive_halving(list(curves), score, 9, 9, 3) == "slow"


def test_hyperband_has_the_brackets_of_its_paper():
    """Table 1 of Li et al. (2018): R = 81, η = 3."""
    assert tuning.hyperband(81, 3) == [(81, 1), (34, 3), (15, 9), (8, 27), (5, 81)]


@pytest.mark.parametrize("budget", [1, 2, 5, 8])
def test_the_expected_best_is_the_mean_over_all_small_studies(budget):
    scores = np.random.default_rng(3).random(8)
    every = np.mean([max(few) for few in itertools.combinations(scores, budget)])
    assert tuning.expected_best(scores, budget) == pytest.approx(every)


def test_the_bootstrap_comes_near_the_expected_best_and_its_interval_holds_most_draws():
    scores = np.random.default_rng(4).normal(size=100)
    mean, (low, high) = tuning.bootstrap_best(scores, 6, draws=4000, seed=1)
    assert mean == pytest.approx(tuning.expected_best(scores, 6), abs=0.06)
    rng = np.random.default_rng(5)
    bests = [rng.choice(scores, 6, replace=False).max() for _ in range(2000)]
    # The largest of all is the best of 6 in 6 % of the draws, so that the upper end is the largest itself.
    assert 0.92 < np.mean([low <= best <= high for best in bests]) < 0.98 and high == scores.max()
    assert tuning.bootstrap_best(scores, 100)[0] == scores.max()


@pytest.mark.parametrize("budget", [0, 9])
def test_a_budget_that_the_study_does_not_hold_is_refused(budget):
    for function in (tuning.expected_best, tuning.bootstrap_best):
        with pytest.raises(ValueError, match="from 1 to 8"):
            function(np.arange(8), budget)


def test_the_best_so_far_never_falls():
    assert tuning.best_so_far([0.3, 0.1, 0.5, 0.4]).tolist() == [0.3, 0.3, 0.5, 0.5]


def test_the_setting_is_chosen_without_the_test_scores():
    assert tuning.best_settings(["a", "b", "c"], [0.8, 0.9, 0.7], [0.99, 0.5, 0.6]) == ("b", 0.5)


@pytest.mark.parametrize(
    ("best", "ends"),
    [
        (0.002, (1e-4, 1.0)),
        (0.0002, (1e-5, 1.0)),
        (0.7, (1e-4, 10.0)),
        (0.05, (1e-4, 1.0)),
        (0.3, (1e-4, 1.0)),
        (0.0004, (1e-4, 1.0)),
    ],
)
def test_a_best_at_the_border_moves_the_end(best, ends):
    assert tuning.widen([0.01, best, 0.3], [0.5, 0.9, 0.6], 1e-4, 1.0) == pytest.approx(ends)


def test_comparisons_take_the_best_over_the_nuisance_and_equally_many_trials():
    trials = [{"width": 8, "validation": 0.5}, {"width": 4, "validation": 0.7}, {"width": 8, "validation": 0.6}]
    assert tuning.best_over_nuisance(trials, "width") == {4: 0.7, 8: 0.6}
    assert tuning.fair_comparison([8, 4, 8], [0.5, 0.7, 0.6]) == pytest.approx({4: 0.7, 8: 0.55})


@pytest.mark.parametrize(("seeds", "least"), [(10, 0.92), (5, 0.88)])
def test_the_interval_of_a_difference_holds_the_true_one_as_often_as_it_says(seeds, least):
    rng = np.random.default_rng(6)
    intervals = [tuning.difference_interval(rng.normal(1, 0.1, seeds), rng.normal(0, 0.3, seeds)) for _ in range(3000)]
    assert least < np.mean([low < 1 < high for low, high in intervals]) < 0.96


def test_the_interval_of_a_difference_is_that_of_the_formula():
    """Scores 1, 3 and 2, 4, 6: variances 2 and 4, so the error is √(2/2 + 4/3)."""
    low, high = tuning.difference_interval([1, 3], [2, 4, 6])
    assert (low, high) == pytest.approx((-2 - 2 * (7 / 3) ** 0.5, -2 + 2 * (7 / 3) ** 0.5))


def test_a_difference_that_the_seeds_explain_is_none():
    assert tuning.is_better([0.95, 0.951, 0.949], [0.94, 0.941, 0.939])
    assert not tuning.is_better([0.95, 0.90, 1.0], [0.94, 0.89, 0.99])
    assert not tuning.is_better([0.94, 0.941, 0.939], [0.95, 0.951, 0.949])
