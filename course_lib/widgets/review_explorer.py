"""The review explorer: type a review, and see what each of its n-grams adds to the score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

import ipywidgets
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from course_lib import text, wording
from course_lib.activations import sigmoid
from course_lib.checking.isolation import Failure
from course_lib.ngrams import Ngrams
from course_lib.widgets.explorer import Explorer, button, group
from course_lib.widgets.own import run_own
from course_lib.widgets.review_reading import (
    AGAINST,
    CHARACTER,
    FOR,
    GAP,
    ITALIC,
    LONGEST,
    NARROWEST,
    OTHER,
    OWN_TOKENIZE,
    Found,
    Piece,
    Texts,
    brackets_of,
    color_of,
    last_change,
    lines_of,
    number,
    read,
    shares,
    shortened,
    signed,
    tokens_by_own,
)
from course_lib.widgets.stage import Still

LISTED = 5  # n-grams in the list of the strongest
BY_LENGTH = ("words alone", "up to pairs", "up to triples", "up to fours", "up to fives")
CHOSEN = "#ffdf80"
WORD_SIZE, NUMBER_SIZE, ROW = 10.5, 9.0, 13.0  # points; a row is what lies between two numbers one under the other
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description

FIRST = "This film is not bad at all. I expected the worst, and it was great!"
EXAMPLES = {
    "well worth": "It is well worth watching.",
    "not worth": "It is not worth watching.",
    "not bad": "The film is not bad.",
    "a grade": "I give it 7/10.",
    "great, great, great": "A great, great, great film.",
    "good, not bad": "The plot is good and the acting is not bad.",
    "the same words": "The plot is not good and the acting is bad.",
    "praise, then a verdict": "Great actors, beautiful pictures, wonderful music. What a waste of time.",
    "irony": "Oh great, another masterpiece. I loved every minute of sleep that I got.",
    "words that nobody wrote": "A splendiferously flobbered film.",
}


def preset(review: str, **controls) -> str:
    return f"review-explorer?{urlencode({'review': review} | controls)}"


class ReviewExplorer(Explorer):
    """Type a review: the score, and below its words what each n-gram adds to it.

    Args:
        model: a trained `naive_bayes.NaiveBayesLogistic`, or anything with its `contributions()` and `bias`; both are
            taken as they are now.
        ngrams: the fitted `ngrams.Ngrams` whose columns are the model's features.
        reviews: {what it is: review}, more to choose from, such as real ones; None for none.
        tokenize: the function by which the model's texts were cut, where it is another than the chapter's; None for
            the reader's own, which is taken as long as it cuts as the chapter's does.
        state: the text of a state to begin with; None for a short review.
    Raises:
        ValueError: the model has another number of features than `ngrams`, or `state` is no state.
    """

    name = "review-explorer"
    title = "The review explorer"
    picture = (
        "The words of a review in lines, below each word a number, and below neighbors that are an n-gram a line with "
        "a number: what each adds to the score, blue with a plus for positive, orange with a minus for negative. "
        "Beside them the probability that the review is positive, and bars of the strongest n-grams; "
        "at the bottom the whole review as a row of bars, one for each word."
    )
    size = (10.0, 6.6)
    tall = 9.4
    presets: ClassVar[dict[str, str]] = {what: preset(review) for what, review in EXAMPLES.items()}
    _replaced: ClassVar[list[str]] = []  # reviews that were typed, in any picture, before something took their place

    def __init__(
        self,
        model: Any,
        ngrams: Ngrams,
        reviews: Mapping[str, str] | None = None,
        tokenize: Callable[[str], list[str]] | None = None,
        state: str | None = None,
    ):
        self._ngrams, self._tokenize = ngrams, tokenize
        self._contributions = np.array(model.contributions(), dtype=float)
        self._bias = float(np.reshape(model.bias, -1)[0])
        if self._contributions.shape != (len(ngrams),):
            raise ValueError(
                f"the model has {len(self._contributions):,} features, and `ngrams` has {len(ngrams):,}: it must be "
                "the object whose counts the model was trained on"
            )
        self._largest = max(float(np.abs(self._contributions).max()), 1e-6)
        self.presets = {what: preset(review) for what, review in (reviews or {}).items()} | self.presets
        self._given = {FIRST, *(reviews or {}).values(), *EXAMPLES.values()}
        self._tokens = self._cut(FIRST)
        super().__init__()
        if state is not None:
            self.state = state
            self._given.add(self["review"])
        self._back.disabled = not self._replaced  # what stood in this cell's last picture is among them by now

    def controls(self):
        longest = min(self._ngrams.longest, len(BY_LENGTH))
        return {
            "review": ipywidgets.Textarea(
                FIRST,
                description="review",
                placeholder="Type a review here",
                layout={"width": "auto", "height": "110px"},
                style={"description_width": "initial"},
            ),
            "longest": ipywidgets.Dropdown(
                options=list(zip(BY_LENGTH[:longest], range(1, longest + 1), strict=True)),
                value=longest,
                description="n-grams",
                **NAMED,
            ),
            "word": ipywidgets.IntSlider(1, min=1, max=len(self._tokens), description="word", **NAMED),
        }

    def layout(self, controls):
        self._back = button("Bring back what I wrote", self._bring_back)
        mine = group("Words", controls["word"], self._back)
        return ipywidgets.VBox([controls["review"], controls["longest"], mine])

    # --- the review, and what was typed before

    def adjust(self, name):
        if name == "review":
            before, self._tokens = self._tokens, self._cut(self["review"])
            word = self._controls["word"]
            word.max = max(len(self._tokens), 1)
            word.value = min(last_change(before, self._tokens, word.value), word.max)

    def _cut(self, review: str) -> list[str]:
        self._failure = ""
        if self._tokenize is None:
            return tokens_by_own(review)
        tokens = run_own(lambda: [str(token) for token in self._tokenize(review)])
        if isinstance(tokens, Failure):
            self._failure = f"The tokenizer that was given fails on this text ({tokens}), so the chapter's cuts it. "
            return text.tokenize(review)
        return tokens

    def _go_to(self, text):
        before = self["review"]
        super()._go_to(text)
        if self["review"] != before:
            self._keep(before)

    def _keep(self, review: str) -> None:
        """Remember what was typed; examples can be chosen again anyway."""
        if review.strip() and review not in self._given and review not in self._replaced:
            self._replaced.append(review)
        self._back.disabled = not self._replaced

    def _bring_back(self) -> None:
        """Return to the last review that was replaced; pressed again, to the one before it."""
        if self._replaced:
            review, before = self._replaced.pop(), self["review"]
            self["review"] = review
            if before.strip() and before not in self._given:
                self._replaced.insert(0, before)
            self._back.disabled = not self._replaced

    def _let_go(self):
        self._keep(self["review"])
        super()._let_go()

    # --- pointer and keys

    def on_pointer(self, kind, axes, x, y):
        if axes is self._strip:
            self._choose(int(np.clip(x, 0, 1) * len(self._tokens)))
            return
        for line, top, bottom in self._shown:
            if top <= y < bottom:
                self._choose(line.first + int(np.searchsorted(line.columns, x, side="right")) - 1)

    def on_key(self, axes, key):
        here = self["word"] - 1
        if key in ("Home", "End"):
            self._choose(0 if key == "Home" else len(self._tokens) - 1)
        elif key in ("ArrowLeft", "ArrowRight"):
            self._choose(here + (1 if key == "ArrowRight" else -1))
        elif key in ("ArrowUp", "ArrowDown"):
            lines = lines_of(self._written(), self._width)
            row = next((place for place, line in enumerate(lines) if here < line.end), 0)
            to = row + (1 if key == "ArrowDown" else -1)
            if 0 <= to < len(lines):
                column = lines[row].columns[here - lines[row].first]
                self._choose(lines[to].first + int(np.searchsorted(lines[to].columns, column, side="right")) - 1)

    def _choose(self, place: int) -> None:
        self["word"] = int(np.clip(place, 0, max(len(self._tokens) - 1, 0))) + 1

    # --- the picture

    def still(self, figure: Figure) -> Still:
        figure.set_layout_engine("none")  # the page is counted in characters
        width, height = 72 * figure.get_figwidth(), 72 * figure.get_figheight()
        strip_height, margin, title = 34, 12, 26

        def place(left, top, across, down):
            """New axes, in points from the upper left corner."""
            return figure.add_axes((left / width, 1 - (top + down) / height, across / width, down / height))

        if self.is_tall:
            self._page = place(margin, 214, width - 2 * margin, height - 214 - strip_height - title - margin)
            score = place(margin, 26, width - 2 * margin, 16)
            strongest = place(margin, 94, width - 2 * margin, 90)
        else:
            beside = 172
            across = width - beside - 4 * margin
            self._page = place(margin, title, across, height - strip_height - 2 * title - 2 * margin)
            score = place(width - beside - margin, title + 14, beside, 20)
            strongest = place(width - beside - margin, 118, beside, 125)
        self._strip = place(margin, height - strip_height - margin, width - 2 * margin, strip_height)
        for axes in (self._page, self._strip, strongest):
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            axes.spines[:].set_visible(False)
        position = self._page.get_position()
        self._width = int(position.width * width / (CHARACTER * WORD_SIZE))
        self._rows = position.height * height / ROW
        self._page.set(xlim=(0, position.width * width / (CHARACTER * WORD_SIZE)), ylim=(self._rows, 0))
        score.set(xlim=(0, 1), ylim=(-0.5, 0.5), yticks=[], xticks=[0, 0.5, 1])
        score.set_xlabel("probability of positive", fontsize=9, labelpad=1)
        score.axvline(0.5, color="black", linewidth=1, linestyle=":")
        score.tick_params(labelsize=9)
        self._strip.set(xlim=(0, 1), ylim=(-1, 1))
        self._strip.set_title("the whole review, a bar for each word", loc="left", fontsize=9, pad=3)
        below = ("each n-gram adds the number below it", "(…: begun in the line above)")
        self._page.set_title(("\n" if self.is_tall else " ").join(below), loc="left", fontsize=9, pad=5)
        strongest.set(xlim=(0, 1), ylim=(LISTED, 0))
        strongest.set_title("the strongest n-grams", loc="left", fontsize=9, pad=3)

        self._words, self._numbers = Texts(self._page, WORD_SIZE), Texts(self._page, NUMBER_SIZE)
        self._names = Texts(strongest, NUMBER_SIZE)
        self._verdict = score.text(0, 1.15, "", fontsize=11, fontweight="bold", va="bottom", transform=score.transAxes)
        [self._bar] = score.barh([0], [0], height=0.8)
        self._lines = LineCollection([], transform=self._page.transData)
        # Behind the chosen word, and above its bar.
        self._mark = LineCollection([], colors=CHOSEN, linewidths=14, transform=self._page.transData)
        [self._pointer] = self._strip.plot([], [], "v", color="black", markersize=6, clip_on=False)
        self._bars = LineCollection([], transform=strongest.transData)
        self._whole = LineCollection([], transform=self._strip.transData)
        self._window = self._strip.axvspan(0, 0, color="0.88", linewidth=0)
        zero = self._strip.axhline(0, color="black", linewidth=0.6, linestyle="-")  # seen on the window, too
        moving = [self._window, zero, self._whole, self._pointer, self._bar, self._verdict]
        moving += [self._mark, self._lines, self._bars, self._words, self._numbers, self._names]
        keys = "the left and right arrow keys choose a word, up and down a line; or press on a word."
        return Still(moving, zones={self._page: f"The words: {keys}", self._strip: f"The whole review: {keys}"})

    def move(self) -> str:
        found = read(self._tokens, self._ngrams, self._contributions, self["longest"])
        counted = [each for each in found if not each.is_again]
        strongest = sorted(counted, key=lambda each: -abs(each.contribution))[:LISTED]
        logit = self._bias + sum(each.contribution for each in counted)
        probability = float(sigmoid(np.array(logit)))
        self._write_page(found, strongest)
        self._draw_strip(found)
        verdict, color = ("positive", FOR) if logit > 0 else ("negative", AGAINST)
        self._bar.set(width=probability, facecolor=color)
        self._verdict.set_text(f"{probability:.3f}: {verdict}")
        self._names.pieces, bars = [], []
        for row, each in enumerate(strongest):
            name = each.name if len(each.name) <= 22 else f"{each.name[:21]}…"
            self._names.pieces += [
                Piece(0, row + 0.1, name),
                Piece(1, row + 0.1, signed(each.contribution), color_of(each.contribution), align=1),
            ]
            bars.append([(0, row + 0.78), (abs(each.contribution) / self._largest, row + 0.78)])
        self._bars.set(segments=bars, colors=[color_of(each.contribution) for each in strongest], linewidths=4)
        return self._failure + self._said(found, counted, strongest, logit, probability)

    def _written(self) -> list[str]:
        return [shortened(token, min(LONGEST, self._width)) for token in self._tokens]

    def _write_page(self, found: list[Found], strongest: list[Found]) -> None:
        """Write the lines around the chosen word, as many as there is room for."""
        words = self._written()
        lines = lines_of(words, self._width)
        single = {each.start: each for each in found if each.length == 1}
        longer = [each for each in found if each.length > 1]
        below = [brackets_of(line, words, longer) for line in lines]
        heights = [2 + max((each.row + 1 for each in brackets), default=0) + GAP for brackets in below]
        chosen = self["word"] - 1
        here = next((place for place, line in enumerate(lines) if chosen < line.end), 0)
        # The line before the chosen word's is seen, too, and no room is left at the end of the page.
        begin, from_end = max(here - 1, 0), np.cumsum(heights[::-1])[::-1]
        fits = np.flatnonzero(from_end <= self._rows + GAP)
        begin = min(begin, int(fits[0])) if len(fits) else begin
        self._words.pieces, self._numbers.pieces, self._shown = [], [], []
        segments, colors, widths, marks, top = [], [], [], [], 0.0
        for line, brackets, height in zip(lines[begin:], below[begin:], heights[begin:], strict=True):
            if top + height - GAP > self._rows and self._shown:
                break
            for place, column in enumerate(line.columns, line.first):
                token = words[place]
                room, one = max(len(token), NARROWEST), single.get(place)
                look = () if one else (OTHER, ITALIC)
                self._words.pieces.append(Piece(column, top, token, *look))
                if one:
                    self._numbers.pieces.append(Piece(column + room / 2, top + 1.0, *number(one, strongest)))
                if place == chosen:
                    marks.append([(column, top + 0.5), (column + len(token), top + 0.5)])
            for each in brackets:
                y = top + 2.05 + each.row
                segments.append([(each.left, y), (each.right - 0.3, y)])
                colors.append(OTHER if each.found.is_again else color_of(each.found.contribution))
                widths.append(2.5 if each.found in strongest else 1.2)
                if each.begins:
                    middle = (each.left + each.right - 0.3) / 2
                    self._numbers.pieces.append(Piece(middle, y + 0.05, *number(each.found, strongest)))
                else:
                    self._numbers.pieces.append(Piece(each.left, y + 0.05, "…"))
            self._shown.append((line, top, top + height))
            top += height
        self._lines.set(segments=segments, colors=colors, linewidths=widths)
        self._mark.set_segments(marks)

    def _draw_strip(self, found: list[Found]) -> None:
        """The whole review, the words on the page, and the chosen one."""
        parts, count = shares(self._tokens, found), max(len(self._tokens), 1)
        across = (np.arange(len(parts)) + 0.5) / count
        heights = np.clip(parts / self._largest, -1, 1)
        width = max(72 * self._strip.figure.get_figwidth() / count * 0.6, 0.8)
        self._whole.set(
            segments=[[(x, 0), (x, height)] for x, height in zip(across, heights, strict=True)],
            colors=[color_of(part) for part in parts],
            linewidths=min(width, 14),
        )
        first, end = (self._shown[0][0].first, self._shown[-1][0].end) if self._shown else (0, 0)
        self._window.set(x=first / count, width=(end - first) / count)
        pointed = [(self["word"] - 0.5) / count] if self._tokens else []
        self._pointer.set_data(pointed, [0.85] * len(pointed))

    # --- the sentence

    def _said(self, found, counted, strongest, logit, probability) -> str:
        if not self._tokens:
            return f"There is no word to look at. The bias alone says {probability:.3f} for positive: type a review."
        known = {each.start for each in found if each.length == 1}
        unknown = [token for place, token in enumerate(self._tokens) if place not in known]
        colors = [color_of(each.contribution) for each in counted]  # as in the picture: what is 0.00 is for nothing
        for_it, against, rest = (colors.count(color) for color in (FOR, AGAINST, OTHER))
        parts = [
            f"{probability:.3f} for positive: the logit {signed(logit)} is the bias {signed(self._bias)} and "
            f"{wording.counted(len(counted), 'n-gram')} ({BY_LENGTH[self['longest'] - 1]}), {for_it} for positive, "
            f"{against} against and {rest} with 0.00"
        ]
        if strongest:
            listed = ", ".join(f"“{each.name}” {signed(each.contribution)}" for each in strongest)
            parts.append(f"The strongest: {listed}")
        whose = "your tokenize" if self._tokenize is None and OWN_TOKENIZE.is_yours else "the tokenizer"
        words = f"{wording.counted(len(self._tokens), 'word')} by {whose}"
        if unknown:
            names = ", ".join(f"“{shortened(each)}”" for each in dict.fromkeys(unknown[:3]))
            words += f", {len(unknown):,} of them no feature ({names}{', …' * (len(set(unknown)) > 3)})"
        parts.append(words)
        parts.append(self._said_of_the_word(found))
        return ". ".join(parts) + "."

    def _said_of_the_word(self, found: list[Found]) -> str:
        chosen = self["word"] - 1
        with_it = [each for each in found if each.start <= chosen < each.start + each.length]
        listed = [f"“{each.name}” {'again' if each.is_again else signed(each.contribution)}" for each in with_it]
        return f"Word {chosen + 1:,}, “{shortened(self._tokens[chosen])}”: {', '.join(listed) or 'in no n-gram'}"
