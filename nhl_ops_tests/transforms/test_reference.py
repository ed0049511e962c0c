from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.domain.slates import AsOfMode, as_of
from nhl_ops.transforms.reference import dim_games, dim_players
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NEXT_DAY,
    PLAYER,
    SLATE,
    START,
    et,
    games,
    goalies,
    rosters,
    schedule,
    skaters,
    slates,
)

EIGHT = et(f"{SLATE} 20:00")
LATER = "2026-01-20"


def version(name: str, known: pd.Timestamp, **change: object) -> dict[str, object]:
    return {"row_hash": name, "known_at_utc": known, "captured_at_utc": known, **change}


def test_the_last_version_known_before_the_start_counts() -> None:
    seen = dim_games(
        schedule({}, version("v2", et(f"{SLATE} 15:00"), game_state="PRE", start_time_utc=EIGHT)),
        slates(SLATE),
    )
    assert seen[["start_time_utc", "game_state", "as_of_ts_utc"]].values.tolist() == [[EIGHT, "PRE", EIGHT]]


def test_a_change_after_the_start_is_not_known_before_it() -> None:
    seen = dim_games(
        schedule({}, version("v2", et(f"{SLATE} 19:30"), start_time_utc=EIGHT, game_state="LIVE")),
        slates(SLATE),
    )
    assert seen[["start_time_utc", "game_state", "as_of_ts_utc"]].values.tolist() == [[START, "FUT", START]]


def test_in_the_morning_only_what_was_known_at_ten_counts() -> None:
    versions = schedule({}, version("v2", et(f"{SLATE} 10:01"), schedule_state="PPD"))
    morning, pretip = (dim_games(versions, slates(SLATE, mode=mode)) for mode in ("morning", "pretip"))
    assert morning["is_playable"].tolist() == [True]
    assert morning["as_of_ts_utc"].tolist() == [et(f"{SLATE} 10:00")]
    assert pretip["is_playable"].tolist() == [False]


def test_a_postponed_game_moved_to_another_date_is_playable_there_alone() -> None:
    moved = version(
        "v3",
        et("2026-01-08 12:00"),
        game_date=LATER,
        start_time_utc=et(f"{LATER} 19:00"),
        schedule_state="OK",
    )
    versions = schedule({}, version("v2", et(f"{SLATE} 15:00"), schedule_state="PPD"), moved)
    seen = dim_games(versions, slates(SLATE, LATER, now=et("2026-02-01 12:00")))
    assert seen[["game_date", "is_playable"]].values.tolist() == [[SLATE, False], [LATER, True]]
    assert seen["start_time_utc"].tolist() == [START, et(f"{LATER} 19:00")]


def test_a_game_moved_away_long_before_stays_as_not_playable() -> None:
    moved = version("v2", et("2025-12-01 12:00"), game_date=LATER, start_time_utc=et(f"{LATER} 19:00"))
    seen = dim_games(schedule({}, moved), slates(SLATE))
    assert seen[["is_playable", "as_of_ts_utc"]].values.tolist() == [[False, START]]


def test_a_game_suspended_after_its_start_was_playable_before_it() -> None:
    moved = version("v2", et(f"{SLATE} 20:30"), game_date=LATER, start_time_utc=et(f"{LATER} 19:00"))
    assert dim_games(schedule({}, moved), slates(SLATE))["is_playable"].tolist() == [True]


def test_history_loaded_late_counts_as_known_without_its_hindsight() -> None:
    loaded = version(
        "v1", et("2026-08-01 12:00"), game_state="OFF", schedule_state="COMPLETED", home_score=3, away_score=2
    )
    seen = dim_games(schedule(loaded), slates(SLATE, now=et("2026-09-01 12:00")))
    assert seen[["game_state", "schedule_state", "is_playable"]].values.tolist() == [["FUT", "OK", True]]


def test_live_takes_what_is_known_now() -> None:
    played = version("v2", et("2026-01-05 21:50"), game_state="FINAL")
    seen = dim_games(schedule({}, played), slates(SLATE, mode="live"))
    assert seen[["game_state", "as_of_ts_utc"]].values.tolist() == [["FINAL", NEXT_DAY]]


def test_a_slate_without_games_has_no_rows() -> None:
    assert dim_games(schedule({}), slates("2026-01-06")).empty
    assert dim_games(schedule(), slates(SLATE)).empty


instants = st.integers(0, 60 * 24 * 8).map(lambda m: et("2026-01-01 00:00") + pd.Timedelta(minutes=m))
versions_seen = st.lists(
    st.tuples(
        instants, st.sampled_from([SLATE, "2026-01-06"]), st.integers(12, 23), st.sampled_from(["OK", "PPD"])
    ),
    min_size=1,
    max_size=6,
)


def as_schedule(seen: list[tuple[pd.Timestamp, str, int, str]]) -> pd.DataFrame:
    rows = [
        version(f"v{n}", known, game_date=day, start_time_utc=et(f"{day} {hour}:00"), schedule_state=state)
        for n, (known, day, hour, state) in enumerate(seen)
    ]
    return schedule(*rows)


@settings(max_examples=20, deadline=None)
@given(seen=versions_seen, mode=st.sampled_from(["pretip", "morning"]))
def test_what_becomes_known_after_as_of_changes_nothing(
    seen: list[tuple[pd.Timestamp, str, int, str]], mode: str
) -> None:
    days = slates(SLATE, "2026-01-06", mode=mode, now=et("2026-02-01 12:00"))
    before = dim_games(as_schedule(seen), days)
    horizon = et("2026-01-10 12:00")
    after = dim_games(as_schedule([*seen, (horizon, SLATE, 15, "PPD")]), days)
    pd.testing.assert_frame_equal(before, after)


@settings(max_examples=12, deadline=None)
@given(seen=versions_seen, mode=st.sampled_from(["pretip", "morning", "live"]))
def test_a_range_of_slates_gives_the_games_of_each(
    seen: list[tuple[pd.Timestamp, str, int, str]], mode: str
) -> None:
    versions = as_schedule(seen)
    together = dim_games(versions, slates(SLATE, "2026-01-06", mode=mode))
    one_by_one = [dim_games(versions, slates(day, mode=mode)) for day in (SLATE, "2026-01-06")]
    pd.testing.assert_frame_equal(together, pd.concat(one_by_one, ignore_index=True))


@pytest.mark.parametrize("mode", list(AsOfMode))
def test_the_as_of_of_a_game_is_the_domains(mode: AsOfMode) -> None:
    now = datetime(2026, 1, 5, 20, tzinfo=UTC)
    seen = dim_games(schedule({}), slates(SLATE, mode=mode, now=pd.Timestamp(now).as_unit("us")))
    expected = as_of(mode, date.fromisoformat(SLATE), now, START.to_pydatetime())
    assert seen["as_of_ts_utc"].tolist() == [pd.Timestamp(expected)]


def appearance(day: str, **change: object) -> dict[str, object]:
    return {
        "game_date": day,
        "game_id_nhl": int(day.replace("-", "")),
        "row_hash": day + str(change),
        "known_at_utc": et(f"{day} 23:59"),
        **change,
    }


def who(
    rosters_seen: pd.DataFrame, *appearances: dict[str, object], goalie: pd.DataFrame | None = None
) -> list:
    seen = dim_players(
        games({}), rosters_seen, skaters(*appearances), goalies() if goalie is None else goalie
    )
    return seen[["player_id_nhl", "team", "source"]].values.tolist()


def test_a_captured_roster_says_who_could_play() -> None:
    seen = dim_players(games({}), rosters({}), skaters(), goalies())
    row = seen.iloc[0]
    assert (row["player_name"], row["name_key"], row["position"]) == (
        "Auston Matthews",
        "auston matthews",
        "C",
    )
    assert (row["birth_date"], row["source"], row["opponent"], row["is_home"]) == (
        "1997-09-17",
        "roster",
        "VAN",
        True,
    )


def test_a_roster_captured_after_as_of_is_not_known() -> None:
    assert who(rosters({"known_at_utc": et(f"{SLATE} 19:01")})) == []


def test_without_a_roster_those_count_who_appeared_for_the_team_last() -> None:
    assert who(rosters(), appearance("2025-12-30")) == [[PLAYER, "TOR", "appearance"]]


@pytest.mark.parametrize(
    "seen",
    [
        {"game_date": "2025-11-20"},
        {"season": 20242025},
        {"game_date": SLATE},
        {"known_at_utc": et(f"{SLATE} 19:01")},
    ],
    ids=["46 days ago", "last season", "tonight", "not known yet"],
)
def test_an_appearance_too_old_or_not_yet_known_says_nothing(seen: dict[str, object]) -> None:
    assert who(rosters(), appearance("2025-12-30") | seen) == []


def test_a_traded_player_belongs_to_the_team_he_appeared_for_last() -> None:
    traded = [appearance("2025-12-28"), appearance("2026-01-02", team="VAN", opponent="SEA")]
    assert who(rosters(), *traded) == [[PLAYER, "VAN", "appearance"]]


def test_a_traded_player_who_went_elsewhere_is_nobody_tonight() -> None:
    traded = [appearance("2025-12-28"), appearance("2026-01-02", team="SEA", opponent="LAK")]
    assert who(rosters(), *traded) == []


def test_a_newer_roster_of_another_team_ends_an_appearance() -> None:
    elsewhere = rosters({"team": "SEA", "game_date": "2026-01-04", "known_at_utc": et("2026-01-04 12:00")})
    assert who(elsewhere, appearance("2025-12-28")) == []


def test_yesterdays_roster_serves_with_who_appeared_since() -> None:
    old = rosters({"game_date": "2026-01-03", "known_at_utc": et("2026-01-03 12:00"), "player_id_nhl": 1})
    called_up = appearance("2026-01-03", player_id_nhl=2, player_name="Easton Cowan")
    sent_down = appearance("2025-12-28", player_id_nhl=3, player_name="Bobby McMann")
    assert who(old, called_up, sent_down) == [[1, "TOR", "roster"], [2, "TOR", "appearance"]]


def test_full_names_are_preferred_to_those_of_boxscores() -> None:
    short = appearance("2026-01-02", player_name="A. Matthews", source="boxscore")
    seen = dim_players(games({}), rosters(), skaters(appearance("2025-12-28"), short), goalies())
    assert seen["player_name"].tolist() == ["Auston Matthews"]


def test_a_corrected_boxscore_lists_a_player_once() -> None:
    assert len(who(rosters(), appearance("2025-12-28"), appearance("2025-12-28", goals=2))) == 1


def test_goalies_come_from_their_own_games() -> None:
    goalie = goalies(appearance("2025-12-28"))
    seen = dim_players(games({}), rosters(), skaters(), goalie)
    assert seen[["player_name", "position"]].values.tolist() == [["Anthony Stolarz", "G"]]


def test_a_game_that_is_not_played_has_no_players() -> None:
    assert dim_players(games({"is_playable": False}), rosters({}), skaters(), goalies()).empty


def test_what_was_captured_or_played_later_changes_no_player() -> None:
    known = (rosters({}), skaters(appearance("2025-12-28", player_id_nhl=2, player_name="William Nylander")))
    later_roster = rosters({}, {"player_id_nhl": 5, "row_hash": "r2", "known_at_utc": et(f"{SLATE} 19:30")})
    later_games = pd.concat([known[1], skaters({"team": "SEA"})], ignore_index=True)
    before = dim_players(games({}), *known, goalies())
    after = dim_players(games({}), later_roster, later_games, goalies({}))
    pd.testing.assert_frame_equal(before, after)


def test_a_range_of_games_gives_the_players_of_each() -> None:
    two = games(
        {}, {"game_date": "2026-01-07", "game_id_nhl": GAME + 9, "as_of_ts_utc": et("2026-01-07 19:00")}
    )
    seen = skaters(appearance("2025-12-28"), appearance(SLATE, player_id_nhl=2, player_name="Max Domi"))
    together = dim_players(two, rosters({}), seen, goalies({}))
    one_by_one = [
        dim_players(two[two["game_date"] == d], rosters({}), seen, goalies({})) for d in two["game_date"]
    ]
    pd.testing.assert_frame_equal(together, pd.concat(one_by_one, ignore_index=True))
    assert together.groupby("game_date")["player_id_nhl"].nunique().to_dict() == {SLATE: 1, "2026-01-07": 3}
