"""The story of a run that did not end well, read off the instance: what failed, since when, what it holds back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import dagster as dg

from nhl_ops.defs.catalogue import CHECKS
from nhl_ops.defs.house import House
from nhl_ops.defs.run_files import FINISHED, times_of
from nhl_ops.defs.run_record import RunRecord, read_record, vendor_outcomes
from nhl_ops.defs.run_summaries import held_by, status_of
from nhl_ops.defs.runs import command_for, slates_of
from nhl_ops.defs.scopes import SKIPPED_TAG
from nhl_ops.defs.steps import PUBLISHING_ASSET, Step, assets_of
from nhl_ops.domain.failures import FailureClass, Gravity, MissingInput, Retry
from nhl_ops.domain.run_summary import Failure, RunStatus, VendorOutcome
from nhl_ops.domain.slates import FAILED_OUTCOMES, SlateOutcome

CHECKS_OF: dict[str, set[str]] = {}
"""By asset: its checks, as a run's record names them."""
for _key in (key for checks in CHECKS for key in checks.check_keys):
    _asset = _key.asset_key.to_user_string()
    CHECKS_OF.setdefault(_asset, set()).add(f"{_asset}: {_key.name}")
LOOKED_AT = 200
"""Runs of the past among which one is looked for."""
GRAVEST_FIRST = list(Gravity)
STRICTEST_FIRST = [Retry.FIX_FIRST, Retry.NEW_RUN, Retry.SAME_SCOPE]


@dataclass(frozen=True)
class Story:
    """A run and what hangs on it.

    failures: the gravest first. held: reason by slate. vendors: those that failed. bad_runs: how many runs of these
    slates in a row, this one included, did not succeed; since_utc: the start of the first of them. not_computed:
    assets that the run did not finish. unpublished: slates of which it published nothing. retry: None when all is
    well.
    """

    run: dg.DagsterRun
    slates: list[str]
    status: RunStatus
    times: tuple[datetime, datetime]
    failures: list[Failure]
    held: Mapping[str, str]
    vendors: list[VendorOutcome]
    bad_runs: int
    since_utc: datetime
    not_computed: list[str]
    unpublished: list[str]
    retry: Retry | None

    @property
    def command(self) -> str:
        return command_for(self.slates)

    @property
    def cause(self) -> str:
        """Why it is not tried again blindly, or what it waits for."""
        reasons = [f"{f.failure_class}: {f.message}" for f in self.failures]
        reasons += [f"{slate} is held back: {reason}" for slate, reason in self.held.items()]
        reasons += [f"{v.vendor}: {v.outcome}: {v.error}" for v in self.vendors]
        return "; ".join(reasons)


def find_run(house: House, instance: dg.DagsterInstance, prefix: str | None) -> dg.DagsterRun | None:
    """The run whose id begins so; without one the newest that did not end well, None when there is none.

    Raises MissingInput for an id that no run, or more than one, has.
    """
    runs = [r for r in instance.get_runs(dg.RunsFilter(statuses=FINISHED), limit=LOOKED_AT) if not_skipped(r)]
    if prefix is None:
        return next((run for run in runs if status_in(house, instance, run) is not RunStatus.SUCCEEDED), None)
    named = [run for run in runs if run.run_id.startswith(prefix)]
    if len(named) != 1:
        raise MissingInput(
            f"{len(named) or 'no'} finished run{'s' if len(named) > 1 else ''} of the last {LOOKED_AT} has an id "
            f"that begins with {prefix!r}",
            "`nhl-ops triage` without an id takes the newest run that did not end well",
        )
    return named[0]


def not_skipped(run: dg.DagsterRun) -> bool:
    return SKIPPED_TAG not in run.tags


def status_in(house: House, instance: dg.DagsterInstance, run: dg.DagsterRun) -> RunStatus:
    """How a finished run ended."""
    return status_of(run, read_record(instance, run.run_id), slates_of(run), held_by(house, run))


def story_of(house: House, instance: dg.DagsterInstance, run: dg.DagsterRun) -> Story:
    record, keys, held = read_record(instance, run.run_id), slates_of(run), held_by(house, run)
    status = status_of(run, record, keys, held)
    vendors = [v for v in vendor_outcomes(record, keys) if v.outcome in FAILED_OUTCOMES]
    failures = sorted(
        record.failures, key=lambda f: GRAVEST_FIRST.index(FailureClass(f.failure_class).gravity)
    )
    bad = bad_series(house, instance, run) if status is not RunStatus.SUCCEEDED else []
    return Story(
        run,
        keys,
        status,
        times_of(instance, run.run_id),
        failures,
        held,
        vendors,
        len(bad),
        times_of(instance, bad[-1].run_id)[0] if bad else times_of(instance, run.run_id)[0],
        unfinished(run, record),
        [key for key in keys if not record.of(PUBLISHING_ASSET, key)],
        None if status is RunStatus.SUCCEEDED else retry_of(failures, held, vendors),
    )


def retry_of(failures: Sequence[Failure], held: Mapping[str, str], vendors: Sequence[VendorOutcome]) -> Retry:
    """The strictest category of all that went wrong. What a vendor left out needs a new capture, hence a new run."""
    found = [FailureClass(failure.failure_class).retry for failure in failures]
    found += [Retry.FIX_FIRST] if held else []
    if not failures:
        found += [Retry.FIX_FIRST if v.outcome is SlateOutcome.REJECTED else Retry.NEW_RUN for v in vendors]
    return next((retry for retry in STRICTEST_FIRST if retry in found), Retry.NEW_RUN)


def bad_series(house: House, instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[dg.DagsterRun]:
    """This run and those before it, of the same job and some of its slates, until one that succeeded."""
    series, reached = [], False
    for other in instance.get_runs(dg.RunsFilter(statuses=FINISHED, job_name=run.job_name), limit=LOOKED_AT):
        reached = reached or other.run_id == run.run_id
        if not reached or not not_skipped(other) or not set(slates_of(other)) & set(slates_of(run)):
            continue
        if other.run_id != run.run_id and status_in(house, instance, other) is RunStatus.SUCCEEDED:
            break
        series.append(other)
    return series


def selected(run: dg.DagsterRun) -> list[str]:
    """Assets that the run was to materialize, in the fixed order of the steps."""
    order = assets_of(list(Step))
    if not run.asset_selection:
        return order
    names = {key.to_user_string() for key in run.asset_selection}
    return [asset for asset in order if asset in names] + sorted(names - set(order))


def unfinished(run: dg.DagsterRun, record: RunRecord) -> list[str]:
    """Assets of the run whose step, or one of whose checks, did not come to its end."""
    judged = {check.name for check in record.checks}
    return [
        asset
        for asset in selected(run)
        if not record.succeeded(record.step_of.get(asset, asset)) or CHECKS_OF.get(asset, set()) - judged
    ]
