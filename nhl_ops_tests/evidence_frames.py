"""Made-up rows of the evidence tables: what a test does not say is zero, empty or null."""

import pandas as pd

from nhl_ops.contracts import evidence
from nhl_ops.contracts.spec import Dtype, TableSpec

BLANKS: dict[Dtype, object] = {Dtype.STRING: "", Dtype.DATE: "2026-01-07", Dtype.INT: 0, Dtype.FLOAT: 0.0}
BLANKS |= {Dtype.TIMESTAMP: pd.Timestamp("2026-01-07T22:00Z")}


def rows(spec: TableSpec, *given: dict[str, object]) -> pd.DataFrame:
    blank = {c.name: None if c.nullable else BLANKS[c.dtype] for c in spec.columns}
    return spec.conform(pd.DataFrame([{**blank, **one} for one in given], columns=spec.column_names))


def coverage(*given: dict[str, object]) -> pd.DataFrame:
    return rows(evidence.FACT_ODDS_COVERAGE_DAILY, *given)


def mapping(*given: dict[str, object]) -> pd.DataFrame:
    return rows(evidence.FACT_MAPPING_QUALITY_DAILY, *given)


def ev_summary(*given: dict[str, object]) -> pd.DataFrame:
    return rows(evidence.FACT_EV_SUMMARY_DAILY, *given)


def accuracy(*given: dict[str, object]) -> pd.DataFrame:
    return rows(evidence.FACT_FORECAST_ACCURACY_DAILY, *given)


def runs(*given: dict[str, object]) -> pd.DataFrame:
    return rows(evidence.FACT_RUN_REGISTRY, *given)
