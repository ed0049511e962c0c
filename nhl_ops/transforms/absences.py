"""Why there are no prices, of a slate and of a game: the one place that tells the kinds of nothing apart."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.domain.vendors import PARTIAL_BOARD
from nhl_ops.transforms.sightings import BOARD_OUTCOMES, newest_mapping

Reason = tuple[SlateOutcome, str]
ABSENCE = ["game_date", "game_id_nhl", "home_team", "away_team", "outcome", "reason"]


def last_answers(slate: str, sightings: pd.DataFrame) -> pd.DataFrame:
    """The last RAW_ODDS_SIGHTINGS row of each vendor on the slate's date, with has_failed."""
    asked = sightings[sightings["capture_date"] == slate]
    has_failed = ~asked["outcome"].isin([*BOARD_OUTCOMES, PARTIAL_BOARD])
    asked = asked.assign(has_failed=has_failed).sort_values(["captured_at_utc", "has_failed"])
    return asked.drop_duplicates("source_vendor", keep="last").sort_values("source_vendor")


def failures_of(answers: pd.DataFrame) -> str:
    """The vendors of `last_answers` that failed, in words; empty when none did."""
    return "; ".join(
        f"{row.source_vendor}: {row.outcome}" + (f" ({row.error})" if isinstance(row.error, str) else "")
        for row in answers[answers["has_failed"]].itertuples(index=False)
    )


def why_no_prices(slate: str, answers: pd.DataFrame) -> Reason:
    """The kind of nothing, and a sentence. answers: `last_answers` of the slate."""
    failed, failures = answers[answers["has_failed"]], failures_of(answers)
    if answers.empty:
        return (
            SlateOutcome.NO_HISTORY,
            f"No odds endpoint was asked on {slate}, and none serves that day now.",
        )
    if len(failed) < len(answers):
        return SlateOutcome.NOT_OFFERED, " ".join(
            [
                "The vendors answered and offer no player props yet.",
                *([f"Failed: {failures}."] if failures else []),
            ]
        )
    is_down = (failed["outcome"] == SlateOutcome.VENDOR_DOWN).any()
    return SlateOutcome.VENDOR_DOWN if is_down else SlateOutcome.REJECTED, f"No vendor answered: {failures}."


def games_without_prices(
    games: pd.DataFrame, facts: pd.DataFrame, sightings: pd.DataFrame, accounting: pd.DataFrame
) -> pd.DataFrame:
    """ABSENCE of each playable game without a mapped price: its kind of nothing, null where nothing explains it.

    games: DIM_GAMES. facts: FACT_PROP_ODDS with created_at_utc, of which the
    ids of quote, game and player are read. sightings: RAW_ODDS_SIGHTINGS. accounting:
    FACT_ODDS_ACCOUNTING of the slates.
    """
    bare = games[games["is_playable"] & ~games["game_id_nhl"].isin(facts["game_id_nhl"].dropna())]
    rows = [
        (*row, *said)
        for slate, group in bare.groupby("game_date")
        for said in [_why(str(slate), facts, sightings, accounting)]
        for row in group[ABSENCE[:4]].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=ABSENCE, dtype=object)


def _why(
    slate: str, facts: pd.DataFrame, sightings: pd.DataFrame, accounting: pd.DataFrame
) -> tuple[SlateOutcome | None, str]:
    unexplained = next(_unexplained(slate, facts, accounting), None)
    return (None, unexplained) if unexplained else why_no_prices(slate, last_answers(slate, sightings))


def _unexplained(slate: str, facts: pd.DataFrame, accounting: pd.DataFrame) -> Iterator[str]:
    """Signs that prices came and were lost on the way."""
    quotes = facts[facts["game_date"] == slate]
    accepted = int(accounting.loc[accounting["game_date"] == slate, "accepted"].sum())
    if accepted and quotes.empty:
        yield f"{accepted} quotes were accepted and none is there"
    lost = newest_mapping(quotes)["game_id_nhl"].isna().sum()
    if lost:
        yield f"{lost} quotes of the slate found no game, and this one has none"
