"""The terminal asset: publishes each good slate in one step and logs a materialization for it alone."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import dagster as dg

from nhl_ops.contracts import ev, game_odds, odds, projections, reports
from nhl_ops.contracts.evidence import DAILY_EVIDENCE
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.checks import judge
from nhl_ops.defs.evidence import evidence_runs
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.partitions import RANGE, SLATES
from nhl_ops.defs.quality_publication import PUBLISHED_EQUALS_COMPUTED, published_otherwise
from nhl_ops.defs.run_record import RunRecord, read_record, runs_of_scope, vendor_outcomes
from nhl_ops.defs.scopes import ACCEPT_DEGRADED_TAG, covers
from nhl_ops.defs.slate_files import card_of, render_slate
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.defs.tables import slate_run
from nhl_ops.domain.cards import BetChange, Revision
from nhl_ops.domain.failures import Failure, MissingInput, WarehouseBroken
from nhl_ops.domain.slates import FAILED_OUTCOMES, slate_of
from nhl_ops.gateways.catalog import ensure_catalog
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.publication_manifest import Publication, PublishedTable
from nhl_ops.gateways.state import SliceRow
from nhl_ops.gateways.tables import read_tables, to_frame
from nhl_ops.transforms.card_changes import card_changes

Own = Mapping[tuple[str, str], SliceRow]
"""What this scope computed, by table and slate."""
PRICES = ev.EV_FAIR_PRICES.name
BETS = ev.EV_MULTI_BOOK_BEST_BETS
LAST = (
    reports.REPORT_DAILY,
    reports.REPORT_ROLLING,
    *DAILY_EVIDENCE,
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


def sources(run: SlateRun, key: str, own: Own) -> dict[str, tuple[Path, PublishedTable]]:
    """Every derived table of the slate: the own scope's, else the published one."""
    if not own:
        raise MissingInput(
            f"{key} has nothing new to publish: this run computed none of its tables",
            f"materialize the tables and {PUBLISHING_ASSET} together, or `nhl-ops run-daily --date {key} --all`",
        )
    published = run.house.warehouse.published.tables(key)
    found = {}
    for spec in DERIVATIONS:
        row = own.get((spec.name, key))
        if row is None and spec.name not in published:
            raise MissingInput(
                f"{key} is computed, not published: {spec.name} does not exist yet",
                f"run `nhl-ops run-daily --date {key} --all`, or materialize {spec.name}",
            )
        if row is None:
            path = run.house.warehouse.published.current(key) / "tables" / f"{spec.name}.parquet"
            found[spec.name] = (path, published[spec.name])
        else:
            entry = PublishedTable(row.scope_id, row.run_id, row.rows, row.digest, row.inputs)
            found[spec.name] = (run.house.warehouse.slice_of(spec, key, run.scope_id), entry)
    return found


def refuse_worse(
    run: SlateRun, former: Publication | None, record: RunRecord, tables: Mapping[str, PublishedTable]
) -> None:
    """A card made while a vendor was down does not replace one with more prices. Raises MissingInput."""
    if former is None or former.withdrawn is not None or ACCEPT_DEGRADED_TAG in run.run.tags:
        return
    key = former.game_date
    down = [v.vendor for v in vendor_outcomes(record, [key]) if v.outcome in FAILED_OUTCOMES]
    if down and tables[PRICES].rows < former.tables[PRICES].rows:
        raise MissingInput(
            f"{key} keeps its published card: {', '.join(down)} failed, and the new card has "
            f"{tables[PRICES].rows} prices where the published one has {former.tables[PRICES].rows}",
            f"run it again when the vendor answers, or `nhl-ops run-daily --date {key} --all --accept-degraded`",
        )


def revision_of(
    run: SlateRun, former: Publication, version: int, bets: tuple[Path, PublishedTable]
) -> Revision:
    """What the new version's best bets change against the version that readers see; nothing where that one's file is
    damaged, which a repair is to replace."""
    former_bets = run.house.warehouse.published.table(former.game_date, BETS.name)
    changes: tuple[BetChange, ...] = ()
    if former_bets is not None and former_bets[1] != bets[1].digest:
        try:
            before = to_frame(BETS, read_tables(BETS, [former_bets[0]]))
        except WarehouseBroken as damaged:
            run.log.warning(f"{former.game_date}: what changed in the best bets is not told: {damaged}")
        else:
            changes = card_changes(before, to_frame(BETS, read_tables(BETS, [bets[0]])))
    return Revision(version, former.version, run.house.clock.now(), changes)


def draft_of(
    run: SlateRun,
    key: str,
    former: Publication | None,
    tables: Mapping[str, tuple[Path, PublishedTable]],
    own: Own,
) -> Publication:
    """The slate's next version. A withdrawn card is replaced by a new one; a run that made none leaves it withdrawn."""
    entries = {name: entry for name, (_, entry) in tables.items()}
    published = run.house.warehouse.published
    draft = published.next_version(key, run.scope_id, run.run.run_id, run.house.clock.now(), entries)
    changes: dict[str, object] = {"card": card_of(run, key)}
    if former is not None:
        revision = revision_of(run, former, draft.version, tables[BETS.name])
        changes["revisions"] = (*former.revisions, revision)
        makes_bets = (BETS.name, key) in own
        changes["replaces" if makes_bets else "withdrawn"] = former.withdrawn
    return draft.model_copy(update=changes)


def publish(run: SlateRun, key: str, record: RunRecord) -> dict[str, object]:
    """Publish one slate; returns its figures."""
    published = run.house.warehouse.published
    former, own = published.publication(key), run.house.state.slices(run.scope_id, [key])
    tables = sources(run, key, own)
    refuse_worse(run, former, record, {name: entry for name, (_, entry) in tables.items()})
    tonight = slate_of(run.now).isoformat()
    is_newest = key <= tonight and key >= (published.newest(tonight) or "")
    draft = draft_of(run, key, former, tables, own)
    publication = published.publish(
        draft,
        {name: path for name, (path, _) in tables.items()},
        lambda d: render_slate(run, d, record, with_undated=is_newest),
        is_newest=is_newest,
    )
    return {
        "outcome": publication.state,
        "publication": publication.folder,
        "report": dg.MetadataValue.path(names.daily_report(date.fromisoformat(key), "html")),
        "version": publication.version,
        "best_bets": tables[BETS.name][1].rows,
        "changed_best_bets": len(publication.revisions[-1].changes) if publication.revisions else 0,
        "prices": tables[PRICES][1].rows,
        "evidence": evidence_runs(publication),
        "probabilities": tables[projections.SINGLE_GAME_PROP_PROBABILITIES.name][1].rows,
        **notes_of(publication),
    }


def notes_of(publication: Publication) -> dict[str, str]:
    """What a person should hear about a publication, if anything."""
    if publication.replaces is not None:
        said = f"version {publication.version} replaces the withdrawn version {publication.replaces.version}"
        return {"replaces_withdrawn": f"{said} ({publication.replaces.reason})"}
    if publication.withdrawn is not None:
        return {
            "still_withdrawn": "this run made no new best bets, so the card stays withdrawn: "
            + publication.withdrawn.reason
        }
    return {}


@dg.asset(
    name=PUBLISHING_ASSET,
    group_name="publication",
    description="Slates whose new results readers see. A slate that a check holds back stays missing here.",
    partitions_def=SLATES,
    backfill_policy=RANGE,
    deps=[spec.name for spec in LAST],
    output_required=False,
    check_specs=[PUBLISHED_EQUALS_COMPUTED],
)
def published_slates(
    context: dg.AssetExecutionContext, house: HouseResource
) -> Iterator[dg.AssetCheckResult]:
    """The newest slate first: it alone gets the files without a date; should it be refused, the next one does."""
    run = slate_run(context, house)
    record = read_record(context.instance, *runs_of_scope(context.instance, run.run))
    failures: dict[str, Failure] = {}
    for key in reversed(run.keys):
        try:
            figures = publish(run, key, record)
        except MissingInput as failure:
            failures[key] = failure
            context.log.warning(str(failure))
            continue
        for note in ("replaces_withdrawn", "still_withdrawn"):
            if note in figures:
                context.log.warning(f"{key}: {figures[note]}")
        context.log_event(dg.AssetMaterialization(PUBLISHING_ASSET, partition=key, metadata=figures))
    ensure_catalog(run.house.root)
    for key in sorted(set(run.requested) - set(run.keys)):
        context.log.error(f"{key} is held back: {run.held[key]}")
    if is_whole(run.run) and run.requested and len(failures) == len(run.requested):
        raise failures[min(failures)]
    yield judge(context, run, PUBLISHING_ASSET, PUBLISHED_EQUALS_COMPUTED.name, published_otherwise(run))
