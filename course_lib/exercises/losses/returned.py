"""What an answer returned that should be a loss and its gradient."""

from course_lib.exercises.returned import pair

PAIR = "(loss, gradient)"


def loss_of(result):
    """Return the loss of the pair `result`, None for None. Raises OtherParts where it is no pair."""
    return pair(result, PAIR)[0]


def gradient_of(result):
    """Return the gradient of the pair `result`, None for None. Raises OtherParts where it is no pair."""
    return pair(result, PAIR)[1]
