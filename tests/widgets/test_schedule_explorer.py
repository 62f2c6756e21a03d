"""The schedule explorer, from the kernel's side: its numbers, controls, presets, and the reader's own schedules."""

import math
import re
import time

import numpy as np
import pytest

from course_lib import schedules
from course_lib.exercises.learning_rate_schedules import reading
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.optimizers import SGD
from course_lib.surfaces import BEALE, BOWL, descend
from course_lib.widgets.schedule_explorer import RUNS, SCHEDULES, STEPS, TARGET, ScheduleExplorer


@pytest.fixture(scope="module")
def only_explorer():
    return ScheduleExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "schedule-explorer"
    return only_explorer


def test_the_sentence_says_what_the_mathematics_gives(explorer):
    _, losses = descend(SGD(schedules.CosineDecay(0.035, STEPS)), BOWL, BOWL.start, STEPS, 5.0, 0)
    mean = sum(schedules.mean_losses(schedules.CosineDecay(0.035, STEPS)(np.arange(STEPS)), (1, 50), BOWL.start, 5.0))
    _, constant = descend(SGD(0.035), BOWL, BOWL.start, STEPS, 5.0, 0)
    assert f"the rate is 0 and the loss {losses[-1]:.3g}, its mean over all noise {mean[-1]:.3g}." in explorer.sentence
    assert explorer.sentence.endswith(f"At the constant peak rate the loss is {constant[-1]:.3g}.")
    explorer["steps_shown"] = 50
    assert f"at step 50 the rate is 0.0299 and the loss {losses[50]:.3g}," in explorer.sentence


def test_a_warm_up_comes_before_any_schedule_and_the_length_counts_from_the_start(explorer):
    explorer.state = "schedule-explorer?schedule=polynomial&warmup=40&length=100&steps_shown=70"
    assert explorer.sentence.startswith("Polynomial after a warm-up of 40 steps")
    assert "at step 70 the rate is 0.0175" in explorer.sentence
    explorer["steps_shown"] = 20
    assert "at step 20 the rate is 0.0175" in explorer.sentence


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_begins_at_its_rate_and_ends_low(explorer, name):
    explorer.state = f"schedule-explorer?schedule={name.replace(' ', '+')}"
    rates, whose = explorer._rates()
    assert not whose and rates.shape == (STEPS + 1,)
    assert max(rates) == 0.035 and (name == "one cycle" or rates[0] == 0.035)
    assert name == "constant" or max(rates[-2:]) < 0.15 * 0.035


def test_a_run_that_is_lost_is_said_and_shown_as_such(explorer):
    explorer["run"] = "steep wall"
    assert (explorer["rate"], explorer["noise"]) == (0.02, 0.0)
    assert "the loss out of sight since step 1. At the constant peak rate" in explorer.sentence
    assert explorer._heads[1].get_marker() == "X"
    assert explorer._lost.get_text() == "out of sight since step 1"
    explorer["warmup"] = 20
    schedule = schedules.WarmUp(20, schedules.CosineDecay(0.02, 180))
    _, losses = descend(SGD(schedule), BEALE, (4, 2), STEPS)
    assert f"the loss {losses[-1]:.3g}." in explorer.sentence and losses[-1] < 0.001
    assert explorer._heads[1].get_marker() == "o" and explorer._lost.get_text() == ""


def test_what_lies_beyond_the_picture_leaves_it_and_does_not_run_along_its_edge(explorer):
    lowest, highest = RUNS["noisy bowl"].losses
    explorer.state = explorer.presets["a rate without noise"]
    explorer.stage.flush()
    _, losses = explorer._run_curve.get_data()
    assert losses[-1] < lowest and np.all(np.diff(losses) < 0)
    assert explorer._heads[1].get_marker() == "v" and explorer._heads[1].get_data()[1] == [lowest]
    explorer.state = "schedule-explorer?rate=1"
    explorer.stage.flush()
    _, mean = explorer._mean.get_data()
    assert mean[-1] > 10 * highest


def test_a_length_that_says_nothing_is_not_asked_for_and_one_that_is_too_short_is_told(explorer):
    length = explorer._controls["length"]
    explorer["schedule"] = "constant"
    assert length.layout.display == "none" and "length" not in explorer.sentence
    explorer["schedule"] = "cosine"
    assert not length.layout.display and "length 200, on the" in explorer.sentence
    explorer.state = "schedule-explorer?warmup=100&length=4"
    assert "warm-up of 100 steps, peak rate 0.035, length 4 (the warm-up alone takes longer), on" in explorer.sentence


@pytest.mark.parametrize("run", RUNS)
def test_where_there_is_little_room_no_title_is_cut_off(explorer, run):
    explorer.state = f"schedule-explorer?run={run.replace(' ', '+')}&schedule=cosine+with+restarts&warmup=100"
    explorer.stage.flush()
    assert explorer._title.get_text() == "cosine with restarts after a warm-up of 100 steps"
    try:
        explorer.stage._hear({"event": "mounted", "reduced_motion": True, "width": 247.0, "pixel_ratio": 1.0})
        assert explorer.is_tall
        assert explorer._title.get_text() == "cosine with restarts\nafter a warm-up of 100 steps"
        figure = explorer._title.figure
        box, whole = explorer._title.get_window_extent(), figure.bbox
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and box.y1 <= whole.y1
    finally:
        explorer.stage._hear({"event": "mounted", "reduced_motion": False, "width": 960.0, "pixel_ratio": 1.0})
    assert not explorer.is_tall


def test_no_constant_rate_reaches_the_target_and_a_cosine_does(explorer):
    def mean_at_the_end(rates):
        return sum(part[-1] for part in schedules.mean_losses(rates, (1, 50), BOWL.start, 5.0))

    lowest = min(mean_at_the_end([rate] * STEPS) for rate in np.geomspace(1e-4, 0.04, 200))
    assert TARGET < 0.24 < lowest < 0.25
    assert mean_at_the_end(schedules.CosineDecay(0.035, STEPS)(np.arange(STEPS))) < TARGET


def test_what_is_asked_of_the_explorer_can_be_read_off_it(explorer):
    explorer["length"] = 800
    assert (
        f"the rate is {reading.rate_left()} and the loss {reading.LOSS_OF_THE_RUN}, "
        f"its mean over all noise {reading.MEAN_LOSS}." in explorer.sentence
    )
    explorer.state = f"schedule-explorer?run=steep+wall&warmup={reading.shortest_warm_up()}"
    assert "out of sight" not in explorer.sentence.partition(". At the constant")[0]
    explorer["warmup"] -= 1
    assert "out of sight" in explorer.sentence.partition(". At the constant")[0]


CONTROLS = list(ScheduleExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    owner = name.partition(".")[0] if "." in name else "cosine"
    explorer.state = f"schedule-explorer?schedule={owner.replace(' ', '+')}&steps_shown=150&warmup=20"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    if isinstance(control.value, bool):
        control.value = not control.value
    elif hasattr(control, "options"):
        control.value = {"schedule": "polynomial", "run": "steep wall"}.get(name, 0.02)
    else:
        control.value = control.min if control.value != control.min else control.max
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_settings_are_there_for_the_schedule_that_is_shown(explorer):
    def shown():
        return {name for name, control in explorer._controls.items() if "." in name and not control.layout.display}

    assert shown() == {"cosine.alpha"}
    explorer["schedule"] = "exponential"
    assert shown() == {"exponential.decay_rate", "exponential.staircase"}


@pytest.mark.slow
@pytest.mark.parametrize("question", ScheduleExplorer.presets)
def test_presets_are_states_that_can_be_kept(explorer, question):
    explorer.state = explorer.presets[question]
    explorer["steps_shown"] = 100
    other = ScheduleExplorer(explorer.state)
    assert other.sentence == explorer.sentence and other.state == explorer.state != explorer.presets[question]


def test_presets_show_what_they_promise(explorer):
    def ends(question):
        explorer.state = explorer.presets[question]
        return float(re.search(r"its mean over all noise (\S+?)[,.]? ", explorer.sentence)[1])

    assert ends("one rate for all steps") > 1 > 0.001 > ends("a rate without noise")
    assert ends("epochs taken for steps") > 5
    assert ends("made for a longer run") > 0.9


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_cosine(step, initial_learning_rate, decay_steps, alpha=0.0):
    done = min(step / decay_steps, 1)
    return initial_learning_rate * ((1 - alpha) * (1 + math.cos(math.pi * done)) / 2 + alpha)


def my_warm_up(step, warmup_steps, schedule, initial_learning_rate=0.0):
    if step >= warmup_steps:
        return schedule(step - warmup_steps)
    return initial_learning_rate + (schedule(0) - initial_learning_rate) * step / warmup_steps


def test_a_readers_own_schedules_are_drawn_and_called_theirs(explorer, write):
    explorer["warmup"] = 20
    before = explorer.sentence
    write("cosine_decay", my_cosine)
    write("warm_up", my_warm_up)
    explorer["steps_shown"] -= 1
    explorer["steps_shown"] += 1
    assert explorer.sentence.startswith("Your cosine after your warm-up of 20 steps,")
    assert explorer.sentence.replace("Your cosine after your", "Cosine after a") == before


@pytest.mark.parametrize("result", [lambda: 1 / 0, lambda: None, lambda: "soon", lambda: 7.0, lambda: math.nan])
def test_one_that_no_longer_works_breaks_nothing(explorer, write, result):
    before = explorer.sentence
    write("cosine_decay", lambda *arguments: result())
    explorer["steps_shown"] -= 1
    explorer["steps_shown"] += 1
    assert explorer.sentence == before
