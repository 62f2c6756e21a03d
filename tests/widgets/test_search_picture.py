"""The search explorer's picture: what it draws is what the searches hold, and all of it has room."""

import re

import numpy as np
import pytest

from course_lib.widgets.stored_searches import searches

WHOLE = (1e-4, 1.0)


@pytest.fixture
def explorer(search_explorer):
    return search_explorer


def best_in_this_draw(explorer):
    return float(re.search(r"the best validation accuracy is (\d\.\d{4})", explorer.sentence)[1])


def test_the_map_shows_what_was_tried_and_marks_each_value(explorer):
    explorer.state = "search-explorer?method=halving&axes=rate+and+batch&steps_shown=18"
    explorer.stage.flush()
    made = searches("halving", 20, *WHOLE, seed=0)
    runs = made.runs(18)
    latest = dict(zip(made.places[0, :runs].tolist(), made.epochs[:runs].tolist(), strict=True))
    assert set(latest.values()) == {1, 3, 9}
    for epochs, artist in explorer._map.tried.items():
        trials = [made.trials[place] for place, each in latest.items() if each == epochs]
        shown = sorted(map(tuple, artist.get_offsets().tolist()))
        assert shown == sorted((trial["rate"], trial["batch"]) for trial in trials)
        colors = dict(zip(map(tuple, artist.get_offsets().tolist()), artist.get_array().tolist(), strict=True))
        assert all(colors[trial["rate"], trial["batch"]] == trial["epochs"][epochs - 1] for trial in trials)
    assert set(explorer._map.values_across.get_xdata()) == {made.trials[place]["rate"] for place in latest}
    assert set(explorer._map.values_up.get_ydata()) == {16, 32, 64, 128}
    assert len(explorer._map.untried.get_xdata()) == 100
    star = explorer._map.star.get_xydata()[0].tolist()
    last = [made.trials[place] for place in made.trained_longest(0, runs)]
    best = max(last, key=lambda trial: trial["validation"])
    assert star == [best["rate"], best["batch"]] and best_in_this_draw(explorer) == best["validation"]


def test_the_curves_are_those_of_the_searches(explorer):
    explorer.state = "search-explorer?method=halving&rival=random&rival_budget=30&draw=5&steps_shown=19"
    explorer.stage.flush()
    mine, rival = searches("halving", 20, *WHOLE, seed=0), searches("random", 30, *WHOLE, seed=1)
    runs = mine.runs(19)
    assert explorer._curves.this.get_xdata() == pytest.approx(mine.spent[:runs] / 9)
    assert explorer._curves.this.get_ydata() == pytest.approx(np.maximum(mine.best[5, :runs], 0.8))
    assert explorer._curves.means[1].get_xdata().tolist() == list(range(1, 31))
    assert explorer._curves.means[1].get_ydata() == pytest.approx(np.maximum(rival.average, 0.8))
    [path] = explorer._curves.bands[1].get_paths()
    assert path.vertices[:, 1].max() == pytest.approx(rival.spread.max())


def test_the_piles_hold_all_searches_and_the_stars_stand_at_this_draw(explorer):
    explorer.state = "search-explorer?rival_budget=6&draw=3"
    explorer.stage.flush()
    heights = [artist.get_data().values for artist in explorer._luck.piles]
    assert heights[0].min() >= 0 >= heights[1].max()
    for seed, (method, budget) in enumerate([("random", 20), ("grid", 6)]):
        made = searches(method, budget, *WHOLE, seed=seed)
        counts = heights[seed] / heights[seed][np.abs(heights[seed]).argmax()]
        on_the_edge = np.mean(made.bests <= 0.80125)
        assert counts.max() == 1 and counts[0] / counts.sum() == pytest.approx(on_the_edge)
        best = made.bests[3]
        assert explorer._luck.stars[seed].get_xdata()[0] == max(best, 0.8)
    title = dict(re.findall(r"(A better|B|equal): (\d+)", explorer._luck.title.get_text()))
    assert f"A is better in {title['A better']} of 1,000 draws, B in {title['B']}, and {title['equal']} are" in (
        explorer.sentence
    )


def test_rates_that_are_not_searched_are_shaded(explorer):
    def shaded():
        explorer.stage.flush()
        return [artist.get_bbox() for artist in explorer._map.outside if artist.get_visible()]

    assert not shaded()
    explorer["rates"] = "0.001 to 0.1"
    below, above = shaded()
    assert below.x1 == 0.001 and above.x0 == 0.1
    explorer["axes"] = "batch and width"
    assert not shaded()


@pytest.mark.parametrize("width", [960.0, 590.0, 247.0])
def test_a_map_of_others_has_its_place_where_the_first_had_it(explorer, width):
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})

        def places():
            explorer.stage.flush()
            return np.array([axes.get_position().extents for axes in explorer.stage._canvas.figure.axes])

        first = places()
        for pair in explorer._controls["axes"].options:
            explorer["axes"] = pair
            assert places() == pytest.approx(first, abs=1e-3)
            figure = explorer.stage._canvas.figure
            for axis in (figure.axes[0].xaxis, figure.axes[0].yaxis):
                low, high = axis.get_view_interval()
                ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
                for text in (axis.label, *(label for place, label in ticks if low <= place <= high)):
                    box = text.get_window_extent()
                    assert figure.bbox.contains(*box.min) and figure.bbox.contains(*box.max), text
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize(
    "state", ["", "?method=halving&budget=50&axes=width+and+dropout", "?rates=0.0001+to+0.001&axes=batch+and+dropout"]
)
def test_nothing_is_cut_off_and_nothing_covers_anything(explorer, width, state):
    explorer.state = f"search-explorer{state}"
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert explorer.is_tall == (width < 500)
        figure = explorer.stage._canvas.figure
        [legend] = figure.legends
        titles = [explorer._map.title, explorer._luck.title, *(axes.title for axes in figure.axes)]
        titles = [title for title in titles if title.get_text().strip()]
        labels = [axis.label for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) if axis.label.get_text()]
        for part in [legend, *titles, *labels]:
            box = part.get_window_extent().padded(-1)
            assert figure.bbox.contains(*box.min) and figure.bbox.contains(*box.max), part
        assert not any(legend.get_window_extent().overlaps(axes.bbox) for axes in figure.axes)
        boxes = [part.get_window_extent().padded(-1) for part in [*titles, *labels]]
        assert not any(box.overlaps(other) for place, box in enumerate(boxes) for other in boxes[:place])
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})
