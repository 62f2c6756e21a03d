"""What you have written and proved, ready to be used: `yours.softmax` is your own once its check has passed in full.

Before that it is the course's, so that nothing waits for it:

    from course_lib import yours

    yours.softmax(logits)          # yours, or the course's
    yours.whose("softmax")         # "your own, from your_library/activations.py"
    optimizer = yours.Adam(0.1)    # arguments that yours asks for and that are not given: the course's defaults

The names are those of the exercises. While an exercise is checked, its own name here raises an error: write yours.
"""

from course_lib.library.serving import get as _get
from course_lib.library.serving import is_yours, whose
from course_lib.library.serving import pieces as _pieces

__all__ = ["is_yours", "whose"]


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _get(name)


def __dir__():
    return sorted([*__all__, *(exercise.name for _, exercise in _pieces())])
