"""Why there are no prices, of a slate and of a game: the one place that tells the kinds of nothing apart."""

from __future__ import annotations

from datetime import date

import pandas as pd

from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.domain.teams import tri_code
from nhl_ops.domain.vendors import PARTIAL_BOARD
from nhl_ops.transforms.sightings import BOARD_OUTCOMES, newest_mapping

Reason = tuple[SlateOutcome, str]
EVENT = ["game_date", "home_team_raw", "away_team_raw"]
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
    ids of quote, game and player and the raw teams are read. sightings: RAW_ODDS_SIGHTINGS. accounting:
    FACT_ODDS_ACCOUNTING of the slates.
    """
    bare = games[games["is_playable"] & ~games["game_id_nhl"].isin(facts["game_id_nhl"].dropna())]
    rows: list[tuple[object, ...]] = []
    for slate, group in bare.groupby("game_date"):
        quotes = facts[facts["game_date"] == slate]
        accepted = int(accounting.loc[accounting["game_date"] == slate, "accepted"].sum())
        kind = why_no_prices(str(slate), last_answers(str(slate), sightings))
        for row in group[ABSENCE[:4]].itertuples(index=False):
            lost = _lost_on_the_way({str(row.home_team), str(row.away_team)}, quotes, accepted)
            rows.append((*row, *((None, lost) if lost else kind)))
    return pd.DataFrame(rows, columns=ABSENCE, dtype=object)


def _lost_on_the_way(teams: set[str], quotes: pd.DataFrame, accepted: int) -> str | None:
    """A sign that prices of a game came and were lost; None for none.

    quotes: facts of the slate. A quote without a game is a sign if its event names one of the teams, or no team.
    """
    if accepted and quotes.empty:
        return f"{accepted} quotes were accepted and none is there"
    newest = newest_mapping(quotes)
    events = newest[newest["game_id_nhl"].isna()].groupby(EVENT, dropna=False).size()
    named = ({_team(text, day) for text in raw} - {None} for day, *raw in events.index)
    lost = sum(int(n) for n, known in zip(events, named, strict=True) if not known or known & teams)
    return f"{lost} quotes of the slate found no game, and this one has none" if lost else None


def _team(spelling: object, day: str) -> str | None:
    return tri_code(spelling, date.fromisoformat(day)) if isinstance(spelling, str) else None
