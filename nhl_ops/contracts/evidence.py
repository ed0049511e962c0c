"""Tables of evidence: what each run did, what was quoted, mapped and claimed, and how good the forecasts were.

The registry is kept by whoever looks at the runs. The other four are read off the metadata of the materializations
of the assets that FIGURE names, and off nothing else: `nhl-ops evidence rebuild` makes them again from the log.
Nothing here is read to decide anything.
"""

from enum import StrEnum

from nhl_ops.contracts.ev import FACT_PROP_SETTLEMENTS
from nhl_ops.contracts.odds import MAPPING_REVIEW, MARKETS
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.spec import (
    Kind,
    NullRule,
    TableSpec,
    chance,
    day,
    instant,
    integer,
    number,
    probability,
    string,
)

EVIDENCE = "evidence"


class RunState(StrEnum):
    """States of a run or step, as they followed one another."""

    STARTED = "started"
    SUCCEEDED = "succeeded"
    DEGRADED = "degraded"
    FAILED = "failed"
    CANCELED = "canceled"
    SKIPPED = "skipped"


class CoverageLevel(StrEnum):
    """What a row of coverage counts over."""

    SLATE = "slate"
    VENDOR = "vendor"
    BOOK_MARKET = "book_market"


class EvLevel(StrEnum):
    """What a row of the EV summary counts over; its `name` is the market, vendor, book or bucket."""

    SLATE = "slate"
    MARKET = "market"
    VENDOR = "vendor"
    BOOK = "book"
    BUCKET = "bucket"


class AccuracyLevel(StrEnum):
    """A row of accuracy is of one market and line, or of one tenth of P(over) over a market's lines."""

    LINE = "line"
    BIN = "bin"


class MappingSubject(StrEnum):
    PLAYER = "player"
    EVENT = "event"


RUN = "run"
"""`step` of a row that tells of the whole run."""

FACT_RUN_REGISTRY = TableSpec(
    "fact_run_registry",
    EVIDENCE,
    Kind.OBSERVATION,
    "Every state that a run and each of its steps came to, also of skipped, failed and killed runs: a state once "
    "written stays. The newest state of each is the view run_registry_latest.",
    (
        day("run_date", "Eastern date on which the run was created."),
        string("run_id_dagster", "The run that the row tells of."),
        string("step", f"Step of the run, or {RUN!r} for the run itself."),
        string("state", "State that was come to.", allowed=tuple(RunState)),
        instant("at_utc", "When it was come to, by the machine's clock."),
        string("job", "Job of the run."),
        string("launched_by", "command, schedule, sensor, ui or backfill."),
        string("parent_run_id", "Run that this one re-executes.", nullable=True),
        day("first_slate", "First slate of the run; null for a run that has none.", nullable=True),
        day("last_slate", "Last slate of the run.", nullable=True),
        integer("slates", "Slates of the run.", ge=0),
        string("as_of_mode", "Tag of the run; null when it took the default.", nullable=True),
        number("seconds", "Time that the run or step took.", nullable=True, unit="s", ge=0),
        integer("rows", "Rows that the step wrote.", nullable=True, ge=0),
        integer("published", "Slates that the run published; of the run's own row.", nullable=True, ge=0),
        integer("held", "Slates that a check held back; of the run's own row.", nullable=True, ge=0),
        string("failure_class", "Class of the first failure.", nullable=True),
        string("error_summary", "What happened and what to do, shortened, without secrets.", nullable=True),
        string("missing", "Vendors that failed, each with its outcome.", nullable=True),
        string("code_version", "Version and source digest of nhl_ops.", nullable=True),
        string("model_version", "Model that the run projected with.", nullable=True),
    ),
    ("run_id_dagster", "step", "state", "at_utc"),
    partition_column="run_date",
)

FACT_ODDS_COVERAGE_DAILY = TableSpec(
    "fact_odds_coverage_daily",
    EVIDENCE,
    Kind.DERIVATION,
    "What was quoted: one row for the slate, one a vendor, one a vendor, book and market. A slate without quotes "
    "has its slate row all the same.",
    (
        day("game_date", "Slate."),
        string("level", "What the row counts over.", allowed=tuple(CoverageLevel)),
        string("source_vendor", "Vendor; empty for the slate."),
        string("book_name", "Book; empty but for a book and market."),
        string("market", "Market; empty but for a book and market.", allowed=("", *MARKETS)),
        integer("quotes", "Distinct quotes known at as-of.", ge=0),
        integer("quotes_mapped", "Of these with NHL player and game.", ge=0),
        integer("players", "Players quoted.", ge=0),
        integer("games_quoted", "Scheduled games with a mapped quote.", ge=0),
        integer("games_scheduled", "Games that stand.", ge=0),
        integer("captures", "Payloads that the slate read.", ge=0),
        number(
            "newest_quote_age_sec",
            "As-of minus the newest sighting of a quote; null without any.",
            nullable=True,
            unit="s",
        ),
    ),
    ("game_date", "level", "source_vendor", "book_name", "market"),
)

FACT_MAPPING_QUALITY_DAILY = TableSpec(
    "fact_mapping_quality_daily",
    EVIDENCE,
    Kind.DERIVATION,
    "How the quotes of a slate came to their NHL players and games: a row a vendor, subject, method and reason.",
    (
        day("game_date", "Slate."),
        string("source_vendor", "Vendor."),
        string("subject", "player or event.", allowed=tuple(MappingSubject)),
        string("method", "How it was resolved, or unresolved."),
        string("reason", "Why it was not resolved; empty when it was."),
        integer("quotes", "Distinct quotes.", ge=1),
        integer("names", "Distinct raw names of players, or vendor events.", ge=1),
        number("quotes_share", "Of the vendor's quotes of the slate.", ge=0, le=1),
        number("mean_score", "Mean mapping_score of the quotes.", nullable=True, ge=0, le=1),
    ),
    ("game_date", "source_vendor", "subject", "method", "reason"),
)

FACT_EV_SUMMARY_DAILY = TableSpec(
    "fact_ev_summary_daily",
    EVIDENCE,
    Kind.DERIVATION,
    "What was claimed and what came of it: EV against the consensus over the slate, by market, vendor, book and "
    "bucket of claimed EV. Realised figures are observed, never used to decide.",
    (
        day("game_date", "Slate."),
        string("level", "What the row counts over.", allowed=tuple(EvLevel)),
        string("name", "Market, vendor, book or bucket of claimed EV; empty for the slate."),
        integer("prices", "Prices that stand at as-of.", ge=0),
        integer("prices_with_ev", "Of these with a consensus to be judged by.", ge=0),
        integer("above_0_pct", "Of these above 0 % EV.", ge=0),
        integer("above_2_pct", "Above 2 %.", ge=0),
        integer("above_5_pct", "Above 5 %.", ge=0),
        number("mean_ev_pct", "Mean EV.", nullable=True, unit="%"),
        number("p05_ev_pct", "5th percentile.", nullable=True, unit="%"),
        number("p25_ev_pct", "25th percentile.", nullable=True, unit="%"),
        number("p50_ev_pct", "Median.", nullable=True, unit="%"),
        number("p75_ev_pct", "75th percentile.", nullable=True, unit="%"),
        number("p95_ev_pct", "95th percentile.", nullable=True, unit="%"),
        number("mean_ev_model_pct", "Mean EV against the model.", nullable=True, unit="%"),
        integer("best_bets", "Published best bets.", ge=0),
        number("best_bets_mean_ev_pct", "Their mean claimed EV.", nullable=True, unit="%"),
        integer("bets_settled", "Best bets won or lost.", ge=0),
        integer("bets_won", "Best bets won.", ge=0),
        number("bets_profit_units", "Profit of one unit on each settled best bet.", nullable=True),
        integer("prices_settled", "Prices with EV that were won or lost.", ge=0),
        number("settled_mean_ev_pct", "Mean claimed EV of these.", nullable=True, unit="%"),
        number("settled_profit_units", "Profit of one unit on each of these.", nullable=True),
    ),
    ("game_date", "level", "name"),
)

FACT_FORECAST_ACCURACY_DAILY = TableSpec(
    "fact_forecast_accuracy_daily",
    EVIDENCE,
    Kind.DERIVATION,
    "How good the published probabilities were, of everyone who played: by market and line, and by tenth of "
    "P(over) for the reliability curve. No row before the results are known.",
    (
        day("game_date", "Slate."),
        string("level", "What the row is of.", allowed=tuple(AccuracyLevel)),
        string("market", "Market.", allowed=MARKETS),
        number("line", "Line; of a bin -1.", ge=-1),
        integer("bin", "Tenth of P(over), 0 to 9; of a line -1.", ge=-1),
        integer("predictions", "Probabilities that were decided.", ge=1),
        chance("mean_p_over", "Mean P(over), pushes aside."),
        probability("over_rate", "Share that went over."),
        number("log_loss", "Mean log-loss.", ge=0),
        number("brier", "Mean squared error.", ge=0, le=1),
        integer("predictions_priced", "Of these with a market consensus.", ge=0),
        number("log_loss_priced", "Log-loss of the model on these.", nullable=True, ge=0),
        number("log_loss_consensus", "Log-loss of the consensus on these.", nullable=True, ge=0),
        string("model_version", "Model that the probabilities carry."),
    ),
    ("game_date", "level", "market", "line", "bin"),
    nulls=(
        NullRule(
            ("log_loss_priced", "log_loss_consensus"),
            "none is priced",
            lambda f: f["predictions_priced"] == 0,
        ),
    ),
)

DAILY_EVIDENCE = (
    FACT_ODDS_COVERAGE_DAILY,
    FACT_MAPPING_QUALITY_DAILY,
    FACT_EV_SUMMARY_DAILY,
    FACT_FORECAST_ACCURACY_DAILY,
)
FIGURE = {
    FACT_ODDS_COVERAGE_DAILY.name: (MAPPING_REVIEW.name, "odds_coverage"),
    FACT_MAPPING_QUALITY_DAILY.name: (MAPPING_REVIEW.name, "mapping_quality"),
    FACT_EV_SUMMARY_DAILY.name: (REPORT_DAILY.name, "ev_summary"),
    FACT_FORECAST_ACCURACY_DAILY.name: (FACT_PROP_SETTLEMENTS.name, "forecast_accuracy"),
}
"""By table: the asset whose materialization carries its rows, and under which name."""
