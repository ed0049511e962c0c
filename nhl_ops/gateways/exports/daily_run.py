"""`daily_run_<date>.md`: what a run did, step by step, and what to do next where it failed."""

from pathlib import Path

import pandas as pd

from nhl_ops.domain.run_summary import BestBet, RunStatus, RunSummary
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.exports.markdown import code, write_markdown
from nhl_ops.gateways.exports.wording import long_date, moment, plural, seconds

STATUS_SENTENCES = {
    RunStatus.SUCCEEDED: "Everything that was asked for succeeded.",
    RunStatus.DEGRADED: "Part of it failed; the rest is published.",
    RunStatus.FAILED: "The run failed. What was published before still stands.",
    RunStatus.SKIPPED: "No step was asked for, so nothing ran.",
}
MODE_WORDS = {
    AsOfMode.LIVE: "live: what is known now",
    AsOfMode.PRETIP: "pretip: what was known at each game's start",
    AsOfMode.MORNING: "morning: what was known at 10:00 AM ET",
}


def write_daily_run(path: Path, run: RunSummary) -> Path:
    """Write the record of one run, failed and skipped ones too."""
    view = {
        "run": run,
        "slates": slates_title(run),
        "facts": fact_rows(run),
        "status_sentence": STATUS_SENTENCES[run.status],
        "checks": sorted(run.checks, key=lambda c: (c.passed, c.severity, c.name)),
    }
    return write_markdown(path, "daily_run", view)


def slates_title(run: RunSummary) -> str:
    if not run.slates:
        return "no slate"
    first, last = min(run.slates), max(run.slates)
    return long_date(first) if first == last else f"{first} to {last}, {plural(len(run.slates), 'slate')}"


def fact_rows(run: RunSummary) -> list[dict[str, str]]:
    facts = {
        "As of": MODE_WORDS[run.as_of_mode],
        "Started": moment(run.started_at_utc),
        "Took": seconds(run.seconds),
        "Exit code": str(run.exit_code),
        "Model": code(run.model_version),
        "Run": code(run.run_id),
    }
    return [{"what": what, "value": value} for what, value in facts.items()]


def best_bet_lines(best_bets: pd.DataFrame, count: int = 5) -> tuple[BestBet, ...]:
    """The first `count` bets by rank as values for a `RunSummary`, from rows of ev_multi_book_best_bets."""
    columns = list(BestBet.__dataclass_fields__)
    rows = best_bets.sort_values("rank").head(count)[columns].to_dict("records")
    return tuple(
        BestBet(**row | {"ev_model_pct": None if pd.isna(row["ev_model_pct"]) else row["ev_model_pct"]})
        for row in rows
    )
