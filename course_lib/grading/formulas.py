"""Formulas as pictures: a page without scripts has no MathJax, so matplotlib's mathtext draws them beforehand."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from course_lib.grading.markup import SVG, svg_address

MAX_LENGTH = 1000
SIZE = 100  # units of the drawing that make one em: the size that matplotlib draws letters in


def formula_html(tex: str, is_block: bool = False) -> str:
    """Return `tex`, written without its dollars, as a picture with that text, or as code if it cannot be drawn."""
    picture = _picture(" ".join(tex.split()), is_block)
    written = f"$${tex}$$" if is_block else f"${tex}$"
    html = picture or f"<code>{escape(written)}</code>"
    return f'<p style="text-align: center">{html}</p>' if is_block else html


@lru_cache(maxsize=4096)  # a class has the same formulas, student after student
def _picture(tex: str, is_block: bool) -> str:
    if len(tex) > MAX_LENGTH or "$" in tex:
        return ""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from matplotlib.path import Path
    from matplotlib.textpath import text_to_path

    source = f"${_in_mathtext(tex, is_block)}$"
    font = FontProperties(size=SIZE, math_fontfamily="cm")
    try:
        width, height, depth, *_ = MathTextParser("path").parse(source, 72, font)  # height: depth included
        vertices, codes = text_to_path.get_text_path(font, source, ismath=True)
    except (ValueError, RecursionError, IndexError, OverflowError):  # TeX that mathtext does not know
        return ""
    if not 0 < width <= 100 * SIZE or not 0 < height <= 20 * SIZE or not len(codes):
        return ""
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    drawing = []
    for points, code in Path(vertices, codes).iter_segments(simplify=False, curves=True):
        numbers = [] if code == Path.CLOSEPOLY else [f"{number:.2f}" for number in points]
        drawing.append(letters[code] + " ".join(numbers))
    svg = (
        f'<svg xmlns="{SVG}" viewBox="0 {depth - height:.2f} {width:.2f} {height:.2f}">'
        f'<path transform="scale(1 -1)" d="{"".join(drawing)}"/></svg>'
    )
    style = f"height: {height / SIZE:.3f}em; vertical-align: {-depth / SIZE:.3f}em"
    return f'<img class="formula" alt="{escape(tex)}" style="{style}" src="{svg_address(svg)}">'


def _in_mathtext(tex: str, is_block: bool) -> str:
    r"""Return `tex` as mathtext wants it: \frac12 and \sqrt x with their braces, without switches of style."""
    fraction = r"\dfrac" if is_block or r"\displaystyle" in tex else r"\frac"
    tex = re.sub(r"\\(?:displaystyle|textstyle|limits|nolimits)\b", "", tex)
    tex = re.sub(r"\\[td]frac\b", r"\\frac", tex)
    tex = re.sub(r"\\frac\s*(\w)\s*(\w)", r"\\frac{\1}{\2}", tex).replace(r"\frac", fraction)
    return re.sub(r"\\sqrt\s*(\w)", r"\\sqrt{\1}", tex)
