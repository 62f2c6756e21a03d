"""What an answer returned that should be a loss and its gradient."""


class NotThePair(Exception):
    """One thing, or three, came back where the pair (loss, gradient) was asked for."""


def loss_of(result):
    """Return the loss of the pair `result`, None for None. Raises NotThePair where it is no pair."""
    return _pair(result)[0]


def gradient_of(result):
    """Return the gradient of the pair `result`, None for None. Raises NotThePair where it is no pair."""
    return _pair(result)[1]


def _pair(result):
    if result is None:
        return None, None
    count = len(result) if isinstance(result, tuple | list) else 1
    if count != 2:
        told = "one thing" if count == 1 else f"{count} things"
        raise NotThePair(f"asked for is the pair (loss, gradient); your function returned {told}")
    return result
