"""Who the players are and which team they belonged to on a date, without knowing what came later."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from nhl_ops.league.dataset import PLAYER_COLUMNS, ROSTER_COLUMNS, SCRATCH_COLUMNS
from nhl_ops.league.recorded.files import read_tables

FILE_FITS = 0.9
"""Share of a season's player-team pairs that its own file holds at least; another season's holds some 0.7."""

_ROSTER = ["player_id", "first_name", "last_name", "team_abbr", "position_code", "sweater_number", "season"]


def read_season_rosters(folder: Path) -> pd.DataFrame:
    """Rows a player, team and season label, which is a season's first or last year, file by file."""
    frame = read_tables(folder, "stats/rosters_by_season*.parquet", _ROSTER)
    return frame.rename(columns={"team_abbr": "team", "position_code": "position", "season": "label"})


def read_scratches(folder: Path, games: pd.DataFrame) -> pd.DataFrame:
    """Raw scratches of these games with both teams, date and season. The player's team is not recorded."""
    raw = read_tables(folder, "stats/scratches_*.parquet", ["id", "firstName", "lastName", "game_id"])
    raw = raw.set_axis(["player_id", "first_name", "last_name", "game_id"], axis=1)
    raw = raw.astype({"player_id": "int64", "game_id": "int64"})
    known = games[["game_id", "game_date", "season", "home", "away"]]
    return raw.drop_duplicates(["game_id", "player_id"]).merge(known, on="game_id")


def load_players(skaters: pd.DataFrame, goalies: pd.DataFrame, rosters: pd.DataFrame) -> pd.DataFrame:
    """Players in `PLAYER_COLUMNS`, the latest word wins; birth dates are not recorded, so they are null."""
    listed = rosters.sort_values("label", kind="stable").drop_duplicates("player_id", keep="last")
    listed = listed.set_index("player_id")[["first_name", "last_name", "position", "sweater_number"]]
    played = pd.concat([skaters, goalies.assign(position="G", sweater_number=None)], ignore_index=True)
    played = played.sort_values("game_date", kind="stable").drop_duplicates("player_id", keep="last")
    names = played["full_name"].str.split(" ", n=1, expand=True).reindex(columns=[0, 1]).to_numpy()
    appeared = pd.DataFrame(
        {
            "first_name": names[:, 0],
            "last_name": np.where(pd.isna(names[:, 1]), names[:, 0], names[:, 1]),
            "position": played["position"].to_numpy(),
            "sweater_number": played["sweater_number"].astype("Int64").to_numpy(),
        },
        index=pd.Index(played["player_id"].astype("int64"), name="player_id"),
    )
    people = appeared.combine_first(listed.astype({"sweater_number": "Int64"}))
    for part in ("first_name", "last_name"):
        people[part] = listed[part].reindex(people.index).fillna(people[part])
    people["sweater_number"] = people["sweater_number"].astype("Int64")
    return people.assign(birth_date=None).sort_index().reset_index()[PLAYER_COLUMNS]


def scratches_with_teams(
    scratches: pd.DataFrame, appearances: pd.DataFrame, rosters: pd.DataFrame
) -> pd.DataFrame:
    """Scratches in `SCRATCH_COLUMNS` plus game_date and season.

    The team is the one of both that he last appeared for, else will appear for next, else stands on the file
    for; a scratch that none of these places is left out.
    """
    left = scratches.assign(day=pd.to_datetime(scratches["game_date"])).sort_values("day")
    seen = appearances.assign(day=pd.to_datetime(appearances["game_date"])).sort_values("day")
    guesses = [
        pd.merge_asof(
            left, seen[["player_id", "day", "team"]], on="day", by="player_id", direction=way
        ).set_axis(left.index)["team"]
        for way in ("backward", "forward")
    ]
    on_file = rosters.drop_duplicates(["player_id", "team"])[["player_id", "team"]]
    guesses += [_on_file(left, on_file, side) for side in ("home", "away")]
    team = pd.Series(None, index=left.index, dtype="object")
    for guess in guesses:
        team = team.fillna(guess.where((guess == left["home"]) | (guess == left["away"])))
    placed = left.assign(team=team).dropna(subset=["team"]).sort_values(["game_id", "player_id"])
    return placed[[*SCRATCH_COLUMNS, "game_date", "season"]].reset_index(drop=True)


def _on_file(scratches: pd.DataFrame, on_file: pd.DataFrame, side: str) -> pd.Series:
    """The team on that side of the game where the player is on its file, null elsewhere."""
    keys = pd.MultiIndex.from_frame(scratches[["player_id", side]])
    return scratches[side].where(keys.isin(pd.MultiIndex.from_frame(on_file)))


def load_rosters(appearances: pd.DataFrame, rosters: pd.DataFrame, seasons: Sequence[int]) -> pd.DataFrame:
    """Rosters in `ROSTER_COLUMNS`, season by season from 1 July to 30 June.

    A player belongs to the team that he last appeared (or was scratched) for, from that game's date on.
    Before his first appearance of a season he belongs to the team that the season's file gives, and if it
    gives several to the one he appears for first: a later trade does not show. Without a file for a season
    the team of the season before holds. Who is on no file joins on the date of his first game, as a call-up.
    """
    parts, before = [], pd.Series(dtype="object")
    for season in seasons:
        seen = appearances.loc[appearances["season"] == season].sort_values("game_date", kind="stable")
        listed = _listed(seen, rosters, season, before)
        spells = _season_spells(seen, listed, season)
        before = spells.sort_values("from_date", kind="stable").groupby("player_id")["team"].last()
        parts.append(spells)
    whole = pd.concat(parts, ignore_index=True).sort_values(["from_date", "team", "player_id"])
    return whole[ROSTER_COLUMNS].reset_index(drop=True)


def _listed(seen: pd.DataFrame, rosters: pd.DataFrame, season: int, before: pd.Series) -> pd.Series:
    """Team at the start of the season by player, from the label that fits the season's appearances; where none
    does, from the season before."""
    pairs = pd.MultiIndex.from_frame(seen[["player_id", "team"]].drop_duplicates())
    fits = {
        label: pairs.isin(pd.MultiIndex.from_frame(rows[["player_id", "team"]])).mean() if len(pairs) else 0.0
        for label, rows in rosters.groupby("label")
        if label in (season // 10_000, season % 10_000)
    }
    best = max(fits, key=lambda label: (fits[label], label), default=None)
    if best is None or fits[best] < FILE_FITS:
        return before
    rows = rosters.loc[rosters["label"] == best]
    first = seen.drop_duplicates("player_id").set_index("player_id")["team"]
    rank = (rows["team"].to_numpy() != first.reindex(rows["player_id"]).to_numpy()) * 2
    rank = rank + (rows["team"].to_numpy() != before.reindex(rows["player_id"]).to_numpy())
    ordered = rows.assign(rank=rank).sort_values("rank", kind="stable").drop_duplicates("player_id")
    return ordered.set_index("player_id")["team"]


def _season_spells(seen: pd.DataFrame, listed: pd.Series, season: int) -> pd.DataFrame:
    """Memberships of one season: the listed team, then a spell a run of appearances for one team."""
    opening = pd.DataFrame(
        {"player_id": listed.index, "team": listed.to_numpy(), "from_date": f"{season // 10_000}-07-01"}
    )
    appeared = seen.rename(columns={"game_date": "from_date"})[["player_id", "team", "from_date"]]
    runs = pd.concat([opening, appeared], ignore_index=True)
    runs = runs.sort_values(["player_id", "from_date"], kind="stable")
    same = (runs["player_id"] == runs["player_id"].shift()) & (runs["team"] == runs["team"].shift())
    runs = runs.loc[~same].drop_duplicates(["player_id", "from_date"], keep="last")
    following = runs.groupby("player_id")["from_date"].shift(-1)
    ends = (pd.to_datetime(following) - pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    return runs.assign(to_date=ends.fillna(f"{season % 10_000}-06-30"))
