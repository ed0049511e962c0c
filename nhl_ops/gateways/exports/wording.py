"""How figures, times and outcomes are said to a person. A missing value is an en dash, never "nan"."""

from datetime import date, datetime
from typing import Any

import pandas as pd

from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.slates import EASTERN, AsOfMode, SlateOutcome

MISSING = "\N{EN DASH}"

MARKET_LABELS = {
    Market.GOALS: "Goals",
    Market.ASSISTS: "Assists",
    Market.POINTS: "Points",
    Market.SOG: "Shots on goal",
    Market.BLOCKS: "Blocked shots",
    Market.SAVES: "Saves",
}
SIDE_LABELS = {Side.OVER: "Over", Side.UNDER: "Under"}

OUTCOME_SENTENCES = {
    SlateOutcome.OK: "The slate was priced.",
    SlateOutcome.NO_GAMES: "The NHL plays no games on this date, so there is nothing to price.",
    SlateOutcome.NOT_OFFERED: "Games are scheduled, but no book offered a player prop by then.",
    SlateOutcome.NO_HISTORY: "No prices were stored for this date, and the vendors serve no history of it.",
    SlateOutcome.VENDOR_DOWN: "A vendor could not be reached, so its prices are missing.",
    SlateOutcome.SWITCHED_OFF: "The vendor is switched off in config/vendors.toml.",
    SlateOutcome.REJECTED: "What a vendor sent did not fit its known format and was set aside.",
    SlateOutcome.HELD: "A blocking check failed, so the new results are not published; "
    "readers still see the former ones, if there are any.",
    SlateOutcome.FAILED: "The run failed before this slate was published; "
    "readers still see the former results, if there are any.",
}
OUTCOME_WORDS = {
    SlateOutcome.OK: "ok",
    SlateOutcome.NO_GAMES: "no games",
    SlateOutcome.NOT_OFFERED: "nothing offered yet",
    SlateOutcome.NO_HISTORY: "serves no history",
    SlateOutcome.VENDOR_DOWN: "could not be reached",
    SlateOutcome.SWITCHED_OFF: "switched off",
    SlateOutcome.REJECTED: "sent something unreadable",
    SlateOutcome.HELD: "held back",
    SlateOutcome.FAILED: "failed",
}


def outcome_sentence(outcome: str, reason: str | None = None) -> str:
    """The typed outcome of a slate in a sentence or two. Raises ValueError on an unknown outcome."""
    sentence = OUTCOME_SENTENCES[SlateOutcome(outcome)]
    return f"{sentence} {reason}" if reason else sentence


def count(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{int(value):,}"


def signed(value: Any) -> str:
    """A change of a count: +1,204."""
    return MISSING if pd.isna(value) else f"{int(value):+,}"


def tenth(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{value:,.1f}"


def signed_tenth(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{_no_negative_zero(value, 1):+,.1f}"


def american(value: Any) -> str:
    """+120 or -110."""
    return MISSING if pd.isna(value) else f"{int(value):+d}"


def decimal(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{value:.2f}"


def line(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{value:g}"


def figure(value: Any) -> str:
    """A number to six significant digits."""
    return MISSING if pd.isna(value) else f"{value:.6g}"


def loss(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{value:.4f}"


def signed_loss(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{_no_negative_zero(value, 4):+.4f}"


def percent(value: Any) -> str:
    """A signed percentage from a value in percent: 5.3 is +5.3%."""
    return MISSING if pd.isna(value) else f"{_no_negative_zero(value, 1):+.1f}%"


def share(value: Any) -> str:
    """A percentage from a value between 0 and 1. Never rounds up to a 100% that is not one."""
    if pd.isna(value):
        return MISSING
    return f"{min(value, 0.999) if value < 1 else value:.1%}"


def points(value: Any) -> str:
    """A difference of shares: 0.012 is +1.2 pts, percentage points."""
    return MISSING if pd.isna(value) else percent_points(100 * value)


def percent_points(value: Any) -> str:
    """A difference of percentages: 1.2 is +1.2 pts."""
    return MISSING if pd.isna(value) else f"{_no_negative_zero(value, 1):+.1f} pts"


def units(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{_no_negative_zero(value, 2):+.2f}"


def _no_negative_zero(value: float, digits: int) -> float:
    return round(value, digits) + 0.0


def seconds(value: Any) -> str:
    """8.2 s, 3 min 05 s or 2 h 07 min."""
    if pd.isna(value):
        return MISSING
    if round(value, 1) < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def size(value: Any) -> str:
    """Bytes as kB or MB."""
    if pd.isna(value):
        return MISSING
    return f"{value / 1e6:.1f} MB" if value >= 1e6 else f"{value / 1e3:.1f} kB"


def clock(value: Any) -> str:
    """Eastern wall-clock time, 7:00 PM; the column's header says ET."""
    if pd.isna(value):
        return MISSING
    local = value.astimezone(EASTERN)
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"


def moment(value: Any) -> str:
    """Eastern date and time, Jan 7, 5:30 PM ET."""
    if pd.isna(value):
        return MISSING
    local = value.astimezone(EASTERN)
    return f"{local:%b} {local.day}, {clock(value)} ET"


def long_date(slate: date) -> str:
    """Wednesday, January 7, 2026."""
    return f"{slate:%A, %B} {slate.day}, {slate.year}"


def priced_as_of(mode: AsOfMode, as_of_utc: datetime) -> str:
    if mode is AsOfMode.PRETIP:
        return f"priced before each game's start, at the latest {moment(as_of_utc)}"
    return f"priced as of {moment(as_of_utc)}"


def market_label(value: Any) -> str:
    return MARKET_LABELS.get(value, str(value))


def side_label(value: Any) -> str:
    return SIDE_LABELS.get(value, str(value))


def sentence_of(name: str) -> str:
    """A check's name as the sentence it is: every_scheduled_game_has_odds becomes words."""
    return name.replace("_", " ")


def plural(number: int, noun: str) -> str:
    """1 game, 8 games, 1,204 prices."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
