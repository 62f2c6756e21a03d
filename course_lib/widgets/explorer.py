"""An explorer: controls, a stage, and the sentence that says what is to be seen.

A new one is a short module: a subclass that says which controls there are, what stands still, and what moves.

    class Parabola(Explorer):
        name, title, picture = "parabola", "A parabola", "The graph of a x²."

        def controls(self):
            return {"a": ipywidgets.FloatSlider(1.0, min=-2, max=2, description="factor a")}

        def still(self, figure):
            self.axes = figure.subplots()
            self.axes.set(xlim=(-2, 2), ylim=(-2, 2), xlabel="x")
            [self.curve] = self.axes.plot([], [])
            return Still([self.curve])

        def move(self):
            x = np.linspace(-2, 2, 100)
            self.curve.set_data(x, self["a"] * x**2)
            return f"At x = 1 the parabola is {self['a']:.2f} high."
"""

from __future__ import annotations

import contextlib
import html
import math
from collections.abc import Collection, Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

import ipywidgets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from traitlets import TraitError

from course_lib.widgets.one_run import close, close_with_the_next_run, forget_output, opened, parts_of
from course_lib.widgets.stage import Stage, Still, figure_html

# A play from the first step to the last shows about so many frames: five seconds at 30 frames a second.
FRAMES_OF_A_PLAY = 150


class Explorer:
    """What all explorers share. A subclass gives the class attributes, `controls`, `still` and `move`.

    A control called "steps_shown" (an IntSlider) gets buttons to play and to step. The value of a control is
    `explorer[name]`; setting it, `explorer[name] = value`, moves the picture.
    """

    name: str  # in the text of a state
    title: str
    picture: str  # what kind of picture it is, for those who do not see it
    size: tuple[float, float] = (10.0, 4.4)  # of the picture, in inches; text is laid out for it and scales with it
    tall: float = 5.0  # the picture's height, in inches, where its parts stand one under the other: see `is_tall`
    stands_on: tuple[str, ...] = ()  # the controls that change what stands still
    follows: ClassVar[dict[str, str]] = {}  # {control: the control that sets it when changed}
    presets: ClassVar[dict[str, str]] = {}  # {what to look at: the text of a state}

    def __init__(self):
        self._controls = self.controls()
        self._initial = {name: control.value for name, control in self._controls.items()}
        self._opens_in = self.name  # the state to which Reset returns
        self._was_shown = self._is_held = self._plays = False
        self.stage = Stage(self, self.on_pointer, self.on_key, self._advance)
        for control in self._controls.values():
            control.tooltip = control.tooltip or control.description
            control.observe(self._changed, "value")
        # stage.css places these parts side by side where there is room, so that controls and picture are seen together.
        controls = named("descent-controls", self.layout(self._controls))
        main = named("descent-main", ipywidgets.VBox([*self._transport(), self.stage]))
        body = named("descent-body", ipywidgets.Box([controls, main]))
        self.widget = named("descent-explorer", ipywidgets.VBox([body, named("descent-footer", self._footer())]))
        self.stage.flush()
        self.stage.on_msg(self._call_controls_here)
        close_with_the_next_run(self.widget, self._let_go)

    # --- what a subclass says

    def controls(self) -> dict[str, ipywidgets.Widget]:
        """Return the controls by name, with their initial values; each needs a `description` that says what it is.

        A control comes before those whose limits depend on its value. What the pointer changes on the picture is no
        FloatSlider: the browser's sends back, late and rounded, every value that the kernel sets.
        """
        raise NotImplementedError

    def still(self, figure: Figure) -> Still:
        """Draw into the empty `figure` all that stands still, and create the moving artists."""
        raise NotImplementedError

    def move(self) -> str:
        """Bring the moving artists up to date, and return the sentence that says with numbers what is to be seen."""
        raise NotImplementedError

    def still_key(self) -> Any:
        """While it stays equal, what stands still is not drawn again."""
        return tuple(self[name] for name in self.stands_on)

    def layout(self, controls: dict[str, ipywidgets.Widget]) -> ipywidgets.Widget:
        """Arrange the controls, all but "steps_shown"; here those to type in or to choose from, and then the others."""
        shown = [control for name, control in controls.items() if name != "steps_shown"]
        roving = [control for control in shown if isinstance(control, ROVING)]
        others = [control for control in shown if control not in roving]
        return ipywidgets.VBox([row(*others), group("Controls", *roving)])

    def adjust(self, name: str) -> None:
        """Called when the control `name` has a new value, before the picture moves: to fit other controls to it."""

    def on_pointer(self, kind: str, axes: Axes, x: float, y: float) -> None:
        """Called for the pointer in a zone; `kind` is "down", "move" or "up"; x, y in data coordinates of `axes`."""

    def on_key(self, axes: Axes, key: str) -> None:
        """Called for a key pressed in a zone, with the browser's name of it, such as "ArrowLeft" or " "."""

    @property
    def is_tall(self) -> bool:
        """Whether `still` has a narrow figure to draw into, whose parts are to stand one under the other."""
        return self.stage.is_tall

    # --- values and states

    def __getitem__(self, name: str) -> Any:
        return self._controls[name].value

    def __setitem__(self, name: str, value: Any) -> None:
        self._controls[name].value = value

    @property
    def sentence(self) -> str:
        """What is to be seen now, with its numbers."""
        self.stage.flush()
        return self.stage.sentence

    @property
    def state(self) -> str:
        """The controls' values as a text like the end of a link: those that are not as at first."""
        changed = {
            name: _written(control.value)
            for name, control in self._controls.items()
            if _written(control.value) != _written(self._initial[name])
        }
        changed |= {name: _written(self[name]) for name in self.follows if self._is_led(name, changed)}
        return f"{self.name}?{urlencode(changed)}" if changed else self.name

    @state.setter
    def state(self, text: str) -> None:
        """Return to the state that `text` says. Raises ValueError, and changes nothing, where it says none."""
        self._go_to(text)
        if not self._was_shown:
            self._opens_in = self.state

    def _go_to(self, text: str) -> None:
        values = self._read_state(text)
        before = {name: control.value for name, control in self._controls.items()}
        try:
            # Each control is set once: a browser sends a value back that it is told, and that would undo the next one.
            with self.held():
                for name, initial in self._initial.items():
                    if name in values:
                        self[name] = values[name]
                        self.adjust(name)  # also where it was so before
                    elif not self._is_led(name, values):
                        self[name] = initial
        except TraitError as error:
            with self.held():
                for name, value in before.items():
                    self[name] = value
            raise ValueError(f"{text!r} has a value that its control does not take: {error}") from error

    def _is_led(self, name: str, names: Collection[str]) -> bool:
        """Whether `name` follows one of `names`, also through another that follows it."""
        return name in self.follows and (self.follows[name] in names or self._is_led(self.follows[name], names))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let several controls change, and the picture move once, at the end."""
        if self._is_held:
            yield
            return
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._refresh()

    def _call_controls_here(self, _: Stage, message: dict, buffers: list) -> None:
        """Have what the controls say heard where the stage is heard, so that they move the picture while a cell runs.

        JupyterLab speaks for widgets to a thread of their own, which no cell keeps waiting. But ipykernel takes what a
        widget says to where it was last spoken to, which for a control is the cell that made it.
        """
        if message["event"] == "mounted":
            for part in parts_of(self.widget):
                if part.has_trait("description"):
                    part.send_state("description")

    def _changed(self, change: dict) -> None:
        name = next(name for name, control in self._controls.items() if control is change["owner"])
        with self.held():
            self.adjust(name)

    def _refresh(self) -> None:
        self.stage.request()  # first: the picture is what the reader waits for
        self._state_box.value = state = self.state
        if state != self._preset_state:
            self._chooser.value = ""

    def _read_state(self, text: str) -> dict[str, Any]:
        name, _, query = text.strip().partition("?")
        if name != self.name:
            raise ValueError(f"A state of this picture begins with {self.name!r}; this text begins with {name!r}.")
        values = dict(parse_qsl(query, keep_blank_values=True))
        if unknown := values.keys() - self._controls.keys():
            raise ValueError(f"This picture has no control {min(unknown)!r}.")
        # In the order of the controls: one that sets others comes before them.
        return {name: _read(values[name], self._initial[name], name) for name in self._controls if name in values}

    # --- the parts that every explorer has

    def _transport(self) -> list[ipywidgets.Widget]:
        """The slider of the steps shown with its buttons, where there is one."""
        if "steps_shown" not in self._controls:
            return []
        slider = self._controls["steps_shown"]
        slider.layout.width = "auto"
        slider.layout.flex = "1 1 220px"
        self._play_button = button("Play", self._toggle_play)
        buttons = [
            self._play_button,
            button("Step back", lambda: self._step(-1)),
            button("Step", lambda: self._step(1)),
        ]
        return [named("descent-steps", group("Steps", *buttons, slider))]

    def _footer(self) -> ipywidgets.Widget:
        """Presets, reset, and the state as a text."""
        self._state_box = ipywidgets.Text(
            value=self.state,
            description="State",
            tooltip="Copy this text to keep the state; paste one and press Enter to return to it",
            continuous_update=False,
            layout=ipywidgets.Layout(flex="1 1 220px", width="auto"),
            style={"description_width": "initial"},
        )
        self._state_box.observe(self._state_typed, "value")
        self._complaint = ipywidgets.HTML()
        self._chooser = ipywidgets.Dropdown(
            options=[("choose one", ""), *self.presets.items()],
            description="Try",
            style={"description_width": "initial"},
            layout=ipywidgets.Layout(width="auto"),
        )
        self._chooser.observe(self._preset_chosen, "value")
        self._preset_state = self.state  # that of the preset that the chooser names

        def reset():
            self._chooser.value = ""
            self._set_state(self._opens_in)

        parts = [*([self._chooser] if self.presets else []), button("Reset", reset), self._state_box]
        return ipywidgets.VBox([row(*parts), self._complaint])

    def _preset_chosen(self, change: dict) -> None:
        if change["new"]:
            with self.held():
                self._set_state(change["new"])
                self._preset_state = self.state

    def _state_typed(self, change: dict) -> None:
        if change["new"].strip() != self.state:
            self._set_state(change["new"])

    def _set_state(self, text: str) -> None:
        try:
            self._go_to(text)
            self._complaint.value = ""
        except ValueError as error:
            self._complaint.value = f'<span role="alert">{html.escape(str(error))}</span>'

    # --- play: the next frame follows when the browser has shown the last one, so it is never faster than the eye

    def _toggle_play(self) -> None:
        slider = self._controls["steps_shown"]
        if self._plays:
            return self._stop()
        if self.stage.reduced_motion:
            slider.value = slider.max
            return None
        self._plays = True
        self._play_button.description = "Pause"
        if slider.value == slider.max:
            slider.value = slider.min
        else:
            self._advance()
        return None

    def _advance(self) -> None:
        if not self._plays:
            return
        slider = self._controls["steps_shown"]
        if slider.value == slider.max:
            self._stop()
        else:
            slider.value = min(slider.max, slider.value + math.ceil((slider.max - slider.min) / FRAMES_OF_A_PLAY))

    def _stop(self) -> None:
        self._plays = False
        if "steps_shown" in self._controls:
            self._play_button.description = "Play"

    def _step(self, by: int) -> None:
        self._stop()
        slider = self._controls["steps_shown"]
        slider.value = min(max(slider.value + by, slider.min), slider.max)

    def _let_go(self) -> None:
        """Keep what was set, and no more than that: the cell that made this has made another one."""
        self._stop()
        self.stage.let_go()
        for control in self._controls.values():
            close(control)  # those that are not shown, too
        forget_output(self)

    # --- for readers with a kernel, without one, or without a browser

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        self._was_shown = True
        png, sentence = self.stage.still_picture()
        return {
            "text/plain": sentence,
            "text/html": figure_html(png, f"{self.title}. {self.picture}", sentence),
            "image/png": png,
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": opened(self.widget).model_id,
            },
        }


# What arrow keys can lead away from; they mean something else in a box to type in, and in a list to choose from.
ROVING = (ipywidgets.Checkbox, ipywidgets.Button, ipywidgets.FloatSlider, ipywidgets.IntSlider,
          ipywidgets.SelectionSlider)  # fmt: skip


def row(*widgets: ipywidgets.Widget, align: str = "center") -> ipywidgets.Box:
    """Widgets side by side, in as many rows as it takes."""
    layout = ipywidgets.Layout(display="flex", flex_flow="row wrap", align_items=align, grid_gap="4px 16px")
    return ipywidgets.Box(widgets, layout=layout)


def group(name: str, *widgets: ipywidgets.Widget, align: str = "center") -> ipywidgets.Box:
    """Widgets side by side that are one stop of the Tab key: arrow keys lead from one to the next."""
    # A box has no title of its own: controls.js reads its name from the class.
    return named(f"descent-of-{name}", named("descent-group", row(*widgets, align=align)))


def named(name: str, widget: ipywidgets.Widget) -> ipywidgets.Widget:
    """`widget`, by this name for stage.css and the browser's modules."""
    widget.add_class(name)
    return widget


def button(description: str, action) -> ipywidgets.Button:
    """A button that calls `action()`."""
    made = ipywidgets.Button(description=description, layout=ipywidgets.Layout(width="auto"))
    made.on_click(lambda _: action())
    return made


def number(value: float) -> str:
    """`value` to three digits. Adding 0 makes a 0 of −0."""
    return f"{value + 0:.3g}"


def _written(value: Any) -> str:
    """A control's value in the text of a state."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return ",".join(map(str, value))
    return str(value)


def _read(text: str, like: Any, name: str) -> Any:
    """The value that `text` says, of the type of `like`."""
    if isinstance(like, bool):
        if text not in ("yes", "no"):
            raise ValueError(f"{name} is yes or no, not {text!r}.")
        return text == "yes"
    if isinstance(like, tuple | list):
        return type(like)(text.split(",")) if text else type(like)()
    try:
        return type(like)(text)
    except ValueError as error:
        raise ValueError(f"{name} is a number, not {text!r}.") from error
