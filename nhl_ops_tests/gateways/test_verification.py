"""Damage of a stored file shows; a contract that gains a column reads the files from before."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.contracts.results import FACT_GAME_RESULTS
from nhl_ops.contracts.spec import Column, Dtype, TableSpec
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.publication_manifest import PublishedTable
from nhl_ops.gateways.state import SightingRow, State
from nhl_ops.gateways.tables import content_digest, is_sound, read_tables, to_arrow, to_frame, write_table
from nhl_ops.gateways.verification import Damage, Verified, verify
from nhl_ops.gateways.warehouse import Audit, Warehouse

AT = datetime(2026, 1, 6, 15, tzinfo=UTC)
SLATE = "2026-01-05"
AUDIT = Audit("a-run-of-old", "scope", AT)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """One payload, two files of an observation, one published derivation."""
    house = Warehouse(tmp_path, State(tmp_path / "data" / "state.sqlite"))
    digest, path = Archive(tmp_path).put("UNABATED", b"{}", AT)
    house.state.record_sighting(
        SightingRow("UNABATED", "u", AT, "board", SLATE, 200, "ok", digest, None, path, 2)
    )
    house.append(FACT_GAME_RESULTS, game(1), AUDIT)
    house.append(FACT_GAME_RESULTS, game(2), AUDIT, bulk=True)
    house.write_slices(REPORT_ROLLING, rolling(), [SLATE], AUDIT, {SLATE: {}})
    source, content = house.slice_paths(REPORT_ROLLING, [SLATE], "scope")[SLATE]
    tables = {REPORT_ROLLING.name: PublishedTable("scope", "run", 1, content, {})}
    draft = house.published.next_version(SLATE, "scope", "run", AT, tables)
    house.published.publish(draft, {REPORT_ROLLING.name: source}, lambda _: None)
    return house


def blank(spec: TableSpec, **values: object) -> pd.DataFrame:
    row = {c.name: None if c.nullable else 0 for c in spec.columns}
    return spec.conform(pd.DataFrame([row | values]))


def game(number: int) -> pd.DataFrame:
    return blank(
        FACT_GAME_RESULTS, game_date=SLATE, game_id_nhl=number, home_team="TOR", away_team="MTL",
        captured_at_utc=AT, known_at_utc=AT, payload_hash="f" * 64, row_hash=str(number),
    )  # fmt: skip


def rolling() -> pd.DataFrame:
    return blank(REPORT_ROLLING, game_date=SLATE, window="7 days", window_days=7)


def checked(warehouse: Warehouse) -> Verified:
    return verify(warehouse, Archive(warehouse.root))


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-7])
    return path


def test_sound_files_are_counted(warehouse: Warehouse) -> None:
    assert checked(warehouse) == Verified(4, ())


def test_a_truncated_observation_is_found_by_the_digest_in_its_name(warehouse: Warehouse) -> None:
    path = cut(next((warehouse.folder / FACT_GAME_RESULTS.name).glob("game_date=*/*.parquet")))
    assert checked(warehouse).damages == (Damage(path, FACT_GAME_RESULTS.name, SLATE),)


def test_a_load_of_many_days_has_no_slate(warehouse: Warehouse) -> None:
    path = cut(next((warehouse.folder / FACT_GAME_RESULTS.name).glob("bulk/*.parquet")))
    assert checked(warehouse).damages == (Damage(path, FACT_GAME_RESULTS.name, None),)


def test_one_changed_byte_of_an_observation_is_found(warehouse: Warehouse) -> None:
    path = next((warehouse.folder / FACT_GAME_RESULTS.name).glob("game_date=*/*.parquet"))
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    assert [damage.path for damage in checked(warehouse).damages] == [path]


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_whoever_reads_a_damaged_file_is_told_which_and_what_to_do(warehouse: Warehouse, damage: str) -> None:
    path = warehouse.slice_of(REPORT_ROLLING, SLATE, "scope")
    cut(path) if damage == "cut" else path.unlink()
    with pytest.raises(WarehouseBroken, match=rf"{path}.*Next: `nhl-ops verify --repair`"):
        warehouse.read_slices(REPORT_ROLLING, [SLATE], "scope")


@pytest.mark.parametrize("damage", ["cut", "gone", "another"])
def test_a_published_table_is_held_against_its_manifest(warehouse: Warehouse, damage: str) -> None:
    path = warehouse.published.current(SLATE).resolve() / "tables" / f"{REPORT_ROLLING.name}.parquet"
    if damage == "cut":
        cut(path)
    path.unlink() if damage == "gone" else None
    if damage == "another":
        write_table(REPORT_ROLLING, path, to_arrow(REPORT_ROLLING, rolling().assign(games=9), AUDIT.values()))
    assert checked(warehouse).damages == (Damage(path, REPORT_ROLLING.name, SLATE),)


def test_a_payload_that_is_damaged_is_found(warehouse: Warehouse) -> None:
    path = cut(next((warehouse.root / "outputs").rglob("*.zst")))
    assert checked(warehouse).damages == (Damage(path),)


# -- a contract that gains a column --------------------------------------------------------------------------

GAINED = replace(
    REPORT_ROLLING, columns=(*REPORT_ROLLING.columns, Column("score", Dtype.INT, "New.", nullable=True))
)


def test_a_file_from_before_a_column_reads_as_null_there(tmp_path: Path) -> None:
    old = write_table(
        REPORT_ROLLING, tmp_path / "old.parquet", to_arrow(REPORT_ROLLING, rolling(), AUDIT.values())
    )
    new_row = rolling().assign(score=pd.array([7], "Int64"), window_days=14)
    new = write_table(GAINED, tmp_path / "new.parquet", to_arrow(GAINED, new_row, AUDIT.values()))
    both = to_frame(GAINED, read_tables(GAINED, [old, new])).sort_values("window_days")
    assert both["score"].dtype == "Int64"
    assert both["score"].isna().tolist() == [True, False]
    assert both["games"].tolist() == [0, 0]


def test_the_digest_of_a_file_from_before_a_column_stays_what_its_manifest_says(tmp_path: Path) -> None:
    table = to_arrow(REPORT_ROLLING, rolling(), AUDIT.values())
    path = write_table(REPORT_ROLLING, tmp_path / "old.parquet", table)
    assert content_digest(GAINED, pq.read_table(path)) == content_digest(REPORT_ROLLING, table)


def test_a_file_under_a_name_from_before_digests_is_sound_when_it_opens(tmp_path: Path) -> None:
    path = write_table(
        REPORT_ROLLING,
        tmp_path / "abcd1234-00ff00ff.parquet",
        to_arrow(REPORT_ROLLING, rolling(), AUDIT.values()),
    )
    assert is_sound(path)
    assert not is_sound(cut(path))
