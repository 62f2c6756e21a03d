"""What a bag of n-grams makes of one review: each n-gram with its contribution, and where it is written on a page."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font

from course_lib import text
from course_lib.ngrams import Ngrams
from course_lib.widgets import style
from course_lib.widgets.own import Own

NARROWEST = 5  # characters that each word takes at least, so that the numbers below it have room: "+0.31"
LONGEST = 28  # characters of a token that are written: hardly an English word has more
GAP = 1.0  # rows between a line's last number and the next line


@dataclass(frozen=True)
class Found:
    """An n-gram at one place of a text.

    Args:
        start: its first token, counted from 0.
        length: its tokens.
        name: its words.
        contribution: what its presence adds to the logit.
        is_again: whether it stands in the text before this place: presence is counted once.
    """

    start: int
    length: int
    name: str
    contribution: float
    is_again: bool


def read(tokens: Sequence[str], ngrams: Ngrams, contributions: np.ndarray, longest: int) -> list[Found]:
    """Return the features of at most `longest` words in a text, the shorter ones first."""
    found, seen = [], set()
    for start, length, column in ngrams.places(list(tokens)):
        if length <= longest:
            name = " ".join(tokens[start : start + length])
            found.append(Found(start, length, name, float(contributions[column]), column in seen))
            seen.add(column)
    return found


def shares(tokens: Sequence[str], found: list[Found]) -> np.ndarray:
    """Return what each token adds: the contribution of an n-gram goes to its words in equal parts."""
    parts = np.zeros(len(tokens))
    for each in found:
        if not each.is_again:
            parts[each.start : each.start + each.length] += each.contribution / each.length
    return parts


# --- what is said of it

FOR, AGAINST, OTHER = style.COLORS[0], "#b34700", "0.4"  # the orange is darker than elsewhere: it is text, too
REGULAR, BOLD, ITALIC = "regular", "bold", "italic"


def last_change(before: list[str], now: list[str], otherwise: int) -> int:
    """Where somebody has just been writing: the number of the last token that is new, or that stands before a gap."""
    if before == now:
        return otherwise
    behind = zip(reversed(before), reversed(now), strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], behind))
    return max(len(now) - same, 1)


def color_of(value: float) -> str:
    if signed(value) == "0.00":
        return OTHER
    return FOR if value > 0 else AGAINST


def number(each: Found, strongest: list[Found]) -> tuple[str, str, str, float]:
    """What stands below an n-gram, and how: text, color, look, and that it is centered."""
    if each.is_again:
        return "again", OTHER, ITALIC, 0.5
    return signed(each.contribution), color_of(each.contribution), BOLD if each in strongest else REGULAR, 0.5


def shortened(token: str, longest: int = LONGEST) -> str:
    """Return a token as it is written, with at most `longest` characters."""
    return token if len(token) <= longest else f"{token[: longest - 1]}…"


def signed(value: float) -> str:
    """`value` to two places, with its sign; 0.00 has none."""
    written = f"{value:+.2f}"
    return written.replace("-", "−") if float(written) else "0.00"


# --- tokens


def as_numbers(tokenize: Callable[[str], list[str]]) -> Callable[[str], np.ndarray]:
    """Return the same with one array of characters in place of tokens, which `Own` can compare."""

    def numbers(review):
        return np.array([ord(sign) for token in tokenize(review) for sign in f"{token}\n"], dtype=np.int64)

    return numbers


OWN_TOKENIZE = Own("tokenize", as_numbers(text.tokenize), as_numbers, np.array_equal)


def tokens_by_own(review: str) -> list[str]:
    """Return the tokens by the reader's own `tokenize`, as long as it gives what the course's gives."""
    return "".join(map(chr, OWN_TOKENIZE(review))).split("\n")[:-1]


# --- the page


@dataclass(frozen=True)
class Line:
    """The tokens of one line: which, and in which column of characters each begins."""

    first: int
    columns: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.first + len(self.columns)


def lines_of(tokens: Sequence[str], width: int) -> list[Line]:
    """Break a text into lines of at most `width` characters, each token with room for a number."""
    lines, columns, first, column = [], [], 0, 0
    for place, token in enumerate(tokens):
        room = max(len(token), NARROWEST)
        if columns and column + room > width:
            lines.append(Line(first, tuple(columns)))
            columns, first, column = [], place, 0
        columns.append(column)
        column += room + 1
    return [*lines, Line(first, tuple(columns))] if columns else []


@dataclass(frozen=True)
class Bracket:
    """The part of an n-gram of several words that stands in one line: columns, the row below, and whether it begins."""

    found: Found
    left: float
    right: float
    row: int
    begins: bool


def brackets_of(line: Line, tokens: Sequence[str], found: Sequence[Found]) -> list[Bracket]:
    """Put the n-grams of several words below a line, each into the first row where it has room."""
    brackets, taken = [], []  # for each row the column up to which it is taken
    inside = [each for each in found if each.start < line.end and each.start + each.length > line.first]
    for each in sorted(inside, key=lambda each: (each.length, each.start)):
        first, last = max(each.start, line.first), min(each.start + each.length, line.end) - 1
        left = line.columns[first - line.first]
        right = line.columns[last - line.first] + max(len(tokens[last]), NARROWEST)
        row = next((row for row, end in enumerate(taken) if end < left), len(taken))
        taken[row:] = [right, *taken[row + 1 :]]
        brackets.append(Bracket(each, left, right, row, each.start >= line.first))
    return brackets


# --- text in a font whose characters are equally wide: many short pieces, new in every frame

CHARACTER, ASCENT = 0.602, 0.93  # of the font's size: how wide a character is, and how high it stands on its line


@cache
def font(look: str, size: float) -> FontProperties:
    """Return the font by its file: searched by its name it would be searched for each piece, in every frame."""
    weight, slant = ("bold" if look == BOLD else "normal"), ("italic" if look == ITALIC else "normal")
    return FontProperties(
        fname=findfont(FontProperties(family="DejaVu Sans Mono", weight=weight, style=slant)), size=size
    )


@cache
def known_signs(look: str) -> frozenset[int]:
    return frozenset(get_font(font(look, 10).get_file()).get_charmap())


@dataclass(frozen=True)
class Piece:
    """A text whose upper edge is at (x, y), and `align` of its width left of it: 0, 0.5 or 1."""

    x: float
    y: float
    text: str
    color: str = "black"
    look: str = REGULAR
    align: float = 0.0


class Texts(Artist):
    """Pieces of text in data coordinates of `axes`. A matplotlib Text for each takes five times as long."""

    def __init__(self, axes: Axes, size: float):
        super().__init__()
        self._axes, self._size, self.pieces = axes, size, []

    def draw(self, renderer):
        pixels = renderer.points_to_pixels(self._size)
        gc = renderer.new_gc()
        for piece in self.pieces:
            known = known_signs(piece.look)
            text = "".join(sign if ord(sign) in known else "\N{WHITE SQUARE}" for sign in piece.text)
            x, y = self._axes.transData.transform((piece.x, piece.y))
            left, baseline = x - piece.align * len(text) * CHARACTER * pixels, renderer.height - y + ASCENT * pixels
            gc.set_foreground(piece.color)
            renderer.draw_text(gc, left, baseline, text, font(piece.look, self._size), 0)
        gc.restore()
