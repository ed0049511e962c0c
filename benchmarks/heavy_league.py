"""A heavy slate as a league: sixteen games on one night, and a board as long as a vendor's format can hold.

Teams, people and ids are the synthetic league's; the night, its books, lines and prices are made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import poisson

from nhl_ops.domain.markets import Market
from nhl_ops.domain.slates import eastern, season_of
from nhl_ops.league.dataset import BOOK_COLUMNS, QUOTE_COLUMNS, LeagueDataset
from nhl_ops.league.synthetic.books import american_price, decimal_price, with_margin
from nhl_ops.league.synthetic.build import build_synthetic
from nhl_ops.league.synthetic.names import without_accents

SEED = 20
SKATERS, GOALIES = 18, 2
CAPTURES_ET = (10, 14, 18)
CHANGED = 1 / 3
"""Share of the prices that move between two captures."""

DRIFT = 0.25
"""Standard deviation of a move, in logits."""

BOOKS = {
    "1": "DraftKings",
    "2": "FanDuel",
    "4": "BetMGM",
    "17": "BetRivers",
    "20": "Caesars",
    "58": "Pinnacle-Delayed",
    "78": "Bet365",
    "31": "Bovada",
    "36": "Fanatics",
}
MEANS = {
    Market.SOG: 2.6,
    Market.POINTS: 0.75,
    Market.ASSISTS: 0.45,
    Market.GOALS: 0.3,
    Market.BLOCKS: 1.3,
    Market.SAVES: 26.0,
}
Lines = Mapping[Market, Sequence[float]]


@dataclass(frozen=True)
class Board:
    """What a vendor offers. lines: of every player, the main one first. yes_only: markets that a book quotes
    without an under. flags_alternates: the further lines are marked as alternates."""

    vendor: str
    books: Mapping[str, str]
    lines: Lines
    yes_only: frozenset[tuple[Market, str]]
    flags_alternates: bool = True
    is_decimal: bool = False


def heavy_league(slate: date, board: Board) -> LeagueDataset:
    """The league of one board, whose only games are those of the slate."""
    base = build_synthetic(
        SEED, slate, n_teams=32, priced_slates=1, priced_ahead=0, games_per_team=20, seasons=1
    )
    games = _games(slate, sorted(base.teams["team"]))
    people = dressed(base, slate).merge(_game_of_team(games), on="team")
    quotes = _quotes(board, people, [eastern(slate, hour) for hour in CAPTURES_ET])
    rows = [(number, board.vendor, name, True) for number, name in board.books.items()]
    return replace(
        base,
        name=f"heavy-{board.vendor.lower()}",
        games=games,
        books=pd.DataFrame(rows, columns=BOOK_COLUMNS),
        quotes=quotes,
        game_odds=base.game_odds.iloc[:0],
        oracle=base.oracle.iloc[:0],
    )


def dressed(league: LeagueDataset, slate: date) -> pd.DataFrame:
    """Rows of players with team: eighteen skaters and two goalies of every roster of that day."""
    day = slate.isoformat()
    stints = league.rosters[
        (league.rosters["from_date"] <= day) & (league.rosters["to_date"].fillna("9999") >= day)
    ]
    people = stints[["team", "player_id"]].merge(league.players, on="player_id").sort_values("player_id")
    is_goalie = people["position"] == "G"
    place = people.groupby(["team", is_goalie]).cumcount()
    return people[place < np.where(is_goalie, GOALIES, SKATERS)].sort_values(["team", "player_id"])


def _games(slate: date, teams: list[str]) -> pd.DataFrame:
    """One game for each pair of teams, from 19:00 to 22:30 Eastern."""
    rows = []
    for number, (away, home) in enumerate(zip(teams[::2], teams[1::2], strict=True)):
        start = eastern(slate, 19) + timedelta(minutes=30 * (number % 8))
        rows.append(
            {
                "game_id": season_of(slate) // 10_000 * 1_000_000 + 20_700 + number,
                "season": season_of(slate),
                "game_type": "R",
                "game_date": slate.isoformat(),
                "start_time_utc": pd.Timestamp(start),
                "end_time_utc": pd.Timestamp(start + timedelta(hours=2, minutes=40)),
                "home": home,
                "away": away,
                "home_score": 3,
                "away_score": 2,
                "last_period_type": "REG",
                "schedule_state": "OK",
                "state_from_utc": pd.Timestamp("NaT", tz="UTC"),
            }
        )
    frame = pd.DataFrame(rows).astype({"home_score": "Int64", "away_score": "Int64"})
    instants = ("start_time_utc", "end_time_utc", "state_from_utc")
    return frame.assign(**{c: pd.to_datetime(frame[c], utc=True).dt.as_unit("us") for c in instants})


def _game_of_team(games: pd.DataFrame) -> pd.DataFrame:
    sides = [
        games[[side, "game_id", "start_time_utc"]].rename(columns={side: "team"}) for side in ("home", "away")
    ]
    return pd.concat(sides, ignore_index=True)


def _quotes(board: Board, people: pd.DataFrame, times: list[datetime]) -> pd.DataFrame:
    """`dataset.QUOTE_COLUMNS`: every offer at each capture at which its price is new."""
    rng = np.random.default_rng(SEED)
    offers = _offers(board, people, rng)
    over, under = _prices(board, _believed(offers, len(times), rng))
    seen_from, seen_until = _standing(over, under, offers, times)
    row, version = np.nonzero(~np.isnat(seen_from))
    frame = offers.iloc[row].reset_index(drop=True)
    above, below = over[row, version], np.where(frame["yes_only"], np.nan, under[row, version])
    nothing = np.full(len(row), np.nan)
    american = (nothing, nothing) if board.is_decimal else (above, below)
    decimal = (above, below) if board.is_decimal else (nothing, nothing)
    return frame.assign(
        quote_no=np.arange(1, len(row) + 1),
        over_american=pd.array(american[0], dtype="Int64"),
        under_american=pd.array(american[1], dtype="Int64"),
        over_decimal=decimal[0],
        under_decimal=decimal[1],
        seen_from_utc=pd.Series(seen_from[row, version]).dt.tz_localize("UTC"),
        seen_until_utc=pd.Series(seen_until[row, version]).dt.tz_localize("UTC"),
    )[QUOTE_COLUMNS]


def _believed(offers: pd.DataFrame, captures: int, rng: np.random.Generator) -> np.ndarray:
    """The chance of over as a book sees it at each capture."""
    shape = (len(offers), captures)
    moves = rng.normal(0, DRIFT, shape) * (rng.random(shape) < CHANGED)
    moves[:, 0] = rng.normal(0, DRIFT / 2, len(offers))
    return expit(logit(offers["prob"].to_numpy())[:, None] + np.cumsum(moves, axis=1))


def _standing(
    over: np.ndarray, under: np.ndarray, offers: pd.DataFrame, times: list[datetime]
) -> tuple[np.ndarray, np.ndarray]:
    """First and last instant of each price, NaT where a capture finds the former one."""
    is_new = np.ones(over.shape, dtype=bool)
    is_new[:, 1:] = (over[:, 1:] != over[:, :-1]) | (under[:, 1:] != under[:, :-1])
    at = np.array([t.replace(tzinfo=None) for t in times], dtype="datetime64[us]")
    until = np.empty(over.shape, dtype="datetime64[us]")
    following = offers["start_time_utc"].dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    for number in reversed(range(len(times))):
        until[:, number] = following
        following = np.where(is_new[:, number], at[number], following)
    return np.where(is_new, at, np.datetime64("NaT", "us")), until


def _offers(board: Board, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A row a player, market, line and book, with its true chance."""
    skill = people.assign(skill=np.exp(rng.normal(0, 0.35, len(people))))
    skill["player_id"] = skill["player_id"].astype("Int64")
    names = skill["first_name"] + " " + skill["last_name"]
    skill["player_name"] = names if board.is_decimal else names.map(without_accents)
    parts = [
        _at_every_book(board, market, line, skill, is_further=place > 0)
        for market, lines in board.lines.items()
        for place, line in enumerate(lines)
    ]
    offers = pd.concat(parts, ignore_index=True)
    return offers.assign(vendor=board.vendor, player_team=None if board.is_decimal else offers["team"])


def _at_every_book(
    board: Board, market: Market, line: float, skill: pd.DataFrame, *, is_further: bool
) -> pd.DataFrame:
    of_goalies = market is Market.SAVES
    players = skill[(skill["position"] == "G") == of_goalies]
    mean = MEANS[market] * (1.0 if of_goalies else players["skill"])
    priced = players.assign(
        market=market.value,
        line=line,
        prob=np.clip(poisson.sf(np.floor(line), mean), 0.01, 0.99),
        is_alternate=board.flags_alternates and is_further,
    )
    return pd.concat(
        [priced.assign(book_id=book, yes_only=(market, book) in board.yes_only) for book in board.books]
    )


def _prices(board: Board, prob: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    implied = with_margin(prob, np.full((len(prob), 1), 0.06))
    step = np.full((len(prob), 1), 5)
    over, under = (decimal_price(i) if board.is_decimal else american_price(i, step) for i in implied)
    return over, under
