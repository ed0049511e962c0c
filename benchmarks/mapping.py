"""`python -m benchmarks.mapping FOLDER`: how many names and events of recorded prices are mapped, and how many right.

The folder has the layout of a recorded league. The source's own ids of games and players are left out of what is
mapped and are the truth that it is compared with, after `recorded_corrections.csv`: the source's wrong rows, each
with its reason. Counted are prices of players who played.
"""

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.defs.aliases import read_aliases
from nhl_ops.domain.identity import name_key
from nhl_ops.gateways.file_drop import FileDropVendor
from nhl_ops.gateways.file_drop_inbox import PAGE
from nhl_ops.gateways.file_drop_pages import open_drop
from nhl_ops.gateways.vendor import Payload
from nhl_ops.league.recorded.load import load_recorded
from nhl_ops.transforms.identity import map_quotes

CONFIG = Path(__file__).parents[1] / "config"
CORRECTIONS = Path(__file__).with_name("recorded_corrections.csv")
PRICES, DROPS = "odds/player_props_*.parquet", "odds/raw_csv/*.csv*"
SHOWN = 12
OFFER = ["player_name_raw", "market", "line", "book_name", "seen_at", "stated_date"]


@dataclass(frozen=True)
class Recorded:
    """A recorded folder as what prices are mapped to. appearances: game_id_nhl and player_id of who played."""

    folder: Path
    games: pd.DataFrame
    players: pd.DataFrame
    appearances: pd.DataFrame

    @cached_property
    def prices(self) -> pd.DataFrame:
        """Every recorded price with the source's own ids: game_true, player_true (corrected) and player_said."""
        found = [pd.read_parquet(path) for path in sorted(self.folder.glob(PRICES))]
        rows = pd.concat(found, ignore_index=True).rename(columns={"book": "book_name"})
        rows = rows.rename(columns={"player_name": "player_name_raw", "first_seen_at": "seen_at"})
        return _corrected(
            rows.assign(
                game_true=rows["game_id"].astype("Int64"),
                player_said=rows["player_id"].astype("Int64"),
                stated_date=rows["slate_date"].astype(str),
            )
        )


@dataclass(frozen=True)
class Figures:
    """A row a price with game_true and player_true, mapped without them. A null truth: nobody is right."""

    mapped: pd.DataFrame

    @cached_property
    def is_mapped(self) -> pd.Series:
        return self.mapped["player_id_nhl"].notna() & self.mapped["game_id_nhl"].notna()

    @cached_property
    def is_right(self) -> pd.Series:
        same = (self.mapped["player_id_nhl"] == self.mapped["player_true"]) & (
            self.mapped["game_id_nhl"] == self.mapped["game_true"]
        )
        return same.fillna(False).astype(bool)

    @property
    def precision(self) -> float:
        """Share of what is mapped that is mapped right."""
        return float(self.is_right[self.is_mapped].mean())

    @property
    def recall(self) -> float:
        """Share of what has a right answer that is mapped right."""
        return float(self.is_right[self.mapped["player_true"].notna()].mean())

    @property
    def wrong(self) -> pd.DataFrame:
        return self._people(self.mapped[self.is_mapped & ~self.is_right])

    @property
    def undecided(self) -> pd.DataFrame:
        return self._people(self.mapped[~self.is_mapped])

    @staticmethod
    def _people(rows: pd.DataFrame) -> pd.DataFrame:
        key = ["player_name_raw", "player_said", "player_id_nhl", "mapping_method"]
        grouped = rows.groupby(key, dropna=False, as_index=False)
        found = grouped.agg(prices=("market", "size"), why=("mapping_reason", "first"))
        return found.sort_values(["prices", "player_name_raw"], ascending=[False, True], ignore_index=True)


def load(folder: Path, seasons: int = 1) -> Recorded:
    """The last seasons of a recorded folder; candidates are the rosters that the recorded league serves."""
    league = load_recorded(folder, seasons)
    games = league.games.rename(columns={"game_id": "game_id_nhl", "home": "home_team", "away": "away_team"})
    games = DIM_GAMES.conform(
        games.assign(game_state="FUT", is_playable=True, as_of_ts_utc=games["start_time_utc"])
    )
    people = league.players.set_index("player_id")
    people = people.assign(player_name=people["first_name"] + " " + people["last_name"])
    sides = pd.concat(
        games.rename(columns={team: "team", other: "opponent"}).assign(is_home=team == "home_team")
        for team, other in (("home_team", "away_team"), ("away_team", "home_team"))
    )
    on_team = sides.merge(league.rosters, on="team")
    ends = on_team["to_date"].fillna("9999-12-31")
    on_team = on_team[(on_team["from_date"] <= on_team["game_date"]) & (on_team["game_date"] <= ends)]
    players = on_team.join(people, on="player_id").rename(columns={"player_id": "player_id_nhl"})
    players = players.drop_duplicates(["game_id_nhl", "player_id_nhl"])
    players = players.assign(name_key=[name_key(n) for n in players["player_name"]], source="roster")
    played = pd.concat([league.skater_games, league.goalie_games])[["game_id", "player_id"]]
    appearances = played.set_axis(["game_true", "player_said"], axis=1)
    return Recorded(folder, games, DIM_PLAYERS.conform(players), appearances)


def prices_with_teams(recorded: Recorded, *, with_player_team: bool) -> Figures:
    """The recorded prices, each in an event that names its teams and start, as most vendors' do."""
    teams = recorded.games.set_index("game_id_nhl")[["game_date", "home_team", "away_team", "start_time_utc"]]
    teams = teams.rename(columns={"home_team": "home_team_raw", "away_team": "away_team_raw"})
    rows = recorded.prices.dropna(subset=["game_true"]).astype({"game_true": "int64"})
    rows = rows.drop(columns=["game_date", "start_time_utc"]).merge(
        teams, left_on="game_true", right_index=True
    )
    rows = rows.merge(recorded.appearances.drop_duplicates(), on=["game_true", "player_said"])
    rows = rows.assign(
        player_team_raw=rows["team"] if with_player_team else None,
        player_position_raw=None,
        player_birth_date=None,
    )
    return _mapped(recorded, rows)


def prices_of_files(recorded: Recorded) -> Figures:
    """The raw files of the same source, which name no teams, parsed as file drops.

    Their truth is the source's game of the same price, except where the price was seen after that game's start:
    there the source itself took the wrong game, that of a man who did not play in the next one.
    """
    vendor = FileDropVendor(1_000_000_000, 0.0)
    frames = []
    for path in sorted(recorded.folder.glob(DROPS)):
        for number, (at, page) in enumerate(open_drop(path.read_bytes(), datetime.now(UTC)).pages()):
            payload = Payload(vendor.name, PAGE, "", at, f"{path.name}-{number}", path.name, page)
            frames.append(vendor.parse(payload).rows.assign(stated_date=_date_of(path)))
    rows = pd.concat(frames, ignore_index=True).assign(seen_at=lambda r: r["vendor_updated_at_utc"])
    truth = recorded.prices.dropna(subset=["game_true"])[[*OFFER, "game_true", "player_true", "player_said"]]
    rows = rows.merge(truth.drop_duplicates(OFFER), on=OFFER)
    rows = rows.merge(recorded.appearances.drop_duplicates(), on=["game_true", "player_said"])
    starts = recorded.games.set_index("game_id_nhl")["start_time_utc"]
    return _mapped(recorded, rows[rows["seen_at"] < rows["game_true"].map(starts)].reset_index(drop=True))


def _mapped(recorded: Recorded, rows: pd.DataFrame) -> Figures:
    return Figures(map_quotes(rows, recorded.games, recorded.players, read_aliases(CONFIG)))


def _corrected(rows: pd.DataFrame) -> pd.DataFrame:
    known = pd.read_csv(CORRECTIONS).astype({"source_id": "Int64", "true_id": "Int64"})
    key = {"player_name_raw": "player_name", "player_said": "source_id"}
    met = rows[list(key)].merge(known, left_on=list(key), right_on=list(key.values()), how="left")
    is_wrong = met["reason"].notna().to_numpy()
    true = np.where(is_wrong, met["true_id"], rows["player_said"])
    return rows.assign(player_true=pd.array(true, dtype="Int64"), is_corrected=is_wrong)


def _date_of(path: Path) -> str:
    return path.name.split("_")[1][:10]


def show(console: Console, title: str, figures: Figures) -> None:
    """Precision, recall, counts by method and score, and every name that is wrong or open."""
    rows = figures.mapped
    console.print(
        f"\n{title}: {len(rows):,} prices, {figures.is_mapped.sum():,} mapped, "
        f"precision {figures.precision:.4%}, recall {figures.recall:.4%}"
    )
    counts = Table("Event by", "Player by", "Score", "Prices", show_edge=False)
    for (*how, score), size in (
        rows.groupby(["event_method", "mapping_method", "mapping_score"]).size().items()
    ):
        counts.add_row(*how, f"{score:.2f}", f"{size:,}")
    console.print(counts)
    for told, people in (("wrong", figures.wrong), ("open", figures.undecided)):
        for row in people.head(SHOWN).itertuples(index=False):
            answer = "" if pd.isna(row.player_id_nhl) else f" is mapped to {row.player_id_nhl}"
            why = f": {row.why}" if row.why else ", in another game"
            console.print(
                f"{told}: {row.player_name_raw} ({row.player_said}){answer}, {row.prices} prices{why}",
                markup=False,
            )
        rest = people.iloc[SHOWN:]
        if len(rest):
            console.print(f"{told}: {len(rest)} more names, {rest['prices'].sum():,} prices")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mapping", description=__doc__)
    parser.add_argument("folder", type=Path, help="a recorded league")
    parser.add_argument("--seasons", type=int, default=1, help="how many seasons, the last ones")
    asked = parser.parse_args()
    recorded, console = load(asked.folder, asked.seasons), Console(width=160)
    show(
        console, "events with teams, players with theirs", prices_with_teams(recorded, with_player_team=True)
    )
    show(console, "events with teams, players without", prices_with_teams(recorded, with_player_team=False))
    if any(recorded.folder.glob(DROPS)):
        show(console, "dropped files, no teams", prices_of_files(recorded))


if __name__ == "__main__":
    main()
