"""Prices of the synthetic league: books with their own hold and error around a true probability."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.markets import STAT_COLUMN, Market
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.synthetic import build_synthetic
from nhl_ops.league.synthetic.books import STALE_BOOK, american_price, decimal_price, with_margin
from nhl_ops.league.synthetic.names import full_names, playnow_name, unabated_name, without_accents
from nhl_ops.league.synthetic.probabilities import count_pmf, over_table, sum_pmf

ANCHOR = date(2026, 11, 21)


@pytest.fixture(scope="module")
def league() -> LeagueDataset:
    return build_synthetic(3, ANCHOR)


@pytest.fixture(scope="module")
def quotes(league: LeagueDataset) -> pd.DataFrame:
    """Quotes with their game, book, truth and implied probabilities."""
    games = league.games[league.games["schedule_state"] == "OK"]
    out = league.quotes.merge(games[["game_id", "game_date", "start_time_utc"]], on="game_id")
    out = out.merge(league.books[["book_id", "is_sportsbook"]], on="book_id").merge(
        league.oracle, on="quote_no"
    )
    for side in ("over", "under"):
        american = out[f"{side}_american"].astype("float64")
        implied = np.where(american < 0, -american / (100 - american), 100 / (100 + american))
        out[f"{side}_implied"] = np.where(out["vendor"] == "PLAYNOW", 1 / out[f"{side}_decimal"], implied)
    return out


@pytest.fixture(scope="module")
def results(league: LeagueDataset) -> pd.DataFrame:
    """game_id, player_id, market, stat of everyone who played."""
    starts = league.goalie_games[league.goalie_games["is_starter"]]
    parts = []
    for market, column in STAT_COLUMN.items():
        source = starts if market is Market.SAVES else league.skater_games
        parts.append(source[["game_id", "player_id"]].assign(market=market.value, stat=source[column]))
    return pd.concat(parts)


@pytest.fixture(scope="module")
def settled(quotes: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    lines = quotes.drop_duplicates(["game_id", "player_id", "market", "line"])
    out = lines.merge(results, on=["game_id", "player_id", "market"])
    return out.assign(hit=out["stat"] > out["line"])


def test_priced_slates_end_with_tonight_and_three_more(league: LeagueDataset, quotes: pd.DataFrame) -> None:
    days = sorted(league.games["game_date"].unique())
    tonight = days.index(ANCHOR.isoformat())
    window = days[tonight - 89 : tonight + 4]
    assert set(quotes["game_date"]) == set(window) - {days[tonight - 3]}
    assert set(league.game_odds["game_id"]) == set(quotes["game_id"])


def test_a_slate_has_thousands_of_rows_and_its_board_fewer(
    league: LeagueDataset, quotes: pd.DataFrame
) -> None:
    assert quotes.groupby("game_date").size().median() < 10_000
    now = pd.Timestamp(league.anchor_utc)
    board = quotes[(quotes["seen_from_utc"] <= now) & (quotes["seen_until_utc"] > now)]
    assert 2_500 < len(board) < 4_500
    assert set(board["market"]) == set(Market)


def test_no_price_stands_after_the_start(league: LeagueDataset, quotes: pd.DataFrame) -> None:
    assert (quotes["seen_from_utc"] < quotes["seen_until_utc"]).all()
    assert (quotes["seen_until_utc"] <= quotes["start_time_utc"]).all()
    odds = league.game_odds.merge(quotes[["game_id", "start_time_utc"]].drop_duplicates(), on="game_id")
    assert (odds["seen_from_utc"] < odds["seen_until_utc"]).all()
    assert (odds["seen_until_utc"] <= odds["start_time_utc"]).all()


def test_one_price_follows_another_without_gap_or_overlap(quotes: pd.DataFrame) -> None:
    market = ["book_id", "game_id", "player_id", "market", "line", "is_alternate"]
    ordered = quotes.sort_values([*market, "seen_from_utc"])
    same = ordered[market].eq(ordered[market].shift(-1)).all(axis=1)
    assert (ordered["seen_until_utc"] == ordered["seen_from_utc"].shift(-1))[same].all()
    assert (ordered.loc[~same, "seen_until_utc"] == ordered.loc[~same, "start_time_utc"]).all()


def test_boards_change_at_most_four_times_a_day(league: LeagueDataset, quotes: pd.DataFrame) -> None:
    assert quotes.groupby("game_date")["seen_from_utc"].nunique().max() == 4
    assert len(league.capture_times(ANCHOR)) == 4


def test_prices_come_in_the_form_of_their_vendor(quotes: pd.DataFrame) -> None:
    playnow = quotes["vendor"] == "PLAYNOW"
    assert set(quotes["vendor"]) == {"UNABATED", "PLAYNOW"}
    assert set(quotes.loc[playnow, "book_id"]) == {"playnow"}
    assert quotes.loc[playnow, ["over_american", "under_american", "player_team"]].isna().all(axis=None)
    assert quotes.loc[~playnow, ["over_decimal", "under_decimal"]].isna().all(axis=None)
    assert (quotes.loc[playnow, "over_decimal"] > 1).all()
    for side in ("over_american", "under_american"):
        assert (quotes.loc[~playnow, side].dropna().abs() >= 100).all()
    assert quotes.loc[~playnow, "over_american"].notna().all()
    assert quotes.loc[~playnow, "player_team"].notna().all()


def test_every_sportsbook_holds_five_to_eight_percent(quotes: pd.DataFrame) -> None:
    two_way = quotes[quotes["is_sportsbook"] & quotes["under_implied"].notna()]
    hold = two_way["over_implied"] + two_way["under_implied"] - 1
    by_book = hold.groupby(two_way["book_id"]).median()
    assert by_book.between(0.05, 0.08).all()
    assert by_book.nunique() == len(by_book) == 8
    assert hold.between(0.03, 0.10).all()


def test_one_sided_markets_and_ladders_have_an_over_only(quotes: pd.DataFrame) -> None:
    one_sided = quotes[quotes["under_implied"].isna()]
    anytime = one_sided[(one_sided["market"] == "GOALS") & (one_sided["line"] == 0.5)]
    assert {"1", "2", "4", "playnow"} == set(anytime["book_id"])
    ladder = one_sided[(one_sided["book_id"] == "playnow") & (one_sided["market"] == "SOG")]
    assert set(ladder["line"]) == {0.5, 1.5, 2.5, 3.5}
    assert ladder["is_alternate"].all()


def test_ladders_are_in_order(quotes: pd.DataFrame) -> None:
    ladder = quotes[
        (quotes["vendor"] == "PLAYNOW") & quotes["under_decimal"].isna() & (quotes["market"] == "SOG")
    ]
    last = ladder[ladder["seen_until_utc"] == ladder["start_time_utc"]]
    prices = last.pivot(index=["game_id", "player_id"], columns="line", values="over_decimal")
    steps = prices.diff(axis=1).iloc[:, 1:]
    assert (steps.isna() | (steps >= 0)).all(axis=None)


def test_only_playnow_prices_saves(quotes: pd.DataFrame) -> None:
    assert set(quotes.loc[quotes["market"] == "SAVES", "book_id"]) == {"playnow"}


def test_stale_book_never_moves_and_others_do(quotes: pd.DataFrame) -> None:
    market = ["game_id", "player_id", "market", "line", "is_alternate"]
    versions = quotes.groupby(["book_id", *market]).size()
    assert set(versions[STALE_BOOK]) == {1}
    assert versions["1"].mean() > 1.5


def test_market_errs_less_at_the_close_than_at_the_opening(quotes: pd.DataFrame) -> None:
    fair = quotes["over_implied"] / (quotes["over_implied"] + quotes["under_implied"])
    error = (fair - quotes["p_over_true"]).abs()[(quotes["book_id"] == "1") & fair.notna()]
    rows = quotes.loc[error.index]
    opening = rows["seen_from_utc"].dt.tz_convert("America/New_York").dt.hour < 11
    closing = rows["seen_from_utc"].dt.tz_convert("America/New_York").dt.hour >= 18
    assert error[closing].mean() < 0.85 * error[opening].mean()


def test_few_quotes_have_positive_expected_value(quotes: pd.DataFrame) -> None:
    books = quotes[quotes["is_sportsbook"]]
    ev = pd.concat(
        [
            books["p_over_true"] / books["over_implied"] - 1,
            (1 - books["p_over_true"]) / books["under_implied"] - 1,
        ]
    ).dropna()
    assert 0.005 < (ev > 0).mean() < 0.12
    assert ev.mean() < -0.04


@pytest.mark.parametrize("market", list(Market))
def test_oracle_says_how_often_overs_win(settled: pd.DataFrame, market: Market) -> None:
    nearest = settled[settled["market"] == market.value].assign(lean=lambda f: (f["p_over_true"] - 0.5).abs())
    one = nearest.sort_values("lean").drop_duplicates(["game_id", "player_id"])
    sd = np.sqrt((one["p_over_true"] * (1 - one["p_over_true"])).sum())
    assert abs((one["hit"] - one["p_over_true"]).sum()) < 3.5 * sd


def test_oracle_is_calibrated_from_long_shots_to_favourites(settled: pd.DataFrame) -> None:
    bins = pd.cut(settled["p_over_true"], np.linspace(0, 1, 11))
    found = settled.groupby(bins, observed=True).agg(
        p=("p_over_true", "mean"), hit=("hit", "mean"), n=("hit", "size")
    )
    error = (found["hit"] - found["p"]).abs()
    assert (error[found["n"] > 1_000] < 0.025).all()
    assert len(found) == 10


def test_void_bets_exist(quotes: pd.DataFrame, results: pd.DataFrame) -> None:
    marked = quotes.merge(results, on=["game_id", "player_id", "market"], how="left")
    void = marked.loc[marked["stat"].isna(), ["game_id", "player_id"]].drop_duplicates()
    assert 10 < len(void) < 200


def test_vendors_spell_names_their_own_way(league: LeagueDataset, quotes: pd.DataFrame) -> None:
    people = league.players.assign(full=league.players["first_name"] + " " + league.players["last_name"])
    written = quotes[["vendor", "player_id", "player_name"]].drop_duplicates()
    named = written.merge(people[["player_id", "full"]], on="player_id")
    unabated, playnow = (named[named["vendor"] == v] for v in ("UNABATED", "PLAYNOW"))
    assert unabated["player_name"].map(str.isascii).all()
    assert not playnow["player_name"].map(str.isascii).all()
    for vendor in (unabated, playnow):
        assert (vendor["player_name"].map(without_accents) != vendor["full"].map(without_accents)).any()
    tags = set(playnow["player_name"].str.extract(r"\((\w+)\)$")[0].dropna())
    assert tags <= {"CAR", "MTL", "F", "D"}
    assert {"F", "CAR"} <= tags


def test_game_odds_favour_who_wins(league: LeagueDataset) -> None:
    games = league.games[league.games["schedule_state"] == "OK"].set_index("game_id")
    odds = league.game_odds[league.game_odds["book_id"] == "1"].drop_duplicates("game_id", keep="last")
    price = odds["home_american"]
    implied = np.where(price < 0, -price / (100 - price), 100 / (100 + price))
    won = (
        games.loc[odds["game_id"], "home_score"].to_numpy()
        > games.loc[odds["game_id"], "away_score"].to_numpy()
    )
    assert np.mean(implied[won]) > np.mean(implied[~won])
    assert abs(np.mean(implied) / 1.0225 - won.mean()) < 0.06
    for column in ("home_american", "away_american", "over_american", "under_american"):
        assert (league.game_odds[column].abs() >= 100).all()
    assert set(league.game_odds["total"]) <= {5.5, 6.5}


@given(st.floats(0.02, 0.98), st.floats(0.0, 0.12))
def test_margin_adds_up_to_the_hold(prob: float, hold: float) -> None:
    over, under = with_margin(np.array([prob]), np.array([hold]))
    assert over[0] + under[0] == pytest.approx(1 + hold)
    assert over[0] >= prob - 1e-9
    assert under[0] >= 1 - prob - 1e-9


@given(st.floats(0.005, 0.99), st.sampled_from([1, 5]))
def test_american_price_is_whole_and_never_inside_a_hundred(implied: float, step: int) -> None:
    price = american_price(np.array([implied]), np.array(step))[0]
    assert price == int(price)
    assert abs(price) >= 100
    assert (price < 0) == (implied >= 0.5)


@given(st.floats(0.02, 0.97))
def test_decimal_price_is_near_the_implied_probability(implied: float) -> None:
    assert decimal_price(np.array([implied]))[0] == pytest.approx(1 / implied, rel=0.03)


@given(st.floats(0.05, 6.0), st.floats(0.01, 0.3))
def test_count_distribution_has_its_mean_and_variance(mean: float, alpha: float) -> None:
    pmf = count_pmf(np.array([mean]), alpha, 150)[0]
    counts = np.arange(151)
    assert pmf.sum() == pytest.approx(1)
    assert (pmf * counts).sum() == pytest.approx(mean)
    assert (pmf * counts**2).sum() - mean**2 == pytest.approx(mean + alpha * mean**2, rel=1e-5)


def test_sum_of_two_counts_wins_over_each_line_as_by_hand() -> None:
    one, other = np.array([[0.5, 0.5, 0.0]]), np.array([[0.25, 0.75, 0.0]])
    np.testing.assert_allclose(sum_pmf(one, other), [[0.125, 0.5, 0.375]])
    np.testing.assert_allclose(over_table(one), [[0.5, 0.0, 0.0]])


@pytest.mark.parametrize(
    ("first", "last", "unabated", "playnow"),
    [
        ("Étienne", "Gagné-Pelletier", "Etienne Gagne-Pelletier", "Étienne Gagné-Pelletier"),
        ("Mitchell", "O'Dwyer", "Mitch O'Dwyer", "Mitchell O'Dwyer"),
        ("Espen", "Østergård-Lie", "Espen Ostergard-Lie", "Espen Østergård-Lie"),
        ("Moritz", "Weißhaupt", "Moritz Weisshaupt", "Moritz Weißhaupt"),
    ],
)
def test_spelling_of_each_vendor(first: str, last: str, unabated: str, playnow: str) -> None:
    assert unabated_name(first, last, uses_nickname=True) == unabated
    assert playnow_name(first, last, uses_nickname=False) == playnow


def test_namesake_carries_a_tag_at_playnow() -> None:
    assert playnow_name("Nils", "Granlöv", uses_nickname=True, tag="CAR") == "Nils Granlöv (CAR)"


def test_names_differ_even_without_accents() -> None:
    names = full_names(2_000, np.random.default_rng(1))
    assert len({without_accents(" ".join(name)).casefold() for name in names}) == 2_000


def test_more_players_than_names_is_an_error() -> None:
    with pytest.raises(ValueError, match="only"):
        full_names(10_000, np.random.default_rng(1))
