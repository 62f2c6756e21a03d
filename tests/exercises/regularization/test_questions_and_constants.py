"""What the explorers say is what the readings expect; mistakes that hold a number are known whatever it is."""

import re
from functools import partial

import numpy as np
import pytest

from course_lib.exercises import find, of_chapter
from course_lib.exercises.regularization import losses_of_the_fit
from course_lib.exercises.regularization.calming import INPUTS, calm
from course_lib.widgets.batch_explorer import BatchExplorer
from course_lib.widgets.regularization_explorer import RegularizationExplorer
from tests.exercises.reports import assert_passes, assert_refused, report_on


def said(explorer, state, pattern):
    explorer.state = state
    return float(re.search(pattern, explorer.sentence)[1])


def test_the_explorers_say_what_the_readings_expect():
    batch, cures = BatchExplorer(), RegularizationExplorer()
    strengths = 0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.1
    losses = [said(cures, f"regularization-explorer?l2={s}", r"validation loss ([\d.]+), test") for s in strengths]
    best = [
        said(cures, f"regularization-explorer?batch_size=4&patience={patience}", r"those after step (\d+)")
        for patience in (107, 108)
    ]
    assert best == [35, 212]
    moves = {
        count: said(
            batch,
            f"batch-explorer?batch={count}&example=1&x1=5&x2=-3",
            r"others' ha(?:ve|s) moved by ([\d.]+)|other's has moved by ([\d.]+)",
        )
        for count in (8, 9)
    }
    assert moves[8] == 0.54 and moves[9] == 0.48
    found = {
        "strength": strengths[int(np.argmin(losses))],
        "patience": 108,
        "ceiling": said(batch, "batch-explorer?x1=6&x2=0.4", r"batch normalization its output is \(([\d.]+)"),
        "examples": min(count for count, move in moves.items() if move < 0.5),
    }
    assert report_on(find("regularization_readings"), lambda: found).passed, found


RIGHT = {"strength": 0.005, "patience": 108, "ceiling": 2.23, "examples": 9}
TOLD = [
    ({"strength": 0.0001}, "training"),
    ({"strength": "0"}, "highest of all"),
    ({"strength": 0.285}, "lowest loss"),
    ({"strength": 0.002}, "stronger penalty"),
    ({"strength": 0.02}, "weaker penalty"),
    ({"patience": 50}, "keeps step 35"),
    ({"patience": 177}, "in between"),
    ({"patience": 100}, "ends before"),
    ({"patience": 120}, "smaller patience"),
    ({"ceiling": 2.65}, "√7"),
    ({"ceiling": 2.08}, "in the beginning"),
    ({"ceiling": 6}, "input"),
    ({"examples": 8}, "0.54"),
    ({"examples": 0.48}, "how far"),
    ({"examples": 10}, "One less"),
]


@pytest.mark.parametrize(("changed", "told"), TOLD)
def test_a_wrong_reading_is_told_what_was_read(changed, told):
    assert_refused(find("regularization_readings"), lambda: RIGHT | changed, told)


@pytest.mark.parametrize("answer", [RIGHT, {"Strength": ".005", "patience": "109", "ceiling": "2,23", "examples": 9.0}])
def test_a_right_reading_passes_in_any_form(answer):
    assert_passes(find("regularization_readings"), lambda: answer)


FAMILIES = {
    "l1_l2": {
        "l1_l2_with_an_own_l2": (1e-4, 0.01, 0.5),
        "l1_l2_with_an_own_l1": (1e-4, 0.01, 0.5),
        "l1_l2_with_own_defaults": (1e-3, 0.01),
        "l1_l2_by_nudges": (1e-3, 0.01, 0.1),
    },
    "EarlyStopping": {
        "StoppingWithAnOwnPatience": (3, 4, 5, 10),
        "StoppingWithAnOwnDefault": (1, 5, 10, 20),
        "StoppingWithAnOwnDelta": (1e-6, 1e-4, 1e-3, 0.01, 0.1),
    },
    "batch_normalization": {
        "with_an_own_epsilon": (1e-8, 1e-6, 1e-5, 1e-3),
        "with_an_own_default_epsilon": (1e-8, 1e-6, 1e-5, 0.01),
        "with_an_own_momentum": (0.1, 0.9, 0.99),
        "with_an_own_default_momentum": (0.1, 0.9, 0.95),
    },
    "batch_normalization_gradient": {
        "with_an_own_epsilon": (1e-8, 1e-5, 1e-3),
        "with_an_own_default_epsilon": (1e-8, 1e-5, 0.01),
    },
    "layer_normalization": {
        "layer_normalization_with_an_own_epsilon": (1e-8, 1e-6, 1e-5, 1e-3),
        "layer_normalization_with_an_own_default": (1e-8, 1e-6, 1e-5, 0.01),
    },
    "shift_images": {"shift_with_other_paper": (-1.0, 0.5, 255.0)},
    "dropout": {"dropout_at_fixed_rate": (0.1, 0.25, 0.4)},
}
CASES = [
    (exercise, name, constant)
    for exercise, families in FAMILIES.items()
    for name, constants in families.items()
    for constant in constants
]


@pytest.mark.parametrize(("exercise", "name", "constant"), CASES)
def test_a_mistake_is_known_whatever_its_constant(exercise, name, constant):
    (mistake,) = [each for each in find(exercise).misconceptions if each.name == name]
    assert_refused(find(exercise), partial(mistake.answer, constant=constant), mistake=name)


@pytest.mark.parametrize("exercise", of_chapter("07_regularization"), ids=lambda exercise: exercise.name)
def test_every_family_is_tried(exercise):
    families = {each.name for each in exercise.misconceptions if each.constant or each.between}
    assert families == set(FAMILIES.get(exercise.name, ()))


@pytest.mark.parametrize("name", ["l1_l2", "batch_normalization", "batch_normalization_gradient", "shift_images"])
def test_a_lazy_answer_earns_nothing(name):
    """Zeros, an argument itself, or nothing at all: an easy row must not pay for it."""
    several = {"l1_l2": 2, "batch_normalization": 3, "batch_normalization_gradient": 3}.get(name, 1)

    def zeros(first, *others, **settings):
        return np.zeros(np.shape(first)) if several == 1 else [np.zeros(np.shape(first))] * several

    def same(first, *others, **settings):
        return first if several == 1 else [first] * several

    for lazy in (zeros, same, lambda *arguments, **settings: None):
        assert report_on(find(name), lazy).points == 0.0


def test_the_fit_explodes_as_it_is_and_learns_once_it_is_calmed():
    raw, calmed = losses_of_the_fit(INPUTS, 5), losses_of_the_fit(calm(INPUTS))
    assert np.all(raw[1:] > 1e10 * raw[:-1])
    assert calmed[-1] < 0.27 and calmed.min() >= 0.24


def test_the_fit_is_that_of_kerass_layer_step_by_step():
    import keras

    layer, inputs = keras.layers.Dense(10), calm(INPUTS).astype("float32")
    model = keras.Sequential([keras.Input((20,)), layer])
    from course_lib import initializers

    layer.set_weights([initializers.glorot_uniform((20, 10), seed=0, dtype="float32"), np.zeros(10, "float32")])
    model.compile(keras.optimizers.SGD(0.01), loss="mse")
    targets = np.repeat([[0.0], [1.0], [2.0], [1.0], [2.0]], 10, axis=1)
    model.fit(inputs, targets, epochs=5, batch_size=1, shuffle=False, verbose=0)
    assert model.evaluate(inputs, targets, verbose=0) == pytest.approx(losses_of_the_fit(inputs, 5)[-1], rel=1e-4)
