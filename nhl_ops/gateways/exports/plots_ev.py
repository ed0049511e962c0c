"""Plots of the claims: how EV spreads, and what came of it. Only shown; nothing decides by them."""

import pandas as pd
from matplotlib.axes import Axes

from nhl_ops.contracts.evidence import EvLevel
from nhl_ops.gateways.exports.claims import band_note, by_bucket
from nhl_ops.gateways.exports.plots import BLUE, GREY, ORANGE, dated, drawing, listed, sentence
from nhl_ops.gateways.exports.wording import market_label, percent, plural
from nhl_ops.gateways.exports.wording import units as said_units

DISTRIBUTION = "EV of the prices by market"
BY_SLATE = "EV of the prices by slate"
CLAIMED = "Claimed and observed, by bucket of EV"
UNITS = "Units claimed and observed, added up"
MARKS = "Thin line: 5th to 95th percentile. Thick: 25th to 75th. Orange: median."
PERCENTILES = ["p05_ev_pct", "p25_ev_pct", "p50_ev_pct", "p75_ev_pct", "p95_ev_pct"]
ABOVE = ["above_0_pct", "above_2_pct", "above_5_pct"]
ROW_IN, FRAME_IN = 0.42, 1.4


def at_level(summary: pd.DataFrame, level: EvLevel) -> pd.DataFrame:
    """Rows of one level of fact_ev_summary_daily with EV to show."""
    return summary.loc[(summary["level"] == level) & summary["p50_ev_pct"].notna()]


def distribution(summary: pd.DataFrame) -> str:
    """5th to 95th percentile of EV by market of one slate, and how many prices are above 0, 2 and 5%. A figure."""
    rows = at_level(summary, EvLevel.MARKET).sort_values("name")
    if rows.empty:
        return sentence(DISTRIBUTION, "No price had a consensus of other books to be judged by.")

    def draw(axes: Axes) -> None:
        for y, row in enumerate(rows.to_dict("records")):
            p05, p25, p50, p75, p95 = (row[p] for p in PERCENTILES)
            axes.plot([p05, p95], [y, y], color=BLUE, linewidth=1.5)
            axes.plot([p25, p75], [y, y], color=BLUE, linewidth=7, alpha=0.5, solid_capstyle="butt")
            axes.plot([p50], [y], color=ORANGE, marker="|", markersize=12, markeredgewidth=2)
        counts = [" / ".join(f"{int(row[a]):,}" for a in ABOVE) for row in rows.to_dict("records")]
        names = [f"{market_label(n)}\n{c}" for n, c in zip(rows["name"], counts, strict=True)]
        axes.axvline(0, color=GREY, linestyle="--", linewidth=1)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="EV (% of stake)")

    told = listed(
        f"{market_label(r['name'])}: median {percent(r['p50_ev_pct'])}, 5th to 95th percentile "
        f"{percent(r['p05_ev_pct'])} to {percent(r['p95_ev_pct'])}, {int(r['above_0_pct']):,} of "
        f"{int(r['prices_with_ev']):,} prices above 0%"
        for r in rows.to_dict("records")
    )
    return drawing(
        DISTRIBUTION,
        draw,
        told=told,
        caption=f"{MARKS} Under a market: its prices above 0 / 2 / 5%.",
        height_in=FRAME_IN + ROW_IN * len(rows),
    )


def by_slate(summary: pd.DataFrame) -> str:
    """Median EV with its 5th to 95th percentile, slate by slate. A figure."""
    rows = at_level(summary, EvLevel.SLATE).sort_values("game_date")
    if rows.empty:
        return sentence(BY_SLATE, "No price in this window had a consensus of other books to be judged by.")

    def draw(axes: Axes) -> None:
        days = range(len(rows))
        axes.vlines(days, rows["p05_ev_pct"], rows["p95_ev_pct"], color=BLUE, linewidth=1.5)
        axes.vlines(days, rows["p25_ev_pct"], rows["p75_ev_pct"], color=BLUE, linewidth=5, alpha=0.5)
        axes.plot(days, rows["p50_ev_pct"], color=ORANGE, marker="_", markeredgewidth=2, linestyle="none")
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        axes.set(xlabel="Slate (ET date)", ylabel="EV (% of stake)")
        dated(axes, rows["game_date"].tolist())

    first, last = rows.iloc[0], rows.iloc[-1]
    told = (
        f"Median EV of {plural(len(rows), 'slate')}: {percent(first['p50_ev_pct'])} on {first['game_date']}, "
        f"{percent(last['p50_ev_pct'])} on {last['game_date']}, from {percent(rows['p50_ev_pct'].min())} to "
        f"{percent(rows['p50_ev_pct'].max())} between."
    )
    return drawing(BY_SLATE, draw, told=told, caption=MARKS)


def claimed(summary: pd.DataFrame) -> str:
    """Observed ROI of the best bets by bucket of claimed EV, with its 95% interval. A figure."""
    claims = by_bucket(summary)
    rows = [row for row in claims[:-1] if row["observed"] is not None]
    if not rows:
        return sentence(CLAIMED, "No best bet has been won or lost yet.")

    def draw(axes: Axes) -> None:
        at = list(range(len(rows)))
        axes.vlines(at, [r["low"] for r in rows], [r["high"] for r in rows], color=BLUE, linewidth=1.5)
        marks = {"color": BLUE, "marker": "o", "linestyle": "none", "label": "observed, 95% interval"}
        axes.plot(at, [r["observed"] for r in rows], **marks)
        claim = {"color": ORANGE, "marker": "D", "linestyle": "none", "label": "claimed"}
        axes.plot(at, [r["claimed"] for r in rows], **claim)
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        axes.set_xticks(at, [f"{r['bucket']}\n{plural(r['won'] + r['lost'], 'bet')}" for r in rows])
        axes.set_xlim(-0.5, len(rows) - 0.5)
        axes.grid(visible=False, axis="x")
        axes.margins(y=0.25)
        axes.set(xlabel="Bucket of claimed EV (% of stake)", ylabel="Profit (% of stake)")
        axes.legend(loc="upper left", ncols=2)

    told = listed(
        f"claimed {r['bucket']}: {percent(r['claimed'])} claimed, {percent(r['observed'])} observed on "
        f"{plural(r['won'] + r['lost'], 'bet')} (95% interval {percent(r['low'])} to {percent(r['high'])})"
        for r in rows
    )
    return drawing(CLAIMED, draw, told=told, caption=band_note(claims), height_in=3.5)


def units(daily: pd.DataFrame) -> str:
    """Units that the settled best bets claimed and brought, added up slate by slate, from report_daily. A figure."""
    settled = daily.assign(bets=daily["bets_won"] + daily["bets_lost"]).sort_values("game_date")
    settled = settled.loc[settled["bets"] > 0]
    if settled.empty:
        return sentence(UNITS, "No best bet has been won or lost in this window yet.")
    claim = (settled["mean_ev_pct"] / 100 * settled["bets"]).cumsum()

    def draw(axes: Axes) -> None:
        days = range(len(settled))
        axes.plot(days, claim, color=ORANGE, marker=".", label="claimed")
        axes.plot(days, settled["profit_units"].cumsum(), color=BLUE, marker=".", label="observed")
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        axes.set(xlabel="Slate (ET date)", ylabel="Profit (units, one on each bet)")
        dated(axes, settled["game_date"].tolist())
        axes.legend(loc="best")

    profit, bets = settled["profit_units"].sum(), int(settled["bets"].sum())
    told = (
        f"On {plural(bets, 'bet')} won or lost {said_units(claim.iloc[-1])} units were claimed and "
        f"{said_units(profit)} came."
    )
    return drawing(UNITS, draw, told=told)
