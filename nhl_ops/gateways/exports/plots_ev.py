"""Plots of the claims: how EV spreads, and what came of it. Only shown; nothing decides by them."""

import pandas as pd
from matplotlib.axes import Axes

from nhl_ops.contracts.evidence import EvLevel
from nhl_ops.domain.intervals import roi_interval
from nhl_ops.gateways.exports.plots import BLUE, GREY, ORANGE, dated, drawing, sentence
from nhl_ops.gateways.exports.wording import market_label, plural

DISTRIBUTION = "EV of the prices by market"
BY_SLATE = "EV of the prices by slate"
CLAIMED = "Claimed and realised, by bucket of EV"
UNITS = "Units claimed and observed, added up"
PERCENTILES = ["p05_ev_pct", "p25_ev_pct", "p50_ev_pct", "p75_ev_pct", "p95_ev_pct"]
ABOVE = ["above_0_pct", "above_2_pct", "above_5_pct"]
ROW_IN, FRAME_IN = 0.42, 1.4


def at_level(summary: pd.DataFrame, level: EvLevel) -> pd.DataFrame:
    """Rows of one level of fact_ev_summary_daily with EV to show."""
    return summary.loc[(summary["level"] == level) & summary["p50_ev_pct"].notna()]


def distribution(summary: pd.DataFrame) -> str:
    """5th to 95th percentile of EV by market of one slate, and how many prices are above 0, 2 and 5%. SVG."""
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
        under = "EV (% of stake), 5th to 95th percentile\nUnder a market: its prices above 0 / 2 / 5%"
        axes.set(xlabel=under, ylabel="Market")

    return drawing(DISTRIBUTION, draw, height_in=FRAME_IN + ROW_IN * len(rows))


def by_slate(summary: pd.DataFrame) -> str:
    """Median EV with its 5th to 95th percentile, slate by slate. SVG."""
    rows = at_level(summary, EvLevel.SLATE).sort_values("game_date")
    if rows.empty:
        return sentence(BY_SLATE, "No price in this window had a consensus of other books to be judged by.")

    def draw(axes: Axes) -> None:
        days = pd.to_datetime(rows["game_date"]).to_numpy()
        axes.vlines(days, rows["p05_ev_pct"], rows["p95_ev_pct"], color=BLUE, linewidth=1.5)
        axes.vlines(days, rows["p25_ev_pct"], rows["p75_ev_pct"], color=BLUE, linewidth=5, alpha=0.5)
        axes.plot(days, rows["p50_ev_pct"], color=ORANGE, marker="_", markeredgewidth=2, linestyle="none")
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        axes.set(xlabel="Slate (ET date)", ylabel="EV (% of stake), 5th to 95th percentile")
        dated(axes)

    return drawing(BY_SLATE, draw)


def claimed_rows(summary: pd.DataFrame) -> pd.DataFrame:
    """A row a bucket of claimed EV with settled best bets, over all slates of fact_ev_summary_daily.

    Columns: name, bets, won, claimed, realised, low, high; the last four in percent of the stake.
    """
    rows = summary.loc[(summary["level"] == EvLevel.BUCKET) & (summary["bets_settled"] > 0)]
    rows = rows.assign(claimed=rows["best_bets_mean_ev_pct"] * rows["bets_settled"])
    sums = rows.groupby("name")[["bets_settled", "bets_won", "bets_profit_units", "claimed"]].sum()
    bets = sums["bets_settled"]
    ends = [roi_interval(r.bets_won, r.bets_settled, r.bets_profit_units) for r in sums.itertuples()]
    found = pd.DataFrame(
        {
            "bets": bets,
            "won": sums["bets_won"],
            "claimed": sums["claimed"] / bets,
            "realised": 100 * sums["bets_profit_units"] / bets,
            "low": [e[0] for e in ends],
            "high": [e[1] for e in ends],
        }
    )
    return found.rename_axis("name").reset_index().sort_values("claimed", ignore_index=True)


def claimed(summary: pd.DataFrame) -> str:
    """Realised ROI of the best bets by bucket of claimed EV, with its 95% interval. SVG."""
    rows = claimed_rows(summary)
    if rows.empty:
        return sentence(CLAIMED, "No best bet has been won or lost yet.")

    def draw(axes: Axes) -> None:
        at = list(range(len(rows)))
        axes.vlines(at, rows["low"], rows["high"], color=BLUE, linewidth=1.5)
        axes.plot(
            at, rows["realised"], color=BLUE, marker="o", linestyle="none", label="realised, 95% interval"
        )
        axes.plot(at, rows["claimed"], color=ORANGE, marker="D", linestyle="none", label="claimed")
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        names = [f"{n}\n{plural(b, 'bet')}" for n, b in zip(rows["name"], rows["bets"], strict=True)]
        axes.set_xticks(at, names)
        axes.set_xlim(-0.5, len(rows) - 0.5)
        axes.grid(visible=False, axis="x")
        axes.margins(y=0.2)
        axes.set(xlabel="Bucket of claimed EV (% of stake)", ylabel="Profit (% of stake)")
        axes.legend(loc="upper left", ncols=2)

    return drawing(CLAIMED, draw, height_in=3.5)


def units(daily: pd.DataFrame) -> str:
    """Units that the settled best bets claimed and brought, added up slate by slate, from report_daily. SVG."""
    settled = daily.assign(bets=daily["bets_won"] + daily["bets_lost"]).sort_values("game_date")
    settled = settled.loc[settled["bets"] > 0]
    if settled.empty:
        return sentence(UNITS, "No best bet has been won or lost in this window yet.")

    def draw(axes: Axes) -> None:
        days = pd.to_datetime(settled["game_date"]).to_numpy()
        said = (settled["mean_ev_pct"] / 100 * settled["bets"]).cumsum()
        axes.plot(days, said, color=ORANGE, marker=".", label="claimed")
        axes.plot(days, settled["profit_units"].cumsum(), color=BLUE, marker=".", label="observed")
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
        axes.set(xlabel="Slate (ET date)", ylabel="Profit (units, one on each bet)")
        dated(axes)
        axes.legend(loc="best")

    return drawing(UNITS, draw)
