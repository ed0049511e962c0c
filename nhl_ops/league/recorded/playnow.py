"""PlayNow's own recorded prices: one event page and one table of decimal prices.

Neither says when it was seen, so these prices stand from noon Eastern of the game's date until the start.
The table does not say which of two prices is the over; the other books' price of the same line decides, and a
pair that they cannot decide is left out.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pandas as pd

from nhl_ops.domain.identity import name_key
from nhl_ops.domain.slates import eastern
from nhl_ops.domain.teams import tri_code
from nhl_ops.league.recorded.books import PLAYNOW, PLAYNOW_BOOK_ID
from nhl_ops.league.server.playnow_names import NamedMarket, outcome_is_player, read_market_name

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_COLUMNS = ["game_id", "market", "player_name", "team", "line", "over", "under", "is_alternate"]
Price = tuple[int, str, str | None, str | None, float, float, float | None, bool]


def load_playnow_quotes(folder: Path, games: pd.DataFrame, unabated: pd.DataFrame) -> pd.DataFrame:
    """PlayNow quotes without quote_no; empty where the folder has none for these games.

    `unabated` are the other books' quotes, which decide the sides that the table leaves open.
    """
    pages = [p for path in _files(folder, "event-*.markets.json") for p in _page_prices(path, games)]
    tables = [
        p for path in _files(folder, "*prices*audit*.csv") for p in _table_prices(path, games, unabated)
    ]
    frame = pd.DataFrame([*pages, *tables], columns=_COLUMNS).drop_duplicates(
        ["game_id", "market", "player_name", "team", "line", "is_alternate"]
    )
    frame = frame.merge(games[["game_id", "game_date", "start_time_utc"]], on="game_id")
    noon = pd.Series(
        [eastern(date.fromisoformat(d), 12) for d in frame["game_date"]], dtype="datetime64[us, UTC]"
    )
    no_integer = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    return pd.DataFrame(
        {
            "vendor": PLAYNOW,
            "book_id": PLAYNOW_BOOK_ID,
            "game_id": frame["game_id"].astype("int64"),
            "player_id": no_integer,
            "player_name": frame["player_name"],
            "player_team": frame["team"].astype("object"),
            "market": frame["market"],
            "line": frame["line"].astype("float64"),
            "over_american": no_integer,
            "under_american": no_integer,
            "over_decimal": frame["over"].astype("float64"),
            "under_decimal": frame["under"].astype("float64"),
            "is_alternate": frame["is_alternate"].astype("bool"),
            "seen_from_utc": noon.clip(upper=frame["start_time_utc"]),
            "seen_until_utc": frame["start_time_utc"],
        }
    )


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted((folder / "payloads" / "playnow").glob(pattern))


def _page_prices(path: Path, games: pd.DataFrame) -> Iterator[Price]:
    """Every price of an event page whose game is one of these; unknown market names are left out."""
    page = json.loads(path.read_text(encoding="utf-8"))
    away, home = page["event_name"].split(" at ")
    game = _page_game(path, away, home, games)
    if game is None:
        return
    for market in page["markets"]:
        named = read_market_name(market["name"])
        if named is not None:
            yield from _market_prices(game, named, market["outcomes"])


def _market_prices(game: pd.Series, named: NamedMarket, outcomes: list[dict[str, Any]]) -> Iterator[Price]:
    head = (int(game["game_id"]), named.market)
    if outcome_is_player(named.market):
        team = tri_code(named.team, date.fromisoformat(game["game_date"])) if named.team else None
        line = 0.5 if named.line is None else named.line
        for o in outcomes:
            yield (*head, o["name"], team, line, o["price_decimal"], None, line > 1)
        return
    sides = {o["name"]: o for o in outcomes}
    if "Over" in sides:
        under = sides["Under"]["price_decimal"] if "Under" in sides else None
        line = sides["Over"].get("handicap", named.line)
        yield (*head, str(named.player), None, line, sides["Over"]["price_decimal"], under, False)
        return
    for o in outcomes:
        yield (*head, str(named.player), None, int(o["name"][:-1]) - 0.5, o["price_decimal"], None, True)


def _page_game(path: Path, away: str, home: str, games: pd.DataFrame) -> pd.Series | None:
    """The game of that pairing on a date that a file beside the page names; None if there is not just one."""
    dates = {d for file in path.parent.iterdir() for d in _DATE.findall(file.name)}
    found = [g for d in sorted(dates) for g in _games_on(games, d, away, home, ["game_date"])]
    return found[0] if len(found) == 1 else None


def _games_on(games: pd.DataFrame, day: str, away: str, home: str, columns: list[str]) -> Iterator[pd.Series]:
    on = date.fromisoformat(day)
    same = (games["away"] == tri_code(away, on)) & (games["home"] == tri_code(home, on))
    for column in columns:
        for _, game in games.loc[same & (games[column] == day)].iterrows():
            yield game


def _table_prices(path: Path, games: pd.DataFrame, unabated: pd.DataFrame) -> Iterator[Price]:
    """Prices of the table. Only teams, market, player and price count in it; its date is the UTC date."""
    table = pd.read_csv(path, usecols=["date", "teams", "market_key", "player_name", "odds_raw"])
    utc_dates = games.assign(utc_date=games["start_time_utc"].dt.tz_convert(UTC).dt.strftime("%Y-%m-%d"))
    for (day, teams), rows in table.groupby(["date", "teams"], sort=False):
        away, home = (slug.replace("-", " ") for slug in str(teams).split("-at-"))
        game = next(_games_on(utc_dates, str(day), away, home, ["utc_date", "game_date"]), None)
        if game is not None:
            expected = _expected_over(unabated.loc[unabated["game_id"] == game["game_id"]])
            yield from _game_prices(game, rows, expected)


def _game_prices(
    game: pd.Series, rows: pd.DataFrame, expected: dict[tuple[str, str, float], float]
) -> Iterator[Price]:
    game_id = int(game["game_id"])
    for (market_key, player), pair in rows.groupby(["market_key", "player_name"], sort=False):
        named = read_market_name(str(market_key))
        if named is None or named.line is None:
            continue
        prices = pair["odds_raw"].tolist()
        if outcome_is_player(named.market):
            yield (game_id, named.market, str(player), None, named.line, prices[0], None, named.line > 1)
            continue
        p_over = expected.get((name_key(str(player)), named.market, named.line))
        if p_over is None or len(prices) != 2:
            continue
        over, under = sorted(prices, reverse=_over_is_longer(prices, p_over))
        yield (game_id, named.market, str(player), None, named.line, over, under, False)


def _over_is_longer(prices: list[float], p_over: float) -> bool:
    """Whether the longer of two decimal prices fits the expected probability of the over better."""
    short, long = sorted(prices)
    p_if_short_is_over = (1 / short) / (1 / short + 1 / long)
    return abs(1 - p_if_short_is_over - p_over) < abs(p_if_short_is_over - p_over)


def _expected_over(quotes: pd.DataFrame) -> dict[tuple[str, str, float], float]:
    """Mean de-vigged probability of the over by player, market and line."""
    two = quotes.dropna(subset=["under_american"])
    american = two[["over_american", "under_american"]].astype("float64")
    implied = (100.0 / (american + 100.0)).where(american > 0, -american / (100.0 - american))
    p_over = implied["over_american"] / implied.sum(axis=1)
    keys = [two["player_name"].map(name_key), two["market"], two["line"]]
    return dict(p_over.groupby(keys).mean().items())
