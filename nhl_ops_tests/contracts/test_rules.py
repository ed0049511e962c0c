"""The rules of every table: a sound row keeps them, a null where none may be breaks them."""

import pandas as pd
import pytest

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import Column, Dtype, NullRule, TableSpec
from nhl_ops_tests.transforms.ev_frames import LONG_AGO, SLATE, prices

VALUES = {
    Dtype.DATE: SLATE,
    Dtype.STRING: "x",
    Dtype.TIMESTAMP: LONG_AGO,
    Dtype.BOOL: True,
}


def sound(spec: TableSpec) -> pd.DataFrame:
    """A row that keeps every rule of a table."""
    row = {c.name: c.allowed[0] if c.allowed else VALUES.get(c.dtype, least(c)) for c in spec.columns}
    frame = pd.DataFrame([row])
    absent = [name for rule in spec.nulls if rule.is_null(frame).all() for name in rule.columns]
    return spec.conform(frame.assign(**dict.fromkeys(absent)))


def least(column: Column) -> float:
    return 0.5 if column.gt is not None else column.ge or 0


@pytest.mark.parametrize("spec", TABLES.values(), ids=lambda spec: spec.name)
def test_a_contract_passes_and_finds_a_null_where_none_may_be(spec: TableSpec) -> None:
    frame = sound(spec)
    assert violations(spec, frame) == []
    forbidden = [c.name for c in spec.columns if not c.nullable and c.name != spec.partition_column]
    broken = frame.astype({name: object for name in forbidden}).assign(**dict.fromkeys(forbidden))
    assert {f"{name} is never null" for name in forbidden} <= {v.rule for v in violations(spec, broken)}


@pytest.mark.parametrize(
    ("spec", "rule", "column"),
    [(spec, rule, column) for spec in TABLES.values() for rule in spec.nulls for column in rule.columns],
    ids=lambda part: getattr(part, "name", None) or str(part),
)
def test_a_contract_finds_a_null_at_a_time_when_none_may_be(
    spec: TableSpec, rule: NullRule, column: str
) -> None:
    frame = sound(spec)
    may_be = bool(rule.is_null(frame).all())
    wrong = frame.assign(
        **{column: spec.empty_frame()[column].reindex([0]) if not may_be else some(spec, column)}
    )
    found = {v.rule for v in violations(spec, spec.conform(wrong))}
    assert (f"{column} is {rule}" in found) is (rule.is_exact or not may_be)


def some(spec: TableSpec, column: str) -> object:
    return VALUES.get(spec.by_name[column].dtype, least(spec.by_name[column]))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_chance_is_neither_zero_nor_one(value: float) -> None:
    frame = prices({"prob_devig_book": value}, {"quote_id": "q2", "game_date": "2026-01-06"})
    (found,) = violations(EV_FAIR_PRICES, frame)
    assert (found.key, found.rule.split(" is ")[0]) == (SLATE, "prob_devig_book")


def test_a_slate_that_breaks_its_types_hides_no_null_of_another() -> None:
    rows = prices({"prob_implied": 1.0}, {"quote_id": "q2", "game_date": "2026-01-06", "hold": None})
    assert {v.key for v in violations(EV_FAIR_PRICES, rows)} == {SLATE, "2026-01-06"}
