"""`data/db/nhl_backtest.duckdb`: views over what is published, for people and tools. No writer ever opens it.

Derivations read the slates' published folders, observations the stored files. It is rewritten, beside and
renamed, only when a contract or the project's place changes.

Each query reads what is published when it opens a file. A connection that gave `HOLD` reads all slates as they were
published then, whatever is moved meanwhile: a publication's folder never changes.
"""

import hashlib
from pathlib import Path

import duckdb

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY, RunState
from nhl_ops.contracts.publications import SLATE_PUBLICATIONS
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind, TableSpec
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.files import write_atomically
from nhl_ops.gateways.publication import PUBLISHED_ROOT
from nhl_ops.gateways.warehouse import WAREHOUSE_ROOT

CATALOG = "data/db/nhl_backtest.duckdb"
CURRENT = "*/current"
LATEST, LATEST_SAYS = "run_registry_latest", "The newest state of each run and step of fact_run_registry."
RUN_REGISTRY_LATEST = (
    f"create view {LATEST} as select * from {FACT_RUN_REGISTRY.name} qualify row_number() over "  # noqa: S608 - names of our own
    f"(partition by run_id_dagster, step order by at_utc desc, state = '{RunState.STARTED}') = 1"
)
NOW = "published_now"
HELD = "published"
HOLD = f"set variable {HELD} = (select folders from {NOW})"  # noqa: S608 - names of our own
NOW_SAYS = f"The folders that readers are led to now. To hold a connection to them: {HOLD}"
DUCKDB_TYPES = {
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "timestamp[us, UTC]": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
}


def open_catalog(root: Path) -> duckdb.DuckDBPyConnection:
    """The catalog, read-only, held to the slates as they are published now.

    It reads the links themselves, each in one step: DuckDB opens a file twice in a query, for its footer and for its
    rows, so that `HOLD` fails when a slate is moved just between, and has to be asked again.
    """
    links = sorted((root / PUBLISHED_ROOT).glob(CURRENT))
    folders = [str(link.parent / link.readlink() if link.is_symlink() else link) for link in links]
    catalog = duckdb.connect(str(root / CATALOG), read_only=True)
    catalog.execute(f"set variable {HELD} = [{', '.join(map(literal, folders))}]")
    return catalog


def ensure_catalog(root: Path) -> Path:
    """The catalog of this project, written when it is missing or its views are no longer right.

    Raises WarehouseBroken naming a stored file that cannot be read.
    """
    path = root / CATALOG
    statements = view_statements(root)
    version = hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
    stamp = path.with_suffix(".version")
    if path.exists() and stamp.exists() and stamp.read_text() == version:
        return path

    def build(beside: Path) -> None:
        with duckdb.connect(str(beside)) as db:
            for statement in statements:
                db.execute(statement)

    try:
        write_atomically(path, build)
    except (duckdb.InvalidInputException, duckdb.SerializationException) as error:
        raise WarehouseBroken(
            f"{CATALOG} cannot be written: {str(error).splitlines()[0]}",
            "`nhl-ops verify --repair` finds and rebuilds stored files that are damaged",
        ) from error
    write_atomically(stamp, lambda beside: beside.write_text(version))
    return path


def view_statements(root: Path) -> list[str]:
    statements: list[str] = []
    for spec in [*TABLES.values(), SLATE_PUBLICATIONS]:
        statements.append(f"create view {spec.name} as select {columns(spec)} from {source(root, spec)}")  # noqa: S608 - names and paths of our own
        statements.append(f"comment on view {spec.name} is {literal(spec.description)}")
        statements += [
            f"comment on column {spec.name}.{c.name} is {literal(c.description)}" for c in spec.stored_columns
        ]
    own = {LATEST: (RUN_REGISTRY_LATEST, LATEST_SAYS), NOW: (published_now(root), NOW_SAYS)}
    for name, (statement, says) in own.items():
        statements += [statement, f"comment on view {name} is {literal(says)}"]
    return statements


def published_now(root: Path) -> str:
    """A view with one row, `folders`: of each slate the one that readers are led to, and that of the empty files."""
    folder = literal(f"{root / PUBLISHED_ROOT}/")
    slate = f"{folder} || game_date::varchar || '/' || coalesce(publication, 'current')"
    files = parquet(f"[{literal(str(root / PUBLISHED_ROOT / CURRENT / table_file(SLATE_PUBLICATIONS)))}]")
    return f"create view {NOW} as select list_append(list({slate}), {folder} || 'none/current') as folders from {files}"  # noqa: S608 - names and paths of our own


def columns(spec: TableSpec) -> str:
    return ", ".join(f'"{c.name}"::{DUCKDB_TYPES[c.dtype.value]} as "{c.name}"' for c in spec.stored_columns)


def source(root: Path, spec: TableSpec) -> str:
    """Published files of a derivation, all files of an observation; the seed file keeps an empty table readable."""
    if spec.kind is Kind.OBSERVATION:
        return parquet(literal(str(root / WAREHOUSE_ROOT / spec.name / "**" / "*.parquet")))
    file = table_file(spec)
    held = f"list_transform(getvariable('{HELD}'), lambda folder: folder || {literal(f'/{file}')})"
    return parquet(f"coalesce({held}, [{literal(str(root / PUBLISHED_ROOT / CURRENT / file))}])")


def parquet(files: str) -> str:
    return f"read_parquet({files}, union_by_name=true, hive_partitioning=false)"


def table_file(spec: TableSpec) -> str:
    """Where a table lies in a publication's folder."""
    return f"tables/{spec.name}.parquet"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
