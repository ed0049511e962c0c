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


def earlier_slates(days: int) -> dg.TimeWindowPartitionMapping:
    """A slate reads the partitions of its last days, its own included."""
    return dg.TimeWindowPartitionMapping(start_offset=-days, end_offset=0)


def slates_before() -> dg.TimeWindowPartitionMapping:
    """A slate reads what came before it: the edge shows the day before, the read takes the whole history."""
    return dg.TimeWindowPartitionMapping(start_offset=-1, end_offset=-1)


RANGE = dg.BackfillPolicy.single_run()
