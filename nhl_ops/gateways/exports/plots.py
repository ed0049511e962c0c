"""Canvas of the reports' plots: matplotlib in, one `<figure>` with an inline SVG out. The plots are in plots_*.py.

Text stays text and takes the page's colour (`currentColor`), so that one picture reads in light and in dark. Who does
not see it has its title and a description with its figures. Equal frames give equal bytes.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

import matplotlib as mpl
from markupsafe import escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nhl_ops.domain.escaping import plain_text

INK = "#010203"
"""Stands for `currentColor` while matplotlib draws."""
BLUE, ORANGE, GREY = "#3b82c4", "#d9822b", "#8a8f98"
WIDTH_IN, HEIGHT_IN = 3.7, 2.9
LABEL_CHARS = 22
TICKS = 5
STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "figure.titlesize": 10,
    "figure.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GREY,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"),
        INK,
    ),
}
METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_IDS = re.compile(r' id="[A-Za-z0-9.]+_\d+"')
_SHEET = re.compile(r" <defs>\s*<style.*?</style>\s*</defs>\n", re.DOTALL)
_SIZE = re.compile(r' (width|height)="[0-9.]+pt"')


def label(text: object) -> str:
    """A vendor's name as a label: one visible line, shortened."""
    return plain_text(str(text), LABEL_CHARS)


def dated(axes: Axes, days: Sequence[str]) -> None:
    """An axis of slates (ISO dates, in order) from 0 on: ticks few enough for a phone, none between two slates."""
    last = len(days) - 1
    at = sorted({round(last * n / (TICKS - 1)) for n in range(TICKS)})
    shown = [date.fromisoformat(days[n]) for n in at]
    axes.set_xticks(at, [f"{day:%b} {day.day}" for day in shown])
    axes.set_xlim(-0.5, last + 0.5)


def drawing(
    title: str,
    draw: Callable[[Axes], object],
    *,
    told: str,
    caption: str | None = None,
    height_in: float = HEIGHT_IN,
) -> str:
    """A figure with one pair of axes, filled by `draw`.

    told: its numbers in words, for who does not see it. caption: what a mark or a band is, under the plot.
    """
    with mpl.rc_context(STYLE | {"svg.hashsalt": title}):
        figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        figure.suptitle(title, x=0.01, ha="left")
        return _framed(_svg(figure, title, told), caption)


def sentence(title: str, said: str) -> str:
    """What stands in the place of a plot that has nothing to show."""
    return f"<figure>\n<p><strong>{escape(title)}.</strong> {escape(said)}</p>\n</figure>\n"


def listed(parts: Iterable[str]) -> str:
    """Figures one after the other, as one sentence."""
    return f"{'; '.join(parts)}."


def _framed(svg: str, caption: str | None) -> str:
    under = f"<figcaption>{escape(caption)}</figcaption>\n" if caption else ""
    return f"<figure>\n{svg}{under}</figure>\n"


def _svg(figure: Figure, title: str, told: str) -> str:
    """The figure as an element of a page, scaled by it, without prolog, style sheet or ids that others have."""
    written = StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the reader's fonts draw it
        figure.savefig(written, format="svg", transparent=True, metadata=METADATA)
    text = written.getvalue()
    head, _, body = text[text.index("<svg") :].partition(">")
    head = _SIZE.sub("", head) + ' role="img"'
    said = f"<title>{escape(title)}</title>\n<desc>{escape(told)}</desc>"
    return f"{head}>\n{said}{_IDS.sub('', _SHEET.sub('', body))}".replace(INK, "currentColor")
