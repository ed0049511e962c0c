"""The terminal asset: publishes each good slate in one step and logs a materialization for it alone."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import dagster as dg

from nhl_ops.contracts import ev, game_odds, odds, projections, reports
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.partitions import RANGE, SLATES
from nhl_ops.defs.run_record import FAILED_OUTCOMES, RunRecord, read_record, runs_of_scope, vendor_outcomes
from nhl_ops.defs.scopes import ACCEPT_DEGRADED_TAG, covers
from nhl_ops.defs.slate_files import link_published_names, render_slate
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.defs.tables import slate_run
from nhl_ops.domain.failures import Failure, MissingInput
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.catalog import ensure_catalog
from nhl_ops.gateways.publication import PublishedTable

PRICES = ev.EV_FAIR_PRICES.name
LAST = (
    reports.REPORT_DAILY,
    reports.REPORT_ROLLING,
    ev.EV_PROB_AUDIT,
    odds.MAPPING_REVIEW,
    game_odds.FACT_GAME_ODDS,
    game_odds.FACT_GAME_ODDS_ACCOUNTING,
)
"""Tables that a publication reads and nothing else does: every other one comes before one of these."""
DERIVATIONS = [spec for spec in TABLES.values() if spec.kind is Kind.DERIVATION]


def is_whole(run: dg.DagsterRun) -> bool:
    """The run computed up to the reports: what it leaves unpublished is a failure and not half of the work."""
    return covers(run, dg.AssetKey(reports.REPORT_ROLLING.name))


def sources(run: SlateRun, key: str) -> dict[str, tuple[Path, PublishedTable]]:
    """Every derived table of the slate: the own scope's, else the published one."""
    own = run.house.state.slices(run.scope_id, [key])
    if not own:
        raise MissingInput(
            f"{key} has nothing new to publish: this run computed none of its tables",
            f"materialize the tables and {PUBLISHING_ASSET} together, or `nhl-ops run-daily --date {key} --all`",
        )
    published = run.house.warehouse.published.tables(key)
    found = {}
    for spec in DERIVATIONS:
        path = run.house.warehouse.slice_paths(spec, [key], run.scope_id).get(key)
        if path is None:
            raise MissingInput(
                f"{key} is computed, not published: {spec.name} does not exist yet",
                f"run `nhl-ops run-daily --date {key} --all`, or materialize {spec.name}",
            )
        row = own.get((spec.name, key))
        entry = (
            PublishedTable(row.scope_id, row.run_id, row.rows, row.digest, row.inputs)
            if row is not None
            else published[spec.name]
        )
        found[spec.name] = (path[0], entry)
    return found


def refuse_worse(run: SlateRun, key: str, record: RunRecord, tables: Mapping[str, PublishedTable]) -> None:
    """A card made while a vendor was down does not replace one with more prices. Raises MissingInput."""
    down = [v.vendor for v in vendor_outcomes(record, [key]) if v.outcome in FAILED_OUTCOMES]
    former = run.house.warehouse.published.tables(key).get(PRICES)
    if not down or former is None or ACCEPT_DEGRADED_TAG in run.run.tags:
        return
    if tables[PRICES].rows < former.rows:
        raise MissingInput(
            f"{key} keeps its published card: {', '.join(down)} failed, and the new card has "
            f"{tables[PRICES].rows} prices where the published one has {former.rows}",
            f"run it again when the vendor answers, or `nhl-ops run-daily --date {key} --all --accept-degraded`",
        )


def publish(run: SlateRun, key: str, record: RunRecord, *, with_undated: bool) -> dict[str, object]:
    tables = sources(run, key)
    refuse_worse(run, key, record, {name: entry for name, (_, entry) in tables.items()})
    folder = run.house.warehouse.published.publish(
        key,
        tables,
        lambda files: render_slate(run, date.fromisoformat(key), files, record, with_undated=with_undated),
        scope_id=run.scope_id,
        run_id=run.run.run_id,
        at=run.house.clock.now(),
    )
    link_published_names(run.house, key, slate_of(run.now))
    return {
        "outcome": "published",
        "publication": folder.name,
        "best_bets": tables[ev.EV_MULTI_BOOK_BEST_BETS.name][1].rows,
        "prices": tables[ev.EV_FAIR_PRICES.name][1].rows,
        "probabilities": tables[projections.SINGLE_GAME_PROP_PROBABILITIES.name][1].rows,
    }


@dg.asset(
    name=PUBLISHING_ASSET,
    group_name="publication",
    description="Slates whose new results readers see. A slate that a check holds back stays missing here.",
    partitions_def=SLATES,
    backfill_policy=RANGE,
    deps=[spec.name for spec in LAST],
    output_required=False,
)
def published_slates(context: dg.AssetExecutionContext, house: HouseResource) -> Iterator[dg.Output[None]]:
    run = slate_run(context, house)
    run.house.warehouse.published.reconcile()
    ensure_catalog(run.house.root)
    tonight = slate_of(run.now).isoformat()
    newest = max(
        (k for k in [*run.house.warehouse.published.slates(), *run.keys] if k <= tonight), default=""
    )
    record = read_record(context.instance, *runs_of_scope(context.instance, run.run))
    failures: dict[str, Failure] = {}
    for key in run.keys:
        try:
            figures = publish(run, key, record, with_undated=key == newest)
        except MissingInput as failure:
            failures[key] = failure
            context.log.warning(str(failure))
            continue
        context.log_event(dg.AssetMaterialization(PUBLISHING_ASSET, partition=key, metadata=figures))
    for key in sorted(set(run.requested) - set(run.keys)):
        context.log.error(f"{key} is held back: {run.held[key]}")
    if is_whole(run.run) and run.requested and len(failures) == len(run.requested):
        raise next(iter(failures.values()))
    yield from ()
