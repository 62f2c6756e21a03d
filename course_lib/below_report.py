"""What stands below the report of a failed check in a notebook: a picture of the answer, and buttons for help."""

from __future__ import annotations

import ipywidgets
from IPython.display import HTML, display

from course_lib.checking.exercise import Exercise
from course_lib.checking.handles import Visit, meet
from course_lib.checking.isolation import Failure, attempt, silence
from course_lib.checking.report import Notice
from course_lib.widgets import scenes
from course_lib.widgets.one_run import close_with_the_next_run

SECONDS_FOR_A_SCENE = 2.0
# In place of signs of a broken chain where no kernel is behind the buttons.
WITHOUT_KERNEL = """<style>
.descent-help .jupyter-widgets-disconnected::before { display: none; }
.descent-help.jupyter-widgets-disconnected::before {
  content: "Not running: run this cell again."; font: inherit; color: inherit;
}
.descent-help.jupyter-widgets-disconnected button { display: none; }
</style>"""


def show(exercise: Exercise, answer, hint, solution) -> None:
    """Show the scene of `answer` beside that of the reference, where the exercise has one, and two buttons.

    Args:
        hint, solution: the functions of the notebook that give a Notice for the exercise's name.
    """
    picture = picture_of(exercise, answer)
    if picture:
        display(HTML(picture))
    display(buttons(exercise, hint, solution))


def picture_of(exercise: Exercise, answer, seconds: float = SECONDS_FOR_A_SCENE) -> str:
    """Return the picture of `answer` as HTML; empty where the exercise has no scene, or the answer cannot be drawn."""
    if exercise.scene is None:
        return ""
    with silence():
        yours, right = (
            attempt(lambda one=one: exercise.scene(meet(one, Visit())), seconds) for one in (answer, exercise.reference)
        )
        picture = attempt(lambda: scenes.draw(yours, right), seconds)
    # An answer that raises, or gives what has no place in the picture: the report has said so in words.
    return "" if isinstance(picture, Failure) else picture


def buttons(exercise: Exercise, hint, solution) -> ipywidgets.Widget:
    """Return two buttons, each of which shows what its function gives below them."""
    given = ipywidgets.HTML(WITHOUT_KERNEL)

    def button(text: str, tooltip: str, give) -> ipywidgets.Button:
        made = ipywidgets.Button(description=text, tooltip=tooltip)
        made.on_click(lambda _: setattr(given, "value", WITHOUT_KERNEL + _live(give(exercise.name))))
        return made

    row = [button("Solution", "Show our answer; your progress record remembers that you saw it.", solution)]
    if exercise.hints:
        row.insert(0, button("Hint", "Give one more hint on this exercise.", hint))
    box = ipywidgets.VBox([ipywidgets.HBox(row), given])
    box.add_class("descent-help")
    close_with_the_next_run(box)
    return box


def _live(notice: Notice) -> str:
    """Return `notice` as HTML that a screen reader reads aloud when it appears."""
    return f'<div role="status" aria-live="polite">{notice._repr_html_()}</div>'
