"""Do readers see what this scope computed?"""

import dagster as dg

from nhl_ops.contracts.registry import TABLES
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.defs.verdicts import Judged
from nhl_ops.gateways.verification import holds_content

PUBLISHED_EQUALS_COMPUTED = dg.AssetCheckSpec(
    "published_equals_computed",
    asset=PUBLISHING_ASSET,
    description="The files that readers see hold, row by row, the tables that this scope computed.",
    blocking=True,
    partitions_def=SLATES,
)


def published_otherwise(run: SlateRun) -> Judged:
    """Of the slates that this scope published: tables of which the published file holds something else."""
    published, judged = run.house.warehouse.published, Judged()
    for key in run.keys:
        publication = published.publication(key)
        if publication is None or publication.scope_id != run.scope_id:
            judged.note(key, "this run did not publish the slate")
            continue
        folder = published.current(key) / "tables"
        for row in run.house.state.slices(run.scope_id, [key]).values():
            if not holds_content(TABLES[row.table], folder / f"{row.table}.parquet", row.digest):
                judged.fault(key, f"{row.table} is published otherwise than computed")
    return judged
