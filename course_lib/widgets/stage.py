"""The stage: the one canvas that every explorer draws on.

The matplotlib figure lives in the kernel. What stands still in it is drawn once; for each frame only the moving artists
are drawn on a copy of it (blitting), and the picture goes as a WebP image to the browser, where stage.js shows it and
sends back where the pointer is. The kernel draws the next frame only when the browser has shown the last one, so a
quick hand on a slow machine gets fewer pictures, never a queue of old ones, and always the last.
"""

from __future__ import annotations

import base64
import html
import io
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import anywidget
import matplotlib as mpl
import traitlets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from course_lib.widgets import style
from course_lib.widgets.page import source

FALLBACK_DPI = 96  # at which the figure's inches are CSS pixels
# On less room than a figure needs it becomes smaller, first with its text, then without; and below so many CSS pixels
# its parts stand one under the other.
SMALLEST_TEXT = 0.85
NARROW = 500
# A screen with more pixels than this for each CSS pixel gets a scaled picture: encoding takes time for every pixel.
LARGEST_PIXEL_RATIO = 2.0
# Seconds after which a frame that no browser has reported as shown is taken for lost. The same limit paces frames
# while a cell is running, where what the browser says waits until the cell ends.
LOST_AFTER = 1.0


@dataclass(frozen=True)
class Still:
    """What a scene has put into the figure.

    Args:
        moving: the artists that change from frame to frame, drawn in this order over everything else.
        zones: the axes that take the pointer and keys, each with the sentence that says what they do there.
    """

    moving: Sequence[Artist]
    zones: Mapping[Axes, str] = field(default_factory=dict)


class Scene(Protocol):
    """What the stage asks of an explorer."""

    picture: str  # what kind of picture it is, for those who do not see it
    size: tuple[float, float]  # of the figure, in inches; text is laid out for it and scales with it
    tall: float  # the height, in inches, of the figure whose parts stand one under the other

    def still_key(self) -> Any:
        """Whatever the still part depends on: while it stays equal, the still part is not drawn again."""

    def still(self, figure: Figure) -> Still:
        """Draw into the empty `figure` all that stands still, and create the moving artists."""

    def move(self) -> str:
        """Bring the moving artists up to date, and return the sentence that says with numbers what is to be seen."""


class Stage(anywidget.AnyWidget):
    """The canvas of one `scene`.

    The browser calls back: `on_pointer(kind, axes, x, y)`, with `kind` "down", "move" or "up" and x, y in the data
    coordinates of the axes where the pointer went down; `on_key(axes, key)`, with the browser's name of the key; and
    `on_shown()` after a frame has been shown.
    """

    _esm = source("pulse.js", "controls.js", "stage.js")
    _css = source("stage.css")

    frame = traitlets.Bytes().tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    # Width and height in CSS pixels at a scale of 1.
    shape = traitlets.List(traitlets.Float()).tag(sync=True)
    zones = traitlets.List().tag(sync=True)

    def __init__(
        self,
        scene: Scene,
        on_pointer: Callable[[str, Axes, float, float], None] = lambda kind, axes, x, y: None,
        on_key: Callable[[Axes, str], None] = lambda axes, key: None,
        on_shown: Callable[[], None] = lambda: None,
    ):
        super().__init__(picture=scene.picture)
        self._scene = scene
        self._on_pointer, self._on_key, self._on_shown = on_pointer, on_key, on_shown
        self.reduced_motion = False
        self._inches, self._dpi = scene.size, float(FALLBACK_DPI)  # of the frames, as the page has room
        self._drawn_for: tuple | None = None  # what the background depends on: the scene's still_key, inches, and dpi
        self.let_go()
        self._is_stale = True  # the scene has changed since the last frame
        self._waits_since: float | None = None  # when the frame was sent that the browser has not yet shown
        self._pressed: Axes | None = None
        # JupyterLab's messages are handled in a thread of their own while a cell runs: whoever draws, or changes the
        # scene from a cell, holds this.
        self.lock = threading.RLock()
        self.on_msg(lambda _, message, buffers: self._hear(message))

    def let_go(self) -> None:
        """Keep nothing of the picture in memory; the next frame draws it anew."""
        if self._drawn_for is not None:
            self._canvas.figure.clear()  # which a scene's own references to its artists would keep
            del self._canvas.renderer
        self._canvas = FigureCanvasAgg(Figure())
        self._background: Any = None
        self._drawn_for = None
        self._still = Still([])

    @property
    def is_tall(self) -> bool:
        """Whether there is so little room that the parts of the picture stand one under the other."""
        return bool(self._canvas.figure.get_figheight() == self._scene.tall)

    # --- drawing

    def request(self) -> None:
        """Say that the scene has changed: a frame follows now, or as soon as the browser has shown the last one."""
        with self.lock:
            self._is_stale = True
            if self._waits_since is None or time.monotonic() - self._waits_since > LOST_AFTER:
                self.flush()

    def flush(self) -> None:
        """Draw and send a frame now if the scene has changed, whatever the browser is doing."""
        with self.lock:
            if self._is_stale:
                self._send_frame()

    def _send_frame(self) -> None:
        sentence = self._draw(self._inches, self._dpi)
        file = io.BytesIO()
        # Without loss, by the quickest method: for lines and text as quick as a lossy one, and twice as large.
        self._image().save(file, "WEBP", lossless=True, quality=0, method=0)
        with self.hold_sync():
            self.frame, self.sentence, self.zones = file.getvalue(), sentence, self._zones_in_fractions()
            self.shape = [FALLBACK_DPI * inches for inches in self._inches]
            self.number += 1
        self._waits_since = time.monotonic()

    def _draw(self, inches: tuple[float, float], dpi: float) -> str:
        key = (self._scene.still_key(), inches)
        if self._drawn_for != (key, dpi):
            with mpl.rc_context():
                style.use()
                if inches[1] == self._scene.tall:
                    mpl.rcParams["axes.titlesize"] = "medium"
                if self._drawn_for is None or key != self._drawn_for[0]:
                    # A figure of its own for each size: cleared, it would keep what an explorer arranged by hand.
                    self._canvas = FigureCanvasAgg(Figure(figsize=inches, dpi=dpi, layout="constrained"))
                    self._still = self._scene.still(self._canvas.figure)
                    for artist in self._still.moving:
                        artist.set_animated(True)
                self._canvas.figure.set_dpi(dpi)
                self._canvas.draw()
            self._background, self._drawn_for = self._canvas.copy_from_bbox(self._canvas.figure.bbox), (key, dpi)
        figure = self._canvas.figure
        sentence = self._scene.move()
        self._canvas.restore_region(self._background)
        for artist in self._still.moving:
            figure.draw_artist(artist)
        self._is_stale = False
        return sentence

    def _image(self) -> Image.Image:
        """The canvas as an image that shares its memory: no pixel is copied."""
        pixels = self._canvas.buffer_rgba()
        height, width, _ = pixels.shape
        return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)

    def _zones_in_fractions(self) -> list[dict]:
        """Where each zone lies, as shares of the picture's width and height, counted from its upper left corner."""
        zones = []
        for axes, label in self._still.zones.items():
            box = axes.get_position()
            zones.append({"left": box.x0, "top": 1 - box.y1, "width": box.width, "height": box.height, "label": label})
        return zones

    def still_picture(self) -> tuple[bytes, str]:
        """Return the scene as it is as (PNG, sentence), for readers without a kernel; the browser's frame stays."""
        with self.lock:
            was_stale = self._is_stale
            sentence = self._draw(self._scene.size, FALLBACK_DPI)
            # 128 colors are all that lines, text and a color map need, in a third of the bytes.
            image = self._image().convert("RGB").quantize(128, dither=Image.Dither.NONE)
            if self._inches != self._scene.size:
                self._draw(self._inches, self._dpi)  # what the pointer points at
            self._is_stale = was_stale
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return file.getvalue(), sentence

    # --- what the browser says

    def _hear(self, message: dict) -> None:
        with self.lock:
            try:
                self._answer(message)
            finally:
                # Whoever acts on the page is told when no such word comes.
                if message["event"] != "shown":
                    self.send({"event": "handled" if message["event"] == "pointer" else "alive"})

    def _answer(self, message: dict) -> None:
        event = message["event"]
        if event == "mounted":
            self.reduced_motion = bool(message["reduced_motion"])
            self._resize(float(message["width"]), min(float(message["pixel_ratio"]), LARGEST_PIXEL_RATIO))
            self._waits_since = None
            self.flush()
        elif event == "shown" and message["number"] == self.number:
            self._waits_since = None
            self._on_shown()
            if self._waits_since is None:
                self.flush()
        elif event == "pointer":
            for kind, zone, x, y in message["moves"]:
                self._point(kind, zone, x, y)
        elif event == "key":
            self._on_key(list(self._still.zones)[message["zone"]], message["key"])

    def _resize(self, width: float, pixel_ratio: float) -> None:
        """Fit the picture to so many CSS pixels across, with so many pixels of the screen in each."""
        full, height = self._scene.size
        across = max(width, 100.0) / FALLBACK_DPI
        if width < min(NARROW, SMALLEST_TEXT * full * FALLBACK_DPI):
            self._inches = (across, self._scene.tall)
        else:
            across = min(full, across / SMALLEST_TEXT)
            self._inches = (across, height * (across / full) ** 0.5)
        dpi = max(width, 100.0) * pixel_ratio / across
        if self._drawn_for is None or self._drawn_for[0][1] != self._inches or abs(dpi - self._dpi) > 0.5:
            self._dpi, self._is_stale = dpi, True

    def _point(self, kind: str, zone: int, x: float, y: float) -> None:
        axes = list(self._still.zones)[zone] if kind == "down" else self._pressed
        if axes is None or axes not in self._still.zones:
            return  # the still part was drawn anew under the pressed pointer
        self._pressed = axes
        across, down = x * self._canvas.figure.bbox.width, (1 - y) * self._canvas.figure.bbox.height
        data_x, data_y = axes.transData.inverted().transform((across, down))
        self._on_pointer(kind, axes, float(data_x), float(data_y))
        if kind == "up":
            self._pressed = None


def figure_html(png: bytes, picture: str, sentence: str) -> str:
    """Return the picture and its sentence as HTML that needs nothing else."""
    data = base64.b64encode(png).decode()
    return (
        f'<figure style="margin: 0"><img src="data:image/png;base64,{data}" alt="{html.escape(picture)}" '
        f'style="max-width: 100%"><figcaption>{html.escape(sentence)}</figcaption></figure>'
    )
