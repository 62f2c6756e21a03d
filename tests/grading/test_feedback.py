"""Feedback keeps hidden tests hidden, whatever could give them away; test_feedback.py of tests/browser/ opens it."""

import base64
import html
import os
import re
import subprocess
import sys
from functools import cache

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course_lib.checking.report import Diagnosis, Report, ReportRow
from course_lib.grading import markup
from course_lib.grading.formulas import formula_html
from tests.grading.feedback_pages import code, error, markdown, page_of, plot, printed, role, shown, stock_page_of

FAILED = "A hidden test failed."
LEFT_OUT = "What was printed or shown here is left out, because this cell holds hidden tests."
TEST = """assert double(1) == 2
### BEGIN HIDDEN TESTS
secret_number = 1234567
assert double(secret_number) == 2469134, "message 777"
### END HIDDEN TESTS
assert double(0) == 0"""
SECRETS = ["secret_number", "1234567", "2469134", "message 777", "HIDDEN TESTS"]


def text_of(page: str) -> str:
    """Return what a reader of the page, or of its source, finds below its head."""
    body = page.partition("<body>")[2]
    return html.unescape(re.sub(r"<[^>]*>", "", body)) + body


def graded(*outputs, source=TEST, count=5):
    return code(source, *outputs, count=count, grade=True, locked=True, score=0.0, points=1.0, name="double-test")


def without_secrets(*cells, secrets=SECRETS, **more) -> str:
    text = text_of(page_of(*cells, **more))
    assert [secret for secret in secrets if secret in text] == []
    return text


@cache
def run(*sources) -> list:
    """Run code cells in a real kernel and return them with their outputs."""
    from nbclient import NotebookClient

    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    return notebook.cells


in_a_kernel = pytest.mark.slow


def as_run(*sources) -> list:
    """Return the cells as they are after a run, the ones with hidden tests graded."""
    cells = []
    for number, cell in enumerate(run(*sources)):
        is_test = "HIDDEN" in cell.source
        metadata = role(f"cell-{number}", grade=is_test, solution=not is_test, score=0.0, points=1.0)
        cells.append(new_code_cell(cell.source, outputs=cell.outputs, execution_count=number + 1, metadata=metadata))
    return cells


# --- The source -----------------------------------------------------------------------------------------------------


def test_hidden_lines_are_one_neutral_line():
    text = without_secrets(graded())
    assert "assert double(1) == 2\n# Hidden tests.\nassert double(0) == 0" in text
    assert all(secret in text_of(stock_page_of(graded())) for secret in SECRETS)


def test_every_region_of_every_cell_disappears():
    region = "### BEGIN HIDDEN TESTS\nsecret_number = 1234567\n### END HIDDEN TESTS"
    text = without_secrets(
        graded(source=f"first = 1\n{region}\nbetween = 2\n    {region}\nlast = 3"),
        code(f"mine = 1\n{region}", solution=True, name="mine"),
        code(f"plain = 1\n{region}"),
        markdown(f"Some words\n\n{region}"),
    )
    assert "first = 1\n# Hidden tests.\nbetween = 2\n    # Hidden tests.\nlast = 3" in text
    assert text.count("Hidden tests.") == 2 * 4 + 2  # as text, and as source of the page


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\n### BEGIN HIDDEN TESTS\nsecret_number = 1234567",
        "### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\nsecret_number\n### END HIDDEN TESTS",
        "### BEGIN HIDDEN TESTS ### END HIDDEN TESTS\nsecret_number\n### END HIDDEN TESTS",
        "x = 1  # BEGIN HIDDEN TESTS 1234567\nsecret_number\n  # END HIDDEN TESTS 2469134",
    ],
)
def test_odd_delimiters_show_rather_less(source):
    without_secrets(graded(source=source))


def test_the_course_chooses_the_delimiters():
    source = "a = 1\n# VERSTECKT\nsecret_number = 1234567\n# SICHTBAR\nb = 2"
    text = without_secrets(graded(source=source), begin="VERSTECKT", end="SICHTBAR")
    assert "a = 1\n# Hidden tests.\nb = 2" in text


def test_answers_solutions_and_mark_schemes_stay_as_nbgrader_shows_them():
    answer = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    scheme = "Why?\n\n=== BEGIN MARK SCHEME ===\n\none point for each reason\n\n=== END MARK SCHEME ==="
    cells = [code(answer, solution=True, name="s"), markdown(scheme, metadata=role("t", task=True, score=1, points=2))]
    for page in (page_of(*cells), stock_page_of(*cells)):
        assert "return 2 * x" in text_of(page) and "BEGIN SOLUTION" in text_of(page)
        assert "one point for each reason" in text_of(page)


# --- Errors of a cell with hidden tests -----------------------------------------------------------------------------

RIGHT_TWICE = "def double(x):\n    return 2 * x if x < 2 else 0"
WRONG = "def double(x):\n    return 3 * x + 5"
LEAKS = "def double(x):\n    if x > 9: raise ValueError(f'I was given {x}')\n    return 2 * x"


@in_a_kernel
@pytest.mark.parametrize("answer", [RIGHT_TWICE, LEAKS])
def test_an_error_in_a_hidden_line_says_nothing_but_that(answer):
    text = without_secrets(*as_run(answer, TEST))
    assert FAILED in text and "AssertionError" not in text


@in_a_kernel
def test_an_error_in_a_visible_line_shows_that_line_and_its_last_line():
    text = without_secrets(*as_run(WRONG, TEST))
    assert "----> assert double(1) == 2\nAssertionError" in text
    assert FAILED not in text


@in_a_kernel
def test_an_error_below_a_visible_line_shows_the_test_and_not_what_led_to_it():
    text = without_secrets(*as_run("def double(x):\n    return inner(x)\ndef inner(x):\n    return x / 0", TEST))
    assert "----> assert double(1) == 2\nZeroDivisionError: division by zero" in text


NUMPY = """import numpy as np
### BEGIN HIDDEN TESTS
expected = np.array([1234567.0, 2469134.0])
### END HIDDEN TESTS
np.testing.assert_allclose(np.ones(2), expected)"""


@in_a_kernel
def test_expected_arrays_of_numpy_testing_are_not_shown():
    text = without_secrets(*as_run(NUMPY))
    assert "AssertionError: Not equal to tolerance" in text
    assert "DESIRED" not in text and "ACTUAL" not in text
    hidden = NUMPY.replace("### END HIDDEN TESTS\n", "") + "\n### END HIDDEN TESTS"
    assert FAILED in without_secrets(*as_run(hidden))


CHAIN = """try:
    assert double(1) == 2
except AssertionError:
    ### BEGIN HIDDEN TESTS
    raise ValueError("message 777")
    ### END HIDDEN TESTS
    pass"""


@in_a_kernel
def test_of_a_chain_of_errors_every_part_must_be_visible():
    assert FAILED in without_secrets(*as_run(WRONG, CHAIN))


@in_a_kernel
def test_a_test_that_is_no_python_says_only_visible_things():
    text = without_secrets(*as_run(TEST.replace("assert double(0)", "assert assert double(0)")))
    assert "SyntaxError" in text
    assert FAILED in without_secrets(*as_run(TEST.replace("secret_number = ", "secret_number = = ")))


def test_the_learners_own_traceback_below_the_tests_locates_nothing():
    traceback = [
        "Cell In[2], line 4\n----> 4 assert double(secret_number) == 2469134",
        "\nIn the submission:\n",
        "Cell In[2], line 1\n----> 1 assert double(1) == 2",
    ]
    assert FAILED in without_secrets(graded(error("E", "1234567", traceback)))
    assert FAILED in without_secrets(graded(error("E", "1234567", traceback[1:])))


def test_a_grader_that_counts_otherwise_is_understood():
    traceback = [
        "\x1b[31mCell\x1b[39m \x1b[32mIn[2]\x1b[39m, line 6\n----> 6 assert double(0) == 0",
        "AssertionError: visible",
    ]
    assert "AssertionError: visible" in without_secrets(graded(error(message="visible", traceback=traceback)))


@pytest.mark.parametrize(
    "traceback",
    [
        [],
        ["AssertionError: message 777"],
        ["Cell In[4], line 1\n----> 1 double(secret_number)"],  # another cell's
        ["Cell In[5], line 99", "secret_number"],
        ["Cell In[5], line 1", "Cell In[5], line 4"],
        ["Cell In[5], line 1\n----> 1 something else"],
        ["\x1b[31mCell \x1b[32mIn[5]\x1b[39m, line \x1b[1m4\x1b[0m"],
    ],
)
def test_what_cannot_be_located_is_hidden(traceback):
    assert FAILED in without_secrets(graded(error(message="message 777", traceback=traceback)))


# --- Other outputs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output",
    [
        printed("1234567"),
        printed("1234567", name="stderr"),
        shown(text_plain="1234567"),
        shown(text_html="<b>1234567</b>", text_plain="x"),
        shown(svg=plot()[0], text_plain="1234567"),
        new_output("execute_result", {"text/plain": "0.1234567"}),
        new_output("execute_result", {"text/plain": "1.0", "text/html": "1234567"}),
        new_output(
            "execute_result", {"application/vnd.descent.report+json": {"rows": "1234567"}, "text/html": "1234567"}
        ),
        new_output("execute_result", {"application/vnd.descent.report+json": "1234567"}),
    ],
)
def test_what_was_printed_or_shown_beside_a_hidden_test_is_left_out(output):
    assert LEFT_OUT in without_secrets(graded(output))


def test_a_test_without_hidden_parts_keeps_all_its_outputs():
    traceback = ["Cell In[5], line 1\n----> 1 assert double(1) == 2", "AssertionError: five"]
    text = text_of(page_of(graded(printed("I doubled"), error(traceback=traceback), source="assert double(1) == 2")))
    assert "I doubled" in text and "AssertionError: five" in text and LEFT_OUT not in text


@in_a_kernel
def test_a_traceback_elsewhere_that_quotes_a_hidden_line_is_cut_to_its_last_line():
    helper = (
        "def helper(x):\n    value = x\n### BEGIN HIDDEN TESTS\n"
        "    value = x / (1234567 - 1234567)\n### END HIDDEN TESTS\n    return value"
    )
    text = without_secrets(*as_run(helper, "x = 1\nhelper(x)"), secrets=["1234567"])
    assert "ZeroDivisionError: division by zero" in text


@pytest.mark.parametrize(
    "output",
    [
        printed("found: secret_number = 1234567\n"),
        shown(text_html="<i>secret_number</i> = <b>1234567</b>", text_plain="x"),
        shown(text_plain="secret_number = 1234567"),
        error("KeyError", "secret_number = 1234567", ["KeyError: secret_number = 1234567"]),
    ],
)
def test_an_output_elsewhere_that_quotes_a_hidden_line_is_left_out(output):
    without_secrets(graded(), code("look", output, printed("honest")), secrets=SECRETS)


def test_lines_that_also_stand_in_the_open_are_no_quotes():
    source = "import numpy as np\n### BEGIN HIDDEN TESTS\nimport numpy as np\n### END HIDDEN TESTS"
    assert "I wrote import numpy as np" in text_of(
        page_of(graded(source=source), code("x", printed("I wrote import numpy as np")))
    )


# --- Our reports ----------------------------------------------------------------------------------------------------

CHECK = """report = check("double", double)
### BEGIN HIDDEN TESTS
report &= check("double", double, seed=7)
### END HIDDEN TESTS
report"""


def result(report: Report):
    return new_output("execute_result", report._repr_mimebundle_(), execution_count=5)


def a_report(*rows, message="Double by `2 * x`.", name="squares"):
    return Report("double", list(rows), 1.0, 2.0, Diagnosis("sure", name, message), ["It printed 2,000 characters."])


def row(label, expected="", actual=""):
    return ReportRow(label, passed=not expected, expected=expected, actual=actual)


def test_a_report_shows_what_the_visible_check_came_to_and_of_hidden_ones_only_that_they_differ():
    report = a_report(row("one"), row("two", "44.5", "43.5"))
    report &= a_report(row("one", "1234567", "2469134"), row("two", "1234567", "2469134"))
    text = without_secrets(graded(result(report), source=CHECK))
    assert "✗ two" in text and "44.5" in text and "43.5" in text
    assert re.search(r"✗ one \(with other numbers\).*?not shown.*?not shown", text, re.DOTALL)
    assert "Double by 2 * x." in text and "1 of 2 points" in text and "It printed 2,000 characters." in text


def test_a_hidden_check_of_another_exercise_keeps_its_values_to_itself():
    other = Report("triple", [row("one", "1234567", "2469134")], 1.0, 2.0)
    without_secrets(graded(result(a_report(row("two", "4", "5")) & other), source=CHECK))


def test_if_the_first_check_is_hidden_no_value_is_shown():
    source = CHECK.replace("report = check", "### BEGIN HIDDEN TESTS\nreport = check").replace(
        "double)\n", "double)\n", 1
    )
    without_secrets(graded(result(a_report(row("one", "1234567", "2469134"))), source=source))


def test_a_remark_on_hidden_numbers_is_not_repeated():
    """It may quote what the answer raised, and an answer may raise what it was given."""
    seen = Report("double", [row("one")], 2.0, 2.0)
    hidden = a_report(row("one", "1234567", "raised"), message="On “one” your code raised E: 1234567.", name="")
    text = without_secrets(graded(result(seen & hidden), source=CHECK))
    assert "right with the numbers that you were shown, and wrong with hidden ones" in text


def test_a_quiz_says_something_else_and_not_what():
    from course_lib import check

    report = check("race_questions", lambda: {}, points=3)
    text = text_of(page_of(graded(result(report), source=CHECK)))
    assert "race_questions" in text and "0 of 3 points" in text


def test_markup_in_a_report_is_text():
    data = a_report(row("<script>a</script>", "<b>b</b>", "<img src=x>"))
    page = page_of(graded(result(data), source=CHECK))
    assert "<script" not in page and "&lt;script&gt;a" in page and "&lt;img src=x&gt;" in page


# --- Markup ---------------------------------------------------------------------------------------------------------


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


def test_styles_of_our_reports_and_of_tables_stay():
    written = Report("x", [row("a", "1", "2")], 0.0, 1.0, Diagnosis("sure", "", "m"))._html()
    clean = markup.clean_html(written)
    assert clean.count("style=") == written.count("style=")
    for style in re.findall(r'style="([^"]*)"', written):
        count = len([part for part in style.split(";") if part])
        assert len(markup.clean_style(style).split(";")) == count, style


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


# --- With nbgrader's own commands ------------------------------------------------------------------------------------

FOREIGN_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "foreign"
c.GenerateFeedback.exporter_class = "course_lib.grading.feedback.FeedbackExporter"
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """A course that knows nothing of this one but the line of configuration, and its one submission, graded."""
    root = tmp_path_factory.mktemp("foreign")
    (root / "nbgrader_config.py").write_text(FOREIGN_CONFIG)
    solution = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    cells = [
        new_code_cell(solution, id="answer", metadata=role("answer", solution=True)),
        new_code_cell(TEST, id="test", metadata=role("test", grade=True, locked=True, points=1)),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": kernel}), root / "source" / "ps1" / "problem.ipynb"
    )
    nbgrader(root, "generate_assignment", "ps1")
    notebook = nbformat.read(root / "release" / "ps1" / "problem.ipynb", as_version=4)
    answer = "def double(x):\n    print('given', x)\n    return 2 * x if x < 9 else 0\n"
    notebook.cells[0].source = (
        answer + "from IPython.display import HTML\nHTML('<script>alert(1)</script><b>shown</b>')"
    )
    (root / "submitted" / "ada" / "ps1").mkdir(parents=True)
    nbformat.write(notebook, root / "submitted" / "ada" / "ps1" / "problem.ipynb")
    nbgrader(root, "autograde", "ps1")
    return root


def nbgrader(root, *arguments) -> None:
    environment = {**os.environ, "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def formgrader(root) -> None:
    """Do what formgrader does when a teacher presses "Generate feedback"."""
    program = (
        "from nbgrader.apps import NbGrader\nfrom nbgrader.apps.api import NbGraderAPI\n"
        "app = NbGrader()\napp.initialize([])\n"
        "result = NbGraderAPI(config=app.config).generate_feedback('ps1')\nassert result['success'], result"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("generate", [lambda root: nbgrader(root, "generate_feedback", "ps1", "--force"), formgrader])
def test_one_line_of_configuration_makes_any_courses_feedback_safe(foreign, generate):
    path = foreign / "feedback" / "ada" / "ps1" / "problem.html"
    path.unlink(missing_ok=True)
    generate(foreign)
    page = path.read_text(encoding="utf-8")
    assert "problem (Score: 0.0 / 1.0)" in " ".join(text_of(page).split())
    assert "<b>shown</b>" in page and "Content-Security-Policy" in page
    assert "<script" not in page and "https://" not in page.partition("<body>")[2]
    assert [secret for secret in SECRETS if secret in page] == []
    assert FAILED in page and LEFT_OUT in page


def test_what_follows_a_heading_is_no_link():
    page = page_of(markdown("### Adam: both\n\nA mean of gradients.\n\n[back](#Adam:-both)"))
    assert re.findall(r"<a [^>]*>([^<]*)</a>", page.partition("<body>")[2]).count("back") == 1
    assert "A mean of gradients." in page and not re.search(r"<a [^>]*>A mean of gradients", page)
    assert re.search(r'<h3 id="in-Adam:-both">', page) and 'href="#in-Adam:-both"' in page
