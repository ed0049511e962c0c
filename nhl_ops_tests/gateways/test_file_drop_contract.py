"""What a dropped file may look like, and what its cells mean."""

import gzip
import io
import re
from pathlib import Path

import pandas as pd
import pytest
import zstandard

from nhl_ops.domain.markets import Market
from nhl_ops.gateways.file_drop_contract import (
    DAILY_PROPS,
    FIELDS,
    MARKETS,
    REQUIRED,
    DropError,
    columns_of,
    template,
)
from nhl_ops.gateways.file_drop_pages import open_drop
from nhl_ops.gateways.file_drop_report import ADVICE
from nhl_ops_tests.gateways.file_drop_samples import LIMIT, ROW, TAKEN_AT, csv_of, found_in, quotes_of


def problem_of(body: bytes) -> str:
    with pytest.raises(DropError) as caught:
        open_drop(body, TAKEN_AT, limit=LIMIT)
    return str(caught.value)


def test_a_row_of_the_contract_is_a_quote() -> None:
    (found,) = quotes_of(csv_of(ROW))
    expected = {
        "home_team_raw": "NJD",
        "away_team_raw": "CAR",
        "player_name_raw": "Sebastian Aho",
        "player_team_raw": None,
        "market": "POINTS",
        "line": 0.5,
        "side": "OVER",
        "book_id": "draftkings",
        "book_name": "DraftKings",
        "price_american": -185,
        "is_live": False,
        "event_id_vendor": "2026-01-06 CAR at NJD | Sebastian Aho | POINTS | draftkings",
        "market_id_vendor": "2026-01-06 CAR at NJD | Sebastian Aho | POINTS",
        "start_time_utc": pd.Timestamp("2026-01-07T00:00:00Z").value // 1000,
        "vendor_updated_at_utc": pd.Timestamp("2026-01-06T17:30:00Z").value // 1000,
    }
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    "body",
    [
        csv_of(ROW),
        b"\xef\xbb\xbf" + csv_of(ROW),
        csv_of(ROW).replace(b"\n", b"\r\n"),
        gzip.compress(csv_of(ROW)),
        gzip.compress(csv_of(ROW)[:40]) + gzip.compress(csv_of(ROW)[40:]),
        zstandard.compress(csv_of(ROW)),
        csv_of(ROW).upper().replace(b"AMERICAN", b"American"),
    ],
    ids=[
        "plain",
        "byte order mark",
        "windows lines",
        "gzip",
        "gzip of two members",
        "zstandard",
        "upper case",
    ],
)
def test_a_file_is_known_by_its_bytes(body: bytes) -> None:
    assert found_in(body).accepted == 1


def test_parquet_cells_mean_what_they_mean_in_csv() -> None:
    frame = pd.DataFrame([ROW]).assign(
        line=0.5,
        price=-185.0,
        seen_at=pd.Timestamp("2026-01-06T12:30:00", tz="America/New_York"),
        game_date=pd.Timestamp("2026-01-06").date(),
        book=pd.Categorical(["DraftKings"]),
        team=pd.Series([None], dtype=object),
        nested=[[1, 2]],
    )
    out = io.BytesIO()
    frame.to_parquet(out)
    assert quotes_of(out.getvalue()) == quotes_of(csv_of(ROW))


def test_parquet_times_without_a_zone_are_dead_letters() -> None:
    out = io.BytesIO()
    pd.DataFrame([ROW]).assign(seen_at=pd.Timestamp("2026-01-06T12:30:00")).to_parquet(out)
    assert dict(found_in(out.getvalue()).rules) == {"bad_seen_at": 1}


def test_columns_go_by_any_case_order_and_documented_name() -> None:
    renamed = {
        "Bookmaker": "DraftKings", "Home Team": "NJD", "AWAY-TEAM": "CAR", "Player_Name": "Sebastian Aho",
        "Market.Key": "player_points", "Point": "0.5", "Selection": "Over", "odds": "1.54",
        "Odds Format": "decimal", "commence_time": "2026-01-07T00:00:00Z", "captured_at": "2026-01-06T17:30:00Z",
    }  # fmt: skip
    (found,) = quotes_of(csv_of(renamed))
    assert (found["market"], found["price_decimal"], found["price_american"]) == ("POINTS", 1.54, -185)


def test_the_contracts_own_name_counts_more_than_another() -> None:
    columns = columns_of([*ROW, "timestamp", "first_seen_at"])
    assert columns.positions["seen_at"] == list(ROW).index("seen_at")
    assert columns.ignored == ("timestamp", "first_seen_at")


def test_no_name_stands_for_two_columns() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names))


def test_the_template_fits_the_contract() -> None:
    assert columns_of(template()).ignored == ()
    assert {name for options in REQUIRED for name in options[0]} <= set(template())


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"seen_at": "sean_at"}, "seen_at (is 'sean_at' meant for seen_at?)"),
        ({"seen_at": "capturedat"}, "seen_at (is 'capturedat' meant for seen_at?)"),
        ({"price_format": "x"}, "price with price_format or price_american or price_decimal"),
        ({"game_date": "when"}, "game_date or start_time"),
        ({"home": "a;b", "away": "c"}, "missing in the header: home; away."),
    ],
)
def test_a_missing_column_is_named_with_the_likeliest_cell(header: dict[str, str], message: str) -> None:
    problem = problem_of(
        csv_of(ROW).replace(
            b",".join(n.encode() for n in ROW), ",".join(header.get(n, n) for n in ROW).encode()
        )
    )
    assert message in problem
    assert "nhl-ops drops template --out FILE.csv" in problem


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf\n", "it is empty"),
        (b"PK\x03\x04rest", "a workbook or a zip archive"),
        (csv_of(ROW).decode().encode("utf-16"), "UTF-16"),
        (csv_of(ROW).replace(b",", b";"), "set apart by ';'"),
        (csv_of(ROW).replace(b"Sebastian", b"S\xe9bastian"), "byte 0xe9 in line 2 is not UTF-8"),
        (csv_of(ROW).replace(b"home", b"book,home"), "the header has book twice"),
        (gzip.compress(csv_of(ROW))[:-20], "cannot be unpacked"),
        (zstandard.compress(b"x" * 99)[:9], "cannot be unpacked"),
        (gzip.compress(b"a" * (LIMIT + 1)), "unpacked it is larger than 1,000,000 bytes"),
        (zstandard.compress(b"a" * (LIMIT + 1)), "unpacked it is larger than 1,000,000 bytes"),
        (b"PAR1" + b"\0" * 50 + b"PAR1", "cannot be read as Parquet"),
        (b"x" * 257 + b"ustar" + b"x", "a tar archive"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_says_what_it_is(body: bytes, message: str) -> None:
    assert message in problem_of(body)


def test_a_line_with_too_many_cells_is_a_dead_letter_with_its_row() -> None:
    body = csv_of(ROW) + b"a,b\n" + csv_of(ROW).split(b"\n", 1)[1]
    found = found_in(body)
    assert (found.seen, found.accepted, dict(found.rules)) == (3, 2, {"bad_row": 1})
    assert found.examples["bad_row"].detail.startswith("row 3: expected 11 cells, as the header has, found 2")


def test_a_missing_quote_does_not_hide_the_rows_that_it_swallows() -> None:
    body = csv_of(ROW) + b'2026-01-06,"NJD,CAR\n' + csv_of(ROW, ROW).split(b"\n", 1)[1]
    found = found_in(body)
    assert (found.accepted, dict(found.rules)) == (1, {"bad_row": 1})
    assert "a quote is missing" in found.examples["bad_row"].detail


def test_the_document_tells_every_column_name_spelling_and_rule() -> None:
    text = (Path(__file__).parents[2] / "docs/file_drops.md").read_text(encoding="utf-8")
    for field in FIELDS:
        others = ", ".join(f"`{alias}`" for alias in field.aliases)
        assert f"| `{field.example}` | {field.meaning} | {others} |" in text
    for market in Market:
        spellings = ", ".join(text for text, meant in MARKETS.items() if meant is market)
        assert f"| `{market}` | {spellings} |" in text
    for rule, advice in ADVICE.items():
        assert f"| `{rule}` | {advice[0].upper()}{advice[1:]} |" in text
    assert all(f"`{name}`" in text for name in DAILY_PROPS)
    (example,) = re.findall(r"^```\n(game_date.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert (found_in(example.encode()).accepted, found_in(example.encode()).rejected) == (3, 0)
