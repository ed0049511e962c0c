"""The newest materialization of each slate of an asset, and the figures that it carries."""

from collections.abc import Callable, Sequence

import dagster as dg

Metadata = dict[str, object]
PAGE = 1000


def newest_materializations(
    instance: dg.DagsterInstance, asset: str, keys: Sequence[str]
) -> dict[str, dg.EventLogRecord]:
    """By slate, fetched at once for all of them; a slate that never was materialized is left out."""
    return _newest(instance.fetch_materializations, asset, keys)


def newest_observations(instance: dg.DagsterInstance, asset: str, keys: Sequence[str]) -> dict[str, Metadata]:
    """By slate, the metadata of its newest observation as plain values."""
    found = _newest(instance.fetch_observations, asset, keys)
    return {
        key: {name: value.value for name, value in record.asset_observation.metadata.items()}
        for key, record in found.items()
        if record.asset_observation is not None
    }


def _newest(
    fetch: Callable[..., dg.EventRecordsResult], asset: str, keys: Sequence[str]
) -> dict[str, dg.EventLogRecord]:
    if not keys:
        return {}
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), asset_partitions=list(keys))
    found: dict[str, dg.EventLogRecord] = {}
    cursor = None
    while len(found) < len(keys):
        page = fetch(wanted, limit=PAGE, cursor=cursor)
        for record in page.records:
            if record.partition_key is not None:
                found.setdefault(record.partition_key, record)
        if not page.has_more:
            break
        cursor = page.cursor
    return found


def newest_figures(instance: dg.DagsterInstance, asset: str, keys: Sequence[str]) -> dict[str, Metadata]:
    """By slate, the metadata of its newest materialization as plain values."""
    return {key: figures_of(record) for key, record in newest_materializations(instance, asset, keys).items()}


def figures_of(record: dg.EventLogRecord) -> Metadata:
    """The metadata of a materialization as plain values."""
    told = record.asset_materialization
    return {} if told is None else {name: value.value for name, value in told.metadata.items()}
