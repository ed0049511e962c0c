"""Plots of the forecasts: how often what was said to happen did, and the model next to the books."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from nhl_ops.contracts.evidence import AccuracyLevel
from nhl_ops.domain.intervals import wilson
from nhl_ops.gateways.exports.plots import BLUE, GREY, ORANGE, dated, drawing, listed, sentence
from nhl_ops.gateways.exports.wording import loss, plural, share

RELIABILITY = "Reliability: said and seen"
LOSSES = "Model and books, slate by slate"
BAND = (
    "Band: Wilson's 95% interval of the share that went over, by tenth of P(over). Lines of one player hang together, "
    "so the true band is wider."
)
BIN_COLUMNS = ["bin", "predictions", "mean_p_over", "over_rate", "low", "high"]


def reliability_bins(accuracy: pd.DataFrame) -> pd.DataFrame:
    """A row a tenth of P(over), over all markets and slates of `accuracy` (fact_forecast_accuracy_daily).

    Columns: bin, predictions, mean_p_over, over_rate, and the ends low and high of Wilson's 95% interval.
    """
    bins = accuracy.loc[accuracy["level"] == AccuracyLevel.BIN]
    n = bins["predictions"]
    weighed = bins.assign(mean_p_over=bins["mean_p_over"] * n, over_rate=bins["over_rate"] * n)
    sums = weighed.groupby("bin")[["predictions", "mean_p_over", "over_rate"]].sum()
    ends = [wilson(min(row.over_rate, row.predictions), row.predictions) for row in sums.itertuples()]
    shares = sums[["mean_p_over", "over_rate"]].div(sums["predictions"], axis=0)
    return shares.assign(
        predictions=sums["predictions"], low=[e[0] for e in ends], high=[e[1] for e in ends]
    ).reset_index()[BIN_COLUMNS]


def reliability(accuracy: pd.DataFrame) -> str:
    """Share of overs against P(over) by tenths, with Wilson's 95% band. A figure."""
    bins = reliability_bins(accuracy)
    if bins.empty:
        return sentence(RELIABILITY, "No probability has been decided yet: the results are not known.")

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="as said")
        axes.fill_between(bins["mean_p_over"], bins["low"], bins["high"], color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(
            bins["mean_p_over"],
            bins["over_rate"],
            color=BLUE,
            marker="o",
            markersize=4,
            label="seen, 95% band",
        )
        axes.set(xlabel="P(over) as published (%)", ylabel="Went over (%)", xlim=(0, 1), ylim=(0, 1))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1.0, symbol=""))
        axes.legend(loc="upper left", title=f"{int(bins['predictions'].sum()):,} decided")

    within = ((bins["low"] <= bins["mean_p_over"]) & (bins["mean_p_over"] <= bins["high"])).sum()
    told = (
        f"{int(bins['predictions'].sum()):,} decided probabilities; in {within} of {plural(len(bins), 'tenth')} "
        "what was said lies in the band of what was seen. Said and seen, with the band: "
    )
    points = listed(
        f"{share(row.mean_p_over)} and {share(row.over_rate)} ({share(row.low)} to {share(row.high)})"
        for row in bins.itertuples()
    )
    return drawing(RELIABILITY, draw, told=told + points, caption=BAND, height_in=3.6)


def losses(daily: pd.DataFrame) -> str:
    """Log-loss of model and consensus by slate, from report_daily. A figure."""
    scored = daily.dropna(subset=["log_loss_model", "log_loss_consensus"]).sort_values("game_date")
    if scored.empty:
        return sentence(LOSSES, "No settled price to score a forecast on yet.")

    def draw(axes: Axes) -> None:
        days = range(len(scored))
        axes.plot(days, scored["log_loss_model"], color=BLUE, marker=".", label="model")
        axes.plot(
            days, scored["log_loss_consensus"], color=ORANGE, marker=".", label="consensus of the books"
        )
        axes.set(xlabel="Slate (ET date)", ylabel="Log-loss (nats, lower is better)")
        dated(axes, scored["game_date"].tolist())
        axes.margins(y=0.2)
        axes.legend(loc="upper left", ncols=2)

    better = (scored["log_loss_model"] < scored["log_loss_consensus"]).sum()
    means = {
        who: (scored[column] * scored["rows_scored"]).sum() / scored["rows_scored"].sum()
        for who, column in (("model", "log_loss_model"), ("consensus", "log_loss_consensus"))
    }
    told = (
        f"Over {plural(len(scored), 'slate')} with {int(scored['rows_scored'].sum()):,} overs scored, the log-loss "
        f"of the model is {loss(means['model'])} and that of the books' consensus {loss(means['consensus'])}; "
        f"the model's is the lower one on {better} of them."
    )
    return drawing(LOSSES, draw, told=told)
