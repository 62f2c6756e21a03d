"""The page of `course serve`: what it sends is what the explorer of chapter 08 sees of the same drawing."""

import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from course_lib.widgets.draw_a_digit import as_mnist
from tests.serving.servers import TOKEN, course_serve, running

pytestmark = pytest.mark.browser
INK = """() => {
    const area = document.getElementById("drawing");
    const data = area.getContext("2d").getImageData(0, 0, 280, 280).data;
    return Array.from({ length: 280 * 280 }, (_, dot) => data[4 * dot + 3] / 255);
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    rng, file = np.random.default_rng(0), tmp_path_factory.mktemp("saved") / "small.npz"
    np.savez(file, rng.normal(size=(784, 10)).astype("float32"), np.zeros(10, dtype="float32"))
    with running(course_serve(file, "--rate", "0")) as server:
        yield server


@pytest.fixture
def drawing(page, server, complaints):
    page.goto(server.url)
    page.get_by_label("Token").fill(TOKEN)
    yield page
    assert complaints == []


def sent_by(page, act):
    """Return the pixels that the page sends upon what `act` does, and what it then shows."""
    with page.expect_response("**/predict") as answer:
        act()
    said = answer.value.json()
    page.get_by_text(f"It reads {said['digit']}, with a probability of").wait_for()
    return np.array(json.loads(answer.value.request.post_data)["pixels"])


def stroke(page, *places):
    box = page.locator("#drawing").bounding_box()
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x, box["y"] + y)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


@pytest.mark.parametrize(
    "places",
    [
        [(60, 50), (200, 50), (120, 240)],
        [(30, 30), (60, 30), (40, 70)],  # small, in a corner
        [(140, 20), (140, 260)],
        [(140, 140)],  # a dot
        [(5, 5), (275, 275)],  # over the border
    ],
)
def test_what_is_drawn_is_scaled_and_centered_as_the_images_of_the_training_were(drawing, places):
    pixels = sent_by(drawing, lambda: stroke(drawing, *places))
    ink = np.array(drawing.evaluate(INK)).reshape(280, 280)
    np.testing.assert_allclose(pixels, as_mnist(ink), atol=1e-6)
    seen = drawing.evaluate(
        "() => Array.from(document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data)"
    )
    np.testing.assert_allclose(np.array(seen[3::4]).reshape(28, 28) / 255, pixels, atol=0.003)


def test_it_can_be_drawn_on_with_the_keyboard(drawing):
    drawing.locator("#drawing").focus()
    for key in ["ArrowUp"] * 5 + [" "] + ["ArrowDown"] * 10:
        drawing.keyboard.press(key)
    pixels = sent_by(drawing, lambda: drawing.keyboard.press(" "))
    rows, columns = np.nonzero(pixels > 0.5)
    assert np.ptp(rows) > 3 * np.ptp(columns)  # an upright stroke


def test_clear_begins_anew_and_a_wrong_token_is_told(drawing, complaints):
    sent_by(drawing, lambda: stroke(drawing, (60, 60), (200, 200)))
    drawing.get_by_role("button", name="Clear").click()
    drawing.get_by_text("Draw a digit from 0 to 9.").wait_for()
    assert not any(drawing.evaluate(INK))
    drawing.get_by_label("Token").fill("a-token-that-nobody-knows")
    stroke(drawing, (60, 60), (200, 200))
    drawing.get_by_text("This token is not known").wait_for()
    drawing.get_by_label("Token").fill(TOKEN)
    sent_by(drawing, lambda: drawing.get_by_label("Token").press("Enter"))  # what is drawn is still there
    assert all("401" in complaint for complaint in complaints)  # which the browser writes on its console
    complaints.clear()


def test_nobody_is_kept_out_of_the_page(drawing):
    violations = Axe().run(drawing).response["violations"]
    assert [violation["id"] for violation in violations] == []
