"""Descent: NumPy reference implementations of deep learning, and the exercises that check yours against them.

A chapter begins with `from course_lib import check, hint, solution, student_seed, yours`.
"""

import importlib

from course_lib import starting

# {what a chapter's cells call: the module that it is from}
_FOR_NOTEBOOKS = dict.fromkeys(("check", "hint", "solution", "student_seed"), "notebook")
_FOR_NOTEBOOKS |= dict.fromkeys(("guess", "reveal"), "predictions") | {"recall": "retrieval", "closing": "chapter_end"}
__all__ = [*_FOR_NOTEBOOKS, "yours"]

# Here as well, for a kernel that was running when the course was installed, or that reads another folder's settings.
starting.be_quiet()


def __getattr__(name):
    # Loaded at the first use, so that `import course_lib` alone stays quick.
    if name in _FOR_NOTEBOOKS:
        return getattr(importlib.import_module(f"course_lib.{_FOR_NOTEBOOKS[name]}"), name)
    if name == "yours":
        return importlib.import_module("course_lib.yours")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
