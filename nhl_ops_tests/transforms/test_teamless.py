"""Events that name no teams: a game by their people, or left open with the reason."""

import pandas as pd
import pytest

from nhl_ops.transforms.identity import map_quotes
from nhl_ops.transforms.teamless import MIN_PEOPLE
from nhl_ops_tests.transforms.ev_frames import GAME, PLAYER, SLATE, START, aliases, games, players, raw_quotes

NO_TEAMS = {"home_team_raw": None, "away_team_raw": None}
OTHER = GAME + 1
BRUINS = {"home_team": "BOS", "away_team": "CAR", "game_id_nhl": OTHER}
BRUIN = {"game_id_nhl": OTHER, "team": "BOS", "opponent": "CAR"}
STAGE = games({}, BRUINS)
MEN = players(
    {},
    {"player_name": "Quinn Hughes", "player_id_nhl": 1, "team": "VAN", "opponent": "TOR", "position": "D"},
    {"player_name": "David Pastrnak", "player_id_nhl": 2, **BRUIN},
    {"player_name": "Sebastian Aho", "player_id_nhl": 3, **BRUIN, "team": "CAR", "opponent": "BOS"},
    {"player_name": "Sebastian Aho", "player_id_nhl": 4, "position": "D"},
)


def seen(*quotes: dict[str, object], known: pd.DataFrame = MEN, on: pd.DataFrame = STAGE) -> pd.DataFrame:
    numbered = [NO_TEAMS | {"event_id_vendor": f"e{i}"} | quote for i, quote in enumerate(quotes)]
    return map_quotes(raw_quotes(*numbered), on, known, aliases())


def ids(frame: pd.DataFrame) -> list[list[object]]:
    columns = frame[["game_id_nhl", "player_id_nhl"]].astype(object)
    return columns.where(columns.notna(), None).to_numpy().tolist()


def crowd(present: int, absent: int) -> tuple[list[dict[str, object]], pd.DataFrame]:
    """Quotes of so many men who play on the date and so many who do not, and the players of the date."""
    names = [f"Name{chr(97 + i)} Surname{chr(97 + i)}" for i in range(present + absent)]
    known = players(*({"player_name": n, "player_id_nhl": 100 + i} for i, n in enumerate(names[:present])))
    return [{"player_name_raw": name, "payload_hash": "page"} for name in names], known


def test_the_game_is_the_one_in_which_the_man_plays() -> None:
    found = seen({}, {"player_name_raw": "David Pastrnak"})
    assert ids(found) == [[GAME, PLAYER], [OTHER, 2]]
    assert found["event_method"].tolist() == ["date_and_people"] * 2
    assert found["mapping_score"].tolist() == [0.9, 0.9]
    assert found["mapping_reason"].isna().all()


def test_a_namesake_in_another_game_leaves_both_open_until_something_tells_them_apart() -> None:
    who = {"player_name_raw": "Sebastian Aho"}
    found = seen(who, who | {"player_team_raw": "CAR"}, who | {"player_position_raw": "D"})
    assert ids(found) == [[None, None], [OTHER, 3], [GAME, 4]]
    assert "2 players fit and nothing tells them apart" in found["mapping_reason"].iloc[0]


def test_a_namesake_is_settled_by_the_others_of_his_event() -> None:
    event = {"event_id_vendor": "e"}
    found = seen(event | {"player_name_raw": "Sebastian Aho"}, event | {"player_name_raw": "David Pastrnak"})
    assert ids(found) == [[OTHER, 3], [OTHER, 2]]


def test_an_event_whose_people_play_in_two_games_is_neither() -> None:
    event = {"event_id_vendor": "e"}
    found = seen(event, event | {"player_name_raw": "David Pastrnak"})
    assert ids(found) == [[None, None]] * 2
    assert set(found["mapping_reason"]) == {
        "the event names no teams, and its people play in 2 games of the date"
    }
    assert set(found["event_method"]) == {"unresolved"}


def test_the_same_event_id_of_another_vendor_or_date_is_another_event() -> None:
    event = {"event_id_vendor": "e"}
    found = seen(event, event | {"player_name_raw": "David Pastrnak", "source_vendor": "FILE_DROP"})
    assert ids(found) == [[GAME, PLAYER], [OTHER, 2]]


def test_somebody_unknown_in_a_known_event_is_open_and_its_game_is_not() -> None:
    event = {"event_id_vendor": "e"}
    found = seen(event, event | {"player_name_raw": "Nobody"})
    assert ids(found) == [[GAME, PLAYER], [GAME, None]]


def test_an_event_of_nobody_known_says_so() -> None:
    found = seen({"player_name_raw": "Nobody"})
    assert found["mapping_reason"].iloc[0] == (
        f"the event names no teams, and no player of that name is known for any team of {SLATE}: Nobody"
    )


def test_a_former_team_that_plays_elsewhere_tonight_leaves_the_man_open() -> None:
    found = seen({"player_team_raw": "BOS"}, {"player_team_raw": "EDM"})
    assert ids(found) == [[None, None], [GAME, PLAYER]]
    assert "but not with team BOS" in found["mapping_reason"].iloc[0]


def test_an_event_that_names_its_teams_is_not_sought_by_its_people() -> None:
    found = seen({"home_team_raw": "BOS", "away_team_raw": "CAR"}, {"home_team_raw": "BOS"})
    assert ids(found) == [[OTHER, None], [None, None]]
    assert found["mapping_reason"].iloc[1] == "no NHL team is spelt None"


@pytest.mark.parametrize(("present", "absent", "share"), [(12, 3, 1.0), (11, 3, 0.0), (3, 50, 0.0)])
def test_a_date_on_which_many_of_the_listed_do_not_play_is_not_believed(
    present: int, absent: int, share: float
) -> None:
    quotes, known = crowd(present, absent)
    found = seen(*quotes, known=known)
    assert found["game_id_nhl"].iloc[:present].notna().mean() == share
    if not share:
        said = f"only {present} of the {present + absent} people listed with it play on {SLATE}"
        assert said in found["mapping_reason"].iloc[0]


def test_a_handful_of_people_say_nothing_of_a_date() -> None:
    quotes, known = crowd(1, MIN_PEOPLE - 2)
    assert seen(*quotes, known=known)["game_id_nhl"].notna().tolist()[:2] == [True, False]


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ({"captured_at_utc": START}, "was seen after the start of game"),
        ({"start_time_utc": START - pd.Timedelta(hours=13)}, "starts too far from the vendor's time"),
    ],
)
def test_a_time_against_the_game_leaves_it_open(quote: dict[str, object], reason: str) -> None:
    found = seen(quote)
    assert ids(found) == [[None, None]]
    assert reason in found["mapping_reason"].iloc[0]


def test_two_games_of_his_teams_on_one_date_leave_a_man_open() -> None:
    twice = games({}, {"game_id_nhl": OTHER, "start_time_utc": START + pd.Timedelta(hours=5)})
    found = seen({}, known=players({}, {"game_id_nhl": OTHER}), on=twice)
    assert ids(found) == [[None, None]]


def test_rows_keep_their_order_and_their_index() -> None:
    bruin = NO_TEAMS | {"player_name_raw": "David Pastrnak", "event_id_vendor": "e2"}
    quotes = raw_quotes({}, bruin, NO_TEAMS).iloc[::-1]
    found = map_quotes(quotes, STAGE, MEN, aliases())
    assert found.index.tolist() == [2, 1, 0]
    assert found["player_id_nhl"].tolist() == [PLAYER, 2, PLAYER]
    assert found["event_method"].tolist() == ["date_and_people", "date_and_people", "date_and_teams"]
