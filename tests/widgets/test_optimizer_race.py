"""The optimizer race, from the kernel's side: its numbers, controls, presets and pictures."""

import re

import numpy as np
import pytest

from course_lib.optimizers import SGD, Adam, RMSprop
from course_lib.surfaces import BEALE, BOWL, SADDLE, descend
from course_lib.widgets.optimizer_race import RACERS, STEPS, OptimizerRace

EVERYBODY = "&".join(f"{name}=yes" for name in RACERS)


@pytest.fixture(scope="module")
def only_race():
    return OptimizerRace()


@pytest.fixture
def race(only_race):
    only_race.state = "optimizer-race"
    return only_race


def test_the_sentence_says_where_the_mathematics_leads(race):
    race.state = (
        "optimizer-race?surface=Beale&SGD.learning_rate=0.01&Momentum=no&RMSprop=yes&RMSprop.rho=0.8&"
        "RMSprop.momentum=0.5&RMSprop.centered=yes&RMSprop.epsilon=0.001&Adam.beta_1=0.8&Adam.epsilon_hat=yes&"
        "steps_shown=120"
    )
    for name, optimizer in {
        "SGD": SGD(0.01),
        "RMSprop": RMSprop(0.05, rho=0.8, momentum=0.5, epsilon=1e-3, centered=True),
        "Adam": Adam(0.1, beta_1=0.8, epsilon_hat=True),
    }.items():
        path, losses = descend(optimizer, BEALE, BEALE.start, 120)
        assert f"{name} has the loss {losses[-1]:.3g} at ({path[-1, 0]:.3g}, {path[-1, 1]:.3g})" in race.sentence
    assert "Momentum" not in race.sentence and "Lowest: RMSprop." in race.sentence


def test_a_diverging_run_is_said_and_shown_as_such(race):
    race.state = "optimizer-race?SGD.learning_rate=0.045&Momentum=no&Adam=no"
    _, losses = descend(SGD(0.045), BOWL, BOWL.start, STEPS)
    step = int(np.isnan(losses).argmax())
    assert race.sentence.endswith(f"SGD diverged at step {step}.")
    assert race._artists["SGD"]["head"].get_marker() == "X"
    race["steps_shown"] = step - 1
    assert "diverged" not in race.sentence
    assert race._artists["SGD"]["head"].get_marker() == "o"


def test_falling_without_end_is_not_called_diverging(race):
    race["surface"] = "saddle"
    race["SGD.learning_rate"] = 0.1
    _, losses = descend(SGD(0.1), SADDLE, SADDLE.start, STEPS)
    assert f"SGD fell out of sight at step {int(np.isnan(losses).argmax())}" in race.sentence


def test_equal_noise_for_all_and_other_noise_for_other_seeds(race):
    race.state = "optimizer-race?noise=5&SGD.learning_rate=0.01&Momentum.learning_rate=0.01&Momentum.momentum=0&Adam=no"
    losses = re.findall(r"has the loss (\S+)", race.sentence)
    assert len(losses) == 2 and len(set(losses)) == 1
    race["seed"] = 1
    assert re.findall(r"has the loss (\S+)", race.sentence)[0] != losses[0]


def test_nobody_races(race):
    for name in ("SGD", "Momentum", "Adam"):
        race[name] = False
    assert race.sentence.endswith("nobody races. Choose an optimizer.")


def test_the_start_is_dragged_on_the_map_and_stays_in_it(race):
    [zone] = race.stage.zones

    def drag(across, down):
        x, y = zone["left"] + across * zone["width"], zone["top"] + down * zone["height"]
        race.stage._hear({"event": "pointer", "moves": [["down", 0, x, y], ["up", 0, x, y]]})

    drag(0.75, 0.25)
    assert (race["start_x"], race["start_y"]) == pytest.approx((2.25, 0.75), abs=0.02)
    assert "from (2.25, 0.75)" in race.sentence
    drag(1.5, -0.5)
    assert (race["start_x"], race["start_y"]) == (4.5, 1.5)
    race.stage._hear({"event": "key", "zone": 0, "key": "ArrowDown"})
    race.stage._hear({"event": "key", "zone": 0, "key": "ArrowLeft"})
    assert (race["start_x"], race["start_y"]) == pytest.approx((4.32, 1.44))


def test_another_surface_has_its_own_start_and_limits(race):
    race["surface"] = "Himmelblau"
    assert (race["start_x"], race["start_y"]) == (-0.5, -1.0)
    race["start_y"] = 5.0  # far outside of the bowl's picture
    race["surface"] = "ill-conditioned bowl"
    assert (race["start_x"], race["start_y"]) == (-4.0, 1.0)


def test_settings_are_there_for_those_who_race(race):
    def shown():
        return {name for name, panel in race._panels.items() if panel.layout.display != "none"}

    assert shown() == {"SGD", "Momentum", "Adam"}
    race.state = "optimizer-race?SGD=no&AdamW=yes"
    assert shown() == {"Momentum", "Adam", "AdamW"}


CONTROLS = list(OptimizerRace()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(race, name):
    race.state = f"optimizer-race?{EVERYBODY}&noise=2&Adam.epsilon=0.1&steps_shown=290"
    before, frame = race.sentence, race.stage.frame
    control = race._controls[name]
    if isinstance(control.value, bool):
        control.value = not control.value
    elif isinstance(control.value, str):
        control.value = control.options[-1]
    elif hasattr(control, "options"):
        control.value = control.options[-1][1] if "epsilon" in name else control.options[20][1]
    else:
        control.value = control.min if control.value != control.min else control.max
    assert race.sentence != before
    assert race.stage.frame != frame


@pytest.mark.slow
@pytest.mark.parametrize("question", OptimizerRace.presets)
def test_presets_are_states_and_what_is_done_from_there_can_be_kept(race, question):
    race.state = race.presets[question]
    race["start_x"] += 0.1
    other = OptimizerRace(race.state)
    assert other.sentence == race.sentence
    assert other.state == race.state != race.presets[question]


def test_presets_show_what_they_promise(race):
    def ends(question):
        race.state = race.presets[question]
        return race.sentence

    assert "SGD diverged" in ends("too large a rate")
    assert re.search(r"SGD has the loss 0\.\d+ .*Lowest: Nesterov", ends("momentum along a valley"))
    sentence = ends("who leaves the saddle first?")
    assert "SGD fell out of sight" in sentence and "Momentum fell out of sight" in sentence
    assert len(set(re.findall(r" at (\(.*?\))", ends("four ends")))) == 3
    assert "Momentum diverged at step 1" in ends("a wall")
