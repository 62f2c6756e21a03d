"""The stored study of chapter 13: it is what the code would make, and says what the chapter says of it."""

import csv

import numpy as np
import pytest

from course_lib import tuning, tuning_study
from course_lib.tuning_study import SPACE, stored_study


@pytest.mark.parametrize(("search", "trials"), [("random", 100), ("grid", 81)])
def test_the_stored_settings_are_those_of_the_searches(search, trials):
    stored = [{name: trial[name] for name in SPACE} for trial in stored_study(search)]
    made = [
        {name: tuning_study.short(value) for name, value in setting.items()}
        for setting in tuning_study.settings_of(search)
    ]
    assert len(stored) == trials and stored == made


def test_a_search_that_is_not_stored_is_refused():
    with pytest.raises(ValueError, match="'random' and 'grid', not 'tpe'"):
        stored_study("tpe")


def test_what_is_read_belongs_to_the_reader():
    stored_study()[0]["rate"] = None
    assert stored_study()[0]["rate"] is not None


def test_the_table_is_small_and_whole():
    assert tuning_study.STUDY.stat().st_size <= 20_000
    for trial in stored_study() + stored_study("grid"):
        assert len(trial["epochs"]) == 9 and trial["validation"] == trial["epochs"][-1]
        assert all(0 <= trial[name] <= 1 for name in ("train", "validation", "test"))


@pytest.mark.parametrize("number", [8, 36])
def test_a_trial_trained_again_comes_out_as_stored(number):
    """But for the rounding of another processor."""
    stored = stored_study()[number]
    again = tuning_study.train({name: stored[name] for name in SPACE}, number, tuning_study.split_digits())
    assert float(again["epoch_9"]) == pytest.approx(stored["validation"], abs=0.02)
    assert float(again["test"]) == pytest.approx(stored["test"], abs=0.02)


def test_a_study_is_written_whole_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(tuning_study, "settings_of", lambda search: tuning.random_search(SPACE, 1, seed=3))
    said = []
    tuning_study.make_study(tmp_path / "study.csv", said.append)
    with (tmp_path / "study.csv").open(newline="") as file, tuning_study.STUDY.open(newline="") as stored:
        rows, names = list(csv.DictReader(file)), next(csv.reader(stored))
    assert [row["search"] for row in rows] == ["random", "grid"] and list(rows[0]) == names
    assert len(said) == 2 and [path.name for path in tmp_path.iterdir()] == ["study.csv"]


def test_the_study_shows_what_the_chapter_says_of_it():
    """Random search beats the grid of 16 on average; halving beats both at the same cost; the intervals overlap."""
    scores = [trial["validation"] for trial in stored_study()]
    random, (_, high) = tuning.bootstrap_best(scores, 16)
    grids = tuning_study.grids_of(stored_study("grid"))
    halved = tuning_study.halvings_of(stored_study(), 48)
    assert len(grids) == 81
    assert np.mean(grids) + 0.002 < random < np.mean(halved) - 0.002 and random == pytest.approx(
        tuning.expected_best(scores, 16), abs=5e-4
    )
    assert np.mean(np.array(grids) > random) > 0.2 and high <= max(scores)


def test_the_summary_has_a_line_for_each_search():
    lines = tuning_study.summary().splitlines()
    assert len(lines) == 8 and all(line.count("|") == 4 for line in lines)
    assert "| random, 16 trials | 144 | 0.92" in lines[3]
