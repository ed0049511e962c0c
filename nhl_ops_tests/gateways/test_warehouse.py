"""Observations are appended once; derivations belong to a scope; floats are rounded; missing input says what to do."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.encoding import encode, plain
from nhl_ops.contracts.odds import FACT_PROP_ODDS, RAW_QUOTES
from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.contracts.results import FACT_GAME_RESULTS
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.state import State
from nhl_ops.gateways.warehouse import Audit, Warehouse
from nhl_ops_tests.transforms.ev_frames import SLATE, facts, raw_quotes

AT = datetime(2026, 1, 6, 15, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path, State(tmp_path / "data" / "state.sqlite"))


def audit(scope: str) -> Audit:
    return Audit(f"run-of-{scope}", scope, AT)


def results(*games: tuple[str, int, int], version: str = "a") -> pd.DataFrame:
    rows = [
        {
            "game_date": day,
            "game_id_nhl": game,
            "home_team": "TOR",
            "away_team": "MTL",
            "home_score": goals,
            "away_score": 1,
            "last_period_type": None,
            "captured_at_utc": AT,
            "known_at_utc": AT,
            "payload_hash": "f" * 64,
            "row_hash": f"{version}{goals}",
        }
        for day, game, goals in games
    ]
    return FACT_GAME_RESULTS.conform(pd.DataFrame(rows).astype({"captured_at_utc": "datetime64[us, UTC]"}))


def rolling(day: str, window: int, ev: float | None = None) -> pd.DataFrame:
    row = {c.name: None for c in REPORT_ROLLING.columns} | {
        "game_date": day,
        "window": f"{window} days",
        "window_days": window,
        "mean_ev_pct": ev,
    }
    row |= {name: 0 for name in ("slates", "games", "quotes", "best_bets", "bets_settled")}
    return REPORT_ROLLING.conform(pd.DataFrame([row]))


def no_inputs(*keys: str) -> dict[str, dict[str, str]]:
    return {key: {} for key in keys}


def test_the_same_observation_adds_nothing(warehouse: Warehouse) -> None:
    seen = results(("2026-01-05", 1, 3), ("2026-01-06", 2, 4))
    assert warehouse.append(FACT_GAME_RESULTS, seen, audit("one")) == {"2026-01-05": 1, "2026-01-06": 1}
    assert warehouse.append(FACT_GAME_RESULTS, seen, audit("two")) == {}
    assert len(warehouse.observations(FACT_GAME_RESULTS)) == 2


def test_a_correction_is_a_row_beside_the_first(warehouse: Warehouse) -> None:
    warehouse.append(FACT_GAME_RESULTS, results(("2026-01-05", 1, 3)), audit("one"))
    warehouse.append(FACT_GAME_RESULTS, results(("2026-01-05", 1, 2)), audit("two"))
    stored = warehouse.observations(FACT_GAME_RESULTS, ["2026-01-05"], columns=["home_score", "scope_id"])
    assert sorted(stored.itertuples(index=False, name=None)) == [(2, "two"), (3, "one")]


def test_a_bulk_load_and_a_daily_file_are_one_table(warehouse: Warehouse) -> None:
    warehouse.append(
        FACT_GAME_RESULTS, results(("2026-01-04", 1, 3), ("2026-01-05", 2, 1)), audit("bulk"), bulk=True
    )
    new = warehouse.append(
        FACT_GAME_RESULTS, results(("2026-01-05", 2, 1), ("2026-01-05", 3, 5)), audit("daily")
    )
    assert new == {"2026-01-05": 1}
    assert sorted(warehouse.observations(FACT_GAME_RESULTS, ["2026-01-05"])["game_id_nhl"]) == [2, 3]
    assert warehouse.observations(FACT_GAME_RESULTS, before="2026-01-05")["game_id_nhl"].tolist() == [1]


def test_a_scope_reads_its_own_slice_and_no_other_unpublished_one(warehouse: Warehouse) -> None:
    warehouse.write_slices(
        REPORT_ROLLING, rolling("2026-01-05", 7), ["2026-01-05"], audit("one"), no_inputs("2026-01-05")
    )
    own, _ = warehouse.read_slices(REPORT_ROLLING, ["2026-01-05"], "one")
    assert own["window_days"].tolist() == [7]
    with pytest.raises(
        MissingInput, match=r"report_rolling has not been computed for 2026-01-05.*--start 2026-01-05"
    ):
        warehouse.read_slices(REPORT_ROLLING, ["2026-01-05"], "another")


def test_an_empty_slice_is_computed_not_missing(warehouse: Warehouse) -> None:
    keys = ["2026-01-05", "2026-01-06"]
    warehouse.write_slices(REPORT_ROLLING, rolling("2026-01-05", 7), keys, audit("one"), no_inputs(*keys))
    frame, digests = warehouse.read_slices(REPORT_ROLLING, keys, "one")
    assert len(frame) == 1
    assert set(digests) == set(keys)


def test_rows_of_a_slate_outside_the_run_are_an_error(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="2026-01-07"):
        warehouse.write_slices(
            REPORT_ROLLING, rolling("2026-01-07", 7), ["2026-01-05"], audit("one"), no_inputs("2026-01-05")
        )


def test_equal_content_has_an_equal_digest_whatever_the_run(warehouse: Warehouse) -> None:
    for scope, ev in (("one", 1.0), ("two", 1.0 + 1e-12), ("three", 1.1)):
        warehouse.write_slices(
            REPORT_ROLLING,
            rolling("2026-01-05", 7, ev),
            ["2026-01-05"],
            audit(scope),
            no_inputs("2026-01-05"),
        )
    digests = [
        warehouse.read_slices(REPORT_ROLLING, ["2026-01-05"], scope)[1]["2026-01-05"]
        for scope in ("one", "two", "three")
    ]
    assert digests[0] == digests[1] != digests[2]


def test_nulls_and_types_survive_the_store(warehouse: Warehouse) -> None:
    warehouse.write_slices(
        REPORT_ROLLING, rolling("2026-01-05", 7), ["2026-01-05"], audit("one"), no_inputs("2026-01-05")
    )
    frame, _ = warehouse.read_slices(REPORT_ROLLING, ["2026-01-05"], "one")
    pd.testing.assert_frame_equal(frame, rolling("2026-01-05", 7))


def test_a_missing_column_is_named_and_never_null() -> None:
    with pytest.raises(KeyError, match="home_score"):
        FACT_GAME_RESULTS.conform(results(("2026-01-05", 1, 3)).drop(columns="home_score"))


def test_rows_from_before_a_column_was_added_are_read_with_it_empty_and_are_not_stored_again(
    warehouse: Warehouse,
) -> None:
    added = {"mapping_score", "event_method"}
    older = replace(FACT_PROP_ODDS, columns=tuple(c for c in FACT_PROP_ODDS.columns if c.name not in added))
    one, two = facts({}, {"quote_id": "q2"}).iloc[[0]], facts({}, {"quote_id": "q2"})
    assert warehouse.append(older, one, audit("old")) == {SLATE: 1}
    read = warehouse.observations(FACT_PROP_ODDS, [SLATE])
    assert read[sorted(added)].isna().all(axis=None)
    assert violations(FACT_PROP_ODDS, read) == []
    assert warehouse.append(FACT_PROP_ODDS, two, audit("new")) == {SLATE: 1}
    read = warehouse.observations(FACT_PROP_ODDS, [SLATE], columns=["quote_id", *sorted(added)])
    assert read.sort_values("quote_id").astype(object).where(read.notna(), None).to_numpy().tolist() == [
        ["q1", None, None],
        ["q2", "date_and_teams", 0.95],
    ]


def test_what_differs_in_a_few_columns_is_counted_without_the_rest(warehouse: Warehouse) -> None:
    rows = results(("2026-01-05", 1, 3), ("2026-01-05", 2, 3), ("2026-01-06", 3, 4), ("2026-01-07", 4, 4))
    warehouse.append(FACT_GAME_RESULTS, rows, audit("one"))
    corrected = results(("2026-01-05", 1, 2), ("2026-01-05", 5, 2), version="b")
    warehouse.append(FACT_GAME_RESULTS, corrected, audit("two"), bulk=True)
    days = ["2026-01-05", "2026-01-06", "2026-01-08"]
    found = warehouse.distinct(FACT_GAME_RESULTS, days, ["game_date"], ["game_id_nhl"])
    assert dict(zip(found["game_date"], found["rows"], strict=True)) == {"2026-01-05": 3, "2026-01-06": 1}


def test_nothing_stored_counts_nothing(warehouse: Warehouse) -> None:
    found = warehouse.distinct(FACT_GAME_RESULTS, ["2026-01-05"], ["game_date"], ["game_id_nhl"])
    assert list(found.columns) == ["game_date", "rows"]
    assert found.empty


def test_encoded_rows_are_stored_and_read_as_the_same_rows(warehouse: Warehouse) -> None:
    spec = RAW_QUOTES["UNABATED"]
    quotes = raw_quotes({}, {"row_number": 1, "player_team_raw": None, "player_birth_date": None})
    day = quotes["capture_date"].iloc[0]
    assert warehouse.append(spec, encode(spec, quotes), audit("a")) == {day: 2}
    assert warehouse.append(spec, quotes, audit("b")) == {}
    again = pd.concat([quotes, quotes.iloc[:1].assign(row_number=2, market="POINTS")], ignore_index=True)
    assert warehouse.append(spec, encode(spec, again), audit("c")) == {day: 1}
    stored = warehouse.observations(spec, [day]).sort_values("row_number", ignore_index=True)
    pd.testing.assert_frame_equal(stored, again)
    encoded = warehouse.observations(spec, [day], encoded=True)
    assert encoded["market"].dtype == "category"
    pd.testing.assert_frame_equal(plain(encoded).sort_values("row_number", ignore_index=True), again)


def test_a_stored_file_keeps_only_the_texts_of_its_own_rows(warehouse: Warehouse) -> None:
    spec = RAW_QUOTES["UNABATED"]
    quotes = encode(spec, raw_quotes({}, {"row_number": 1, "book_name": "Another Book"}))
    warehouse.append(spec, quotes.iloc[:1], audit("a"))
    [path] = (warehouse.folder / spec.name).glob("capture_date=*/*.parquet")
    assert b"Another Book" not in path.read_bytes()


def test_only_the_columns_asked_for_are_read(warehouse: Warehouse) -> None:
    spec = RAW_QUOTES["UNABATED"]
    quotes = raw_quotes({})
    day = quotes["capture_date"].iloc[0]
    warehouse.append(spec, quotes, audit("a"))
    found = warehouse.observations(spec, [day], columns=["quote_id", "run_id"])
    assert found.to_dict("records") == [{"quote_id": quotes["quote_id"].iloc[0], "run_id": "run-of-a"}]
