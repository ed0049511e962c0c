"""What runs left in Dagster's event log, and in its export once a run was pruned."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import dagster as dg
import zstandard

from nhl_ops.defs.materializations import Metadata, figures_of, newest_materializations
from nhl_ops.gateways.backup import EVENT_LOG
from nhl_ops.gateways.files import write_atomically

TOLD_BY = {
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.STEP_SUCCESS,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SKIPPED,
    dg.DagsterEventType.RUN_START,
    dg.DagsterEventType.RUN_SUCCESS,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.RUN_CANCELED,
}
"""Kinds of events that records, manifests and evidence are read off."""


class EventLog:
    """The instance's log and, beside it, the exported events of pruned runs."""

    def __init__(self, instance: dg.DagsterInstance, root: Path) -> None:
        self.instance = instance
        self.folder = root / EVENT_LOG

    def events(self, run_id: str) -> Iterator[dg.EventLogEntry]:
        """Events of a run, oldest first, from the instance, else from the export; none if neither knows it."""
        if self.instance.has_run(run_id):
            yield from self.instance.all_logs(run_id, of_type=TOLD_BY)
        elif self._file(run_id).exists():
            yield from _read(self._file(run_id))

    def export(self, run_id: str) -> Path:
        """Write a run's events; the file is whole or absent. The same events again are the same file."""
        lines = [dg.serialize_value(entry) for entry in self.instance.all_logs(run_id, of_type=TOLD_BY)]
        data = zstandard.compress("\n".join(lines).encode())
        return write_atomically(self._file(run_id), lambda beside: beside.write_bytes(data))

    def export_new(self, run_ids: Iterable[str]) -> int:
        """Write the events of the runs that have no export yet; returns how many. The runs must have ended."""
        new = [run_id for run_id in run_ids if not self._file(run_id).exists()]
        for run_id in new:
            self.export(run_id)
        return len(new)

    def is_exported(self, run_id: str) -> bool:
        """The export of a run that is still in the instance tells the same as the instance."""
        return materialized(_read(self._file(run_id))) == materialized(self.events(run_id))

    def figures(self, asset: str, run_of: Mapping[str, str]) -> dict[str, Metadata]:
        """By slate, the metadata of the materialization of an asset in the run that is named for the slate.

        A slate whose run is in neither log is left out.
        """
        newest = newest_materializations(self.instance, asset, list(run_of))
        found = {k: figures_of(r) for k, r in newest.items() if r.run_id == run_of[k]}
        for key, run_id in run_of.items():
            if key not in found and (asset, key) in self._of_run(run_id):
                found[key] = self._of_run(run_id)[asset, key]
        return found

    @cached_property
    def _of_run(self):  # type: ignore[no-untyped-def]
        return lru_cache(maxsize=8)(lambda run_id: materialized(self.events(run_id)))

    def _file(self, run_id: str) -> Path:
        return self.folder / f"{run_id}.jsonl.zst"


def materialized(events: Iterable[dg.EventLogEntry]) -> dict[tuple[str, str], Metadata]:
    """By asset and slate, all metadata that the events report of a materialization."""
    found: dict[tuple[str, str], Metadata] = {}
    for entry in events:
        event = entry.dagster_event
        if event is None or not event.is_step_materialization:
            continue
        told = event.step_materialization_data.materialization
        key = (told.asset_key.to_user_string(), told.partition or "")
        found.setdefault(key, {}).update({name: value.value for name, value in told.metadata.items()})
    return found


def _read(path: Path) -> Iterator[dg.EventLogEntry]:
    text = zstandard.ZstdDecompressor().decompress(path.read_bytes()).decode()
    for line in text.split("\n"):
        if line:
            yield dg.deserialize_value(line, dg.EventLogEntry)
