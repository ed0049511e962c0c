"""What a person does to a slate's card: put a former version back, or mark the card as not to be used."""

from datetime import date
from pathlib import Path

import dagster as dg
import pandas as pd

from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.evidence import evidence_runs
from nhl_ops.defs.gaps import PUBLISHED_ONLY
from nhl_ops.defs.house import House
from nhl_ops.defs.reporting import window_keys
from nhl_ops.defs.slate_files import write_undated, write_workbook
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.cards import Move, Withdrawal
from nhl_ops.domain.failures import ConfigError, MissingInput
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.withdrawn import mark_texts
from nhl_ops.gateways.publication import Draft
from nhl_ops.gateways.publication_manifest import Publication
from nhl_ops.gateways.tables import read_tables, to_frame
from nhl_ops.transforms.withdrawals import with_withdrawn, without_claims


def withdraw(house: House, key: str, by: str, reason: str) -> Publication:
    """Mark the slate's card as not to be used, in one step: the same tables, marked files. Hold the lock.

    Raises MissingInput when nothing is published, ConfigError when the card is withdrawn already or no reason is
    given.
    """
    now = _visible(house, key)
    if now.withdrawn is not None:
        raise ConfigError(
            f"the card of {key} is withdrawn already: {now.withdrawn.reason} ({now.withdrawn.by})",
            f"`nhl-ops run-daily --date {key} --all` publishes a new version",
        )
    at = house.present()
    mark = Withdrawal(now.version, at, by, _told(reason))
    changes = {
        "action": Move.WITHDRAW,
        "since_utc": at,
        "by": by,
        "reason": mark.reason,
        "withdrawn": mark,
        "replaces": None,
    }
    is_newest = _is_newest(house, key)

    def fill(draft: Draft) -> None:
        _undated(house, draft, is_newest=is_newest)
        mark_texts(draft.files, key, mark)

    return house.warehouse.published.reissue(now, changes, fill, is_newest=is_newest)


def roll_back(house: House, key: str, to: str | None, by: str, reason: str) -> Publication:
    """Show a former version of the slate's card again, in one step. Hold the lock.

    to: start of the scope that published it; by default the version before the visible one that was not withdrawn.
    Raises MissingInput when there is no such version, ConfigError when it is what readers see or `to` is not clear.
    """
    now = _visible(house, key)
    former = [
        p for p in house.warehouse.published.history(key) if p.action is Move.PUBLISH and not p.withdrawn
    ]
    target = _before(house, now, former) if to is None else _of_scope(key, to, former)
    if target.version == now.version and now.withdrawn is None:
        raise ConfigError(f"readers of {key} see version {target.version} already", "choose another scope")
    changes = {"action": Move.ROLLBACK, "since_utc": house.present(), "by": by, "reason": _told(reason)}
    changes |= {"latest_version": now.latest_version, "revisions": target.revisions, "replaces": None}
    is_newest = _is_newest(house, key)
    return house.warehouse.published.reissue(
        target, changes, lambda draft: _undated(house, draft, is_newest=is_newest), is_newest=is_newest
    )


def tell_the_instance(instance: dg.DagsterInstance, publication: Publication) -> None:
    """An observation of the slate in the UI: what was done, by whom, why."""
    figures = {
        "outcome": publication.state,
        "action": publication.action.value,
        "version": publication.version,
        "publication": publication.folder,
        "by": publication.by or "",
        "reason": publication.reason or "",
        "evidence": evidence_runs(publication),
    }
    seen = dg.AssetObservation(PUBLISHING_ASSET, partition=publication.game_date, metadata=figures)
    instance.report_runless_asset_event(seen)


def withdrawn_versions(house: House, key: str) -> set[int]:
    """Versions of the slate's card that a person withdrew."""
    moves = house.state.publications([key])
    return {move.version for move in moves if move.action == Move.WITHDRAW.value}


def _visible(house: House, key: str) -> Publication:
    now = house.warehouse.published.publication(key)
    if now is None:
        raise MissingInput(f"{key} is not published", f"`nhl-ops run-daily --date {key} --all` publishes it")
    return now


def _told(reason: str) -> str:
    if not reason.strip():
        raise ConfigError("a reason is needed, so that readers know why", 'give it: --reason "..."')
    return " ".join(reason.split())


def _before(house: House, now: Publication, former: list[Publication]) -> Publication:
    withdrawn = withdrawn_versions(house, now.game_date)
    found = [p for p in former if p.version < now.version and p.version not in withdrawn]
    if not found:
        raise MissingInput(
            f"{now.game_date} has no version before {now.version} that was not withdrawn",
            f"`nhl-ops publish withdraw --date {now.game_date} --reason ...` marks the present one",
        )
    return found[-1]


def _of_scope(key: str, to: str, former: list[Publication]) -> Publication:
    found = [p for p in former if p.scope_id.startswith(to)]
    scopes = {p.scope_id for p in found}
    if len(scopes) > 1:
        raise ConfigError(f"{len(scopes)} scopes of {key} start with {to}", "write more of it")
    if not found:
        known = ", ".join(sorted({p.scope_id[:8] for p in former})) or "none"
        raise MissingInput(
            f"no version of {key} that is still there was published by scope {to}", f"there are: {known}"
        )
    return found[-1]


def _is_newest(house: House, key: str) -> bool:
    """The names without a date are to show this slate: it is the newest one up to tonight."""
    return key == house.warehouse.published.newest(slate_of(house.present()).isoformat())


def _undated(house: House, draft: Draft, *, is_newest: bool) -> None:
    """The files without a date as this publication needs them: of the newest slate, or of one that was it."""
    present = {path.name for path in draft.files.iterdir()}

    def read(spec: TableSpec) -> pd.DataFrame:
        return to_frame(spec, read_tables(spec, [draft.folder / "tables" / f"{spec.name}.parquet"]))

    if is_newest and not present >= names.UNDATED_FILES:
        write_undated(draft, read, lambda spec: _window(house, spec, draft.publication.game_date))
    elif draft.publication.withdrawn and Path(names.BEST_BETS_WORKBOOK).name in present:
        write_workbook(draft, read)


def _window(house: House, spec: TableSpec, key: str) -> pd.DataFrame:
    """Published rows of the days that the windows of the slate look at, without claims of other withdrawn cards."""
    keys = _window_keys(house, key, spec)
    rows, _ = house.warehouse.read_slices(spec, keys, PUBLISHED_ONLY, missing_ok=True)
    return without_claims(spec, rows, house.warehouse.published.withdrawn(keys) - {key})


def _window_keys(house: House, key: str, spec: TableSpec = REPORT_DAILY) -> list[str]:
    return window_keys(house.settings.policy.reports.rolling_windows, [date.fromisoformat(key)], spec)


def rolling_behind(house: House) -> str | None:
    """The slate that the names without a date show, when its windows were counted before another card of them was
    withdrawn or put back."""
    published = house.warehouse.published
    key = published.shown_undated()
    found = None if key is None else published.table(key, REPORT_ROLLING.name)
    if key is None or found is None or key in published.withdrawn([key]):
        return None
    rolling = to_frame(REPORT_ROLLING, read_tables(REPORT_ROLLING, [found[0]]))
    now = with_withdrawn(rolling, published.withdrawn(_window_keys(house, key)))
    counted = rolling["slates_withdrawn"].fillna(0)
    return None if now["slates_withdrawn"].equals(counted) else key
