"""Widgets last until the cell that made them runs again: what it made before has left the page by then.

Without this, every run of a cell with an explorer would leave 120 widgets and a picture in the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
from IPython import get_ipython

# {cell's id: (the run, the widgets that it has made, each with what else is to be let go)}
_made: dict[str, tuple[str, list[tuple[ipywidgets.Widget, Callable[[], None]]]]] = {}


def close_with_the_next_run(widget: ipywidgets.Widget, let_go: Callable[[], None] = lambda: None) -> None:
    """Close `widget`, with all that it consists of, and call `let_go()`, when the cell that runs now runs again.

    What other widgets this run makes stays; where no cell of a notebook runs, so does all.
    """
    cell, run = _running()
    if not cell:
        return
    before, made = _made.get(cell, ("", []))
    if before != run:
        _made[cell] = (run, [(widget, let_go)])
        for old, let_old_go in made:
            close(old)
            let_old_go()
    else:
        made.append((widget, let_go))


def _running() -> tuple[str, str]:
    """Return the id of the cell that runs, and of its run; both empty where none does."""
    request = getattr(get_ipython(), "get_parent", dict)() or {}
    if request.get("header", {}).get("msg_type") != "execute_request":
        return "", ""
    return request.get("metadata", {}).get("cellId", ""), request["header"]["msg_id"]


def forget_output(value: Any) -> None:
    """Take `value` out of IPython's list of what cells have shown, which keeps everything to the kernel's end."""
    shell = get_ipython()
    shown = getattr(shell, "user_ns", {}).get("_oh", {})
    for number in [number for number, each in shown.items() if each is value]:
        del shown[number]
        shell.drop_by_id({f"_{number}": value})  # where else IPython keeps it, too


def close(widget: ipywidgets.Widget) -> None:
    for part in parts_of(widget):
        part.close()


def opened(widget: ipywidgets.Widget) -> ipywidgets.Widget:
    """Return `widget`, opened again if it was closed: some variable has kept it, and shows it now."""
    if any(part.comm is None for part in parts_of(widget)):
        close(widget)  # the page would not find the new parts of an old whole
        for part in parts_of(widget):
            part.open()
            vars(part).pop("_repr_mimebundle_", None)  # by which close() keeps it from being shown
    return widget


def parts_of(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Yield what `widget` consists of, and then itself."""
    for child in getattr(widget, "children", ()):
        yield from parts_of(child)
    for name in ("layout", "style"):
        if isinstance(part := getattr(widget, name, None), ipywidgets.Widget):
            yield part
    yield widget
