"""The heavy slate of each vendor, captured once: what is measured then starts at the archived bytes."""

import logging
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from benchmarks.heavy_league import BOOKS, CAPTURES_ET, Board, dressed, heavy_league
from benchmarks.measure import Seconds
from benchmarks.plain import PlainRun
from benchmarks.workspace import ANCHOR, Workspace
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.defs.capture import capture_at
from nhl_ops.defs.house import PROJECT_ROOT, House
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.domain.identity import name_key
from nhl_ops.domain.markets import Market
from nhl_ops.domain.slates import SlateOutcome, eastern
from nhl_ops.domain.vendors import PRICE_VENDORS
from nhl_ops.gateways.file_drop_folder import INBOX
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.runner import LeagueServer

SLATE = ANCHOR - timedelta(days=1)
M = Market
ALL_BOOKS = Board(
    "UNABATED",
    BOOKS,
    {
        M.SOG: (2.5, 3.5),
        M.POINTS: (0.5,),
        M.ASSISTS: (0.5,),
        M.GOALS: (0.5,),
        M.BLOCKS: (1.5,),
        M.SAVES: (25.5, 27.5, 24.5, 28.5),
    },
    frozenset({(M.GOALS, "2")}),
)
US_BOOKS = Board(
    "UNABATED",
    BOOKS,
    {
        M.SOG: (2.5, 1.5, 3.5),
        M.POINTS: (0.5, 1.5),
        M.ASSISTS: (0.5,),
        M.GOALS: (0.5, 1.5),
        M.BLOCKS: (1.5,),
        M.SAVES: (25.5,),
    },
    frozenset({(M.GOALS, "1"), (M.GOALS, "2")}),
)
LADDERS: dict[Market, Sequence[float]] = {
    M.SOG: (2.5, 1.5, 3.5, 4.5),
    M.POINTS: (0.5, 1.5, 2.5),
    M.ASSISTS: (0.5, 1.5),
    M.GOALS: (0.5, 1.5),
    M.BLOCKS: (1.5, 2.5),
}
PAGE = Board(
    "UNABATED",
    {number: BOOKS[number] for number in ("1", "2", "4", "20", "78")},
    LADDERS,
    frozenset(),
    flags_alternates=False,
)
ONE_BOOK = Board(
    "PLAYNOW",
    {"playnow": "PlayNow"},
    {
        M.SOG: tuple(n + 0.5 for n in range(9)),
        M.POINTS: tuple(n + 0.5 for n in range(5)),
        M.ASSISTS: tuple(n + 0.5 for n in range(5)),
        M.GOALS: tuple(n + 0.5 for n in range(5)),
        M.BLOCKS: tuple(n + 0.5 for n in range(7)),
        M.SAVES: (25.5,),
    },
    frozenset({(M.GOALS, "playnow")}),
    is_decimal=True,
)


@dataclass(frozen=True)
class Case:
    """One vendor's heavy slate. form: of Unabated's wire, or of the dropped file."""

    name: str
    vendor: str
    board: Board
    form: str | None = None

    @property
    def folder(self) -> str:
        return re.sub(r"\W+", "-", self.name.lower())


CASES = [
    Case("Unabated, form A", "UNABATED", ALL_BOOKS, "cdn"),
    Case("Unabated, form B", "UNABATED", ALL_BOOKS, "api"),
    Case("Unabated, form C", "UNABATED", ALL_BOOKS, "partner"),
    Case("PlayNow", "PLAYNOW", ONE_BOOK),
    Case("OddsShark", "ODDSSHARK", PAGE),
    Case("The Odds API", "ODDS_API", US_BOOKS),
    Case("file drop, CSV", "FILE_DROP", ALL_BOOKS, "csv"),
    Case("file drop, Parquet", "FILE_DROP", ALL_BOOKS, "parquet"),
]


def capture_heavy(folder: Path, case: Case) -> Seconds:
    """A project folder with the archived captures of the slate, its games and its players, and nothing else."""
    root = folder / case.folder
    _configure(root, case)
    league = heavy_league(SLATE, case.board)
    with LeagueServer(league, now=eastern(SLATE, 9)) as server:
        house = Workspace(root, server.url).enter()
        _store_reference(house, league)
        if case.vendor == "FILE_DROP":
            _drop_file(house, league, str(case.form))
        else:
            _ask(house, case.vendor)
    return {}


def _configure(root: Path, case: Case) -> None:
    """The project's configuration with this vendor alone, large files allowed."""
    shutil.copytree(PROJECT_ROOT / "config", root / "config")
    path = root / "config" / "vendors.toml"
    text = path.read_text()
    for vendor in PRICE_VENDORS:
        is_on = "true" if vendor == case.vendor else "false"
        text = re.sub(rf"(\[{vendor.lower()}\]\nenabled = )\w+", rf"\g<1>{is_on}", text)
    if case.vendor == "UNABATED":
        text = text.replace('form = "cdn"', f'form = "{case.form}"')
        text = text.replace('129 = "GOALS"', '129 = "GOALS"\n150 = "SAVES"')
    path.write_text(re.sub(r"max_file_bytes = \w+", "max_file_bytes = 90_000_000", text))


def _ask(house: House, vendor: str) -> None:
    times = [eastern(SLATE, hour) for hour in CAPTURES_ET]
    results = capture_at(house, vendor, SLATE.isoformat(), times, house.odds_vendors[vendor].capture, [])
    failed = [r.error for r in results if r.outcome is not SlateOutcome.OK]
    if failed:
        raise CodeDefect(f"the heavy slate of {vendor} was not captured: {failed[0]}")


def _drop_file(house: House, league: LeagueDataset, form: str) -> None:
    """Every price that stands at each capture, as one file in the inbox, taken in the evening."""
    prices = pd.concat([_file_rows(league, eastern(SLATE, hour)) for hour in CAPTURES_ET], ignore_index=True)
    inbox = house.root / INBOX
    inbox.mkdir(parents=True)
    if form == "csv":
        prices.to_csv(inbox / "heavy.csv", index=False)
    else:
        prices.to_parquet(inbox / "heavy.parquet", index=False)
    taken = house.odds_vendors["FILE_DROP"].take(house.archive, house.state, eastern(SLATE, 18, 45))  # type: ignore[attr-defined]
    refused = [file.why for file in taken.files if file.why]
    if refused:
        raise CodeDefect(f"the heavy file was not taken: {refused[0]}")


def _file_rows(league: LeagueDataset, at: datetime) -> pd.DataFrame:
    """Rows of the documented file layout, one a price."""
    quotes = league.quotes[(league.quotes["seen_from_utc"] <= at) & (at < league.quotes["seen_until_utc"])]
    games = league.games.set_index("game_id")
    sides = [
        pd.DataFrame(
            {
                "start_time": quotes["game_id"]
                .map(games["start_time_utc"])
                .dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "home": quotes["game_id"].map(games["home"]),
                "away": quotes["game_id"].map(games["away"]),
                "player": quotes["player_name"],
                "team": quotes["player_team"],
                "market": quotes["market"],
                "line": quotes["line"],
                "side": side,
                "book": quotes["book_id"].map(BOOKS),
                "price": quotes[f"{side}_american"],
                "price_format": "american",
                "seen_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                "updated_at": quotes["seen_from_utc"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
        for side in ("over", "under")
    ]
    rows = pd.concat(sides).sort_index(kind="stable")
    return rows[rows["price"].notna()]


def _store_reference(house: House, league: LeagueDataset) -> None:
    """dim_games and dim_players of the slate, as a run would have made them before."""
    run = SlateRun(house, PlainRun(), [SLATE.isoformat()], logging.getLogger(__name__))
    games = league.games.rename(columns={"game_id": "game_id_nhl", "home": "home_team", "away": "away_team"})
    run.store(
        DIM_GAMES,
        DIM_GAMES.conform(
            games.assign(game_state="FUT", is_playable=True, as_of_ts_utc=games["start_time_utc"])
        ),
    )
    sides = [
        games[["game_date", "game_id_nhl", "start_time_utc"]].assign(
            team=games[f"{own}_team"], opponent=games[f"{other}_team"], is_home=own == "home"
        )
        for own, other in (("home", "away"), ("away", "home"))
    ]
    players = dressed(league, SLATE).merge(pd.concat(sides), on="team")
    names = players["first_name"] + " " + players["last_name"]
    run.store(
        DIM_PLAYERS,
        DIM_PLAYERS.conform(
            players.assign(
                player_id_nhl=players["player_id"],
                player_name=names,
                name_key=names.map(name_key),
                source="roster",
                as_of_ts_utc=players["start_time_utc"],
            )
        ),
    )
