"""What feedback keeps of styles, pictures, drawings, formulas and links, and what it drops."""

import base64
import re

import nbformat
import pytest

from course_lib.grading import markup
from course_lib.grading.formulas import formula_html
from tests.grading.feedback_pages import markdown, page_of, plot


@pytest.mark.parametrize(
    "style",
    [
        "position: fixed", "top: 0", "background: url(http://x)", "background-color: url(x)", "margin: -10px",
        "margin: 1px -9px", "width: 10vw", "width: calc(1px)", "color: var(--x)", "color: expression(alert(1))",
        "transform: scale(9)", "z-index: 9", "font-size: 100em", "c\\6flor: red", "color: red /* */", "filter: url(#x)",
        "color: image-set('x')", "content: 'x'", "float: left", "animation: k 1s", "display: fixed", "cursor: url(x)",
    ],
)  # fmt: skip
def test_styles_that_load_or_move_are_dropped(style):
    assert markup.clean_style(f"font-weight: bold; {style}") == "font-weight: bold"


def test_only_pictures_are_pictures():
    png = plot()[1]
    assert markup.clean_picture("image/png", png) == png
    assert markup.clean_picture("image/jpeg", png) is None
    assert markup.clean_picture("image/png", base64.b64encode(b"<script>").decode()) is None
    assert markup.clean_picture("image/png", png[:40]) is None
    header = base64.b64decode(png)
    huge = header[:16] + (60_000).to_bytes(4) * 2 + header[24:]
    assert markup.clean_picture("image/png", base64.b64encode(huge).decode()) is None
    for url in (
        "data:text/html;base64,AAAA",
        "data:image/svg+xml,<svg>",
        "http://x/y.png",
        "x.png",
        "file:///x",
        "blob:x",
    ):
        assert markup.picture_address(url) is None


def test_a_drawing_keeps_its_shapes_and_loses_the_rest():
    svg = plot()[0]
    clean = markup.clean_svg(svg)
    assert clean.count("<path") == svg.count("<path")
    assert clean.count("<use") == svg.count("<use")
    attack = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="a()"><style>@import "x"</style><set attributeName="href"/>'
        '<rect width="2" fill="url(http://x)" style="fill: url(#ok); stroke: url(//x); cursor: url(x)" onclick="a()"/>'
        '<image href="http://x/y.png"/><a href="javascript:a()"><text>t</text></a></svg>'
    )
    clean = markup.clean_svg(attack)
    assert 'fill="url(#ok)"' in clean and 'width="2"' in clean
    assert not re.search(r"http://x|//x|onload|onclick|import|javascript|cursor|<set|<style", clean)
    assert markup.clean_svg("<html></html>") is markup.clean_svg("no drawing") is markup.clean_svg("<svg>") is None


def test_formulas_are_drawn_or_written():
    assert formula_html(r"\frac12 w^2").startswith('<img class="formula" alt="\\frac12 w^2"')
    for tex in (r"\begin{cases} 1 \end{cases}", r"\href{javascript:a}{b}", "{" * 500, r"\hspace{9999}x", "", "<b>"):
        assert "<img" not in formula_html(tex) or tex == "<b>"
    assert formula_html(r"\unknown<b>") == "<code>$\\unknown&lt;b&gt;$</code>"


def test_a_formula_of_every_chapter_can_be_read():
    """What MathJax would have drawn; a formula that mathtext cannot draw is shown as it is written."""
    from tests.tiny_course import ROOT

    formulas = []
    for path in (ROOT / "solutions").glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                formulas += re.findall(r"(?<![\\$])\$([^$\n]+)\$(?!\$)", cell.source)
    drawn = [formula for formula in formulas if formula_html(formula).startswith("<img")]
    assert len(formulas) > 100
    assert len(drawn) >= 0.95 * len(formulas)


def test_what_follows_a_heading_is_no_link():
    page = page_of(markdown("### Adam: both\n\nA mean of gradients.\n\n[back](#Adam:-both)"))
    assert re.findall(r"<a [^>]*>([^<]*)</a>", page.partition("<body>")[2]).count("back") == 1
    assert "A mean of gradients." in page and not re.search(r"<a [^>]*>A mean of gradients", page)
    assert re.search(r'<h3 id="in-Adam:-both">', page) and 'href="#in-Adam:-both"' in page
