"""Which code and which configuration a run works with."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import nhl_ops

DIGEST_CHARS = 12


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the package and a digest of its sources, as the process first read them."""
    root = Path(nhl_ops.__file__).parent
    return f"{version('nhl-ops')}+{digest_of(root, [*root.rglob('*.py'), *root.rglob('*.j2')])}"


def config_version(folder: Path) -> str:
    """Digest of the files in config/."""
    return digest_of(folder, [path for path in folder.iterdir() if path.is_file()])


def digest_of(root: Path, files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:DIGEST_CHARS]
