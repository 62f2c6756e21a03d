"""Searches on the stored study: each is what the mathematics would do, and a thousand end as the chapter says."""

import math

import numpy as np
import pytest

from course_lib import tuning, tuning_study
from course_lib.tuning_study import SPACE, stored_study
from course_lib.widgets.search_explorer import RANGES
from course_lib.widgets.stored_searches import DRAWS, levels_for, searches

WHOLE = (1e-4, 1.0)


@pytest.mark.parametrize("budget", [2, 6, 20, 50])
def test_random_searches_end_as_the_mathematics_says(budget):
    scores = [trial["validation"] for trial in stored_study()]
    made = searches("random", budget, *WHOLE, seed=0)
    mean, (low, high) = tuning.bootstrap_best(scores, budget)
    error = made.best[:, -1].std() / math.sqrt(DRAWS)
    assert made.average[-1] == pytest.approx(tuning.expected_best(scores, budget), abs=4 * error)
    assert made.average[-1] == pytest.approx(mean, abs=6 * error)
    assert made.spread[:, -1] == pytest.approx([low, high], rel=0.05)
    for draw in (0, 17):
        assert len(set(made.places[draw].tolist())) == budget
        tried = [scores[place] for place in made.places[draw]]
        assert made.best[draw] == pytest.approx(tuning.best_so_far(tried))


def test_a_larger_budget_goes_on_where_the_smaller_one_ended():
    small, large = (searches("random", budget, *WHOLE, seed=0) for budget in (6, 20))
    assert np.array_equal(large.places[:, :6], small.places)


@pytest.mark.parametrize("budget", [2, 6, 20, 33])
def test_halvings_choose_what_the_mathematics_chooses_and_cost_what_they_may(budget):
    made = searches("halving", budget, *WHOLE, seed=0)
    spent = []
    for draw in (0, 1, 2, 500, 999):
        settings = [made.trials[place] for place in made.places[draw, : made.settings]]

        def score(trial, epochs):
            spent.append(epochs)
            return trial["epochs"][epochs - 1]

        chosen = tuning.successive_halving(settings, score, 1, 9)
        assert made.best[draw, -1] == chosen["validation"]
        last = made.trained_longest(draw, len(made.epochs))
        assert max(made.trials[place]["validation"] for place in last) == chosen["validation"]
    assert sum(spent) == 5 * made.spent[-1] <= 5 * 9 * budget
    more = made.settings + 1
    assert more + 3 * max(1, more // 3) + 9 * max(1, more // 9) > 9 * budget


def test_what_a_halving_has_so_far_is_the_best_of_its_round_after_so_many_epochs():
    made = searches("halving", 20, *WHOLE, seed=0)
    ends = np.cumsum([places.shape[1] for _, places in made.rounds])
    for draw in (0, 500):
        for epochs, start, end in zip((1, 3, 9), (0, *ends), ends, strict=False):
            scores = [made.trials[place]["epochs"][epochs - 1] for place in made.places[draw, start:end]]
            assert made.best[draw, start:end] == pytest.approx(tuning.best_so_far(scores))
            leader = made.trials[made.leader(draw, end)]
            assert leader["epochs"][epochs - 1] == max(scores)


def test_halvings_end_on_average_as_the_chapter_says():
    made = searches("halving", 16, *WHOLE, seed=0)
    assert made.average[-1] == pytest.approx(np.mean(tuning_study.halvings_of(stored_study(), 48)), abs=5e-4)


@pytest.mark.parametrize(
    ("budget", "levels"),
    [(2, (1, 1, 1, 2)), (6, (1, 1, 2, 3)), (16, (2, 2, 2, 2)), (20, (1, 2, 3, 3)), (50, (2, 2, 3, 3))],
)
def test_grids_are_all_combinations_of_their_values(budget, levels):
    made = searches("grid", budget, *WHOLE, seed=0)
    for draw in range(50):
        settings = [tuple(made.trials[place][name] for name in SPACE) for place in made.places[draw]]
        counts = [len(set(values)) for values in zip(*settings, strict=True)]
        assert tuple(sorted(counts)) == levels
        assert len(settings) == len(set(settings)) == math.prod(levels) <= budget
    assert {tuple(sorted(way)) for way in levels_for(budget, (3, 3, 3, 3))} == {levels}


def test_grids_of_two_values_each_end_on_average_as_the_chapter_says():
    made = searches("grid", 16, *WHOLE, seed=0)
    grids = tuning_study.grids_of(stored_study("grid"))
    assert set(made.best[:, -1].tolist()) == set(grids)
    assert made.average[-1] == pytest.approx(np.mean(grids), abs=5e-4)


def test_a_range_of_rates_leaves_the_other_trials_out():
    for method in ("random", "grid", "halving"):
        for low, high in RANGES.values():
            made = searches(method, 20, low, high, seed=0)
            assert made.trials and all(low <= trial["rate"] <= high for trial in made.trials)
            assert made.spent[-1] <= 180 and made.settings <= len(made.trials)
