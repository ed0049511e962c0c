"""From parsed game lines to facts: every distinct line of a slate once, with its game, all rows accounted for.

A slate reads the payloads that were first captured on its own Eastern date or up to `lookback_days` before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from nhl_ops.contracts.encoding import numbered
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.domain.teams import tri_code
from nhl_ops.transforms.accounting import PAYLOAD, accounted, is_read, last_seen_on_slate, without_existing
from nhl_ops.transforms.identity import map_events

LINE = ["game_date", "line_id"]
KEY_TYPES = {"game_date": "object", "line_id": "object", "game_id_nhl": "Int64"}
FACT_KEY = list(KEY_TYPES)
BY_ID, BY_TEAMS, UNRESOLVED = "game_id", "date_and_teams", "unresolved"


@dataclass(frozen=True)
class LineCaptures:
    """What was captured for a set of slates.

    lines: RAW_GAME_LINES of the capture dates of the slates. sightings: RAW_ODDS_SIGHTINGS rows of the
    payloads' vendors, the NHL's included. quarantined: source_vendor, payload_hash, capture_date,
    captured_at_utc and the number of prices that went to the dead letters (a payload may have no others).
    """

    lines: pd.DataFrame
    sightings: pd.DataFrame
    quarantined: pd.DataFrame


def normalize(
    captures: LineCaptures,
    games: pd.DataFrame,
    slates: list[str],
    lookback_days: int,
    existing_keys: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """New FACT_GAME_ODDS rows and the FACT_GAME_ODDS_ACCOUNTING of the slates (ISO dates).

    games: DIM_GAMES. existing_keys: FACT_KEY of the stored facts; those rows are not written again. The first row
    of a line in the order of capture is accepted, each later one is a duplicate of the payload that repeats it.
    The accounting follows from the captures alone. A line that cannot be mapped is a fact all the same.
    """
    lines = captures.lines.sort_values(["captured_at_utc", *PAYLOAD, "row_number"], ignore_index=True)
    in_time = is_read(lines["capture_date"], lines["game_date"], lookback_days)
    own = lines[lines["game_date"].isin(slates) & in_time]
    own = own.assign(accepted=~own.duplicated(LINE), duplicate=own.duplicated(LINE))
    mapped = map_games(own[own["accepted"]], games)
    has_game = mapped["game_id_nhl"].notna().reindex(own.index, fill_value=False)
    own = own.assign(mapped=has_game)
    accounting = accounted(lines, captures.quarantined, own, slates, lookback_days)
    last_seen = last_seen_on_slate(own, lines, captures.sightings, numbered(own, LINE))
    seen = mapped.assign(last_seen_at_utc=last_seen.array).dropna(subset="last_seen_at_utc")
    facts = FACT_GAME_ODDS.conform(seen.reset_index(drop=True))
    return without_existing(facts, existing_keys, KEY_TYPES), FACT_GAME_ODDS_ACCOUNTING.conform(accounting)


def map_games(lines: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """The lines with game_id_nhl, mapping_method and mapping_reason.

    A line that carries the NHL's game id has that game if it is one of its date between those teams; any
    other is matched by Eastern date, away and home team (`identity.map_events`).
    """
    by_teams = map_events(lines, games)
    reasons = pd.Series(_id_reasons(lines, games), index=lines.index, dtype="object")
    has_id = lines["game_id_sent"].notna()
    game_id = lines["game_id_sent"].mask(reasons.notna()).where(has_id, by_teams["game_id_nhl"])
    method = pd.Series(BY_TEAMS, index=lines.index, dtype="object").mask(has_id, BY_ID)
    return lines.assign(
        game_id_nhl=game_id.astype("Int64"),
        mapping_method=method.mask(game_id.isna(), UNRESOLVED),
        mapping_reason=reasons.where(has_id, by_teams["event_reason"]),
    )


def _id_reasons(lines: pd.DataFrame, games: pd.DataFrame) -> list[str | None]:
    """Why the game id that was sent does not count; None where it does, or where none was sent."""
    columns = (lines[c].tolist() for c in ("game_id_sent", "game_date", "away_team_raw", "home_team_raw"))
    verdicts: dict[tuple[object, ...], str | None] = {}
    reasons: list[str | None] = []
    for game_id, game_date, away, home in zip(*columns, strict=True):
        row = (game_id, game_date, away, home)
        if not pd.isna(game_id) and row not in verdicts:
            verdicts[row] = _id_reason(int(game_id), game_date, away, home, games)
        reasons.append(None if pd.isna(game_id) else verdicts[row])
    return reasons


def _id_reason(game_id: int, game_date: str, away: str, home: str, games: pd.DataFrame) -> str | None:
    is_it = (games["game_id_nhl"] == game_id) & (games["game_date"] == game_date)
    fixture = next(games.loc[is_it, ["away_team", "home_team"]].itertuples(index=False, name=None), None)
    if fixture is None:
        return f"game {game_id} is not on the schedule of {game_date}"
    on = date.fromisoformat(game_date)
    sent = (tri_code(away, on) or away, tri_code(home, on) or home)
    if sent == fixture:
        return None
    return f"game {game_id} is {fixture[0]} at {fixture[1]}, but was sent as {sent[0]} at {sent[1]}"
