"""The recorded results of the golden run, and how new ones are held against them.

Here alone stands what two runs may differ in: ids of runs and scopes, and the times that a machine's clock gave.
Floats are stored to nine digits (`gateways.tables`); a workbook is its cells.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import zstandard
from openpyxl import load_workbook

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.files import write_atomically
from nhl_ops.gateways.tables import content_digest, read_tables, to_frame, write_table

DIGESTS = "digests.json"
TIMINGS = re.compile(
    r"^## Timings\n.*?(?=^## |\Z)|^<section>\n<h2>Timings</h2>.*?</section>\n", re.MULTILINE | re.DOTALL
)
"""That section of a report, as Markdown and as a page."""
RUN_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
SAMPLE = 3
LEVEL = 19


@dataclass(frozen=True)
class Difference:
    """A table or file that is not as recorded; `detail` shows the first rows or lines of both."""

    name: str
    detail: str


@dataclass(frozen=True)
class Results:
    """What a golden run left: Parquet files of tables, and the texts of its files."""

    tables: Mapping[str, Path]
    texts: Mapping[str, str]

    def digests(self) -> dict[str, str]:
        tables = {name: table_digest(TABLES[name], path) for name, path in self.tables.items()}
        texts = {name: hashlib.sha256(text.encode()).hexdigest()[:32] for name, text in self.texts.items()}
        return dict(sorted((tables | texts).items()))


def text_of(path: Path) -> str:
    """A published file as text, without what tells two runs apart."""
    if path.suffix == ".xlsx":
        with closing(load_workbook(path, read_only=True)) as book:
            cells = [
                [sheet.title, *map(str, row)]
                for sheet in book.worksheets
                for row in sheet.iter_rows(values_only=True)
            ]
        return comparable("\n".join("\t".join(row) for row in cells))
    return comparable(path.read_text(encoding="utf-8"))


def comparable(text: str) -> str:
    return RUN_ID.sub("<run>", TIMINGS.sub("", text))


def table_digest(spec: TableSpec, path: Path) -> str:
    return content_digest(spec, pq.ParquetFile(path).read())


def record(folder: Path, results: Results) -> list[str]:
    """Make these results the recorded ones; returns the names of what changed."""
    known, digests = recorded(folder), results.digests()
    for name, path in results.tables.items():
        if known.get(name) != digests[name]:
            write_table(TABLES[name], folder / f"{name}.parquet", read_tables(TABLES[name], [path]))
    for name, text in results.texts.items():
        if known.get(name) != digests[name]:
            data = zstandard.compress(text.encode(), LEVEL)
            write_atomically(folder / f"{name}.zst", lambda beside, data=data: beside.write_bytes(data))
    for name in known.keys() - digests.keys():
        for path in folder.glob(f"{name}.*"):
            path.unlink()
    told = json.dumps(digests, indent=1) + "\n"
    write_atomically(folder / DIGESTS, lambda beside: beside.write_text(told, encoding="utf-8"))
    return sorted(n for n in known.keys() | digests.keys() if known.get(n) != digests.get(n))


def recorded(folder: Path) -> dict[str, str]:
    """Digests by table and file; none before the first recording."""
    path = folder / DIGESTS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def compare(folder: Path, results: Results) -> list[Difference]:
    known, digests = recorded(folder), results.digests()
    found = []
    for name in sorted(known.keys() | digests.keys()):
        if name not in known or name not in digests:
            found.append(Difference(name, "not recorded" if name in digests else "no longer made"))
        elif known[name] != digests[name] and name in results.tables:
            found.append(Difference(name, rows_apart(TABLES[name], folder, results.tables[name])))
        elif known[name] != digests[name]:
            before = zstandard.decompress((folder / f"{name}.zst").read_bytes()).decode()
            found.append(Difference(name, lines_apart(before, results.texts[name])))
    return found


def rows_apart(spec: TableSpec, folder: Path, path: Path) -> str:
    """The first rows, in the order of the key, that stand on one side alone, with the columns that differ."""
    before, after = (to_frame(spec, read_tables(spec, [p])) for p in (folder / f"{spec.name}.parquet", path))
    key = list(spec.key)
    left, right = (frame.astype("object").set_index(key) for frame in (before, after))
    common = left.index.intersection(right.index)
    lost, new = left.index.difference(right.index), right.index.difference(left.index)
    told = [f"{len(lost)} rows gone, {len(new)} new, {len(common)} with the same key"]
    told += [f"gone: {at}" for at in lost[:SAMPLE]] + [f"new: {at}" for at in new[:SAMPLE]]
    one, other = left.loc[common], right.loc[common]
    apart = ~((one == other) | (one.isna() & other.isna()))
    for at in common[apart.any(axis=1).to_numpy()][:SAMPLE]:
        names = apart.columns[apart.loc[at].to_numpy().ravel()]
        told.append(f"{at}: " + ", ".join(f"{n} {one.loc[at, n]} -> {other.loc[at, n]}" for n in names))
    return "; ".join(told)


def lines_apart(before: str, after: str) -> str:
    pairs = zip(_padded(before, after), _padded(after, before), strict=True)
    apart = [(n, a, b) for n, (a, b) in enumerate(pairs, start=1) if a != b]
    return "; ".join(f"line {n}: {a[:120]!r} -> {b[:120]!r}" for n, a, b in apart[:SAMPLE])


def _padded(text: str, other: str) -> Iterable[str]:
    lines = text.splitlines()
    return lines + [""] * (len(other.splitlines()) - len(lines))


def note_change(changelog: Path, reason: str, changed: Iterable[str]) -> None:
    """A line under "Changes to numbers". Raises ConfigError when the changelog has no such section."""
    text, heading = changelog.read_text(encoding="utf-8"), "Changes to numbers"
    found = re.search(rf"^#+ {heading}\n+", text, re.MULTILINE)
    if found is None:
        raise ConfigError(f"{changelog.name} has no section {heading!r}", "add the heading")
    line = f"- {' '.join(reason.split())} (golden run: {', '.join(changed)})\n"
    told = text[: found.end()] + line + text[found.end() :]
    write_atomically(changelog, lambda beside: beside.write_text(told, encoding="utf-8"))
