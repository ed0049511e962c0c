"""One slate = one Eastern game date = one daily partition; tonight is a partition today."""

import warnings

import dagster as dg

# Two features of Dagster that this house rests on are marked as not final; every other warning stays what it is.
warnings.filterwarnings("ignore", "Parameter `backfill_policy` ", dg.BetaWarning)
warnings.filterwarnings("ignore", "Specifying a partitions_def on an AssetCheckSpec ", dg.PreviewWarning)

FIRST_SLATE = "2021-07-01"

SLATES = dg.DailyPartitionsDefinition(
    start_date=FIRST_SLATE, timezone="America/New_York", end_offset=1, fmt="%Y-%m-%d"
)


RANGE = dg.BackfillPolicy.single_run()
"""Every edge of the graph is slate to slate, also where a table reads the days before it: Dagster spreads a range
that is materialized from the graph along edges that look back, and would publish slates that nobody asked for.
"""
