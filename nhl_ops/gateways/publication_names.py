"""The names in `outputs/` that readers know. They lead through the links that a publication moves, never to a folder
of their own, so that they move with it."""

import os
from datetime import date
from pathlib import Path

from nhl_ops.gateways.exports import names
from nhl_ops.gateways.files import point_link
from nhl_ops.gateways.publication_manifest import Publication


class ReaderNames:
    """Names of the project `root`, whose publications lie in `folder`."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.newest = folder / "newest"

    def link(self, publication: Publication) -> None:
        """Every name of a file that the publication holds; before its flip, since what they lead through moves then."""
        key = publication.game_date
        for name in names.dated(date.fromisoformat(key)):
            self._link(name, self._current(key), publication)
        for name in names.UNDATED:
            self._link(name, self.newest, publication)

    def show(self, key: str) -> None:
        """The names without a date show this slate from now on, all in one step."""
        point_link(self.newest, self._current(key))

    def shown(self) -> str | None:
        """The slate that the names without a date show."""
        return self.newest.readlink().parts[0] if self.newest.is_symlink() else None

    def shown_by_an_earlier_version(self) -> str | None:
        """The slate to which names without a date lead straight; None once they lead through the newest one."""
        if self.newest.is_symlink():
            return None
        links = [self.root / name for name in names.UNDATED]
        ends = [os.path.normpath(link.parent / link.readlink()) for link in links if link.is_symlink()]
        return max((Path(end).relative_to(self.folder).parts[0] for end in ends), default=None)

    def _current(self, key: str) -> Path:
        return self.folder / key / "current"

    def _link(self, name: str, through: Path, publication: Publication) -> None:
        link, target = self.root / name, through / "files" / Path(name).name
        if target.name not in publication.files:
            return
        if not link.is_symlink() or os.readlink(link) != os.path.relpath(target, link.parent):
            point_link(link, target)
