"""The project's storage is Dagster's own in all but the engines that it keeps."""

import dagster as dg
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from nhl_ops.defs.dagster_storage import EventLog
from nhl_ops_tests.fakes.project import Project


def test_dagsters_own_storage_reads_what_a_run_wrote(project: Project) -> None:
    with project.here():
        run = project.instance.add_run(dg.DagsterRun(job_name="slates"))
        project.instance.report_engine_event("a sign of life", run)
        project.instance.report_run_failed(run, "it ended")
        own = DagsterSqliteStorage.from_local(".dagster/storage")
        own.register_instance(project.instance)
        assert isinstance(project.instance.event_log_storage, EventLog)
        assert not isinstance(own.event_log_storage, EventLog)
        read = [
            record.event_log_entry for record in own.event_log_storage.get_records_for_run(run.run_id).records
        ]
        assert read == project.instance.all_logs(run.run_id)
        assert "a sign of life" in [entry.message for entry in read]
        (same,) = own.run_storage.get_runs(dg.RunsFilter(run_ids=[run.run_id]))
        assert same.status is dg.DagsterRunStatus.FAILURE


def test_an_access_closes_its_connection_and_keeps_the_engine(project: Project) -> None:
    with project.here():
        run = project.instance.add_run(dg.DagsterRun(job_name="slates"))
        log = project.instance.event_log_storage
        with log.run_connection(run.run_id) as first:
            assert not first.closed
        assert first.closed
        with log.run_connection(run.run_id) as second:
            assert second.engine is first.engine
