"""Rows of the daily report's tables: frames in, plain values out, in the order in which a reader meets them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from nhl_ops.contracts.evidence import CoverageLevel, EvLevel
from nhl_ops.domain.books import book_key
from nhl_ops.domain.cards import BetChangeKind, Revision
from nhl_ops.domain.game_lines import GameMarket
from nhl_ops.domain.markets import Market
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.exports import wording

NOT_PLAYED = {"PPD": "postponed", "SUSP": "suspended", "CNCL": "cancelled"}


CHANGE_WORDS = {
    BetChangeKind.ADDED: "added",
    BetChangeKind.REMOVED: "removed",
    BetChangeKind.PRICE: "another price",
    BetChangeKind.EV: "another EV",
}


def change_rows(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """A row a best bet that a version added, removed or priced anew; the newest version first."""
    return [
        {
            "version": revision.version,
            "since": revision.since,
            "at": revision.published_at_utc,
            "what": CHANGE_WORDS[change.kind],
            "wager": wager_of(change.side, change.line),
            "player_name": change.player_name,
            "market": change.market,
            "before": offer(change.book_before, change.price_before, change.ev_before),
            "after": offer(change.book_after, change.price_after, change.ev_after),
        }
        for revision in reversed(revisions)
        for change in revision.changes
    ]


def wager_of(side: str, line: float) -> str:
    """Over 2.5."""
    return f"{wording.side_label(side)} {wording.line(line)}"


def offer(book: str | None, price: int | None, ev_pct: float | None) -> str:
    """A price with its book and EV; a dash where the bet was not on the card."""
    return f"{wording.american(price)} {book}, EV {wording.percent(ev_pct)}" if book else wording.MISSING


def as_of_mode(games: pd.DataFrame) -> AsOfMode:
    """PRETIP when the games have their own as-of instants, LIVE when they share one."""
    is_shared = (
        games["as_of_ts_utc"].nunique() < 2 and (games["as_of_ts_utc"] != games["start_time_utc"]).all()
    )
    return AsOfMode.LIVE if is_shared else AsOfMode.PRETIP


def game_rows(games: pd.DataFrame, quotes: pd.DataFrame, bets: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a game by start: quotes, books and players behind it, and its best bets."""
    mapped = quotes.dropna(subset=["game_id_nhl"]).assign(book=quotes["book_name"].map(book_key))
    coverage = mapped.groupby("game_id_nhl").agg(
        quotes=("quote_id", "size"), books=("book", "nunique"), players=("player_id_nhl", "nunique")
    )
    coverage["bets"] = bets.groupby("game_id_nhl").size()
    rows = games.sort_values(["start_time_utc", "game_id_nhl"]).merge(
        coverage, left_on="game_id_nhl", right_index=True, how="left"
    )
    counts = ["quotes", "books", "players", "bets"]
    rows[counts] = rows[counts].astype("Float64").fillna(0).astype("int64")
    rows["game"] = rows["away_team"] + " at " + rows["home_team"]
    rows["note"] = [
        game_note(row.is_playable, row.schedule_state, row.quotes) for row in rows.itertuples(index=False)
    ]
    return rows.to_dict("records")


def accuracy_rows(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Log-loss of the model and of the books' consensus on the same settled overs."""
    return [
        {"who": who, "log_loss": figures[column], "rows": figures["rows_scored"]}
        for who, column in (("model", "log_loss_model"), ("consensus of the books", "log_loss_consensus"))
    ]


def game_note(is_playable: bool, schedule_state: str, quotes: int) -> str:
    if not is_playable:
        return NOT_PLAYED.get(schedule_state, "not played")
    return "quoted" if quotes else "no odds"


def book_rows(quotes: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a vendor and book: quotes, mapped share and the newest capture."""
    rows = (
        quotes.assign(mapped=quotes["player_id_nhl"].notna() & quotes["game_id_nhl"].notna())
        .groupby(["source_vendor", "book_name"], as_index=False)
        .agg(
            quotes=("quote_id", "size"),
            mapped=("mapped", "mean"),
            markets=("market", "nunique"),
            newest=("captured_at_utc", "max"),
        )
    )
    return rows.sort_values(["source_vendor", "quotes", "book_name"], ascending=[True, False, True]).to_dict(
        "records"
    )


def game_line_rows(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a source of game lines: games with a two-way moneyline, prices before the start, and stale ones."""
    early = lines[~lines["is_live"].astype(bool)]
    is_moneyline = (early["market"] == GameMarket.MONEYLINE) & early["game_id_nhl"].notna()
    with_moneyline = early[is_moneyline].groupby("source")["game_id_nhl"].nunique()
    rows = early.groupby("source").agg(
        books=("book_name", "nunique"), prices=("line_id", "nunique"), stale=("is_stale", "sum")
    )
    rows["games"] = with_moneyline.reindex(rows.index).fillna(0).astype("int64")
    rows["name"] = [str(source).replace("_", " ") for source in rows.index]
    return rows.to_dict("records")


def method_rows(quotes: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a mapping method with its share of the quotes."""
    counted = quotes.groupby("mapping_method").size().sort_values(ascending=False, kind="stable")
    return [
        {"method": str(method).replace("_", " "), "quotes": n, "share": n / len(quotes)}
        for method, n in counted.items()
    ]


def unresolved_rows(quotes: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a reason why quotes have no NHL ids, with the names it hit most."""
    open_ = quotes.loc[quotes["player_id_nhl"].isna() | quotes["game_id_nhl"].isna()]
    rows = []
    for reason, group in open_.groupby(open_["mapping_reason"].fillna("no reason was given")):
        names = group["player_name_raw"].value_counts(sort=False).sort_index().nlargest(3).index
        rows.append({"reason": reason, "quotes": len(group), "names": ", ".join(names)})
    return sorted(rows, key=lambda row: -row["quotes"])


def bet_rows(bets: pd.DataFrame, settlements: pd.DataFrame) -> list[dict[str, Any]]:
    """Best bets with what became of them; the result is "pending" until the boxscore is final."""
    results: Mapping[str, Any] = settlements.dropna(subset=["bet_id"]).set_index("bet_id").to_dict("index")
    rows = []
    for bet in bets.to_dict("records"):
        settled = results.get(bet["bet_id"], {"outcome": "pending", "stat_value": None, "profit_units": None})
        wager = f"{wording.market_label(bet['market'])} {wager_of(bet['side'], bet['line']).lower()}"
        rows.append(
            bet | {"wager": wager} | {k: settled[k] for k in ("outcome", "stat_value", "profit_units")}
        )
    return rows


def vendor_rows(coverage: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a vendor: what it quoted, for how many of the games, and how old that was at as-of."""
    rows = coverage.loc[coverage["level"] == CoverageLevel.VENDOR].sort_values("source_vendor")
    return rows.assign(mapped=rows["quotes_mapped"] / rows["quotes"].where(rows["quotes"] > 0)).to_dict(
        "records"
    )


def ev_rows(summary: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a market in the house's order, and a last row "all"; [] without a price."""
    markets = summary.loc[summary["level"] == EvLevel.MARKET]
    order = {str(market): place for place, market in enumerate(Market)}
    whole = summary.loc[(summary["level"] == EvLevel.SLATE) & (summary["prices"] > 0)]
    rows = [*markets.sort_values("name", key=lambda names: names.map(order)).to_dict("records")]
    return [*rows, *whole.assign(name="all").to_dict("records")]


def mapping_rows(mapping: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a vendor, subject, method and reason; the largest share of each vendor's quotes first."""
    order = ["source_vendor", "subject", "quotes", "method", "reason"]
    rows = mapping.sort_values(order, ascending=[True, True, False, True, True])
    return rows.assign(method=rows["method"].str.replace("_", " ")).to_dict("records")
