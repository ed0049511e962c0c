"""Offers become quotes: prices at the day's price times, each standing until the next or until the start."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from nhl_ops.domain.slates import eastern
from nhl_ops.league.dataset import ORACLE_COLUMNS, QUOTE_COLUMNS
from nhl_ops.league.synthetic.books import (
    BOOKS,
    ONE_SIDED_HOLD_FACTOR,
    PICKEM_AMERICAN,
    PICKEM_BOOK,
    PLAYNOW,
    american_price,
    decimal_price,
    with_margin,
)
from nhl_ops.league.synthetic.offers import ALL_MARKETS, VERSIONS, Offers
from nhl_ops.league.synthetic.people import People

PRICE_TIMES_ET = ((9, 30), (12, 30), (16, 30), (18, 15))
PRICE_TIME_JITTER_MIN = 8
NEVER = np.datetime64("NaT", "us")


def price_times(days: list[date], rng: np.random.Generator) -> dict[date, list[datetime]]:
    """The instants of each slate at which boards change: opening, midday, afternoon, before the games."""
    minutes = rng.integers(0, PRICE_TIME_JITTER_MIN + 1, (len(days), VERSIONS))
    return {
        day: [
            eastern(day, *at) + timedelta(minutes=int(m)) for at, m in zip(PRICE_TIMES_ET, row, strict=True)
        ]
        for day, row in zip(days, minutes, strict=True)
    }


def build_quotes(
    offers: Offers,
    games: pd.DataFrame,
    team_codes: np.ndarray,
    people: People,
    times: dict[date, list[datetime]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quotes (`dataset.QUOTE_COLUMNS`) in the order of their times, and the oracle.

    `team_codes` is the tri-code of each team-game; `times` the price times of every slate in the offers.
    """
    game = offers.team_game // 2
    over, under = _prices(offers)
    seen_from, seen_until = _standing(offers, over, under, games.iloc[game], times)
    row, version = np.nonzero(~np.isnat(seen_from))
    order = np.lexsort(
        (offers.book[row], offers.market[row], offers.person[row], game[row], seen_from[row, version])
    )
    row, version = row[order], version[order]
    frame = pd.DataFrame(
        {
            "quote_no": np.arange(1, len(row) + 1),
            "game_id": games["game_id"].to_numpy()[game[row]],
            "player_id": pd.array(people.persons["player_id"].to_numpy()[offers.person[row]], dtype="Int64"),
            "market": np.array([m.value for m in ALL_MARKETS], dtype=object)[offers.market[row]],
            "line": offers.line[row],
            "is_alternate": offers.is_alternate[row],
            "seen_from_utc": pd.Series(seen_from[row, version]).dt.tz_localize("UTC"),
            "seen_until_utc": pd.Series(seen_until[row, version]).dt.tz_localize("UTC"),
            **_as_the_vendor_writes(offers, row, team_codes, people),
            **_as_the_vendor_prices(offers.book[row], over[row, version], under[row, version]),
        }
    )
    oracle = pd.DataFrame({"quote_no": frame["quote_no"], "p_over_true": offers.prob_over[row]})
    return frame[QUOTE_COLUMNS], oracle[ORACLE_COLUMNS]


def _as_the_vendor_writes(
    offers: Offers, row: np.ndarray, team_codes: np.ndarray, people: People
) -> dict[str, np.ndarray]:
    """Book, name and team of each quote; PlayNow names no team."""
    vendor = np.array([b.vendor for b in BOOKS], dtype=object)[offers.book[row]]
    spelling = people.persons[["playnow_name", "unabated_name"]].to_numpy(dtype=object)[offers.person[row]]
    return {
        "vendor": vendor,
        "book_id": np.array([b.book_id for b in BOOKS], dtype=object)[offers.book[row]],
        "player_name": np.where(vendor == PLAYNOW, spelling[:, 0], spelling[:, 1]),
        "player_team": np.where(vendor == PLAYNOW, None, team_codes[offers.team_game[row]]),
    }


def _as_the_vendor_prices(book: np.ndarray, over: np.ndarray, under: np.ndarray) -> dict[str, object]:
    """American and decimal columns, null where the vendor gives the other form or no under."""
    decimal = np.array([b.vendor == PLAYNOW for b in BOOKS])[book]
    out: dict[str, object] = {}
    for side, price in (("over", over), ("under", under)):
        out[f"{side}_american"] = pd.Series(np.where(decimal, np.nan, price)).astype("Int64")
        out[f"{side}_decimal"] = np.where(decimal, price, np.nan)
    return out


def _prices(offers: Offers) -> tuple[np.ndarray, np.ndarray]:
    """Over and under by price time, American or decimal as the vendor does; under NaN when one-sided."""
    hold = np.array([b.hold for b in BOOKS])[offers.book] * np.where(offers.two_way, 1, ONE_SIDED_HOLD_FACTOR)
    step = np.array([b.step for b in BOOKS])[offers.book][:, None]
    decimal = np.array([b.vendor == PLAYNOW for b in BOOKS])[offers.book][:, None]
    pickem = np.array([b.book_id == PICKEM_BOOK for b in BOOKS])[offers.book][:, None]
    believed = expit(logit(offers.prob_over)[:, None] + offers.shift)
    sides = []
    for implied in with_margin(believed, hold[:, None]):
        american = np.where(pickem, PICKEM_AMERICAN, american_price(implied, step))
        sides.append(np.where(decimal, decimal_price(implied), american))
    return sides[0], np.where(offers.two_way[:, None], sides[1], np.nan)


def _standing(
    offers: Offers,
    over: np.ndarray,
    under: np.ndarray,
    games: pd.DataFrame,
    times: dict[date, list[datetime]],
) -> tuple[np.ndarray, np.ndarray]:
    """First and last instant of each price, NaT where a price time brought nothing new.

    `games` is aligned with the offers. A price stands until the next change or until the start.
    """
    days = sorted(times)
    instants = np.array([[np.datetime64(t.replace(tzinfo=None), "us") for t in times[day]] for day in days])
    at = instants[np.searchsorted([d.toordinal() for d in days], games["day"].to_numpy())]
    start = games["start_time_utc"].dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    version = np.arange(VERSIONS)
    same = np.zeros(over.shape, dtype=bool)
    same[:, 1:] = (over[:, 1:] == over[:, :-1]) & ((under[:, 1:] == under[:, :-1]) | ~offers.two_way[:, None])
    opening = version == offers.opens_at[:, None]
    new = (opening | ~same & (version > offers.opens_at[:, None])) & (at < start[:, None])
    until = np.empty_like(at)
    following = start
    for number in version[::-1]:
        until[:, number] = following
        following = np.where(new[:, number], at[:, number], following)
    return np.where(new, at, NEVER), np.where(new, until, NEVER)
