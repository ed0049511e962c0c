"""Why there are no prices, of a slate and of a game: the one place that tells the kinds of nothing apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from nhl_ops.domain.slates import EASTERN, SlateOutcome
from nhl_ops.domain.teams import tri_code
from nhl_ops.domain.vendors import PARTIAL_BOARD
from nhl_ops.transforms.sightings import BOARD_OUTCOMES, known_facts

Reason = tuple[SlateOutcome, str]
Unasked = Mapping[str, Collection[str]]
"""By slate (ISO date): the enabled vendors that could be asked for it and never were."""

EVENT = ["game_date", "home_team_raw", "away_team_raw"]
ABSENCE = ["game_date", "game_id_nhl", "home_team", "away_team", "outcome", "reason"]
UNEXPLAINED = frozenset({None, SlateOutcome.NOT_ASKED})
"""Outcomes of ABSENCE that excuse nothing."""


def slate_outcome(
    slate: str, games: pd.DataFrame, quotes: int, sightings: pd.DataFrame, unasked: Collection[str]
) -> tuple[SlateOutcome, str | None]:
    """What the slate came to before anything stopped it, and a sentence where there is something to say.

    games: its rows of DIM_GAMES. quotes: its quotes that were known at as-of. sightings: RAW_ODDS_SIGHTINGS.
    unasked: vendors that could be asked for it and never were.
    """
    playable = games[games["is_playable"]]
    if playable.empty:
        odd = f", although vendors offer {quotes} quotes" if quotes else ""
        return SlateOutcome.NO_GAMES, f"No game is scheduled for {slate}{odd}."
    asked = sightings[sightings["capture_date"] == slate]
    limit = playable["as_of_ts_utc"].max()
    if quotes:
        failures = failures_of(last_answers(asked, limit))
        return SlateOutcome.OK, f"The last answer of a vendor failed: {failures}." if failures else None
    return why_no_prices(slate, asked, limit, unasked)


def last_answers(asked: pd.DataFrame, limit: pd.Timestamp) -> pd.DataFrame:
    """The last of the RAW_ODDS_SIGHTINGS rows of each vendor that were known by the limit, with has_failed."""
    known = asked[asked["captured_at_utc"] <= limit]
    has_failed = ~known["outcome"].isin([*BOARD_OUTCOMES, PARTIAL_BOARD])
    known = known.assign(has_failed=has_failed).sort_values(["captured_at_utc", "has_failed"])
    return known.drop_duplicates("source_vendor", keep="last").sort_values("source_vendor")


def failures_of(answers: pd.DataFrame) -> str:
    """The vendors of `last_answers` that failed, in words; empty when none did."""
    return "; ".join(
        f"{row.source_vendor}: {row.outcome}" + (f" ({row.error})" if isinstance(row.error, str) else "")
        for row in answers[answers["has_failed"]].itertuples(index=False)
    )


def why_no_prices(slate: str, asked: pd.DataFrame, limit: pd.Timestamp, unasked: Collection[str]) -> Reason:
    """The kind of nothing at the limit, and a sentence. asked: the RAW_ODDS_SIGHTINGS of the slate's date.

    A vendor that could have been asked and was not explains nothing, whatever the others said.
    """
    answers = last_answers(asked, limit)
    failed, failures = answers[answers["has_failed"]], failures_of(answers)
    if unasked:
        return SlateOutcome.NOT_ASKED, (
            f"{', '.join(sorted(unasked))} could be asked for {slate} and never was: "
            f"run `nhl-ops run-daily --date {slate} --all`."
        )
    if answers.empty:
        moment = f"{limit.tz_convert(EASTERN):%Y-%m-%d %H:%M} Eastern"
        return (
            SlateOutcome.NO_HISTORY,
            f"No odds endpoint was asked for {slate} by {moment}, and none serves that moment now.",
        )
    if len(failed) < len(answers):
        missing = f" Failed: {failures}." if failures else ""
        return SlateOutcome.NOT_OFFERED, f"The vendors answered and offer no player props yet.{missing}"
    is_down = (failed["outcome"] == SlateOutcome.VENDOR_DOWN).any()
    return SlateOutcome.VENDOR_DOWN if is_down else SlateOutcome.REJECTED, f"No vendor answered: {failures}."


def games_without_prices(
    games: pd.DataFrame,
    facts: pd.DataFrame,
    sightings: pd.DataFrame,
    accounting: pd.DataFrame,
    unasked: Unasked,
) -> pd.DataFrame:
    """ABSENCE of each playable game without a mapped price from before its as-of and its start.

    outcome: its kind of nothing, null where a price was lost on the way. games: DIM_GAMES. facts: FACT_PROP_ODDS with
    created_at_utc, of which the ids of quote, game and player, the capture and the raw teams are read. sightings:
    RAW_ODDS_SIGHTINGS. accounting: FACT_ODDS_ACCOUNTING of the slates.
    """
    limits = games["as_of_ts_utc"].where(
        games["as_of_ts_utc"] < games["start_time_utc"], games["start_time_utc"]
    )
    known = known_facts(facts, games.assign(as_of_ts_utc=limits))
    bare = games.assign(limit_utc=limits)[
        games["is_playable"] & ~games["game_id_nhl"].isin(known["game_id_nhl"].dropna())
    ]
    rows: list[tuple[object, ...]] = []
    for key, group in bare.groupby("game_date"):
        slate = str(key)
        lost = _accepted_and_gone(
            facts[facts["game_date"] == slate], accounting[accounting["game_date"] == slate]
        )
        homeless = _homeless(known[known["game_date"] == slate])
        asked = sightings[sightings["capture_date"] == slate]
        for row, limit in zip(group[ABSENCE[:4]].itertuples(index=False), group["limit_utc"], strict=True):
            sign = lost or _sign_of_loss({str(row.home_team), str(row.away_team)}, homeless)
            kind = (None, sign) if sign else why_no_prices(slate, asked, limit, unasked.get(slate, ()))
            rows.append((*row, *kind))
    return pd.DataFrame(rows, columns=ABSENCE, dtype=object)


def _accepted_and_gone(facts: pd.DataFrame, accounting: pd.DataFrame) -> str | None:
    accepted = int(accounting["accepted"].sum())
    return f"{accepted} quotes were accepted and none is there" if accepted and facts.empty else None


def _homeless(quotes: pd.DataFrame) -> list[tuple[frozenset[str], int]]:
    """Of each event that found no game: the teams that it names, and its quotes."""
    events = quotes[quotes["game_id_nhl"].isna()].groupby(EVENT, dropna=False).size()
    named = [frozenset(filter(None, (_team(text, day) for text in raw))) for day, *raw in events.index]
    return [(teams, int(n)) for teams, n in zip(named, events, strict=True)]


def _sign_of_loss(teams: set[str], homeless: list[tuple[frozenset[str], int]]) -> str | None:
    """A quote without a game may be of this one if its event names one of the teams, or no team; None for none."""
    lost = sum(n for named, n in homeless if not named or named & teams)
    return f"{lost} quotes of the slate found no game, and this one has none" if lost else None


def _team(spelling: object, day: str) -> str | None:
    return tri_code(spelling, date.fromisoformat(day)) if isinstance(spelling, str) else None
