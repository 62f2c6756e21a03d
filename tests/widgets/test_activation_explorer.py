"""The activation explorer, from the kernel's side: its numbers, controls, presets and pictures."""

import math
import re

import numpy as np
import pytest

from course_lib import activations
from course_lib.exercises import find
from course_lib.widgets.activation_explorer import CHOICES, ActivationExplorer
from tests.widgets.test_stage import mount

PARAMETERS = [f"{name}.{choice.parameter.name}" for name, choice in CHOICES.items() if choice.parameter]


@pytest.fixture(scope="module")
def only_explorer():
    return ActivationExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "activation-explorer"
    return only_explorer


def numbers(explorer):
    """The numbers of the sentence by what they are, each as it is written there."""
    pattern = (
        r".* at z = (?P<z>\S+): value (?P<value>\S+), slope (?P<slope>\S+), .* by (?P<here>\S+) at this z, "
        r"by (?P<steepest>\S+) at the steepest z, and by (?P<low>\S+?)( to (?P<high>\S+))? at random z .*"
    )
    match = re.fullmatch(pattern, explorer.sentence)
    assert match, explorer.sentence
    return match.groupdict()


def digits(*values):
    return [f"{value:.3g}" for value in values]


# What the mathematics says: value and slope at z, and the largest size of the slope anywhere.
AT = {
    "identity": (-1.5, lambda z: (z, 1), 1),
    "sigmoid": (1.7, lambda z: (1 / (1 + np.exp(-z)), np.exp(-z) / (1 + np.exp(-z)) ** 2), 1 / 4),
    "tanh": (-0.8, lambda z: (np.tanh(z), np.cosh(z) ** -2), 1),
    "ReLU": (-0.8, lambda z: (0, 0), 1),
    "leaky ReLU&leaky+ReLU.negative_slope=0.05": (-3, lambda z: (0.05 * z, 0.05), 1),
    "PReLU&PReLU.alpha=1.3": (-2, lambda z: (1.3 * z, 1.3), 1.3),
    "ELU&ELU.alpha=1.4": (-0.9, lambda z: (1.4 * (np.exp(z) - 1), 1.4 * np.exp(z)), 1.4),
    "ELU&ELU.alpha=0.5": (-0.9, lambda z: (0.5 * (np.exp(z) - 1), 0.5 * np.exp(z)), 1),
    "Swish": (
        0.4,
        lambda z: (z / (1 + np.exp(-z)), (1 + np.exp(-z) + z * np.exp(-z)) / (1 + np.exp(-z)) ** 2),
        1.09984,
    ),
    # At −1.1, by a table of the normal distribution: Φ = 0.135666 and φ = 0.217852; steepest at √2.
    "GELU": (-1.1, lambda z: (z * 0.135666, 0.135666 + z * 0.217852), 1.12890),
}


@pytest.mark.parametrize("function", AT)
def test_the_sentence_says_what_the_mathematics_says(explorer, function):
    z, truth, steepest = AT[function]
    explorer.state = f"activation-explorer?function={function}&z={z}&steps_shown=7"
    value, slope = truth(z)
    told = numbers(explorer)
    assert [told[name] for name in ("z", "value", "slope")] == digits(z, value, slope)
    assert [told[name] for name in ("here", "steepest")] == digits(abs(slope) ** 7, steepest**7)


@pytest.mark.parametrize("beta", [0.1, 0.5, 2.0, 5.0])
def test_swish_with_another_beta_is_z_times_the_sigmoid_of_beta_z(explorer, beta):
    explorer.state = f"activation-explorer?function=Swish&Swish.beta={beta}&z=-1.5&steps_shown=20"

    def swish(z):
        return z * activations.sigmoid(beta * z)

    told = numbers(explorer)
    assert f"with beta = {beta:g} at" in explorer.sentence
    measured = (swish(-1.5 + 1e-6) - swish(-1.5 - 1e-6)) / 2e-6
    assert [float(told[name]) for name in ("value", "slope")] == pytest.approx([swish(-1.5), measured], rel=5e-3)
    # 1.09984 is the steepest that Swish ever gets, whatever β is.
    assert told["steepest"] == f"{1.0998393194**20:.3g}"


def test_saturated_is_what_is_flatter_than_the_threshold_and_is_shaded(explorer):
    def shaded():
        """From where to where the picture is shaded, for each patch."""
        explorer.stage.flush()
        patches = [path.vertices[:, 0] for path in explorer._flat[0].get_paths()]
        return [(across.min(), across.max()) for across in patches]

    edge = -np.log((1 - np.sqrt(0.6)) / (1 + np.sqrt(0.6)))  # where σ (1 − σ) = 0.1
    explorer.state = "activation-explorer?z=2.06&threshold=0.1"
    assert "not saturated (|slope| ≥ 0.1)" in explorer.sentence
    assert np.allclose(shaded(), [(-6, -edge), (edge, 6)], atol=0.011)
    explorer["z"] = 2.07
    assert "slope 0.0995, saturated (|slope| < 0.1)" in explorer.sentence
    explorer["function"] = "ReLU"
    assert np.allclose(shaded(), [(-6, 0)], atol=0.011)
    explorer["function"] = "identity"
    assert shaded() == []
    explorer.state = "activation-explorer?function=Swish&threshold=0.05&z=-2.4"  # where its slope is most negative
    assert "not saturated" in explorer.sentence
    left, dip = shaded()
    assert left[0] == -6 and left[1] < -2.4 < dip[0] < -1.278 < dip[1] < 0


def test_random_layers_follow_the_distribution_of_the_slopes(explorer):
    """Against as many draws of another generator: with z ~ N(0, σ²), layer by layer."""
    explorer.state = "activation-explorer?function=tanh&sigma=1.5&steps_shown=10"
    z = 1.5 * np.random.default_rng(99).normal(size=(40_000, 10))
    quartiles = np.quantile(np.prod(1 - np.tanh(z) ** 2, axis=1), [0.25, 0.75])
    told = numbers(explorer)
    assert np.allclose(np.log([float(told["low"]), float(told["high"])]), np.log(quartiles), atol=0.4)
    lost = float(np.mean((1 - np.tanh(z) ** 2) == 0))
    assert lost == 0 and "exactly 0" not in explorer.sentence


def test_relu_stays_1_or_dies_at_0(explorer):
    explorer.state = "activation-explorer?function=ReLU&z=0.01&steps_shown=4"
    told = numbers(explorer)
    assert (told["here"], told["steepest"], told["low"], told["high"]) == ("1", "1", "0", None)
    dead = int(re.search(r"exactly 0 in (\d+)% of the draws", explorer.sentence)[1])
    assert abs(dead - 100 * (1 - 0.5**4)) <= 3  # four standard deviations of a share of 2,001 draws, and rounding
    explorer["z"] = -0.01
    assert numbers(explorer)["here"] == "0"
    explorer["steps_shown"] = 1
    assert "Through 1 layer a gradient's size" in explorer.sentence


def test_z_is_dragged_on_both_pictures_and_stays_in_them(explorer):
    def drag(index, *shares):
        zone = explorer.stage.zones[index]
        moves = [(zone["left"] + share * zone["width"], zone["top"] + 0.5 * zone["height"]) for share in shares]
        kinds = ["down", *["move"] * (len(moves) - 2), "up"]
        explorer.stage._hear(
            {"event": "pointer", "moves": [[kind, index, *at] for kind, at in zip(kinds, moves, strict=True)]}
        )

    for index in (0, 1):
        drag(index, 0.5, 0.6, 0.75)
        assert explorer["z"] == pytest.approx(3.0, abs=0.01)
        assert f"at z = {explorer['z']:g}:" in explorer.sentence
        drag(index, 0.5, 1.6)
        assert explorer["z"] == 6.0
    drag(0, 0.25, 0.25)
    assert explorer["z"] == pytest.approx(-3.0, abs=0.01)


def test_arrow_keys_move_z_by_a_tenth_and_stop_at_the_edge(explorer):
    def press(*keys, zone=0):
        for key in keys:
            explorer.stage._hear({"event": "key", "zone": zone, "key": key})

    press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert explorer["z"] == pytest.approx(2.1)
    press("ArrowLeft", zone=1)
    assert explorer["z"] == pytest.approx(2.0)
    press("ArrowUp", "a", " ")
    assert explorer["z"] == pytest.approx(2.0)
    press(*["ArrowLeft"] * 100)
    assert explorer["z"] == -6.0
    press(*["ArrowRight"] * 60)
    assert explorer["z"] == 0.0 and "z = 0: value 0.5, slope 0.25" in explorer.sentence


def test_a_parameter_is_shown_with_its_function_alone(explorer):
    def shown():
        return [name for name in PARAMETERS if explorer._controls[name].layout.display != "none"]

    assert shown() == []
    for name, choice in CHOICES.items():
        explorer["function"] = name
        assert shown() == ([f"{name}.{choice.parameter.name}"] if choice.parameter else [])
        assert f"{name} at z" in explorer.sentence or f"{name} with {choice.parameter.name} = " in explorer.sentence


@pytest.mark.parametrize("name", ActivationExplorer()._controls)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    function = name.partition(".")[0] if "." in name else "Swish"
    explorer.state = f"activation-explorer?function={function.replace(' ', '+')}&z=-1"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    if name == "function":
        control.value = "sigmoid"
    elif hasattr(control, "options"):
        control.value = control.options[-1][1]
    else:
        control.value = control.max
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_initial_values_lie_where_a_slider_can_stand():
    """A browser moves a slider's value to its grid, which would change the state that nobody has touched."""
    for name, control in ActivationExplorer()._controls.items():
        if hasattr(control, "step") and name != "z":
            steps = (control.value - control.min) / control.step
            assert steps == pytest.approx(round(steps), abs=1e-9), name


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.slow
@pytest.mark.parametrize("question", ActivationExplorer.presets)
def test_presets_are_states_and_what_is_done_from_there_can_be_kept(explorer, question):
    explorer.state = explorer.presets[question]
    assert explorer.state == explorer.presets[question]
    explorer["z"] += 0.1
    other = ActivationExplorer(explorer.state)
    assert other.sentence == explorer.sentence
    assert other.state == explorer.state != explorer.presets[question]


@pytest.mark.slow
def test_presets_show_what_they_promise(explorer):
    def told(question):
        explorer.state = explorer.presets[question]
        return {name: value if value is None else float(value) for name, value in numbers(explorer).items()}

    best = told("the sigmoid at its best")
    assert best["here"] == best["steepest"] == 0.000977
    assert told("do large z help the sigmoid?")["high"] < best["low"] / 100
    assert told("tanh, centered and saturated")["here"] < 1e-9 and ", saturated (" in explorer.sentence
    assert told("a dead ReLU")["here"] == 0
    assert told("ReLU tosses a coin in every layer")["here"] == 1 and "exactly 0 in 8" in explorer.sentence
    assert told("the leak of the paper, ten layers deep")["here"] == 1e-20
    assert told("a slope above 1")["here"] > 1000
    assert told("ELU where alpha matters")["steepest"] > 1 > told("ELU where alpha matters")["slope"] > 0
    assert told("Swish, going down")["slope"] < 0
    assert abs(told("Swish, almost a ReLU")["slope"]) < 0.001


@pytest.mark.slow
def test_the_chapters_questions_are_answered_by_moving_it(explorer):
    right = find("activation_questions").reference()
    explorer.state = "activation-explorer?function=tanh&threshold=0.1"
    explorer["z"] = math.floor(100 * right["edge"]) / 100
    assert "not saturated" in explorer.sentence
    explorer["z"] += 0.01
    assert ", saturated (" in explorer.sentence

    explorer.state = f"activation-explorer?function=tanh&z=1&steps_shown={right['layers']}"
    assert float(numbers(explorer)["here"]) < 0.001
    explorer["steps_shown"] -= 1
    assert float(numbers(explorer)["here"]) > 0.001

    explorer.state = "activation-explorer?steps_shown=10"
    middle_half = {}
    for name in CHOICES.keys() - {"identity"}:
        explorer["function"] = name
        told = numbers(explorer)
        middle_half[name.lower()] = float(told["low"]), float(told["high"] or told["low"])
    lowest, _ = middle_half.pop(right["survivor"])
    assert max(high for _, high in middle_half.values()) < lowest, "no close call"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("optimizer-race?z=1", "begins with 'activation-explorer'"),
        ("activation-explorer?alpha=1", "no control 'alpha'"),
        ("activation-explorer?z=left", "z is a number, not 'left'"),
        ("activation-explorer?function=softmax", "a value that its control does not take"),
        ("activation-explorer?threshold=0.3", "a value that its control does not take"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "activation-explorer?function=tanh&z=1.5"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "activation-explorer?function=tanh&z=1.5"


@pytest.mark.slow
@pytest.mark.parametrize("width", [270, 500, 663, 730, 750, 880])
def test_the_legend_says_what_every_line_and_shade_is_and_no_curve_crosses_it(explorer, width):
    try:
        mount(explorer, width=width)
        figure = explorer.stage._canvas.figure
        [legend] = figure.legends
        assert [text.get_text() for text in legend.get_texts()] == [
            "at this z",
            "at the steepest z",
            "threshold, depth",
            "saturated",
            "at random z: median, middle half",
        ]
        box = legend.get_window_extent()
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 and figure.bbox.y0 <= box.y0
        assert all(box.y1 <= axes.get_tightbbox().y0 for axes in figure.axes)
    finally:
        mount(explorer, width=960)
