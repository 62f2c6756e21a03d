"""What several exercises have to say."""

ONE_NUMBER_ONLY = (
    "`if x > 0` and Python's `max(0, x)` work for one number, not for an array. "
    "Work on the whole array at once: `np.maximum` and `np.where` go element by element."
)
