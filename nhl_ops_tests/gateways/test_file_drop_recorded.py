"""The recorded raw CSVs go through the inbox as they are."""

import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.gateways.file_drop_contract import Layout
from nhl_ops.gateways.file_drop_inbox import DropOutcome
from nhl_ops_tests.gateways.file_drop_samples import TAKEN_AT, VENDOR, payloads, project
from nhl_ops_tests.gateways.wire_samples import SHARED_DATA


def test_every_recorded_price_of_a_month_is_a_quote(tmp_path: Path) -> None:
    recorded = sorted((SHARED_DATA / "odds/raw_csv").glob("oddsapi_2025-11-*.csv.gz"))
    if not recorded:
        pytest.skip("recorded odds/raw_csv/*.csv.gz are not at hand (set NHL_OPS_SHARED_DATA)")
    inbox = project(tmp_path)
    for path in recorded:
        shutil.copyfile(path, tmp_path / "data/inbox" / path.name)
    raw = pd.concat([pd.read_csv(path, usecols=["over_price", "under_price"]) for path in recorded])
    files = inbox.take(TAKEN_AT).files
    assert Counter(file.outcome for file in files) == {DropOutcome.INGESTED: len(recorded)}
    assert {file.findings.layout for file in files if file.findings} == {Layout.DAILY_PROPS}
    results = [VENDOR.parse(payload) for payload in payloads(inbox)]
    assert [letter for parsed in results for letter in parsed.rejected] == []
    assert sum(len(parsed.rows) for parsed in results) == int(raw.notna().sum().sum())
