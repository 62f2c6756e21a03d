"""`course report`: a page to show, of the network that a learner has made of their own functions.

One HTML file that needs nothing else: pictures are in it, and there are no scripts. Whatever the learner has written is
escaped. Where something is missing, a sentence in its place says what to do.
"""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from course_lib import showcase
from course_lib.checking.files import write_whole
from course_lib.checking.home import home
from course_lib.checking.prose import as_html
from course_lib.commands.course import CourseError
from course_lib.commands.library import Written, written
from course_lib.exercises import your_network
from course_lib.library.shelf import Shelf, sections

NAME = "your_network.html"
CHAPTER = "`course lab 14`"
CURVE = 700, 330, 70, 45, 46  # width and height of the picture of the losses, its margins left, below and above
WORTH_SAYING = 0.005  # smaller probabilities are 0.00
# What the picture of the microscope shows, for somebody who has not read the chapters.
SEEN = (
    "Layer by layer: how large the outputs are on the way to the digits, how large the gradients on the way back, and "
    "how far one step of training moves the weights, as a share of their size. On the right all outputs of one layer."
)
WINDOWS = 100  # points of the curve, at most: each a mean over as many steps


def make_report(work: Path, output: Path | None) -> tuple[Path, list[str]]:
    """Write the page of what is done in `work`, and return where it lies and what is missing on it.

    Raises:
        CourseError: the file cannot be written.
    """
    where = home(work)
    _, pieces = written(work)
    known = showcase.kept(where)
    missing: list[str] = []
    parts = [
        _beginning(known, missing),
        _built(Shelf(where), pieces, missing),
        _curve(known, missing),
        _confusion(known, missing),
        _microscope(known, missing),
        _digits(known, missing),
        _others(Shelf(where), pieces),
    ]
    file = output or where / NAME
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, _page("\n".join(filter(None, parts))))
    except OSError as error:
        raise CourseError(f"The page cannot be written to {file}: {error.strerror or error}.") from None
    return file, missing


def _page(body: str) -> str:
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Whatever may be in a learner's code: nothing on this page runs, and nothing is fetched.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; style-src '
        "'unsafe-inline'\">\n"
        f"<title>A network of my own</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _missing(sentence: str, missing: list[str]) -> str:
    """Note that something is missing, and return the paragraph that says so."""
    missing.append(sentence)
    return f'<p class="missing">{as_html(sentence)}</p>'


def _beginning(known: showcase.Kept | None, missing: list[str]) -> str:
    title = "<h1>A network of my own</h1>"
    if known is None:
        sentence = f"No network is kept yet: train one in chapter 14, and run the cell that keeps it ({CHAPTER})."
        return f"{title}\n{_missing(sentence, missing)}"
    right, asked = np.trace(known.confusion), np.sum(known.confusion)
    sizes = " – ".join(map(str, known.sizes))
    return (
        f'{title}\n<p class="number">{known.accuracy:.4f}</p>\n'
        f"<p>It reads {right:,} of the {asked:,} test images of MNIST right: handwritten digits that it had never "
        f"seen. It has {known.parameters:,} parameters in layers of {sizes}, and learned them in "
        f"{len(known.losses):,} steps. "
        f"{len(known.yours)} of its {len(your_network.PIECES)} functions were written by hand, in NumPy.</p>"
    )


def _code_of(shelf: Shelf, name: str) -> str:
    """Return the learner's code of one function; empty where the library does not hold it."""
    entry = shelf.entries().get(name)
    return sections(shelf.text_or_empty(entry.module)).get(name, "") if entry and entry.module else ""


def _built(shelf: Shelf, pieces: list[Written], missing: list[str]) -> str:
    lines = {piece.name: piece.lines for piece in pieces}
    parts = showcase.parts(shelf)
    shown = ["<h2>What it is made of</h2>"]
    if lacking := showcase.missing_of(parts):
        shown.append(_missing(f"The course's own functions serve for {lacking}", missing))
    for part in parts:
        code, what = _code_of(shelf, part.name), escape(your_network.PIECES[part.name])
        if part.is_yours and code:
            count = f"{lines.get(part.name, 0)} lines, chapter {part.number}"
            shown.append(_folded(f"<code>{escape(part.name)}</code>: {what} ({count})", code))
        elif part.is_yours:
            shown.append(f"<p><code>{escape(part.name)}</code>: {what}. Its code is in the notebook alone.</p>")
    return "\n".join(shown)


def _others(shelf: Shelf, pieces: list[Written]) -> str:
    """Everything else in the library, chapter by chapter."""
    others = [piece for piece in pieces if piece.is_used and piece.name not in your_network.PIECES]
    shown, chapter = ["<h2>What else was built on the way</h2>"] if others else [], ""
    for piece in others:
        if piece.chapter != chapter:
            chapter = piece.chapter
            shown.append(f"<h3>Chapter {escape(chapter[:2])}</h3>")
        shown.append(_folded(f"<code>{escape(piece.name)}</code> ({piece.lines} lines)", _code_of(shelf, piece.name)))
    return "\n".join(shown)


def _folded(summary: str, code: str) -> str:
    return f"<details><summary>{summary}</summary><pre>{escape(code.strip())}</pre></details>"


def _curve(known: showcase.Kept | None, missing: list[str]) -> str:
    title = "<h2>How it learned</h2>"
    if known is None or not known.losses:
        return f"{title}\n{_missing(f'There is no learning curve: no network is kept yet ({CHAPTER}).', missing)}"
    means = [float(np.mean(part)) for part in np.array_split(known.losses, min(WINDOWS, len(known.losses)))]
    width, height, left, below, above = CURVE
    top = max(*means, 1e-9)
    wide, high = width - left - 15, height - below - above
    points = [
        f"{left + wide * (place + 0.5) / len(means):.1f},{above + high * (1 - mean / top):.1f}"
        for place, mean in enumerate(means)
    ]
    said = (
        f"The loss over {len(known.losses):,} steps, a mean for each {max(1, len(known.losses) // len(means))} of "
        f"them: from {means[0]:.3f} to {means[-1]:.3f}."
    )
    marks = ""
    for share in (0, 0.5, 1):
        y = above + high * (1 - share)
        marks += (
            f'<line x1="{left}" x2="{width - 15}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>'
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{share * top:.2f}</text>'
        )
    return (
        f'{title}\n<figure><svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(said)}">{marks}'
        f'<polyline fill="none" stroke="#0072b2" stroke-width="2" points="{" ".join(points)}"/>'
        f'<text x="{left}" y="{height - 12}">step 1</text>'
        f'<text x="{width - 15}" y="{height - 12}" text-anchor="end">step {len(known.losses):,}</text>'
        f'<text x="{left - 6}" y="20" text-anchor="end">loss</text></svg>'
        f"<figcaption>{escape(said)}</figcaption></figure>"
    )


def _confusion(known: showcase.Kept | None, missing: list[str]) -> str:
    title = "<h2>Which digits it confuses</h2>"
    if known is None:
        return f"{title}\n{_missing(f'There is no confusion matrix: no network is kept yet ({CHAPTER}).', missing)}"
    table = np.array(known.confusion)
    wrong = table - np.diag(np.diag(table))
    most = max(int(wrong.max()), 1)
    rows = []
    for digit, row in enumerate(table):
        cells = "".join(
            f'<td class="right">{count:,}</td>'
            if digit == taken
            else f'<td style="background: rgba(213, 94, 0, {0.75 * count / most:.2f})">{count or ""}</td>'
            for taken, count in enumerate(row)
        )
        rows.append(f'<tr><th scope="row">{digit}</th>{cells}</tr>')
    true, taken = np.unravel_index(int(wrong.argmax()), wrong.shape)
    said = f"A row for each true digit, a column for what it was taken for: {wrong.sum():,} are wrong."
    if wrong.any():
        said += f" Most often a {true} is taken for a {taken}: {wrong.max()} times."
    head = "".join(f'<th scope="col">{digit}</th>' for digit in range(len(table)))
    return (
        f'{title}\n<p>{escape(said)}</p>\n<div class="wide"><table class="confusion">'
        f"<thead><tr><th></th>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _microscope(known: showcase.Kept | None, missing: list[str]) -> str:
    title = "<h2>Under the microscope</h2>"
    if known is None or not known.microscope:
        return (
            f"{title}\n{_missing(f'There is no picture of its layers: no network is kept yet ({CHAPTER}).', missing)}"
        )
    said = escape(known.microscope_says)
    picture = f'<img src="data:image/png;base64,{escape(known.microscope)}" alt="{said}">'
    return (
        f"{title}\n<p>{SEEN}</p>\n"
        f'<figure><div class="wide">{picture}</div><figcaption>The microscope says: “{said}”</figcaption></figure>'
    )


def _digits(known: showcase.Kept | None, missing: list[str]) -> str:
    title = "<h2>Digits drawn by hand</h2>"
    if known is None or not known.digits:
        sentence = f"No digit is drawn yet: draw one in chapter 14, and press the button Put it on my page ({CHAPTER})."
        return f"{title}\n{_missing(sentence, missing)}"
    figures = []
    for digit in known.digits:
        shares = digit["probabilities"]
        first, second = np.argsort(shares)[:-3:-1]
        said = f"read as {first} ({shares[first]:.2f})"
        if shares[second] >= WORTH_SAYING:
            said += f", then {second} ({shares[second]:.2f})"
        figures.append(
            f'<figure><img src="data:image/png;base64,{_png(digit)}" alt="A drawn digit, {said}.">'
            f"<figcaption>{said}</figcaption></figure>"
        )
    return f'{title}\n<div class="digits">{"".join(figures)}</div>'


def _png(digit: dict) -> str:
    picture = io.BytesIO()
    Image.fromarray(np.uint8(255 - np.rint(255 * showcase.pixels_of(digit)))).save(picture, format="png")
    return base64.b64encode(picture.getvalue()).decode()
