"""What became of priced lines and published bets, from what is known of the results by now.

Vectorised form of `domain.settlement`: overtime counts, the shootout does not (the statistics leave it out),
zero is a result, a player who did not play and a goalie who did not start are void.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.contracts.ev import FACT_PROP_SETTLEMENTS
from nhl_ops.domain.markets import GOALIE_MARKETS, SKATER_MARKETS, STAT_COLUMN, Market, Side
from nhl_ops.domain.settlement import Outcome

APPEARANCE = ["game_id_nhl", "player_id_nhl"]
DECIDED = (Outcome.WON.value, Outcome.LOST.value, Outcome.PUSH.value)
Case = tuple["pd.Series[bool]", Outcome, "pd.Series[str] | str | None"]
CALLED_OFF = {"PPD": "the game was postponed", "CNCL": "the game was cancelled"}


@dataclass(frozen=True)
class Results:
    """FACT_GAME_RESULTS, FACT_SKATER_GAMES, FACT_GOALIE_GAMES and RAW_NHL_SCHEDULE, every version."""

    finals: pd.DataFrame
    skaters: pd.DataFrame
    goalies: pd.DataFrame
    schedule: pd.DataFrame

    def known(self, game_ids: NDArray[Any], now: pd.Timestamp) -> Results:
        """Rows of these games that are known by `now`."""
        frames = (self.finals, self.skaters, self.goalies, self.schedule)
        return Results(*(f[f["game_id_nhl"].isin(game_ids) & (f["known_at_utc"] <= now)] for f in frames))


def settle_slate(
    prices: pd.DataFrame, bets: pd.DataFrame, results: Results, now: pd.Timestamp
) -> pd.DataFrame:
    """FACT_PROP_SETTLEMENTS: one row for each price, of any number of slates.

    prices: EV_FAIR_PRICES. bets: EV_MULTI_BOOK_BEST_BETS. Of each result the newest version that is known by
    `now` (UTC) counts. A final game whose statistics have not come yet is pending.
    """
    known = results.known(prices["game_id_nhl"].unique(), now)
    rows = prices.merge(bets[["game_date", "quote_id", "bet_id"]], on=["game_date", "quote_id"], how="left")
    rows = rows.merge(_finals(known.finals), on=["game_date", "game_id_nhl"], how="left")
    rows = rows.merge(_statistics(known.skaters, known.goalies), on=[*APPEARANCE, "market"], how="left")
    rows = rows.merge(_schedule_now(known.schedule), on="game_id_nhl", how="left")
    is_goalie = rows["market"].isin(GOALIE_MARKETS)
    has_statistics = rows["game_id_nhl"].isin(known.skaters["game_id_nhl"])
    has_statistics = has_statistics.mask(is_goalie, rows["game_id_nhl"].isin(known.goalies["game_id_nhl"]))
    rows = _with_profit(_with_outcome(rows, _cases(rows, has_statistics, is_goalie)))
    return FACT_PROP_SETTLEMENTS.conform(rows.sort_values(["game_date", "quote_id"], ignore_index=True))


def final_statistics(results: Results, now: pd.Timestamp) -> pd.DataFrame:
    """A row an appearance in a game that is final by `now` and market: game_id_nhl, player_id_nhl, market, stat,
    is_in (played; of a goalie: started)."""
    known = results.known(results.finals["game_id_nhl"].unique(), now)
    rows = _statistics(known.skaters, known.goalies)
    return rows[rows["game_id_nhl"].isin(known.finals["game_id_nhl"])]


def _newest(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    ordered = frame.sort_values(["known_at_utc", "captured_at_utc", "row_hash"])
    return ordered.drop_duplicates(key, keep="last")


def _finals(results: pd.DataFrame) -> pd.DataFrame:
    finals = _newest(results, ["game_id_nhl"])[["game_date", "game_id_nhl", "known_at_utc"]]
    return finals.rename(columns={"known_at_utc": "final_known_at_utc"})


def _statistics(skaters: pd.DataFrame, goalies: pd.DataFrame) -> pd.DataFrame:
    """A row an appearance and market: stat, is_in (played, for goalies: started), stat_known_at_utc."""
    skater = _newest(skaters, APPEARANCE).assign(is_in=lambda rows: rows["toi_sec"] > 0)
    goalie = _newest(goalies, APPEARANCE).assign(is_in=lambda rows: rows["is_starter"])
    tables = [
        frame[[*APPEARANCE, "is_in", "known_at_utc"]].assign(
            market=market.value, stat=frame[STAT_COLUMN[Market(market)]]
        )
        for frame, markets in ((skater, SKATER_MARKETS), (goalie, GOALIE_MARKETS))
        for market in markets
    ]
    return pd.concat(tables, ignore_index=True).rename(columns={"known_at_utc": "stat_known_at_utc"})


def _schedule_now(schedule: pd.DataFrame) -> pd.DataFrame:
    newest = _newest(schedule, ["game_id_nhl"])[["game_id_nhl", "game_date", "schedule_state"]]
    return newest.rename(columns={"game_date": "game_date_now"})


def _cases(rows: pd.DataFrame, has_statistics: pd.Series[bool], is_goalie: pd.Series[bool]) -> list[Case]:
    """Condition, outcome and reason, the first that holds; what none holds for is lost."""
    is_open = rows["final_known_at_utc"].isna()
    is_moved = rows["game_date_now"].notna() & (rows["game_date_now"] != rows["game_date"])
    moved = "the game was moved to " + rows["game_date_now"].fillna("")
    called_off = rows["schedule_state"].map(CALLED_OFF)
    is_out = ~rows["is_in"].astype("boolean").fillna(False).astype(bool)
    diff = rows["stat"] - rows["line"]
    return [
        (is_open & is_moved, Outcome.VOID, moved),
        (is_open & called_off.notna(), Outcome.VOID, called_off),
        (is_open, Outcome.PENDING, "the game is not final"),
        (~has_statistics, Outcome.PENDING, "the game is final, its statistics are not known yet"),
        (is_out & is_goalie, Outcome.VOID, "the goalie did not start"),
        (is_out, Outcome.VOID, "the player did not play"),
        (diff == 0, Outcome.PUSH, None),
        ((diff > 0) == (rows["side"] == Side.OVER), Outcome.WON, None),
    ]


def _with_outcome(rows: pd.DataFrame, cases: list[Case]) -> pd.DataFrame:
    outcome = pd.Series(Outcome.LOST.value, index=rows.index, dtype=object)
    reason = pd.Series(index=rows.index, dtype=object)
    for condition, result, why in reversed(cases):
        outcome = outcome.mask(condition, result.value)
        reason = reason.mask(condition, why)
    decided_at = rows[["final_known_at_utc", "stat_known_at_utc"]].max(axis=1)
    return rows.assign(
        outcome=outcome,
        outcome_reason=reason.mask(reason.isna(), None),
        stat_value=rows["stat"].where(outcome.isin(DECIDED)).astype("Int64"),
        settled_at_utc=decided_at.mask(outcome == Outcome.PENDING),
    )


def _with_profit(rows: pd.DataFrame) -> pd.DataFrame:
    outcome = rows["outcome"]
    profit = np.select(
        [outcome == Outcome.WON, outcome == Outcome.LOST, outcome == Outcome.PENDING],
        [rows["price_decimal"] - 1.0, np.full(len(rows), -1.0), np.full(len(rows), np.nan)],
        default=0.0,
    )
    return rows.assign(profit_units=profit)
