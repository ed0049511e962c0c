"""File drops as a vendor: quotes carry the instant at which they were seen, and stand until they are seen anew."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from nhl_ops.contracts.odds import raw_quote_table
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.file_drop import Config, vendor
from nhl_ops.gateways.file_drop_inbox import FILE, PAGE, Inbox
from nhl_ops.gateways.vendor import VendorContext
from nhl_ops.transforms.sightings import standing
from nhl_ops_tests.gateways.file_drop_samples import (
    DAILY,
    EVER,
    ROW,
    TAKEN_AT,
    VENDOR,
    csv_of,
    parsed,
    payloads,
    project,
    row,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

START = datetime(2026, 1, 7, 0, tzinfo=UTC)


def taken(folder: Path, *rows: dict[str, str]) -> Inbox:
    inbox = project(folder, props__csv=csv_of(*rows))
    inbox.take(TAKEN_AT)
    return inbox


def rows_of(inbox: Inbox) -> pd.DataFrame:
    frames = [p.rows for p in parsed(inbox)]
    return pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)


def test_the_vendor_is_made_from_its_section() -> None:
    context = VendorContext(lambda pair: pair.live, lambda: TAKEN_AT, {}.get, Path("state.sqlite"))
    made = vendor(Config(enabled=True, max_file_bytes=5, settle_sec=1.5), context)
    assert (made.name, made.max_file_bytes, made.settle_sec) == ("FILE_DROP", 5, 1.5)
    with pytest.raises(ValidationError, match="max_file_bytes"):
        Config(enabled=True, max_file_bytes=0, settle_sec=1.0)


def test_it_asks_nobody() -> None:
    assert VENDOR.capture(lambda request: pytest.fail(f"asked {request.url}")) == []


def test_quotes_have_the_columns_of_every_vendor_and_their_own_capture_date(tmp_path: Path) -> None:
    rows = rows_of(taken(tmp_path, row(seen_at="2026-01-06T04:00:00Z"), row(seen_at="2026-01-06T17:30:00Z")))
    assert rows.columns.tolist() == raw_quote_table("x", "x").column_names
    assert rows["capture_date"].tolist() == ["2026-01-05", "2026-01-06"]
    assert rows["captured_at_utc"].astype(str).tolist() == [
        "2026-01-06 04:00:00+00:00",
        "2026-01-06 17:30:00+00:00",
    ]
    assert rows["game_date"].tolist() == ["2026-01-06", "2026-01-06"]
    assert not rows.duplicated(["payload_hash", "row_number"]).any()


def test_a_pass_is_known_as_of_its_last_instant_and_each_price_keeps_its_own(tmp_path: Path) -> None:
    other = row(seen_at="2026-01-06T17:30:50Z", side="under")
    rows = rows_of(taken(tmp_path, ROW, other, row(seen_at="2026-01-06T17:32:00Z", book="FanDuel")))
    assert rows["captured_at_utc"].dt.strftime("%H:%M:%S").tolist() == ["17:30:50", "17:30:50", "17:32:00"]
    assert rows["vendor_updated_at_utc"].dt.strftime("%H:%M:%S").tolist() == [
        "17:30:00",
        "17:30:50",
        "17:32:00",
    ]


def test_a_stream_of_prices_is_cut_after_five_minutes_and_at_midnight_in_new_york(tmp_path: Path) -> None:
    stream = [
        row(seen_at=f"2026-01-06T04:{m:02d}:{s:02d}Z", line=f"{m}.5") for m in range(53, 60) for s in (0, 30)
    ]
    inbox = taken(tmp_path, *stream, row(seen_at="2026-01-06T05:00:00Z"))
    known = [p.captured_at_utc for p in payloads(inbox) if p.endpoint == PAGE]
    assert [f"{at:%H:%M:%S}" for at in known] == ["04:58:00", "04:59:30", "05:00:00"]


def test_an_unchanged_price_seen_again_is_the_same_quote(tmp_path: Path) -> None:
    rows = rows_of(taken(tmp_path, ROW, row(seen_at="2026-01-06T20:00:00Z")))
    assert rows["quote_id"].nunique() == 1
    assert rows["payload_hash"].nunique() == 2


def test_namesakes_with_ids_are_two_players(tmp_path: Path) -> None:
    rows = rows_of(taken(tmp_path, row(player_id="1"), row(player_id="2", price="120")))
    assert rows["quote_id"].nunique() == 2
    assert rows["event_id_vendor"].nunique() == 2


def standing_prices(inbox: Inbox, as_of: datetime) -> dict[tuple[str, str], int]:
    """(book, side) -> American price of what stands at as-of, by the house's own rule."""
    quotes = rows_of(inbox)
    facts = quotes.drop_duplicates("quote_id").assign(
        game_id_nhl=pd.array([1] * quotes["quote_id"].nunique(), dtype="Int64"),
        player_id_nhl=pd.array([2] * quotes["quote_id"].nunique(), dtype="Int64"),
        created_at_utc=pd.Timestamp(TAKEN_AT),
        last_seen_at_utc=pd.NaT,
    )
    fields = ["endpoint", "url", "captured_at_utc", "http_status", "outcome", "payload_hash", "error"]
    seen = pd.DataFrame(inbox.state.sightings_between("FILE_DROP", *EVER), columns=fields)
    seen_at = pd.to_datetime(seen["captured_at_utc"], utc=True).astype("datetime64[us, UTC]")
    seen = seen.assign(source_vendor="FILE_DROP", captured_at_utc=seen_at)
    games = pd.DataFrame(
        {
            "game_date": [date(2026, 1, 6).isoformat()],
            "game_id_nhl": [1],
            "start_time_utc": [START],
            "as_of_ts_utc": [as_of],
            "is_playable": [True],
        }
    ).astype(dict.fromkeys(["start_time_utc", "as_of_ts_utc"], "datetime64[us, UTC]"))
    found = standing(facts, quotes, seen, games, 10.0)
    return {(q.book_id, q.side): q.price_american for q in found.itertuples()}


def test_a_price_stands_until_the_same_book_is_seen_again_for_that_player_and_market(tmp_path: Path) -> None:
    inbox = taken(
        tmp_path,
        row(seen_at="2026-01-06T15:00:00Z", book="A", price="-110"),
        row(seen_at="2026-01-06T15:00:00Z", book="A", price="-112", side="under"),
        row(seen_at="2026-01-06T15:00:00Z", book="B", price="-120"),
        row(seen_at="2026-01-06T18:00:00Z", book="A", price="-130"),
        row(seen_at="2026-01-06T18:00:00Z", book="C", price="-140", market="SOG"),
    )
    noon, evening = datetime(2026, 1, 6, 17, tzinfo=UTC), datetime(2026, 1, 6, 23, tzinfo=UTC)
    assert standing_prices(inbox, noon) == {("a", "OVER"): -110, ("a", "UNDER"): -112, ("b", "OVER"): -120}
    assert standing_prices(inbox, evening) == {("a", "OVER"): -130, ("b", "OVER"): -120, ("c", "OVER"): -140}


def test_later_rows_of_a_file_change_nothing_as_of_before(tmp_path: Path) -> None:
    early = row(seen_at="2026-01-06T15:00:00Z")
    late = [row(seen_at=f"2026-01-06T{h}:00:00Z", price=f"-{h}0", book=b) for h in (18, 20) for b in "AB"]
    as_of = datetime(2026, 1, 6, 17, tzinfo=UTC)
    alone, beside = taken(tmp_path / "1", early), taken(tmp_path / "2", early, *late)
    assert standing_prices(beside, as_of) == standing_prices(alone, as_of)


def test_two_files_of_two_books_stand_side_by_side(tmp_path: Path) -> None:
    inbox = taken(tmp_path, row(book="A"))
    (tmp_path / "data/inbox/other.csv").write_bytes(csv_of(row(book="B", seen_at="2026-01-06T21:00:00Z")))
    inbox.take(TAKEN_AT)
    assert set(standing_prices(inbox, START)) == {("a", "OVER"), ("b", "OVER")}


def test_daily_props_go_the_same_way(tmp_path: Path) -> None:
    rows = rows_of(taken(tmp_path, DAILY))
    assert rows["game_date"].tolist() == ["2026-01-06"] * 2
    assert rows["event_id_vendor"].tolist() == ["2026-01-06 | 8478427 | POINTS | draftkings"] * 2
    assert rows["side"].tolist() == ["OVER", "UNDER"]


@pytest.mark.parametrize("endpoint", [FILE, PAGE])
def test_bytes_that_are_no_drop_are_a_contract_failure(endpoint: str) -> None:
    with pytest.raises(VendorContract, match=r"missing in the header|no page of a dropped file"):
        VENDOR.parse(payload_of(b"a,b\n1,2\n", "FILE_DROP", endpoint))
