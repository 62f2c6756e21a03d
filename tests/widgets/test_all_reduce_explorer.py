"""The all-reduce explorer, from the kernel's side: what its sentence and its picture say, and a reader's own ring."""

import re
import time

import numpy as np
import pytest

from course_lib.collectives import ring_all_reduce, tree_all_reduce
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.ranks import marked, run
from course_lib.widgets.all_reduce_explorer import MOST_NUMBERS, AllReduceExplorer
from course_lib.widgets.all_reduce_run import star_all_reduce
from tests.widgets.test_all_reduce_run import leftwards
from tests.widgets.texts import texts_of

PROGRAMS = {"ring": ring_all_reduce, "tree": tree_all_reduce, "star": star_all_reduce}


@pytest.fixture(scope="module")
def only_explorer():
    return AllReduceExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "all-reduce-explorer"
    return only_explorer


def told(explorer, pattern):
    """The numbers that the sentence tells where `pattern` stands in it."""
    found = re.search(pattern, explorer.sentence)
    assert found, explorer.sentence
    return [float(each) for each in found.groups()]


SETTINGS = [("ring", 4, 8, 2), ("ring", 5, 8, 0), ("tree", 8, 16, 4), ("tree", 6, 5, 1), ("star", 3, 1, 16),
            ("ring", 8, 3, 1), ("ring", 2, 1, 0)]  # fmt: skip


@pytest.mark.parametrize(("algorithm", "ranks", "numbers", "latency"), SETTINGS)
def test_the_sentence_says_what_a_run_on_simulated_ranks_gives(explorer, algorithm, ranks, numbers, latency):
    state = f"all-reduce-explorer?algorithm={algorithm}&ranks={ranks}&numbers={numbers}&latency={latency}"
    ran = run(PROGRAMS[algorithm], marked(ranks, numbers))
    for step in range(ran.steps + 1):
        explorer.state = f"{state}&steps_shown={step}"
        assert explorer["steps_shown"] == step
        sent = [0] * ranks
        for message in ran.messages:
            sent[message.source] += message.bytes * (message.step <= step)
        assert told(explorer, r"has sent (\d+) bytes, \S+ times its array, and in the end (\d+) bytes") == [
            max(sent), max(ran.bytes_sent)
        ]  # fmt: skip
        of_step = [message.bytes // 8 for message in ran.messages if message.step == step]
        if step:
            assert told(explorer, r"in which (\d+) messages? of ")[0] == len(of_step)
            low, high = re.search(r" of (?:(\d+) to )?(\d+) numbers? (?:was|were) sent", explorer.sentence).groups()
            assert (int(low or high), int(high)) == (min(of_step), max(of_step))
        else:
            assert f"before the first of {ran.steps} steps: 0 of {ranks * numbers} sums" in explorer.sentence
    assert told(explorer, r"(\d+) of (\d+) sums are whole") == [ranks * numbers] * 2
    passed, whole = told(explorer, r"(\S+) of (\S+) units of time have passed")
    assert passed == whole == pytest.approx(ran.seconds(latency, 8), rel=0.005)
    for name, long in (("tree", "tree"), ("star", "all to rank 0 and back"), ("ring", "ring")):
        if name != algorithm:
            takes = run(PROGRAMS[name], marked(ranks, numbers)).seconds(latency, 8)
            assert told(explorer, rf"the others take: .*{long} ([\d.]+)[,.]")[0] == pytest.approx(takes, rel=0.005)
    assert explorer._controls["steps_shown"].max == ran.steps


def test_the_ring_sends_the_share_that_the_task_asks_for(explorer):
    for ranks in (2, 4, 8):
        explorer.state = f"all-reduce-explorer?ranks={ranks}&numbers=16"
        share = told(explorer, r"in the end \d+ bytes, (\S+) times\.")[0]
        assert share == pytest.approx(2 * (ranks - 1) / ranks, abs=0.005)


# --- the picture


def boxes(collection):
    """(left, bottom, right, top) of each rectangle."""
    return np.array([[*path.vertices.min(axis=0), *path.vertices.max(axis=0)] for path in collection.get_paths()])


def area(collection):
    return sum((right - left) * (top - bottom) for left, bottom, right, top in boxes(collection))


def test_cells_are_filled_as_sums_grow(explorer):
    ranks, numbers = 4, 8
    tables = ranks * explorer._boxes[0].get_width() * 0.56
    for step, (own, part, whole) in enumerate([(32, 0, 0), (24, 16, 0), (16, 40, 0)]):
        explorer["steps_shown"] = step
        explorer.stage.flush()
        assert [len(each.get_paths()) for each in explorer._cells] == [own, part, whole]
    explorer["steps_shown"] = 6
    explorer.stage.flush()
    assert [len(each.get_paths()) for each in explorer._cells] == [0, 0, ranks * ranks * numbers]
    assert area(explorer._cells[2]) == pytest.approx(tables)


def test_each_cell_lies_in_the_table_of_its_rank_in_the_row_of_whose_it_is(explorer):
    explorer["steps_shown"] = 0
    explorer.stage.flush()
    cells = boxes(explorer._cells[0]).reshape(4, 8, 4)
    for rank, (x, y) in enumerate(explorer._centers):
        assert cells[rank, :, 0] == pytest.approx(x - 0.5 + np.arange(8) / 8)
        assert cells[rank, :, 3] == pytest.approx(y + 0.28 - 0.14 * rank)


def test_arrows_and_frames_are_those_of_the_step(explorer):
    explorer.state = "all-reduce-explorer?algorithm=tree&ranks=8&steps_shown=2"
    explorer.stage.flush()
    shown = [arrow for arrow in explorer._arrows if arrow.get_visible()]
    ways = [tuple(map(tuple, np.round(arrow._posA_posB, 6))) for arrow in shown]
    places = [tuple(np.round(center, 6)) for center in explorer._centers]
    assert ways == [(places[2], places[0]), (places[6], places[4])]
    frames = boxes(explorer._received)
    assert frames[:, :2] == pytest.approx(explorer._centers[[0, 4]] - (0.5, 0.28))
    explorer["steps_shown"] = 0
    explorer.stage.flush()
    assert not any(arrow.get_visible() for arrow in explorer._arrows) and not explorer._received.get_paths()


def test_messages_of_no_numbers_are_drawn_and_bring_nothing(explorer):
    explorer.state = "all-reduce-explorer?ranks=8&numbers=3&steps_shown=1"
    explorer.stage.flush()
    assert "8 messages of 0 to 1 number were sent" in explorer.sentence
    assert sum(arrow.get_visible() for arrow in explorer._arrows) == 8
    assert len(explorer._received.get_paths()) == 3


@pytest.mark.parametrize("step", [0, 2, 6])
def test_messages_and_bars_go_as_far_as_the_step(explorer, step):
    explorer["steps_shown"] = step
    explorer.stage.flush()
    later, earlier, now = explorer._messages
    assert [len(each.get_segments()) for each in (later, earlier, now)] == [
        4 * (6 - step), 4 * max(step - 1, 0), 4 * (step > 0)
    ]  # fmt: skip
    if step:
        assert np.array(now.get_segments())[:, :, 0] == pytest.approx(np.tile([(step - 1) / 6, step / 6], (4, 1)))
        assert np.array(now.get_segments())[:, :, 1].tolist() == [[0, 1], [1, 2], [2, 3], [3, 0]]
    assert [bar.get_width() for bar in explorer._sent] == [0.25 * step] * 4
    assert explorer._clock.get_xdata() == pytest.approx([step / 6] * 2)
    assert explorer._clock_told.get_text() == str(4 * step)


def test_the_bars_of_time_are_as_long_as_the_times_beside_them(explorer):
    for algorithm, place in (("ring", 0), ("tree", 1), ("star", 2)):
        explorer["algorithm"] = algorithm
        explorer["steps_shown"] = 2
        explorer.stage.flush()
        assert [text.get_text().strip() for text in explorer._takes_told] == ["24", "40", "60"]
        assert [bar.get_width() for bar in explorer._takes_bars] == pytest.approx([24 / 60, 40 / 60, 1])
        passed = told(explorer, r"(\S+) of \S+ units of time have passed")[0]
        assert explorer._so_far.get_width() == pytest.approx(passed / 60)
        assert explorer._so_far.get_y() == pytest.approx(explorer._takes_bars[place].get_y())


def test_a_larger_share_of_the_array_has_a_thicker_arrow(explorer):
    explorer.stage.flush()
    chunk = explorer._arrows[0].get_linewidth()
    explorer["algorithm"] = "tree"
    explorer.stage.flush()
    assert explorer._arrows[0].get_linewidth() > 1.5 * chunk


# --- what all explorers are asked


def test_what_is_asked_of_the_explorer_can_be_read_off_it(explorer):
    is_faster = []
    for numbers in range(1, MOST_NUMBERS + 1):
        explorer.state = f"all-reduce-explorer?ranks=8&numbers={numbers}&latency=3"
        ring, tree = told(explorer, r"of (\S+) units of time .* tree ([\d.]+),")
        is_faster.append(ring < tree)
    assert is_faster == [False] * 6 + [True] * 10
    for algorithm, share in (("ring", 1.75), ("tree", 3), ("star", 7)):
        explorer.state = f"all-reduce-explorer?algorithm={algorithm}&ranks=8"
        assert told(explorer, r"in the end \d+ bytes, (\S+) times\.") == [share]


CONTROLS = list(AllReduceExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    before, frame = explorer.sentence, explorer.stage.frame
    explorer[name] = "tree" if name == "algorithm" else explorer[name] + 1
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_the_steps_are_those_of_the_algorithm(explorer):
    explorer.state = "all-reduce-explorer?ranks=8&steps_shown=14"
    explorer["algorithm"] = "tree"
    assert explorer["steps_shown"] == explorer._controls["steps_shown"].max == 6
    explorer["ranks"] = 5
    assert explorer._controls["steps_shown"].max == 6
    explorer["ranks"] = 4
    assert explorer["steps_shown"] == explorer._controls["steps_shown"].max == 4


def test_presets_are_states_and_show_what_they_promise(explorer):
    seen = {}
    for question, state in explorer.presets.items():
        explorer.state = state
        assert explorer.state == state
        seen[question] = explorer.sentence
    assert "8 of 32 sums are whole" in seen["a ring, once around: each rank has one chunk whole"]
    assert "32 of 32 sums are whole" in seen["a ring, twice around: all is whole"]
    assert "8 of 64 sums are whole" in seen["a tree: the sum is at rank 0"]
    assert "4 of 14: " not in seen["all to rank 0: the others wait"]
    assert "after step 4 of 14, in which 1 message of 8 numbers was sent" in seen["all to rank 0: the others wait"]
    assert "5 messages of 1 to 2 numbers were sent" in seen["chunks that are not equally long"]
    assert "8 messages of 0 to 1 number were sent" in seen["fewer numbers than ranks"]
    for question, is_longer in (("short arrays: the tree is faster", True), ("long arrays: the ring is faster", False)):
        ring, tree = re.search(r"of (\S+) units of time .* tree ([\d.]+),", seen[question]).groups()
        assert (float(ring) > float(tree)) == is_longer


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize(
    "state", ["", f"?ranks=8&numbers={MOST_NUMBERS}&latency=16&steps_shown=14", "?ranks=2&algorithm=star", "?ranks=3"]
)
def test_nothing_is_cut_off_and_no_text_covers_another(explorer, width, state):
    explorer.state = f"all-reduce-explorer{state}"
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert explorer.is_tall == (width < 500)
        figure = explorer.stage._canvas.figure
        texts = [text for axes in figure.axes for text in texts_of(axes)]
        extents = [text.get_window_extent() for text in texts]
        extents.append(figure.legends[0].get_window_extent())
        for text, box in zip([*texts, "the legend"], extents, strict=True):
            assert figure.bbox.padded(0.5).contains(*box.min) and figure.bbox.padded(0.5).contains(*box.max), text
        for index, box in enumerate(extents):
            for other in range(index):
                assert not box.padded(-0.5).overlaps(extents[other].padded(-0.5)), (texts[other], index)
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


@pytest.fixture
def write(monkeypatch):
    """write(answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda answer: serving.live.update({"ring_all_reduce": Live(answer, time.time())})


def test_a_readers_own_ring_is_shown_and_called_theirs(explorer, write):
    explorer["steps_shown"] = 1
    before, frame = explorer.sentence, explorer.stage.frame
    write(leftwards)
    explorer.state = "all-reduce-explorer?steps_shown=0"
    explorer["steps_shown"] = 1
    assert explorer.sentence == before.replace("Ring", "Your ring", 1)
    assert explorer._title.get_text().startswith("your ring")
    assert np.array(explorer._messages[2].get_segments())[:, :, 1].tolist() == [[0, 3], [1, 0], [2, 1], [3, 2]]
    assert explorer.stage.frame != frame
    explorer["algorithm"] = "tree"
    assert explorer.sentence.startswith("Tree,")


def sends_nothing(rank, size, value):
    return value


def only_begins(rank, size, value):
    yield None


@pytest.mark.parametrize("answer", [lambda *_: 1 / 0, sends_nothing, only_begins, star_all_reduce])
def test_one_that_no_longer_works_breaks_nothing(explorer, write, answer):
    before = explorer.sentence
    write(answer)
    explorer.state = "all-reduce-explorer?steps_shown=0"
    explorer.state = "all-reduce-explorer"
    assert explorer.sentence == before


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("size-puzzle?size=1", "begins with 'all-reduce-explorer'"),
        ("all-reduce-explorer?chunks=1", "no control 'chunks'"),
        ("all-reduce-explorer?algorithm=butterfly", "a value that its control does not take"),
        ("all-reduce-explorer?ranks=many", "ranks is a number, not 'many'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "all-reduce-explorer?ranks=6&steps_shown=9"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "all-reduce-explorer?ranks=6&steps_shown=9"
