"""Publication: a slate's tables and files become visible all at once, by one symlink.

`data/published/<date>/<seq>-<scope>/` holds hard links to the slate's tables, its rendered files and a manifest;
`data/published/<date>/current` points to the one that readers see. Every move (a run, a rollback, a withdrawal)
builds a folder and flips that link: a crash before the flip is invisible. `data/published/newest` points to the
slate that the names without a date show, so that they too move in one step.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nhl_ops.contracts.publications import SLATE_PUBLICATIONS
from nhl_ops.domain.cards import Move
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.files import point_link
from nhl_ops.gateways.publication_manifest import MANIFEST, Publication, PublishedTable, read_manifest
from nhl_ops.gateways.publication_names import ReaderNames
from nhl_ops.gateways.state import State
from nhl_ops.gateways.state_publications import PublicationRow
from nhl_ops.gateways.tables import to_arrow, write_table

PUBLISHED_ROOT = "data/published"
FAR = "9999-12-31"


@dataclass(frozen=True)
class Draft:
    """A publication while its folder is filled, before anyone can see it."""

    folder: Path
    publication: Publication

    @property
    def files(self) -> Path:
        return self.folder / "files"


Fill = Callable[[Draft], object]


class Published:
    """What readers see."""

    def __init__(self, root: Path, state: State) -> None:
        self.root = root
        self.folder = root / PUBLISHED_ROOT
        self.state = state
        self.names = ReaderNames(root, self.folder)

    def current(self, key: str) -> Path:
        return self.folder / key / "current"

    def seed(self, table: str) -> Path:
        """Where the empty file of a table lies that keeps the catalog readable before anything is published."""
        return self.folder / "none" / "current" / "tables" / f"{table}.parquet"

    def is_published(self, key: str) -> bool:
        return self.current(key).exists()

    def slates(self) -> list[str]:
        """Every published slate: for work over the whole history, as it looks into every slate's folder."""
        return sorted(p.parent.name for p in self.folder.glob("[0-9]*/current"))

    def newest(self, until: str = FAR) -> str | None:
        """The latest published slate, no later than `until`; asked of the record, whatever the history's length."""
        limit = 8
        while True:
            recorded = self.state.slates_until(until, limit)
            found = next((key for key in recorded if self.is_published(key)), None)
            if found is not None or len(recorded) < limit:
                return found
            limit *= 8

    def visible(self, key: str) -> tuple[Path, Publication] | None:
        """The folder that readers of a slate are led to and its manifest, looked up once: a later move changes
        neither."""
        current = self.current(key)
        try:
            folder = current.parent / current.readlink()
        except FileNotFoundError:
            return None
        publication = read_manifest(folder)
        return None if publication is None else (folder, publication)

    def publication(self, key: str) -> Publication | None:
        """The manifest of what readers see of a slate."""
        found = self.visible(key)
        return None if found is None else found[1]

    def withdrawn(self, keys: Iterable[str]) -> set[str]:
        """Of these slates, those whose card readers are told not to use."""
        found = (self.publication(key) for key in keys)
        return {p.game_date for p in found if p is not None and p.withdrawn is not None}

    def history(self, key: str) -> list[Publication]:
        """What readers saw of a slate and see now, as far as its folders are still there, oldest first."""
        now = self.publication(key)
        found = [read_manifest(path) for path in (self.folder / key).glob("[0-9]*")] if now else []
        seen = [p for p in found if p is not None and now is not None and p.seq <= now.seq]
        return sorted(seen, key=lambda p: p.seq)

    def tables(self, key: str) -> dict[str, PublishedTable]:
        publication = self.publication(key)
        return {} if publication is None else publication.tables

    def table(self, key: str, name: str) -> tuple[Path, str] | None:
        """File and digest of one published table, both of the same publication whatever is moved meanwhile."""
        found = self.visible(key)
        if found is None or name not in found[1].tables:
            return None
        folder, publication = found
        return folder / "tables" / f"{name}.parquet", publication.tables[name].digest

    def publish(
        self, publication: Publication, sources: Mapping[str, Path], fill: Fill, *, is_newest: bool = False
    ) -> Publication:
        """Build the slate's folder beside, then flip. `fill` writes its files.

        sources: the file of each table that the publication names. is_newest: names without a date show this slate
        from now on; `fill` must have written their files. Raises MissingInput when a table is older than what it
        was made from.
        """
        assert_consistent(publication.game_date, publication.tables)
        return self._issue(publication, sources, fill, is_newest=is_newest)

    def reissue(
        self, source: Publication, changes: Mapping[str, object], fill: Fill, *, is_newest: bool = False
    ) -> Publication:
        """Show a former publication again, with these fields of its manifest changed and its files as `fill` leaves
        them. A file is to be replaced and not written into: it is a hard link."""
        key = source.game_date
        folder = self.folder / key / source.folder
        tables = {name: folder / "tables" / f"{name}.parquet" for name in source.tables}

        def link_and_fill(draft: Draft) -> None:
            for path in (folder / "files").iterdir():
                os.link(path, draft.files / path.name)
            fill(draft)

        now = self.publication(key)
        seq = max(self.state.last_move(key)[0], now.seq if now else 0) + 1
        publication = source.model_copy(update={**changes, "seq": seq})
        return self._issue(publication, tables, link_and_fill, is_newest=is_newest)

    def next_version(
        self, key: str, scope_id: str, run_id: str, at: datetime, tables: Mapping[str, PublishedTable]
    ) -> Publication:
        """The slate's card as a run publishes it: a version more than any before."""
        now, (seq, version) = self.publication(key), self.state.last_move(key)
        number = max(version, now.latest_version if now else 0) + 1
        return Publication(
            game_date=key,
            seq=max(seq, now.seq if now else 0) + 1,
            version=number,
            latest_version=number,
            action=Move.PUBLISH,
            scope_id=scope_id,
            run_id=run_id,
            published_at_utc=at,
            since_utc=at,
            revisions=now.revisions if now else (),
            tables=dict(tables),
        )

    def _issue(
        self, publication: Publication, sources: Mapping[str, Path], fill: Fill, *, is_newest: bool
    ) -> Publication:
        key = publication.game_date
        folder = self.folder / key / publication.folder
        beside = folder.with_name(f".{folder.name}")
        self._clear_unfinished(key)
        (beside / "tables").mkdir(parents=True)
        (beside / "files").mkdir()
        for name, path in sources.items():
            os.link(path.resolve(), beside / "tables" / f"{name}.parquet")
        fill(Draft(beside, publication))
        own = to_arrow(SLATE_PUBLICATIONS, publication.row(), publication.audit)
        write_table(SLATE_PUBLICATIONS, beside / "tables" / f"{SLATE_PUBLICATIONS.name}.parquet", own)
        files = tuple(sorted(p.name for p in (beside / "files").iterdir()))
        publication = publication.model_copy(update={"files": files})
        (beside / MANIFEST).write_text(publication.model_dump_json(indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
        self.names.link(publication)
        self.state.begin_flip(key)
        point_link(self.current(key), folder)
        self._finish(publication, is_newest=is_newest)
        return publication

    def _clear_unfinished(self, key: str) -> None:
        """Take away what a killed process left beside the slate's folders; the lock lets one process publish."""
        for left in (self.folder / key).glob(".*"):
            left.unlink() if left.is_symlink() else shutil.rmtree(left)

    def _finish(self, publication: Publication, *, is_newest: bool) -> None:
        """What follows the flip of a slate's link: the names without a date, and the record."""
        if is_newest:
            self.names.show(publication.game_date)
        self.state.record_publication(record_of(publication))

    def shown_undated(self) -> str | None:
        """The slate that the names without a date show."""
        return self.names.shown()

    def reconcile(self) -> list[str]:
        """After a crash between a flip and its record: the link is right, the record follows it.

        Looks at the slates whose flip is not recorded; at all of them where there is no record at all. Returns
        those whose record was completed. Names without a date that an earlier version linked straight to a slate
        lead through the newest one from then on.
        """
        self._adopt_names()
        pending = self.state.pending_flips()
        if not pending and not self.state.slates_until(FAR, 1):
            pending = self.slates()
        done = []
        for key in pending:
            publication = self.publication(key)
            if publication is None or self.state.last_move(key)[0] >= publication.seq:
                self.state.end_flip(key)
                continue
            has_undated = set(publication.files) >= names.UNDATED_FILES
            self._finish(publication, is_newest=has_undated and key >= (self.shown_undated() or ""))
            done.append(key)
        return done

    def _adopt_names(self) -> None:
        key = self.names.shown_by_an_earlier_version()
        publication = None if key is None else self.publication(key)
        if publication is not None:
            self.names.show(publication.game_date)
            self.names.link(publication)


def record_of(publication: Publication) -> PublicationRow:
    return PublicationRow(
        publication.game_date,
        publication.seq,
        publication.scope_id,
        publication.run_id,
        publication.folder,
        publication.since_utc,
        publication.action.value,
        publication.version,
        publication.state,
        publication.by,
        publication.reason,
    )


def assert_consistent(key: str, entries: Mapping[str, PublishedTable]) -> None:
    """No table may be older than what it was made from. Raises MissingInput with the table to compute again."""
    for name, entry in entries.items():
        for source, digest in entry.inputs.items():
            if source in entries and entries[source].digest != digest:
                raise MissingInput(
                    f"{key} is computed, not published: {name} was made from an older {source}; "
                    f"run `nhl-ops run-daily --date {key} --all`, or materialize {name} and what follows it"
                )
