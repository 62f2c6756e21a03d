"""What several exercises have to say, each a cause and a cure."""

ONE_NUMBER_ONLY = (
    "This works for one number, not for an array: `if x > 0`, Python's `max(0, x)`, `int(…)` and `math.exp` take one "
    "number at a time.",
    "Work on the whole array at once: `np.maximum`, `np.where` and `np.exp` go element by element.",
)
