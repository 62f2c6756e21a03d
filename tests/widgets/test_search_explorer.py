"""The search explorer, from the kernel's side: its numbers, controls, and the reader's own pieces."""

import math
import re
import time

import numpy as np
import pytest

from course_lib import tuning
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.tuning_study import stored_study
from course_lib.widgets.search_explorer import RANGES, SearchExplorer
from course_lib.widgets.stored_searches import DRAWS, searches

WHOLE = (1e-4, 1.0)


@pytest.fixture
def explorer(search_explorer):
    return search_explorer


def best_in_this_draw(explorer):
    return float(re.search(r"the best validation accuracy is (\d\.\d{4})", explorer.sentence)[1])


def spreads(explorer):
    """(mean, low, high) of A's searches and of B's."""
    found = re.findall(r"(\d\.\d+) on average.*?, and 9 of 10 lie from (\d\.\d+) to (\d\.\d+)", explorer.sentence)
    return [tuple(map(float, each)) for each in found]


def verdict(explorer):
    """In how many draws A is better, B is, and they are equal."""
    found = re.search(r"A is better in (\d+) of 1,000 draws, B in (\d+), and (\d+) are equal\.$", explorer.sentence)
    return tuple(map(int, found.groups()))


# --- the numbers


def test_the_sentence_says_what_the_search_has_found(explorer):
    made = searches("random", 20, *WHOLE, seed=0)
    for shown in (1, 5, 20):
        explorer["steps_shown"] = shown
        tried = [made.trials[place] for place in made.places[0, :shown]]
        best = max(tried, key=lambda trial: trial["validation"])
        assert best_in_this_draw(explorer) == best["validation"]
        assert f"After {shown} of 20 trainings paid for" in explorer.sentence
        setting = f"(learning rate {best['rate']:.4g}, batch size {best['batch']}, width {best['width']},"
        assert setting in explorer.sentence
        assert f"{shown} different rate" in explorer.sentence and f"at {shown} place" in explorer.sentence
    explorer["steps_shown"] = 0
    assert "nothing is trained yet. Of 1,000 draws" in explorer.sentence


def test_each_draw_is_one_of_the_thousand(explorer):
    explorer.state = "search-explorer?rival=random"
    pairs = []
    for draw in range(12):
        explorer["draw"] = draw
        rival = float(re.search(r"finds (\d\.\d{4}) in this draw", explorer.sentence)[1])
        pairs.append((best_in_this_draw(explorer), rival))
    mine, rival = (searches("random", 20, *WHOLE, seed=seed) for seed in (0, 1))
    assert pairs == list(zip(mine.best[:12, -1].tolist(), rival.best[:12, -1].tolist(), strict=True))
    better = int((mine.best[:, -1] > rival.best[:, -1]).sum())
    assert verdict(explorer)[0] == better and sum(verdict(explorer)) == DRAWS


def test_the_same_search_twice_is_as_often_better_as_worse(explorer):
    for budget in (6, 20):
        explorer.state = f"search-explorer?budget={budget}&rival=random&rival_budget={budget}"
        better, worse, _ = verdict(explorer)
        assert abs(better - worse) < 4 * math.sqrt(better + worse)


def test_more_trainings_win_although_the_method_is_the_same(explorer):
    explorer.state = "search-explorer?budget=50&rival=random&rival_budget=6"
    better, worse, _ = verdict(explorer)
    assert better > 5 * worse
    (mine, *_), (rival, low, high) = spreads(explorer)
    assert mine > rival and high - low > 0.01
    scores = [trial["validation"] for trial in stored_study()]
    assert (mine, rival) == pytest.approx([tuning.expected_best(scores, budget) for budget in (50, 6)], abs=6e-5)


def test_a_grid_tries_few_values(explorer):
    explorer.state = "search-explorer?method=grid&axes=rate+and+batch"
    assert explorer.sentence.startswith("A, draw 0: a grid of 18 trainings, learning rates from 0.0001 to 1.")
    assert int(re.search(r"with (\d) different rates? tried, at (\d) place", explorer.sentence)[1]) <= 3
    made = searches("grid", 20, *WHOLE, seed=0)
    tried = [made.trials[place] for place in made.places[0]]
    assert f"at {len({(trial['rate'], trial['batch']) for trial in tried})} place" in explorer.sentence


def test_where_a_grid_has_fewer_rates_than_the_whole_range_it_is_said(explorer):
    explorer.state = "search-explorer?rates=0.01+to+0.1"
    assert "B, a grid of 18 trainings (the study's grid has only 1 learning rate there), finds" in explorer.sentence
    explorer["rates"] = "0.0001 to 0.1"
    assert "only 2 learning rates there" in explorer.sentence
    explorer["rates"] = "0.0001 to 1"
    assert "only" not in explorer.sentence


def test_successive_halving_says_its_rounds(explorer):
    explorer.state = "search-explorer?method=halving"
    said = "successive halving of 62 settings: 62 for 1 epoch, 20 for 3 epochs and 6 for 9 epochs (most of what"
    assert said in explorer.sentence
    assert "62 different rates tried, at 62 places" in explorer.sentence
    explorer["steps_shown"] = 6  # 54 epochs: the first round is not at its end
    assert "54 different rates tried" in explorer.sentence


@pytest.mark.parametrize(
    ("state", "has_all"),
    [("?rates=0.1+to+1&budget=50", True), ("?method=halving&budget=50", True), ("?budget=50", False), ("", False)],
)
def test_where_the_study_has_no_more_it_is_said(explorer, state, has_all):
    explorer.state = f"search-explorer{state}"
    assert ("(all that the study has there, so every draw ends alike)" in explorer.sentence) == has_all
    mine = searches(explorer["method"], explorer["budget"], *RANGES[explorer["rates"]], seed=0)
    assert (mine.spread[0, -1] == mine.spread[1, -1] == mine.best[:, -1].min()) == has_all


def test_what_is_asked_can_be_read_off(explorer):
    high = "0.01"
    while True:
        explorer.state = f"search-explorer?rates=0.001+to+{high}"
        wider = re.search(r"Its rate is at the border: widen goes on from 0\.001 to (\S+?)\.? ", explorer.sentence)
        if wider is None:
            break
        high = wider[1]
    assert high == "1"

    def wins(budget):
        explorer.state = f"search-explorer?budget={budget}&rival=random&rival_budget=6"
        return verdict(explorer)[0]

    assert next(budget for budget in range(2, 51) if wins(budget) >= 800) == 24

    def is_as_good(budget):
        explorer.state = f"search-explorer?budget={budget}&rival=halving&rival_budget=20"
        (mine, *_), (rival, *_) = spreads(explorer)
        return mine >= rival

    assert next(budget for budget in range(2, 51) if is_as_good(budget)) == 40
    explorer.state = "search-explorer?method=grid&budget=50"
    assert "a grid of 36 trainings" in explorer.sentence and "with 3 different rates tried" in explorer.sentence


def test_the_best_at_the_border_is_told_as_the_mathematics_says(explorer):
    seen = set()
    for rates, ends in RANGES.items():
        for draw in (0, 1, 2):
            explorer.state = f"search-explorer?rates={rates.replace(' ', '+')}&draw={draw}"
            made = searches("random", 20, *ends, seed=0)
            tried = [made.trials[place] for place in made.places[draw]]
            values, scores = ([trial[name] for trial in tried] for name in ("rate", "validation"))
            low, high = tuning.widen(values, scores, *ends)
            said = f"Its rate is at the border: widen goes on from {low:.5f}".rstrip("0") + f" to {high:g}"
            if (low, high) == ends:
                said = "Its rate is not at the border, and widen leaves the ends where they are."
            elif low < 5e-5 or high > 5:
                said += ", where this study has no trials."
            assert said in explorer.sentence
            seen.add((low < ends[0], high > ends[1]))
    assert {(False, False), (False, True)} <= seen


# --- what all explorers are asked


def test_the_search_is_stepped_through_played_and_closed(explorer):
    explorer["steps_shown"] = 4
    explorer._step(1)
    assert "After 5 of 20 trainings" in explorer.sentence
    explorer._toggle_play()
    explorer.stage._hear({"event": "shown", "number": explorer.stage.number})
    assert explorer["steps_shown"] > 5 and explorer._plays
    explorer._toggle_play()
    assert not explorer._plays
    SearchExplorer()._let_go()


CONTROLS = list(SearchExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    explorer.state = "search-explorer?method=halving&steps_shown=15&draw=3"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    if hasattr(control, "options"):
        control.value = next(option for option in control.options if option != control.value)
    else:
        control.value = control.min if control.value != control.min else control.max
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_a_budget_is_shown_whole_and_a_state_keeps_what_is_shown(explorer):
    explorer["budget"] = 50
    assert explorer["steps_shown"] == 50
    explorer["steps_shown"] = 30
    whole, sentence = explorer.state, explorer.sentence
    explorer.state = "search-explorer"
    assert explorer["steps_shown"] == 20
    explorer.state = whole
    assert (explorer.state, explorer.sentence, explorer["steps_shown"]) == (whole, sentence, 30)
    explorer.state = "search-explorer?budget=6"
    assert explorer["steps_shown"] == 6


def test_presets_show_what_they_promise(explorer):
    seen = {}
    for question, state in explorer.presets.items():
        explorer.state = state
        other = SearchExplorer(explorer.state)
        assert (other.sentence, other.state) == (explorer.sentence, explorer.state)
        seen[question] = explorer.sentence, verdict(explorer), spreads(explorer)
    widths = [seen[question][2][1][2] - seen[question][2][1][1] for question in list(seen)[:2]]
    assert widths[1] > 2 * widths[0]
    assert seen["one tuned more than the other"][1][0] > 800
    assert "a grid of 18 trainings" in seen["a grid has few values"][0]
    better, worse, _ = seen["successive halving at the same cost"][1]
    assert better > worse
    assert "at the border" in seen["the best at the border"][0]
    assert "map of rate and batch" in seen["which rate goes with which batch size"][0]


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_expected_best(scores, budget):
    ordered, total = sorted(scores), math.comb(len(scores), budget)
    return sum(score * math.comb(place, budget - 1) for place, score in enumerate(ordered)) / total


def my_widen(values, scores, low, high):
    start, at, stop = np.log10([low, values[int(np.argmax(scores))], high])
    tenth = (stop - start) / 10
    return 10 ** (start - (at < start + tenth)), 10 ** (stop + (at > stop - tenth))


def my_halving(settings, score, least=1, most=27, eta=3):
    alive, epochs = list(settings), least
    while epochs <= most:
        alive = sorted(alive, key=lambda setting: score(setting, epochs), reverse=True)
        best, alive = alive[0], alive[: max(1, len(alive) // eta)]
        epochs *= eta
    return best


MINE = {"expected_best": my_expected_best, "widen": my_widen, "successive_halving": my_halving}


def test_a_readers_own_pieces_are_used_and_called_theirs(explorer, write):
    explorer.state = state = "search-explorer?method=halving&rival=random&rates=0.0001+to+0.01"
    before = explorer.sentence
    for name, answer in MINE.items():
        write(name, answer)
    explorer.state = "search-explorer"
    explorer.state = state
    now = explorer.sentence
    for told in (" by your expected_best", ", chosen by your successive_halving"):
        assert now.count(told) == 1
        now = now.replace(told, "")
    assert "your widen" in now and now.replace("your widen", "widen") == before


@pytest.mark.parametrize("name", MINE)
@pytest.mark.parametrize("answer", [lambda *_: 1 / 0, lambda *_: None, lambda *_: "soon", lambda *_: 0.5])
def test_one_that_no_longer_works_breaks_nothing(explorer, write, name, answer):
    explorer.state = state = "search-explorer?method=halving&rival=random&rates=0.0001+to+0.01"
    before = explorer.sentence
    write(name, answer)
    explorer.state = "search-explorer"
    explorer.state = state
    assert explorer.sentence == before


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("schedule-explorer?budget=6", "begins with 'search-explorer'"),
        ("search-explorer?trials=6", "no control 'trials'"),
        ("search-explorer?method=guessing", "a value that its control does not take"),
        ("search-explorer?budget=many", "budget is a number, not 'many'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "search-explorer?draw=9"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "search-explorer?draw=9"
