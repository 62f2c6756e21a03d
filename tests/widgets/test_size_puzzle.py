"""The puzzle of sizes, from the kernel's side: what comes out, what is left over, and what solves a puzzle."""

import itertools
import re
import time

import numpy as np
import pytest

from course_lib.exercises import find
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.widgets.size_puzzle import (
    LARGEST_KERNEL,
    LARGEST_STRIDE,
    MOST_PADDING,
    PUZZLES,
    SizePuzzle,
)


@pytest.fixture(scope="module")
def only_puzzle():
    return SizePuzzle()


@pytest.fixture
def puzzle(only_puzzle):
    only_puzzle.state = "size-puzzle"
    return only_puzzle


def set_to(explorer, **values):
    with explorer.held():
        for name, value in values.items():
            explorer[name] = value


SETTINGS = [
    dict(zip(("size", "kernel", "stride", "padding"), values, strict=True))
    for values in [(8, 3, 2, 0), (8, 3, 2, 1), (7, 3, 2, 0), (9, 4, 5, 0), (1, 1, 1, 0), (3, 5, 4, 1), (28, 9, 3, 4),
                   (5, 7, 2, 0), (5, 7, 2, 1), (17, 2, 5, 0)]
]  # fmt: skip


def windows(size, kernel, stride, padding):
    """The places by counting: where the kernel lies, one after the other."""
    found, start = [], 0
    while start + kernel <= size + 2 * padding:
        found.append(range(start, start + kernel))
        start += stride
    return found


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_the_sentence_says_how_many_places_there_are_and_what_is_left_over(puzzle, setting):
    set_to(puzzle, **setting)
    places, length = windows(**setting), setting["size"] + 2 * setting["padding"]
    steps = "({size} + 2 · {padding} − {kernel}) / {stride}".format(**setting)
    if not places:
        assert f"the kernel is longer than the {length} that there are, so it has no place" in puzzle.sentence
        return
    left_over = length - places[-1].stop
    many = f"{len(places)} place{'s' * (len(places) != 1)}"
    if left_over:
        assert f"{steps} leaves {left_over} over, so the last " in puzzle.sentence
        way = length - setting["kernel"]
        legal = [stride for stride in range(1, LARGEST_STRIDE + 1) if way % stride == 0]
        assert f"On a way of {way} these strides come out: {', '.join(map(str, legal))}." in puzzle.sentence
    else:
        assert f"{steps} = {len(places) - 1}, and 1 more for the first place: {many}." in puzzle.sentence
    expected = find("output_size").reference(**setting)
    assert (expected is None) == bool(left_over)


@pytest.mark.parametrize(
    ("setting", "last"),
    [
        ((8, 3, 2, 0), "the last number is"),
        ((8, 3, 2, 2), "the last zero of the padding is"),
        ((9, 4, 3, 0), "the last 2 numbers are"),
        ((10, 4, 3, 4), "the last 2 zeros of the padding are"),
        ((8, 3, 4, 1), "the last 2 numbers and 1 zero of the padding are"),
        ((6, 2, 5, 1), "the last zero of the padding is"),
    ],
)
def test_zeros_of_the_padding_that_are_left_over_are_not_called_numbers(puzzle, setting, last):
    set_to(puzzle, **dict(zip(("size", "kernel", "stride", "padding"), setting, strict=True)))
    assert f"over, so {last} never seen" in puzzle.sentence


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_keras_has_as_many_places_as_the_sentence_says(puzzle, setting):
    import keras

    set_to(puzzle, **setting)
    size, kernel, stride, _ = setting.values()

    def places(padding):
        return keras.layers.Conv1D(1, kernel, strides=stride, padding=padding)(np.zeros((1, size, 1))).shape[1]

    valid = places("valid") if kernel <= size else "no"
    said = re.search(r'\("valid"\): (\w+) places?; with "same", .*: (\d+)\.', puzzle.sentence)
    assert said.groups() == (str(valid), str(places("same")))


def boxes(collection):
    """(left, right) of each rectangle."""
    return [(path.vertices[:, 0].min(), path.vertices[:, 0].max()) for path in collection.get_paths()]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_the_picture_shows_each_place_of_the_kernel_and_what_is_left_over(puzzle, setting):
    set_to(puzzle, **setting)
    puzzle.stage.flush()
    places, padding, length = windows(**setting), setting["padding"], setting["size"] + 2 * setting["padding"]
    assert boxes(puzzle._cells) == [(cell, cell + 1) for cell in range(padding, padding + setting["size"])]
    assert len(boxes(puzzle._padding)) == 2 * padding
    assert len(boxes(puzzle._places)) == len(places)
    if not places:
        assert boxes(puzzle._windows) == [(0, setting["kernel"])] and puzzle._windows.get_hatch()
        return
    assert boxes(puzzle._windows) == [(each.start, each.stop) for each in places]
    assert not puzzle._windows.get_hatch()
    rest = length - places[-1].stop
    assert boxes(puzzle._rest) == [(length - rest, length)] * (rest > 0)
    low, high = puzzle._axes.get_xlim()
    assert low < 0 and high > length


# --- puzzles


def solutions(puzzle):
    ranges = {
        "size": range(1, 29),
        "kernel": range(1, LARGEST_KERNEL + 1),
        "stride": range(1, LARGEST_STRIDE + 1),
        "padding": range(MOST_PADDING + 1),
    } | {name: [value] for name, value in puzzle.given.items()}
    for values in itertools.product(*ranges.values()):
        setting = dict(zip(ranges, values, strict=True))
        places = windows(**setting)
        if len(places) == puzzle.wanted and places[-1].stop == setting["size"] + 2 * setting["padding"]:
            yield setting


@pytest.mark.parametrize("number", range(1, len(PUZZLES) + 1))
def test_a_puzzle_can_be_solved_and_is_not_solved_when_it_is_chosen(puzzle, number):
    puzzle["puzzle"] = number
    goal = PUZZLES[number - 1]
    assert all(puzzle[name] == value for name, value in goal.given.items())
    assert "is not solved yet" in puzzle.sentence
    assert len(boxes(puzzle._wanted)) == goal.wanted
    found = list(solutions(goal))
    assert found
    for setting in found:
        set_to(puzzle, **setting)
        assert f"The puzzle ({goal}) is solved." in puzzle.sentence
    set_to(puzzle, puzzle=0)
    assert "puzzle (" not in puzzle.sentence
    puzzle.stage.flush()
    assert not boxes(puzzle._wanted)


def test_what_is_missing_is_told(puzzle):
    puzzle["puzzle"] = 3
    set_to(puzzle, kernel=5, stride=2, padding=1)
    assert "not solved yet: nothing may be left over." not in puzzle.sentence
    assert "not solved yet: 4 places are wanted, and there are 3; nothing may be left over." in puzzle.sentence
    set_to(puzzle, kernel=3)
    assert "not solved yet: nothing may be left over." in puzzle.sentence
    set_to(puzzle, size=9, kernel=3)
    assert "not solved yet: the size has to be 8." in puzzle.sentence
    set_to(puzzle, stride=1)
    assert "not solved yet: the size has to be 8; the stride has to be 2." in puzzle.sentence
    puzzle.state = "size-puzzle?puzzle=6&kernel=5&stride=2&padding=0"
    assert "not solved yet: 1 place is wanted, and there are 2." in puzzle.sentence


def test_no_padding_makes_stride_2_come_out_on_8_numbers_with_a_kernel_of_3(puzzle):
    for padding in range(MOST_PADDING + 1):
        puzzle["padding"] = padding
        assert "leaves 1 over" in puzzle.sentence
    puzzle.state = "size-puzzle?puzzle=3&kernel=4&padding=1"
    assert "is solved." in puzzle.sentence


# --- what all explorers are asked


CONTROLS = list(SizePuzzle()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(puzzle, name):
    puzzle.state = "size-puzzle?puzzle=3&kernel=4&padding=1"
    before, frame = puzzle.sentence, puzzle.stage.frame
    puzzle[name] = puzzle[name] + 1
    assert puzzle.sentence != before
    assert puzzle.stage.frame != frame


def test_a_state_keeps_a_puzzle_with_what_was_tried(puzzle):
    puzzle["puzzle"] = 4
    puzzle["stride"] = 3
    puzzle["size"] = 12
    whole, sentence = puzzle.state, puzzle.sentence
    puzzle.state = "size-puzzle"
    assert puzzle["size"] == 8
    puzzle.state = whole
    assert (puzzle.state, puzzle.sentence) == (whole, sentence)
    puzzle.state = "size-puzzle?puzzle=4"
    assert (puzzle["size"], puzzle["kernel"]) == (10, 4)


def test_presets_are_states_and_show_what_they_promise(puzzle):
    seen = {}
    for question, state in puzzle.presets.items():
        puzzle.state = state
        assert puzzle.state == state
        seen[question] = puzzle.sentence
    assert "3 places." in seen["a stride that comes out"]
    assert "2 places." in seen["a stride as long as all steps"]
    assert "8 places." in seen["padding that keeps the size"]
    assert "leaves 1 over" in seen["more padding, and still 1 left over"]
    assert "stride 5: (17 + 2 · 0 − 2) / 5 = 3" in seen["steps longer than the kernel"]
    assert "it has no place" in seen["a kernel that is too long"]
    assert "28 places." in seen["as much padding as a kernel of 9 needs"]


WIDEST = "?size=28&kernel=1&stride=1&padding=4"


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize("state", ["", WIDEST, "?size=18&kernel=1&stride=1", "?size=5&kernel=7", "?puzzle=1"])
def test_nothing_is_cut_off_and_no_number_covers_another(puzzle, width, state):
    puzzle.state = f"size-puzzle{state}"
    try:
        puzzle.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert puzzle.is_tall == (width < 500)
        figure = puzzle.stage._canvas.figure
        [legend] = figure.legends
        texts = [text for text in (puzzle._told, *puzzle._numbers, *puzzle._ordinals) if text.get_text()]
        extents = [text.get_window_extent() for text in texts]
        for box in [legend.get_window_extent(), *extents]:
            assert figure.bbox.contains(*box.min) and figure.bbox.contains(*box.max)
        assert not legend.get_window_extent().overlaps(puzzle._axes.bbox)
        for index, box in enumerate(extents):
            assert not any(box.padded(-0.5).overlaps(other.padded(-0.5)) for other in extents[:index])
    finally:
        puzzle.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_output_size(size, kernel, stride=1, padding=0):
    places = (size + 2 * padding - kernel) / stride + 1
    return int(places) if places >= 1 and places == int(places) else None


def test_a_readers_own_output_size_is_used_and_called_theirs(puzzle, write):
    puzzle.state = "size-puzzle?size=7"
    before = puzzle.sentence
    write("output_size", my_output_size)
    puzzle.state = "size-puzzle?size=7"
    assert puzzle.sentence == before.replace("3 places.", "3 places by your output_size.", 1)
    puzzle.state = "size-puzzle"
    assert "leaves 1 over" in puzzle.sentence and "your" not in puzzle.sentence
    puzzle.state = "size-puzzle?stride=1&padding=1"
    assert "8 places by your output_size." in puzzle.sentence


@pytest.mark.parametrize("answer", [lambda *_: 1 / 0, lambda *_: None, lambda *_: 4])
def test_one_that_no_longer_works_breaks_nothing(puzzle, write, answer):
    puzzle.state = "size-puzzle?size=7"
    before = puzzle.sentence
    write("output_size", answer)
    puzzle.state = "size-puzzle?size=7"
    assert puzzle.sentence == before


def test_accessible_names_are_unique(puzzle):
    names = [control.tooltip for control in puzzle._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("batch-explorer?size=1", "begins with 'size-puzzle'"),
        ("size-puzzle?dilation=1", "no control 'dilation'"),
        ("size-puzzle?puzzle=99", "a value that its control does not take"),
        ("size-puzzle?size=wide", "size is a number, not 'wide'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(puzzle, text, complaint):
    puzzle.state = "size-puzzle?size=9"
    with pytest.raises(ValueError, match=complaint):
        puzzle.state = text
    assert puzzle.state == "size-puzzle?size=9"
