"""One style for every figure of the course: color-blind safe, and readable where color is lost."""

import matplotlib as mpl
from cycler import cycler

# Okabe and Ito (2008), "Color Universal Design": told apart with every common color vision. Yellow is left out, since
# thin yellow lines vanish on white.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
# Color is never the only difference between two lines.
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
COLOR_MAP = "cividis"


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
