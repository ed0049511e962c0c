"""With dagster_storage the only file that reaches below Dagster's public surface; pinned to 1.13.27, held by tests.

A run launched from the command must be a normal run in the UI: known to the code location, re-executable there.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)
from dagster._core.definitions.reconstruct import ReconstructableJob, ReconstructableRepository
from dagster._core.execution.api import execute_run_iterator
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

__all__ = ["AssetCheckEvaluationTargetMaterializationData", "create_and_execute", "remote_origin"]

MODULE = "nhl_ops.definitions"
ATTRIBUTE = "defs"
LOCATION = "nhl_ops"
"""Name of the code location; equal to the one in workspace.yaml."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def create_and_execute(
    instance: dg.DagsterInstance,
    job_name: str,
    assets: frozenset[dg.AssetKey] | None,
    tags: Mapping[str, str],
    working_directory: Path,
    on_event: Callable[[dg.DagsterEvent], object],
    parent: dg.DagsterRun | None = None,
) -> dg.DagsterRun:
    """Run a job of `nhl_ops.definitions` in this process; returns the finished run. parent: what it re-executes."""
    folder = str(working_directory)
    repository = ReconstructableRepository.for_module(MODULE, ATTRIBUTE, folder)
    job: ReconstructableJob = repository.get_reconstructable_job(job_name)
    if assets is not None:
        job = job.get_subset(asset_selection=assets)
    run = instance.create_run_for_job(
        job.get_definition(),
        run_config=QUIET,
        tags=dict(tags),
        asset_selection=assets,
        parent_run_id=parent.run_id if parent else None,
        root_run_id=(parent.root_run_id or parent.run_id) if parent else None,
        remote_job_origin=remote_origin(job_name, folder),
        job_code_origin=job.get_python_origin(),
    )
    for event in execute_run_iterator(job, run, instance):
        on_event(event)
    finished = instance.get_run_by_id(run.run_id)
    assert finished is not None, f"run {run.run_id} vanished from the instance while it ran"
    return finished


def remote_origin(job_name: str, folder: str) -> RemoteJobOrigin:
    """Where the UI and the daemon find a job of this project."""
    target = LoadableTargetOrigin(module_name=MODULE, working_directory=folder, attribute=ATTRIBUTE)
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, location_name=LOCATION)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job_name)
