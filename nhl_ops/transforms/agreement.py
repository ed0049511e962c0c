"""Where a table does not say what the tables that it was made from say: rows with game_date and `words`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.contracts.evidence import AccuracyLevel, CoverageLevel, EvLevel
from nhl_ops.contracts.reports import SEASON
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.markets import GOALIE_MARKETS, SKATER_MARKETS, Market
from nhl_ops.transforms.completeness import sides_of

SAID = ["game_date", "words"]
PLAYER = ["game_date", "game_id_nhl", "player_id_nhl"]
TEAM = ["game_date", "game_id_nhl", "team"]
BET = ["game_date", "bet_id"]
PRICE = ["game_date", "quote_id"]
TAKEN = [
    "game_id_nhl",
    "player_id_nhl",
    "market",
    "line",
    "side",
    "price_decimal",
    "prob_consensus",
    "ev_pct",
]
ROUNDING = 1e-9
SHARE_ROUNDING = 1e-4
"""Of a sum of shares with six decimals each."""


def unserved_players(players: pd.DataFrame, rows: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Players of DIM_PLAYERS and their markets without a row of a table of the model, of skaters, goalies or both.

    rows: of the table, with PLAYER and, where it has one, market.
    """
    roles = {
        "skater": ("goalie" not in spec.name, SKATER_MARKETS),
        "goalie": ("skater" not in spec.name, GOALIE_MARKETS),
    }
    is_goalie = players["position"] == "G"
    wanted = pd.concat(
        [
            _with_markets(players.loc[is_goalie == (role == "goalie"), [*PLAYER, "player_name"]], markets)
            for role, (is_wanted, markets) in roles.items()
            if is_wanted
        ]
    )
    key = [*PLAYER, "market"] if "market" in spec.by_name else PLAYER
    missing = absent(wanted.drop_duplicates(key), rows, key)
    what = missing["player_name"] + (" (" + missing["market"] + ")" if "market" in key else "")
    return _said(missing, "nothing of " + what)


def unserved_teams(games: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Teams of DIM_GAMES and their markets without a row of FEATURE_TEAM_FACTORS."""
    wanted = _with_markets(sides_of(games)[TEAM], tuple(Market))
    missing = absent(wanted, rows, [*TEAM, "market"])
    return _said(missing, "nothing of " + missing["team"] + " (" + missing["market"] + ")")


def lost_quotes(accounting: pd.DataFrame, facts: pd.DataFrame, key: str) -> pd.DataFrame:
    """Vendors of which more quotes were accepted than there are facts. key: what tells facts apart."""
    by = ["game_date", "source_vendor"]
    accepted = accounting.groupby(by)["accepted"].sum()
    there = facts.groupby(by, observed=True)[key].nunique().reindex(accepted.index, fill_value=0)
    lost = (accepted - there).rename("lost").reset_index().query("lost > 0")
    return _said(
        lost, lost["lost"].astype(str) + " accepted quotes of " + lost["source_vendor"] + " are no facts"
    )


def unreviewed_names(facts: pd.DataFrame, review: pd.DataFrame) -> pd.DataFrame:
    """Names of quotes without a player that MAPPING_REVIEW does not have. facts: newest mapping of each quote."""
    key = ["game_date", "source_vendor", "player_name_raw"]
    missing = absent(facts.loc[facts["player_id_nhl"].isna(), key].drop_duplicates(), review, key)
    return _said(
        missing, missing["source_vendor"] + "'s " + missing["player_name_raw"] + " is not in the queue"
    )


def baseless_bets(bets: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Rows of EV_MULTI_BOOK_BEST_BETS that are not what EV_FAIR_PRICES says of their quote, or out of order."""
    both = bets.merge(
        prices[[*PRICE, *TAKEN]], on=PRICE, how="left", suffixes=("", "_priced"), indicator=True
    )
    same = pd.Series(both["_merge"] == "both", index=both.index)
    for column in TAKEN:
        same &= _equal(both[column], both[f"{column}_priced"])
    ordered = both.sort_values(["game_date", "rank"])
    in_order = ordered["rank"] == ordered.groupby("game_date").cumcount() + 1
    in_order &= ~(ordered.groupby("game_date")["ev_pct"].diff() > ROUNDING)
    bad = ordered[~same.reindex(ordered.index) | ~in_order]
    return _said(
        bad, "bet " + bad["rank"].astype(str) + ", " + bad["player_name"] + ", is not the price that it names"
    )


def unaudited_bets(audit: pd.DataFrame, bets: pd.DataFrame) -> pd.DataFrame:
    """Bets without every step of EV_PROB_AUDIT from 1 on, or whose audit comes to another EV, and audits of no bet."""
    steps = audit.groupby(BET).agg(steps=("step", "size"), last=("step", "max")).reset_index()
    ev = audit.loc[audit["quantity"] == "ev_pct", [*BET, "value"]].drop_duplicates(BET)
    both = bets[[*BET, "ev_pct"]].merge(steps, on=BET, how="outer").merge(ev, on=BET, how="left")
    whole = (both["steps"] == both["last"]) & _equal(both["value"], both["ev_pct"]) & both["ev_pct"].notna()
    bad = both[~whole]
    return _said(bad, "the audit of bet " + bad["bet_id"] + " is not whole, or of another EV or bet")


def unsettled_prices(settlements: pd.DataFrame, prices: pd.DataFrame, bets: pd.DataFrame) -> pd.DataFrame:
    """Prices without a row of FACT_PROP_SETTLEMENTS, rows of no price, and rows that name another bet."""
    wanted = prices[PRICE].merge(bets[[*PRICE, "bet_id"]], on=PRICE, how="left")
    both = wanted.merge(
        settlements[[*PRICE, "bet_id"]], on=PRICE, how="outer", suffixes=("", "_settled"), indicator=True
    )
    other = both["bet_id"].fillna("") != both["bet_id_settled"].fillna("")
    bad = both[(both["_merge"] != "both") | other]
    return _said(bad, "quote " + bad["quote_id"] + " is not settled once as it was priced")


def miscounts(report: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Figures of REPORT_DAILY that do not count the rows of their table. tables: by figure."""
    parts = []
    for figure, rows in tables.items():
        there = report["game_date"].map(rows.groupby("game_date").size()).fillna(0).astype("int64")
        bad = report[report[figure] != there]
        words = figure + " is " + bad[figure].astype(str) + ", and there are " + there[bad.index].astype(str)
        parts.append(_said(bad, words))
    return pd.concat(parts, ignore_index=True)


def unreported_windows(report: pd.DataFrame, slates: Sequence[str], windows: Sequence[int]) -> pd.DataFrame:
    """Windows of slates (ISO dates) that REPORT_ROLLING lacks."""
    names = pd.DataFrame({"window": [*(f"{days} days" for days in windows), SEASON]})
    wanted = pd.DataFrame({"game_date": list(slates)}).merge(names, how="cross")
    missing = absent(wanted, report, ["game_date", "window"])
    return _said(missing, "no window " + missing["window"])


def uneven_coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    """Slates of FACT_ODDS_COVERAGE_DAILY whose vendors, or books and markets, do not add up to the slate."""
    return _uneven(
        coverage,
        CoverageLevel.SLATE,
        [CoverageLevel.VENDOR, CoverageLevel.BOOK_MARKET],
        ["quotes", "quotes_mapped"],
    )


def uneven_claims(summary: pd.DataFrame) -> pd.DataFrame:
    """Slates of FACT_EV_SUMMARY_DAILY whose markets, vendors or books do not add up to the slate."""
    return _uneven(
        summary, EvLevel.SLATE, [EvLevel.MARKET, EvLevel.VENDOR, EvLevel.BOOK], ["prices", "best_bets"]
    )


def uneven_mapping(mapping: pd.DataFrame) -> pd.DataFrame:
    """Vendors of FACT_MAPPING_QUALITY_DAILY whose shares of players or of events do not make one."""
    shares = mapping.groupby(["game_date", "source_vendor", "subject"])["quotes_share"].sum().reset_index()
    bad = shares[(shares["quotes_share"] - 1).abs() > SHARE_ROUNDING]
    return _said(bad, "the shares of " + bad["source_vendor"] + "'s " + bad["subject"] + "s do not make one")


def uneven_accuracy(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Markets of FACT_FORECAST_ACCURACY_DAILY whose tenths of P(over) hold other predictions than their lines."""
    by = ["game_date", "market"]
    counts = accuracy.pivot_table(
        index=by, columns="level", values="predictions", aggfunc="sum", fill_value=0
    )
    counts = counts.reindex(columns=list(AccuracyLevel), fill_value=0)
    bad = counts[counts[AccuracyLevel.LINE] != counts[AccuracyLevel.BIN]].reset_index()
    return _said(bad, "the tenths of " + bad["market"] + " hold other predictions than its lines")


def _uneven(rows: pd.DataFrame, whole: str, parts: Sequence[str], figures: Sequence[str]) -> pd.DataFrame:
    total = rows[rows["level"] == whole].set_index("game_date")[list(figures)]
    found = []
    for level in parts:
        summed = rows[rows["level"] == level].groupby("game_date")[list(figures)].sum()
        differs = summed.reindex(total.index, fill_value=0).ne(total).any(axis=1)
        bad = pd.DataFrame({"game_date": total.index[differs]})
        found.append(bad.assign(words=f"the rows by {level} do not add up to the {whole}"))
    return pd.concat(found, ignore_index=True)


def thin_box_scores(
    finals: pd.DataFrame, skaters: pd.DataFrame, goalies: pd.DataFrame, least: int
) -> pd.DataFrame:
    """Final games of which a team has fewer than `least` skaters, no starting goalie, or goals that the score lacks.

    finals, skaters, goalies: FACT_GAME_RESULTS, FACT_SKATER_GAMES, FACT_GOALIE_GAMES, every version: of each the
    newest counts. The winner of a shootout has one goal that nobody scored.
    """
    final, skater, goalie = (_newest(frame) for frame in (finals, skaters, goalies))
    sides = [
        final.assign(team=final[f"{side}_team"], score=final[f"{side}_score"]) for side in ("home", "away")
    ]
    team = pd.concat(sides, ignore_index=True)
    counted = skater.groupby(TEAM).agg(dressed=("player_id_nhl", "nunique"), goals=("goals", "sum"))
    starters = goalie[goalie["is_starter"]].groupby(TEAM).size().rename("starters")
    rows = (
        team.join(counted, on=TEAM).join(starters, on=TEAM).fillna({"dressed": 0, "goals": 0, "starters": 0})
    )
    unscored = rows["score"] - rows["goals"]
    wrong = (unscored < 0) | (unscored > 1)
    bad = rows[(rows["dressed"] < least) | (rows["starters"] == 0) | wrong]
    told = [
        f"{row.team} in game {row.game_id_nhl}: {row.dressed:.0f} skaters, {row.starters:.0f} starting goalies, "
        f"{row.goals:.0f} goals of {row.score}"
        for row in bad.itertuples()
    ]
    return _said(bad, told)


def _newest(frame: pd.DataFrame) -> pd.DataFrame:
    key = [name for name in ("game_id_nhl", "player_id_nhl") if name in frame]
    return frame.sort_values(["known_at_utc", "captured_at_utc", "row_hash"]).drop_duplicates(
        key, keep="last"
    )


def _with_markets(rows: pd.DataFrame, markets: Sequence[Market]) -> pd.DataFrame:
    return rows.merge(pd.DataFrame({"market": [market.value for market in markets]}), how="cross")


def absent(wanted: pd.DataFrame, found: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The wanted rows whose key is not among the found ones."""
    marked = wanted.merge(found[list(key)].drop_duplicates(), on=list(key), how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"].drop(columns="_merge")


def _equal(left: pd.Series[Any], right: pd.Series[Any]) -> pd.Series[bool]:
    """Value by value; numbers within rounding."""
    if pd.api.types.is_numeric_dtype(left) and pd.api.types.is_numeric_dtype(right):
        return pd.Series(
            np.isclose(left.astype(float), right.astype(float), rtol=0, atol=ROUNDING), index=left.index
        )
    return left == right


def _said(rows: pd.DataFrame, words: pd.Series[str] | list[str]) -> pd.DataFrame:
    return rows[["game_date"]].assign(words=words)
