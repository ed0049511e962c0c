"""How a `TableSpec` becomes an asset over a range of slates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import isnan

import dagster as dg
import pandas as pd

from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.partitions import RANGE, SLATES
from nhl_ops.defs.slate_run import Figures, SlateRun


@dataclass(frozen=True)
class Made:
    """A computed frame with figures by slate."""

    frame: pd.DataFrame
    figures: Figures = field(default_factory=dict)


Compute = Callable[[SlateRun], Made]
ComputeSeveral = Callable[[SlateRun], Sequence[Made]]
Deps = Sequence[dg.AssetDep | str]


def column_schema(spec: TableSpec) -> dg.TableSchema:
    columns = [
        dg.TableColumn(
            c.name,
            c.dtype.value,
            description=c.description + (f" [{c.unit}]" if c.unit else ""),
            constraints=dg.TableColumnConstraints(nullable=c.nullable),
        )
        for c in spec.stored_columns
    ]
    return dg.TableSchema(columns=columns)


def asset_spec(spec: TableSpec, deps: Deps) -> dg.AssetSpec:
    hours = spec.max_age_hours
    return dg.AssetSpec(
        spec.name,
        deps=list(deps),
        group_name=spec.group,
        description=spec.description,
        kinds={"parquet", spec.kind.value},
        metadata={"dagster/column_schema": column_schema(spec), "key": ", ".join(spec.key)},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=hours))
        if hours
        else None,
    )


def table_assets(
    name: str, specs: Sequence[TableSpec], compute: ComputeSeveral, deps: Deps
) -> dg.AssetsDefinition:
    """Tables that one computation makes for all slates of a run at once, with figures slate by slate."""

    @dg.multi_asset(
        name=name,
        specs=[asset_spec(spec, deps) for spec in specs],
        partitions_def=SLATES,
        backfill_policy=RANGE,
    )
    def _assets(context: dg.AssetExecutionContext, house: HouseResource):  # type: ignore[no-untyped-def]
        run = slate_run(context, house)
        made = compute(run) if run.keys else [Made(spec.empty_frame()) for spec in specs]
        for spec, one in zip(specs, made, strict=True):
            stored = run.store(spec, one.frame)
            figures = {k: stored[k] | one.figures.get(k, {}) for k in run.keys}
            report_figures(context, run, figures, spec.name)

    return _assets


def table_asset(spec: TableSpec, compute: Compute, deps: Deps = ()) -> dg.AssetsDefinition:
    """One table, one computation."""
    return table_assets(spec.name, [spec], lambda run: [compute(run)], deps)


def slate_run(context: dg.AssetExecutionContext, house: HouseResource) -> SlateRun:
    return SlateRun(house.open(), context.run, list(context.partition_keys), context.log, context.instance)


def report_figures(context: dg.AssetExecutionContext, run: SlateRun, figures: Figures, asset: str) -> None:
    """Metadata for each slate's materialization; a held slate says what holds it."""
    for key in run.requested:
        if key in run.held:
            reasons = "; ".join(f"{table}: {reason}" for table, reason in run.held[key])
            metadata = {"outcome": "held", "held_by": reasons}
        else:
            metadata = tidy(figures.get(key, {}))
        context.add_asset_metadata(metadata, asset_key=asset, partition_key=key)


def tidy(figures: Mapping[str, object]) -> dict[str, object]:
    """Metadata values: floats to six digits, no NaN, nothing that is null."""
    tidied: dict[str, object] = {}
    for name, value in figures.items():
        if value is None or value is pd.NA or (isinstance(value, float) and isnan(value)):
            continue
        tidied[name] = round(value, 6) if isinstance(value, float) else value
    return tidied
