"""Results: boxscores completed by the stats reports, and when each version of a row counts as known."""

from __future__ import annotations

import pandas as pd

from nhl_ops.domain.slates import result_known_at

PLAYER_GAME = ["game_id_nhl", "player_id_nhl"]
ONLY_IN_REPORTS = ["player_name", "power_play_points", "power_play_toi_sec"]


def complete(boxscores: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Rows of the boxscores with full names and power-play figures of the reports; games that only the reports
    have are taken from there. Both frames have the columns of a fact table.
    """
    shared = [c for c in ONLY_IN_REPORTS if c in boxscores.columns]
    newest = reports.drop_duplicates(PLAYER_GAME, keep="last")
    extra = boxscores[PLAYER_GAME].merge(newest[[*PLAYER_GAME, *shared]], on=PLAYER_GAME, how="left")
    filled = boxscores.assign(
        **{
            c: extra[c].astype(boxscores[c].dtype).set_axis(boxscores.index).fillna(boxscores[c])
            for c in shared
        }
    )
    missing = reports[~reports["game_id_nhl"].isin(boxscores["game_id_nhl"])]
    return pd.concat([f for f in (filled, missing) if len(f)] or [filled], ignore_index=True)


def with_known_at(
    rows: pd.DataFrame, stored: pd.DataFrame, starts: pd.Series[pd.Timestamp], entity: list[str]
) -> pd.DataFrame:
    """The rows with known_at_utc: an entity's first version three hours after the (nominal) end of its game, each
    later one from its own capture. `stored` holds the entities that have a version already; `starts` the start by
    game id. A game without a known start is known from its capture.
    """
    ordered = rows.sort_values("captured_at_utc", kind="stable")
    known = pd.MultiIndex.from_frame(stored[entity])
    is_later = ordered.duplicated(entity) | pd.MultiIndex.from_frame(ordered[entity]).isin(known)
    first_known = ordered["game_id_nhl"].map(starts.map(result_known_at)).astype("datetime64[us, UTC]")
    known_at = first_known.where(~is_later & first_known.notna(), ordered["captured_at_utc"])
    return ordered.assign(known_at_utc=known_at)


def of_players_who_played(
    probabilities: pd.DataFrame, skaters: pd.DataFrame, goalies: pd.DataFrame
) -> pd.DataFrame:
    """game_id, player_id, market, line, p_over of skaters with ice time and goalies who started.

    probabilities: SINGLE_GAME_PROP_PROBABILITIES; skaters, goalies: the fact tables, every version. Whole lines
    are left out: they have pushes.
    """
    starters = goalies[goalies["is_starter"]]
    played = pd.concat([skaters[PLAYER_GAME], starters[PLAYER_GAME]]).drop_duplicates()
    rows = probabilities.merge(played, on=PLAYER_GAME)
    rows = rows[rows["line"] % 1 == 0.5].rename(
        columns={"game_id_nhl": "game_id", "player_id_nhl": "player_id"}
    )
    return rows[["game_id", "player_id", "market", "line", "p_over"]].reset_index(drop=True)
