"""The texts of a picture, for tests that none is cut off or covers another."""


def texts_of(axes):
    """All texts of `axes` that are to be seen: those in it, its labels, and the ticks within its limits."""
    texts = list(axes.texts)
    if axes.axison:
        texts += [axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [text for text in texts if text.get_text()]
