"""Tables behind the reports: one row of figures a slate, and windows over them."""

from enum import StrEnum

from nhl_ops.contracts.spec import Kind, TableSpec, day, integer, number, string

SEASON = "season"
"""Window from the first slate of the season."""

REPORT_DAILY = TableSpec(
    "report_daily",
    "reports",
    Kind.DERIVATION,
    "The slate in figures; daily_report_<date> is rendered from it.",
    (
        day("game_date", "Slate."),
        string("outcome", "ok or the typed kind of nothing."),
        string("outcome_reason", "Sentence that explains the outcome.", nullable=True),
        integer("games", "Scheduled games that stand.", ge=0),
        integer("games_with_odds", "Of these with a mapped price at as-of.", ge=0),
        integer("quotes", "Facts of the slate known at as-of.", ge=0),
        integer("quotes_mapped", "Of these with NHL player and game.", ge=0),
        integer("books", "Books that quoted.", ge=0),
        integer("players_projected", "Players with a projection.", ge=0),
        number("fallback_share", "Share of projections from the prior alone.", nullable=True, ge=0, le=1),
        integer("prices", "Prices that stand at as-of.", ge=0),
        integer("best_bets", "Published best bets.", ge=0),
        number("best_ev_pct", "Highest claimed EV.", nullable=True, unit="%"),
        number("mean_ev_pct", "Mean claimed EV of the best bets.", nullable=True, unit="%"),
        integer("bets_won", "Settled as won.", ge=0),
        integer("bets_lost", "Settled as lost.", ge=0),
        integer("bets_void", "Settled as push or void.", ge=0),
        integer("bets_pending", "Not settled yet.", ge=0),
        number(
            "profit_units",
            "Observed profit of one unit on each best bet; never used to decide.",
            nullable=True,
        ),
        number("log_loss_model", "Model log-loss on settled priced overs.", nullable=True, ge=0),
        number("log_loss_consensus", "Consensus log-loss on the same rows.", nullable=True, ge=0),
        integer("rows_scored", "Rows behind both log-losses.", ge=0),
    ),
    ("game_date",),
    max_age_hours=30,
)

REPORT_ROLLING = TableSpec(
    "report_rolling",
    "reports",
    Kind.DERIVATION,
    "report_daily over windows that end at the slate; rolling_report is rendered from the newest.",
    (
        day("game_date", "Slate that ends the window."),
        string("window", f"Name of the window: 7 days, 14 days, 30 days, {SEASON}."),
        integer("window_days", "Days in it; of the season those since its first slate.", ge=1),
        integer("slates", "Slates with games in the window.", ge=0),
        integer("games", "Games.", ge=0),
        integer("quotes", "Facts.", ge=0),
        number("mapped_share", "Mapped share of the facts.", nullable=True, ge=0, le=1),
        integer("best_bets", "Published best bets.", ge=0),
        integer("bets_settled", "Won or lost.", ge=0),
        number("mean_ev_pct", "Mean claimed EV.", nullable=True, unit="%"),
        number(
            "realized_roi_pct",
            "Observed profit on settled bets; never used to decide.",
            nullable=True,
            unit="%",
        ),
        number("log_loss_model", "Weighted by rows.", nullable=True, ge=0),
        number("log_loss_consensus", "Weighted by rows.", nullable=True, ge=0),
        integer("quotes_delta", "Against the window before; null where that had no slate.", nullable=True),
        number("mapped_share_delta", "The same.", nullable=True, ge=-1, le=1),
        integer("best_bets_delta", "The same.", nullable=True),
        number("mean_ev_delta_pct", "The same, in points.", nullable=True, unit="%"),
        number("realized_roi_delta_pct", "The same, in points.", nullable=True, unit="%"),
        number("log_loss_model_delta", "The same.", nullable=True),
        integer(
            "slates_withdrawn",
            "Slates of the window whose card is withdrawn: left out of best bets, EV and ROI. "
            "Null in rows from before it was counted.",
            nullable=True,
            ge=0,
        ),
    ),
    ("game_date", "window"),
)


class Measure(StrEnum):
    """What may move from one window to the next, each a ratio of sums over the slates."""

    QUOTES = "quotes"
    GAMES = "games"
    MAPPED = "mapped"
    EV = "ev"
    LOG_LOSS = "log_loss"
    BIAS = "bias"


MOVEMENT_COLUMNS = (
    "subject",
    "name",
    "measure",
    "before",
    "after",
    "change",
    "noise",
    "slates_before",
    "slates_after",
    "is_beyond",
)
"""Columns of `transforms.movements`: a row a vendor or market and Measure.

Quotes a scheduled game, share of the scheduled games quoted, mapped share, mean EV in percent of the stake, mean
log-loss in nats, mean P(over) minus the share of overs. `noise` is half the width of the 95% interval of the change
that holds for all rows at once; null where a window has fewer than two slates. `is_beyond`: the change is larger.
"""
