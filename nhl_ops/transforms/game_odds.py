"""From parsed game lines to facts: every distinct line of a slate once, with its game, all rows accounted for.

A slate reads the payloads that were first captured on its own Eastern date or up to `lookback_days` before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.domain.teams import tri_code
from nhl_ops.transforms.identity import map_events
from nhl_ops.transforms.sightings import end_of_slate, last_sighting
from nhl_ops.transforms.walk_forward import days

PAYLOAD = ["source_vendor", "payload_hash"]
LINE = ["game_date", "line_id"]
FACT_KEY = ["game_date", "line_id", "game_id_nhl"]
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
    is_read = _is_read(lines["capture_date"], lines["game_date"], lookback_days)
    own = lines[lines["game_date"].isin(slates) & is_read]
    own = own.assign(accepted=~own.duplicated(LINE), duplicate=own.duplicated(LINE))
    mapped = map_games(own[own["accepted"]], games)
    has_game = mapped["game_id_nhl"].notna().reindex(own.index, fill_value=False)
    accounting = _accounting(captures, lines, own.assign(mapped=has_game), slates, lookback_days)
    facts = FACT_GAME_ODDS.conform(mapped.merge(_last_seen(own, captures), on=LINE))
    return _without_existing(facts, existing_keys), accounting


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


def _is_read(capture_date: pd.Series[str], game_date: pd.Series[str], lookback_days: int) -> pd.Series[bool]:
    before = days(game_date) - days(capture_date)
    return pd.Series((before >= 0) & (before <= lookback_days), index=game_date.index)


def _accounting(
    captures: LineCaptures, lines: pd.DataFrame, own: pd.DataFrame, slates: list[str], lookback_days: int
) -> pd.DataFrame:
    """A row for every payload and slate that reads it; own: lines of the slates with flags to be counted."""
    origin = [*PAYLOAD, "capture_date", "captured_at_utc"]
    parsed = lines.groupby(origin).size().reset_index(name="parsed")
    rows = pd.concat([parsed, captures.quarantined[[*origin, "quarantined"]]], ignore_index=True)
    payloads = rows.groupby(PAYLOAD, as_index=False).agg(
        capture_date=("capture_date", "min"),
        captured_at_utc=("captured_at_utc", "min"),
        parsed=("parsed", "sum"),
        quarantined=("quarantined", "sum"),
    )
    pairs = payloads.merge(pd.DataFrame({"game_date": slates}), how="cross")
    pairs = pairs[_is_read(pairs["capture_date"], pairs["game_date"], lookback_days)]
    counts = own.groupby(["game_date", *PAYLOAD])[["accepted", "duplicate", "mapped"]].sum().astype("int64")
    pairs = pairs.merge(counts.reset_index(), on=["game_date", *PAYLOAD], how="left")
    pairs = pairs.fillna({"accepted": 0, "duplicate": 0, "mapped": 0})
    pairs = pairs.assign(
        seen=pairs["parsed"] + pairs["quarantined"],
        other_slate=pairs["parsed"] - pairs["accepted"] - pairs["duplicate"],
    )
    ordered = pairs.sort_values(["game_date", "captured_at_utc", *PAYLOAD], ignore_index=True)
    return FACT_GAME_ODDS_ACCOUNTING.conform(ordered)


def _last_seen(own: pd.DataFrame, captures: LineCaptures) -> pd.DataFrame:
    """game_date, line_id, last_seen_at_utc: the last sighting until the end of the Eastern day."""
    carried = own[["game_date", *PAYLOAD]].drop_duplicates()
    carried["limit_utc"] = end_of_slate(carried["game_date"])
    carried = last_sighting(carried, captures.lines, captures.sightings)
    seen = own[[*LINE, *PAYLOAD]].merge(carried, on=["game_date", *PAYLOAD])
    return seen.groupby(LINE)["sighted_at_utc"].max().reset_index(name="last_seen_at_utc")


def _without_existing(facts: pd.DataFrame, existing_keys: pd.DataFrame) -> pd.DataFrame:
    key = dict(zip(FACT_KEY, ("object", "object", "Int64"), strict=True))
    marked = facts[FACT_KEY].merge(
        existing_keys[FACT_KEY].astype(key).drop_duplicates(), on=FACT_KEY, how="left", indicator=True
    )
    return facts[(marked["_merge"] == "left_only").to_numpy()].reset_index(drop=True)
