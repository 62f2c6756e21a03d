"""Descent: NumPy reference implementations of deep learning, and the exercises that check yours against them.

A chapter begins with `from course_lib import check, hint, solution, student_seed, yours`.
"""

import importlib

_FOR_NOTEBOOKS = ("check", "hint", "solution", "student_seed")
__all__ = [*_FOR_NOTEBOOKS, "yours"]


def __getattr__(name):
    # Loaded at the first use, so that `import course_lib` alone stays quick.
    if name in _FOR_NOTEBOOKS:
        from course_lib import notebook

        return getattr(notebook, name)
    if name == "yours":
        return importlib.import_module("course_lib.yours")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
