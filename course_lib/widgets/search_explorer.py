"""The search explorer: a space of hyperparameters fills up, and a thousand searches show how much of it is luck."""

from __future__ import annotations

import itertools
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course_lib.tuning_study import SPACE
from course_lib.widgets.explorer import Explorer, group, row
from course_lib.widgets.own import works
from course_lib.widgets.search_picture import NAMES, Curves, Luck, Map
from course_lib.widgets.stage import Still
from course_lib.widgets.stored_searches import DRAWS, EXPECTED_BEST, HALVING, WIDEN, Searches, searches
from course_lib.wording import counted, listed

NAMED = {"style": {"description_width": "initial"}}  # as wide as the description
METHODS = ("random", "grid", "halving")
MOST = 50  # whole trainings of a search
ENDS = (1e-4, 1e-3, 1e-2, 0.1, 1.0)  # of the range of learning rates, the whole one and its parts
RANGES = {
    f"{low:g} to {high:g}": (low, high)
    for low, high in sorted(itertools.combinations(ENDS, 2), key=lambda ends: (-round(ends[1] / ends[0]), ends))
}


class SearchExplorer(Explorer):
    """Search among the trials of chapter 13's study, and see how another thousand searches like this one end.

    Args:
        state: the text of a state to begin with; None for random search against a grid, 20 trainings each.
    """

    name = "search-explorer"
    title = "The search explorer"
    picture = (
        "A map of two hyperparameters with the trials of search A, yellower for a higher validation accuracy, and a "
        "mark on each axis for each value tried; the best accuracy so far against the trainings paid for, of this "
        "search, and of a thousand like A and a thousand like B with where nine of ten lie; and how the thousand end, "
        "A's upwards and B's downwards, with a star for this draw."
    )
    size = (10.0, 5.2)
    tall = 11.0
    stands_on = ("axes",)
    follows: ClassVar[dict[str, str]] = {"steps_shown": "budget"}
    presets: ClassVar[dict[str, str]] = {
        "luck alone: the same search twice": "search-explorer?rival=random",
        "small budgets have more luck": "search-explorer?budget=6&rival=random&rival_budget=6",
        "one tuned more than the other": "search-explorer?budget=50&rival=random&rival_budget=6",
        "a grid has few values": "search-explorer?method=grid&rival=random",
        "successive halving at the same cost": "search-explorer?method=halving&rival=random",
        "the best at the border": "search-explorer?rates=0.0001+to+0.01",
        "which rate goes with which batch size": "search-explorer?budget=50&axes=rate+and+batch",
    }

    def __init__(self, state: str | None = None):
        self._figure: Figure | None = None  # of the last picture
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        def choice(description, options, value):
            layout = ipywidgets.Layout(width="auto")
            return ipywidgets.Dropdown(options=options, value=value, description=description, layout=layout, **NAMED)

        def budget(description):
            return ipywidgets.IntSlider(
                20, min=2, max=MOST, description=description, layout={"width": "270px"}, **NAMED
            )

        pairs = [f"{across} and {up}" for across, up in itertools.combinations(SPACE, 2)]
        return {
            "method": choice("A's method", METHODS, "random"),
            "rival": choice("B's method", METHODS, "grid"),
            "axes": choice("map of", pairs, "rate and width"),
            "rates": choice("learning rates", list(RANGES), next(iter(RANGES))),
            "draw": ipywidgets.BoundedIntText(
                0, min=0, max=DRAWS - 1, description="draw", layout={"width": "120px"}, **NAMED
            ),
            "budget": budget("A's budget"),
            "rival_budget": budget("B's budget"),
            "steps_shown": ipywidgets.IntSlider(20, min=0, max=20, description="trainings shown", **NAMED),
        }

    def layout(self, controls):
        names = ("method", "rival", "axes", "rates", "draw")
        budgets = group("Budgets", controls["budget"], controls["rival_budget"])
        return ipywidgets.VBox([row(*(controls[name] for name in names)), budgets])

    def adjust(self, name):
        if name == "budget":
            shown = self._controls["steps_shown"]
            shown.max = self["budget"]
            shown.value = shown.max

    # --- the numbers

    def _ends(self) -> tuple[float, float]:
        return RANGES[self["rates"]]

    def _searches(self) -> tuple[Searches, Searches]:
        """A's and B's: what one draws says nothing about the other, also where both are set alike."""
        return (
            searches(self["method"], self["budget"], *self._ends(), seed=0),
            searches(self["rival"], self["rival_budget"], *self._ends(), seed=1),
        )

    # --- the picture

    def still(self, figure: Figure) -> Still:
        if self.is_tall:
            places = figure.subplot_mosaic([["map"], ["curves"], ["luck"]], height_ratios=[2.6, 2, 1.6])
        else:
            places = figure.subplot_mosaic(
                [["map", "curves"], ["map", "luck"]], width_ratios=[1.15, 1], height_ratios=[1.25, 1]
            )
        across, _, up = self["axes"].partition(" and ")
        self._map = Map(places["map"], across, up, self.is_tall)
        self._curves, self._luck = Curves(places["curves"], self.is_tall), Luck(places["luck"])
        self._lay_out_as_before(figure)
        return Still([*self._map.moving, *self._curves.moving, *self._luck.moving])

    def _lay_out_as_before(self, figure: Figure) -> None:
        """Put all where it was in the last picture, if that was as large: to find room anew takes as long as to draw.

        The other axes' labels are as wide and as high.
        """
        before, self._figure = self._figure, figure
        if before is not None and before.axes and np.array_equal(before.get_size_inches(), figure.get_size_inches()):
            figure.set_layout_engine("none")
            for axes, old in zip(figure.axes, before.axes, strict=True):
                axes.set_position(old.get_position(original=True))

    def move(self) -> str:
        both, draw = self._searches(), self["draw"]
        mine, (better, worse, equal) = both[0], verdict(both)
        runs = mine.runs(self["steps_shown"])
        self._map.show(mine, draw, runs, self._ends())
        self._curves.show(both, draw, runs)
        self._luck.show(both, draw)
        best = f"best so far {mine.best[draw, runs - 1]:.4f}" if runs else "nothing is trained yet"
        self._map.title.set_text(f"A: {self['method']}, {self['steps_shown']} of {self['budget']} trainings\n{best}")
        self._luck.title.set_text(f"A better: {better}, B: {worse}, equal: {equal}")
        return " ".join([self._of_this(mine, runs), self._of_all(both)])

    # --- the words

    def _of_this(self, mine: Searches, runs: int) -> str:
        draw, (low, high) = self["draw"], self._ends()
        told = (
            f"A, draw {draw}: {self._subject(mine, 'method')}, learning rates from {low:g} to {high:g}. After "
            f"{self['steps_shown']} of {self['budget']} trainings paid for "
        )
        if not runs:
            return told + "nothing is trained yet."
        tried, best = [mine.trials[place] for place in mine.latest(draw, runs)], mine.trials[mine.leader(draw, runs)]
        across, up = self._map.shown
        places, rates = {(trial[across], trial[up]) for trial in tried}, {trial["rate"] for trial in tried}
        setting = ", ".join(f"{NAMES[name]} {best[name]:.4g}" for name in SPACE)
        return told + (
            f"the best validation accuracy is {mine.best[draw, runs - 1]:.4f}{self._chosen(mine, runs)} ({setting}), "
            f"with {counted(len(rates), 'different rate')} tried, at {counted(len(places), 'place')} of the map of "
            f"{across} and {up}. {self._border(mine, runs)}"
        )

    def _subject(self, each: Searches, method: str) -> str:
        """What kind of search it is, and what it pays for."""
        if self[method] == "grid":
            rates = len({trial["rate"] for trial in each.trials})
            few = f" (the study's grid has only {counted(rates, 'learning rate')} there)"
            return f"a grid of {counted(each.settings, 'training')}" + few * (self["rates"] != next(iter(RANGES)))
        kind = f"random search, {counted(each.settings, 'training')}"
        if self[method] == "halving":
            sizes = [f"{places.shape[1]} for {counted(epochs, 'epoch')}" for epochs, places in each.rounds]
            kind = f"successive halving of {counted(each.settings, 'setting')}: {listed(sizes)}"
        if each.settings == len(each.trials):
            return f"{kind} (all that the study has there, so every draw ends alike)"
        if 2 * each.settings > len(each.trials):
            kind += " (most of what the study has there, so draws are more alike than new searches would be)"
        return kind

    def _chosen(self, mine: Searches, runs: int) -> str:
        if self["method"] != "halving" or runs < len(mine.epochs):
            return ""
        begun = mine.places[self["draw"], : mine.settings]
        [is_yours] = works(HALVING, arguments=(mine.scores[begun],))
        return ", chosen by your successive_halving" * is_yours

    def _border(self, mine: Searches, runs: int) -> str:
        """Whether the best lies at the border of the rates, and where to search next."""
        low, high = self._ends()
        longest = mine.trained_longest(self["draw"], runs)
        rates = np.array([mine.trials[place]["rate"] for place in longest])
        scores = mine.scores[longest, mine.epochs[runs - 1] - 1]
        new_low, new_high = (float(end) for end in WIDEN(rates, scores, low, high))
        whose = "your widen" if WIDEN.is_yours else "widen"
        if (new_low, new_high) == (low, high):
            return f"Its rate is not at the border, and {whose} leaves the ends where they are."
        is_beyond = new_low < ENDS[0] / 2 or new_high > 2 * ENDS[-1]
        beyond = ", where this study has no trials" * is_beyond
        return f"Its rate is at the border: {whose} goes on from {plain(new_low)} to {plain(new_high)}{beyond}."

    def _of_all(self, both: tuple[Searches, Searches]) -> str:
        mine, rival = both
        better, worse, equal = verdict(both)
        return (
            f"Of {DRAWS:,} draws, A's best is {self._spread(mine, 'method')}. B, {self._subject(rival, 'rival')}, "
            f"finds {rival.bests[self['draw']]:.4f} in this draw, and its best is {self._spread(rival, 'rival')}. A is "
            f"better in {better} of {DRAWS:,} draws, B in {worse}, and {equal} are equal."
        )

    def _spread(self, each: Searches, method: str) -> str:
        """The mean of the best, exact where there is a formula, and where nine of ten lie."""
        mean, yours = each.average[-1], ""
        if self[method] == "random":
            mean = float(EXPECTED_BEST(each.scores[:, -1], each.settings))
            yours = " by your expected_best" * EXPECTED_BEST.is_yours
        low, high = each.spread[:, -1]
        return f"{mean:.4f} on average{yours}, and 9 of 10 lie from {low:.4f} to {high:.4f}"


def verdict(both: tuple[Searches, Searches]) -> tuple[int, int, int]:
    """In how many draws A's best is better, B's is, and they are equal."""
    mine, rival = (each.bests for each in both)
    return int((mine > rival).sum()), int((mine < rival).sum()), int((mine == rival).sum())


def plain(end: float) -> str:
    """An end of the range with no exponent, which a small one would have."""
    return f"{end:.6f}".rstrip("0").rstrip(".")
