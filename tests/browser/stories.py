"""What a learner writes first, and what the page must answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A wrong answer to an exercise of `chapter`, and words of the diagnosis that it must bring."""

    chapter: str
    exercise: str
    wrong: str
    diagnosis: str


STORIES = [
    Story(
        "00_welcome",
        "prediction_error",
        "def prediction_error(y_true, y_pred):\n    return np.mean((y_true - y_pred) ** 2)",
        "every prediction is held against every truth",
    ),
    Story(
        "01_activations",
        "softmax",
        "def softmax(logits, axis=-1):\n"
        "    powers = np.exp(logits)\n"
        "    return powers / powers.sum(axis=axis, keepdims=True)",
        "np.exp overflows at large logits",
    ),
]
README_STORY = STORIES[1]
