"""The recorded league of the shared folder, loaded and served."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.recorded import load_recorded
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league.asking import Asker

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("NHL_OPS_SHARED_DATA", ROOT.parent / "shared" / "data"))
SLATE = "2026-01-05"
WEB = "/nhl-web/v1"

pytestmark = pytest.mark.skipif(not (SHARED / "stats").is_dir(), reason=f"no recorded data in {SHARED}")


@pytest.fixture(scope="module")
def recorded() -> LeagueDataset:
    return load_recorded(SHARED)


@pytest.fixture(scope="module")
def league(recorded: LeagueDataset) -> Iterator[Asker]:
    with LeagueServer(recorded) as server:
        asker = Asker(server)
        yield asker
        asker.close()


def standing(recorded: LeagueDataset, now: str, vendor: str) -> pd.DataFrame:
    at = datetime.fromisoformat(now).astimezone(UTC)
    quotes = recorded.quotes.loc[recorded.quotes["vendor"] == vendor]
    return quotes.loc[(quotes["seen_from_utc"] <= at) & (quotes["seen_until_utc"] > at)]


def test_the_slate_has_its_five_games(league: Asker) -> None:
    day = league.at("2026-01-05T17:00Z").json(f"{WEB}/schedule/{SLATE}")["gameWeek"][0]
    pairs = [(g["awayTeam"]["abbrev"], g["homeTeam"]["abbrev"]) for g in day["games"]]
    assert sorted(pairs) == [("ANA", "WSH"), ("DET", "OTT"), ("MIN", "LAK"), ("SEA", "CGY"), ("UTA", "NYR")]


def test_standing_prices_are_those_of_the_books_last_scrape(recorded: LeagueDataset) -> None:
    raw = pd.concat(pd.read_parquet(p) for p in sorted(SHARED.glob("odds/player_props_*.parquet")))
    raw = raw.loc[raw["game_id"].notna() & raw["over_price"].notna()]
    offer = ["book", "game_id", "player_name", "market"]
    for now in ("2025-10-30T17:00Z", "2026-01-05T22:30Z", "2026-01-12T19:00Z"):
        at = pd.Timestamp(now)
        seen = raw.loc[(raw["first_seen_at"] <= at) & (raw["start_time_utc"] > at)]
        newest = seen.loc[seen["commit_at"] == seen.groupby(offer)["commit_at"].transform("max")]
        expected = newest.drop_duplicates([*offer, "line", "over_price", "under_price"])
        found = standing(recorded, now, "UNABATED")
        assert len(found) == len(expected)
        assert sorted(found["over_american"]) == sorted(expected["over_price"].astype(int))


@pytest.mark.parametrize("now", ["2025-10-30T17:00Z", "2026-01-05T22:30Z", "2026-02-02T18:00Z"])
def test_the_board_serves_every_standing_price_once(league: Asker, recorded: LeagueDataset, now: str) -> None:
    board = league.at(now).cdn()
    served = sum(
        1 + len(line["alternateLines"])
        for row in board
        for lines in row["sides"].values()
        for line in lines.values()
    )
    quotes = standing(recorded, now, "UNABATED")
    assert served == len(quotes) + int(quotes["under_american"].notna().sum())
    names = {
        p["firstName"] + " " + p["lastName"]
        for p in league.json("/unabated-cdn/markets/v2/league/6/propodds.json", params={"v": "1"})[
            "people"
        ].values()
    }
    assert names == set(quotes["player_name"])


def test_a_name_that_the_record_gives_to_two_players_has_no_position(league: Asker) -> None:
    people = league.at("2026-01-12T19:00Z").json("/unabated-cdn/markets/v2/league/6/propodds.json?v=1")[
        "people"
    ]
    positions = {p["lastName"]: p["position"] for p in people.values() if p["firstName"] == "Elias"}
    assert positions["Pettersson"] is None


@pytest.mark.parametrize(
    ("now", "games", "prices"),
    [("2026-01-04T18:00Z", 1, 355), ("2026-01-05T18:00Z", 5, 417), ("2026-01-06T18:00Z", 0, 0)],
)
def test_playnow_has_its_recorded_days_and_an_empty_board_otherwise(
    league: Asker, now: str, games: int, prices: int
) -> None:
    events = league.at(now).events()
    assert len(events) == games
    assert sum(len(m["outcomes"]) for e in events for m in e["markets"]) == prices


def test_the_event_page_is_served_under_its_own_names(league: Asker) -> None:
    page = json.loads(next((SHARED / "payloads" / "playnow").glob("event-*.markets.json")).read_text("utf-8"))
    event = league.at("2026-01-04T18:00Z").events()[0]
    served = {
        (m["name"], o["name"], o["prices"][0]["decimal"]) for m in event["markets"] for o in m["outcomes"]
    }
    recorded = {
        (m["name"].replace("LastGoalscorer", "Last Goalscorer"), o["name"], o["price_decimal"])
        for m in page["markets"]
        for o in m["outcomes"]
    }
    assert served == recorded


def reconstructed(day: str) -> list[dict[str, Any]]:
    found = []
    for path in sorted((SHARED / "payloads" / "nhl" / "reconstructed").glob("boxscore_*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found += [box for line in lines if f'"gameDate":"{day}"' in line for box in [json.loads(line)]]
    return found


def shared_fields(served: Any, recorded: Any) -> tuple[Any, Any]:
    """Both sides cut down to the fields that both have and the league knows, to four digits."""
    if isinstance(served, dict) and isinstance(recorded, dict):
        keys = [k for k in recorded if k in served and served[k] is not None and k != "sweaterNumber"]
        pairs = {k: shared_fields(served[k], recorded[k]) for k in keys}
        return {k: p[0] for k, p in pairs.items()}, {k: p[1] for k, p in pairs.items()}
    return (round(served, 4), round(recorded, 4)) if isinstance(recorded, float) else (served, recorded)


def players_of(box: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {
        p["playerId"]: p
        for team in box["playerByGameStats"].values()
        for group in team.values()
        for p in group
    }


def test_boxscores_equal_the_reconstructed_ones(league: Asker) -> None:
    boxes = reconstructed(SLATE)
    assert len(boxes) == 5
    for box in boxes:
        served = league.at("2026-01-06T17:00Z").json(f"{WEB}/gamecenter/{box['id']}/boxscore")
        for part in (
            "id",
            "season",
            "gameType",
            "gameDate",
            "startTimeUTC",
            "gameState",
            "gameScheduleState",
        ):
            assert served[part] == box[part]
        for side in ("awayTeam", "homeTeam"):
            assert shared_fields(served[side], box[side])[0] == shared_fields(served[side], box[side])[1]
        mine, theirs = players_of(served), players_of(box)
        assert set(mine) == set(theirs)
        for player_id, line in theirs.items():
            left, right = shared_fields(mine[player_id], line)
            assert left == right


def test_the_schedule_has_no_key_that_the_nhl_does_not_send(league: Asker) -> None:
    path = SHARED / "payloads" / "nhl" / "schedule_landing_standings" / "schedule-2025-10-07.json"
    real = json.loads(path.read_text("utf-8"))
    mine = league.at("2025-10-14T17:00Z").json(f"{WEB}/schedule/2025-10-07")
    assert set(mine) == set(real)
    assert set(mine["gameWeek"][0]) <= set(real["gameWeek"][0])
    finished = [week["gameWeek"][0]["games"][0] for week in (mine, real)]
    assert set(finished[0]) <= set(finished[1])
    assert set(finished[0]["homeTeam"]) <= set(finished[1]["homeTeam"])
    for key in (
        "id",
        "season",
        "gameType",
        "startTimeUTC",
        "gameState",
        "gameScheduleState",
        "easternUTCOffset",
    ):
        assert finished[0][key] == finished[1][key]
    assert finished[0]["gameOutcome"] == finished[1]["gameOutcome"]
    assert finished[0]["winningGoalie"]["playerId"] == finished[1]["winningGoalie"]["playerId"]
    assert [d["numberOfGames"] for d in mine["gameWeek"]] == [d["numberOfGames"] for d in real["gameWeek"]]


def test_last_periods_agree_with_recorded_play_by_play(recorded: LeagueDataset) -> None:
    mine = recorded.games.set_index("game_id")["last_period_type"]
    checked = 0
    for path in sorted((SHARED / "payloads" / "nhl" / "play_by_play").glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            play = json.load(file)
        if play["id"] in mine.index and "gameOutcome" in play:
            assert mine[play["id"]] == play["gameOutcome"]["lastPeriodType"]
            checked += 1
    assert checked > 30


def test_rosters_hold_nearly_everybody_who_played_and_each_in_one_team(recorded: LeagueDataset) -> None:
    played = recorded.skater_games.merge(recorded.games[["game_id", "game_date", "season"]], on="game_id")
    played = played.loc[played["season"] == played["season"].max()]
    held = played.merge(recorded.rosters, on="player_id", suffixes=("", "_held"))
    on_day = (held["from_date"] <= held["game_date"]) & (held["game_date"] <= held["to_date"])
    before = on_day & (held["from_date"] < held["game_date"])
    assert on_day.sum() == len(played)
    mine = held["team"] == held["team_held"]
    assert (on_day & mine).sum() == len(played)
    assert (before & mine).sum() > 0.99 * len(played)


def test_a_past_slate_has_its_scrape_times(recorded: LeagueDataset) -> None:
    times = [f"{t:%H:%M}" for t in recorded.capture_times(date.fromisoformat(SLATE))]
    assert times == ["16:55", "17:00"]
