"""One style for every figure of the course: color-blind safe, and readable where color is lost."""

import html
import io
from base64 import b64encode

import matplotlib as mpl
from cycler import cycler

# Okabe and Ito (2008), "Color Universal Design": told apart with every common color vision. Yellow is left out, since
# thin yellow lines vanish on white.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
# Color is never the only difference between two lines.
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
COLOR_MAP = "cividis"
# From negative to positive, white at 0: told apart with every common color vision.
DIVERGING = "PuOr"


def use() -> None:
    """Make this the style of the figures that follow; a chapter calls it once, after its imports."""
    mpl.rcParams.update(
        {
            "figure.figsize": (7.2, 3.6),
            "figure.dpi": 96,
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=COLORS) + cycler(linestyle=LINE_STYLES),
            "axes.grid": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "grid.alpha": 0.3,
            "lines.linewidth": 2.0,
            "image.cmap": COLOR_MAP,
            "legend.frameon": False,
            "font.size": 10,
        }
    )


def show(alt: str) -> None:
    """Show the current figure, with `alt` for those who do not see it; it takes the place of `plt.show()`.

    The picture carries its own white card, so that it can be read in a dark theme too.

    Args:
        alt: what is to be seen, with its numbers, in a sentence or two. Without a browser it stands for the picture.
    """
    from IPython.display import display
    from matplotlib import pyplot

    figure = pyplot.gcf()
    picture = io.BytesIO()
    # Sharp on screens with more pixels than CSS counts.
    figure.savefig(picture, format="png", facecolor="white", dpi=1.5 * figure.dpi)
    width = figure.get_figwidth() * figure.dpi
    pyplot.close(figure)
    data = b64encode(picture.getvalue()).decode()
    shown = (
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt)}" '
        f'style="width: {width:.0f}px; max-width: 100%">'
    )
    display({"text/html": shown, "text/plain": alt}, raw=True)
