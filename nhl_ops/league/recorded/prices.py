"""From scrapes to standing prices: which price of which book stood when.

A recorded row is one price and the first and last instant at which it was seen. Instants of one book, game,
player and market that lie close together are one scrape. A price stands from the instant at which it was
first seen until the next scrape of the same book, player and market, else until the start.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from nhl_ops.domain.markets import Market
from nhl_ops.league.recorded.books import UNABATED, source_of
from nhl_ops.league.recorded.files import read_tables

SCRAPE_GAP = pd.Timedelta(seconds=60)
"""Sightings of a player and market farther apart are two scrapes (measured gaps: under 30 s or over 60 s)."""

_COLUMNS = [
    "game_id",
    "player_id",
    "player_name",
    "team",
    "market",
    "line",
    "over_price",
    "under_price",
    "book",
]
_COLUMNS += ["first_seen_at", "last_seen_at"]
_PRICE = ["offer", "line", "over_price", "under_price"]


def load_unabated_quotes(folder: Path, games: pd.DataFrame) -> pd.DataFrame:
    """Quotes of the recorded books without quote_no, a row a scrape and price.

    Left out, because nothing can be served of them: rows without a game (the source did not find the player
    in one), of unknown markets, without an over price, first seen after the start.
    """
    rows = _usable_rows(read_tables(folder, "odds/player_props_*.parquet", _COLUMNS), games)
    offers = ["book", "game_id", "player_name", "market"]
    rows["offer"] = rows.groupby(offers, sort=False).ngroup()
    people = rows.groupby(["game_id", "player_name"], sort=False)
    rows["team"], rows["player_id"] = (
        people["team"].transform("first"),
        people["player_id"].transform("first"),
    )
    facts = rows.drop_duplicates("offer").set_index("offer")[[*offers, "team", "player_id", "start_time_utc"]]
    standing = standing_prices(rows).join(facts, on="offer")
    return pd.DataFrame(
        {
            "vendor": UNABATED,
            "book_id": standing["book"].map({key: source_of(key)[0] for key in standing["book"].unique()}),
            "game_id": standing["game_id"],
            "player_id": standing["player_id"].astype("Int64"),
            "player_name": standing["player_name"],
            "player_team": standing["team"],
            "market": standing["market"],
            "line": standing["line"].astype("float64"),
            "over_american": standing["over_price"].round().astype("Int64"),
            "under_american": standing["under_price"].round().astype("Int64"),
            "over_decimal": np.nan,
            "under_decimal": np.nan,
            "is_alternate": ~_is_main(standing),
            "seen_from_utc": standing["seen_from"],
            "seen_until_utc": standing["seen_until"].fillna(standing["start_time_utc"]),
        }
    )


def _usable_rows(raw: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    known = raw["game_id"].notna() & raw["over_price"].notna() & raw["market"].isin([str(m) for m in Market])
    types = {"game_id": "int64", "line": "float64", "over_price": "float64", "under_price": "float64"}
    rows = raw.loc[known & raw["player_name"].notna()].astype(types)
    rows = rows.merge(games[["game_id", "start_time_utc"]], on="game_id")
    for column in ("first_seen_at", "last_seen_at"):
        rows[column] = rows[column].astype("datetime64[us, UTC]")
    return rows.loc[rows["first_seen_at"] < rows["start_time_utc"]].reset_index(drop=True)


def standing_prices(rows: pd.DataFrame) -> pd.DataFrame:
    """Standing prices of rows with offer (book, game, player, market), line, prices, first and last sighting.

    Returns offer, scrape, line, over_price, under_price, seen_from and seen_until; seen_until is null where
    no later scrape of the offer is known. In each scrape an offer has one price a line: the latest seen. A
    price that the scrape before had too goes on without a gap; a new one begins when it was first seen.
    """
    scrapes = _scrapes(rows)
    begins = scrapes.groupby("scrape").agg(instant=("instant", "min"), offer=("offer", "first"))
    following = begins["instant"].shift(-1).where(begins["offer"].shift(-1) == begins["offer"])
    seen = _in_each_scrape(rows, scrapes).sort_values(
        ["scrape", "line", "first_seen_at", "last_seen_at"], kind="stable"
    )
    seen["seen_from"] = seen.groupby(["scrape", *_PRICE], dropna=False)["first_seen_at"].transform("min")
    seen = seen.drop_duplicates(["scrape", "line"], keep="last").sort_values(["offer", "line", "scrape"])
    former = seen.shift()
    goes_on = (seen["scrape"] == former["scrape"] + 1) & (seen["offer"] == former["offer"])
    for column in _PRICE[1:]:
        goes_on &= seen[column].eq(former[column]) | (seen[column].isna() & former[column].isna())
    seen["seen_from"] = seen["seen_from"].mask(goes_on, seen["scrape"].map(begins["instant"]))
    seen["seen_until"] = seen["scrape"].map(following)
    return seen[[*_PRICE, "scrape", "seen_from", "seen_until"]].reset_index(drop=True)


def _in_each_scrape(rows: pd.DataFrame, scrapes: pd.DataFrame) -> pd.DataFrame:
    """Every row once for each scrape of its offer from its first to its last sighting, first_seen_at no
    earlier than the scrape. A row that was still seen after the start stands to the offer's newest scrape."""
    first = rows[["offer", "first_seen_at"]].set_axis(["offer", "instant"], axis=1)
    last = first.assign(instant=rows["last_seen_at"].where(rows["last_seen_at"] < rows["start_time_utc"]))
    first_no = first.merge(scrapes, on=["offer", "instant"], how="left")["scrape"].to_numpy()
    last_no = last.merge(scrapes, on=["offer", "instant"], how="left")["scrape"]
    last_no = last_no.fillna(rows["offer"].map(scrapes.groupby("offer")["scrape"].max())).astype("int64")
    seen = rows.assign(scrape=first_no).loc[rows.index.repeat(last_no.to_numpy() - first_no + 1)]
    seen["scrape"] += seen.groupby(level=0).cumcount()
    begins = seen["scrape"].map(scrapes.groupby("scrape")["instant"].min())
    return seen.assign(first_seen_at=seen["first_seen_at"].where(seen["first_seen_at"] > begins, begins))


def _scrapes(rows: pd.DataFrame) -> pd.DataFrame:
    """Every sighting before the start: offer, instant, and its scrape's number, by offer and time."""
    last = rows.loc[rows["last_seen_at"] < rows["start_time_utc"], ["offer", "last_seen_at"]]
    sightings = pd.concat(
        [part.set_axis(["offer", "instant"], axis=1) for part in (rows[["offer", "first_seen_at"]], last)]
    )
    sightings = sightings.drop_duplicates().sort_values(["offer", "instant"], ignore_index=True)
    is_new = (sightings["offer"] != sightings["offer"].shift()) | (sightings["instant"].diff() > SCRAPE_GAP)
    return sightings.assign(scrape=is_new.cumsum())


def _is_main(standing: pd.DataFrame) -> pd.Series:
    """The line of an offer and scrape nearest to even money; two-sided lines come before one-sided ones."""
    lean = (_implied(standing["over_price"]) - 0.5).abs() + standing["under_price"].isna()
    ordered = standing[["scrape"]].assign(lean=lean, line=standing["line"]).sort_values(["lean", "line"])
    return ~ordered.duplicated("scrape").reindex(standing.index)


def _implied(american: pd.Series) -> pd.Series:
    """Raw implied probability of American odds."""
    return (100.0 / (american + 100.0)).where(american > 0, -american / (100.0 - american))
