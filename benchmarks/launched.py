"""Work through the launcher: what the command and the UI run."""

from collections.abc import Sequence
from importlib import import_module
from time import perf_counter

from benchmarks.measure import Seconds
from benchmarks.workspace import Workspace
from nhl_ops.defs.house import House
from nhl_ops.defs.run_record import RunRecord, capture_asset, read_record
from nhl_ops.defs.runs import launch, open_instance
from nhl_ops.defs.steps import PUBLISHING_ASSET, Step, assets_of
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.domain.vendors import PRICE_VENDORS

CAPTURES = ["captured_nhl", *(capture_asset(vendor) for vendor in PRICE_VENDORS), "captured_nhl_results"]
AFTER_CAPTURE = [asset for asset in assets_of(list(Step)) if asset not in CAPTURES]
ASSETS, CHECKS, PUBLISHING, REST = "assets", "checks", "publication", "events and the rest"


class Launcher:
    """The command's launcher in a workspace, Dagster and the definitions already imported."""

    def __init__(self, workspace: Workspace) -> None:
        import_module("nhl_ops.definitions")
        self.house: House = workspace.enter()
        self.instance = open_instance(workspace.root)

    def run(self, job: str, keys: Sequence[str] = (), **options: object) -> RunRecord:
        """Raises CodeDefect with the failures when the run does not succeed."""
        run = launch(self.instance, self.house.root, job, keys, **options)
        record = read_record(self.instance, run.run_id)
        if record.failures:
            raise CodeDefect(f"the benchmark's run failed: {record.failures}")
        return record


def bring_captures(workspace: Workspace) -> Seconds:
    """The results history, and every capture of the slates."""
    launcher = Launcher(workspace)
    started = perf_counter()
    launcher.run("slates", workspace.keys[-1:], assets=["captured_nhl"], mode=AsOfMode.PRETIP)
    history = perf_counter() - started
    launcher.run("slates", workspace.keys, assets=CAPTURES, mode=AsOfMode.PRETIP)
    return {"history": history, "captures": perf_counter() - started - history}


def as_one_range(workspace: Workspace) -> Seconds:
    """From the archive to published slates in one run; its seconds by kind of step."""
    launcher = Launcher(workspace)
    started = perf_counter()
    record = launcher.run("slates", workspace.keys, assets=AFTER_CAPTURE, mode=AsOfMode.PRETIP)
    return by_kind(record, perf_counter() - started)


def slate_by_slate(workspace: Workspace) -> Seconds:
    """The same with a run for each slate."""
    launcher = Launcher(workspace)
    started = perf_counter()
    for key in workspace.keys:
        launcher.run("slates", [key], assets=AFTER_CAPTURE, mode=AsOfMode.PRETIP)
    return {"runs": perf_counter() - started}


def by_kind(record: RunRecord, total: float) -> Seconds:
    """A step that writes a table reports its rows; of the others, all but the publishing one are checks."""
    parts = {ASSETS: 0.0, CHECKS: 0.0, PUBLISHING: 0.0}
    for step in record.steps.values():
        kind = PUBLISHING if step.name == PUBLISHING_ASSET else CHECKS if step.rows is None else ASSETS
        parts[kind] += step.seconds or 0.0
    return parts | {REST: total - sum(parts.values())}
