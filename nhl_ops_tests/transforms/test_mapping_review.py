"""The review queue: who waits, whom he may be, and what a person ruled out."""

import pandas as pd
import pytest

from nhl_ops.contracts.odds import MAPPING_REVIEW
from nhl_ops.contracts.schema import violations
from nhl_ops.transforms.mapping_review import mapping_review, similarity

SLATE = "2026-01-20"
NOBODY_RULED_OUT = pd.DataFrame({"alias_name": [], "player_id": []})
PEOPLE = [
    {"player_id_nhl": 1, "player_name": "Tim Stützle", "name_key": "tim stutzle", "position": "C"},
    {"player_id_nhl": 2, "player_name": "Tim Stone", "name_key": "tim stone", "position": "L"},
    {"player_id_nhl": 3, "player_name": "Linus Ullmark", "name_key": "linus ullmark", "position": "G"},
]


def players() -> pd.DataFrame:
    return pd.DataFrame(
        [{"game_date": SLATE, "game_id_nhl": 10, "team": "OTT"} | person for person in PEOPLE]
    )


def facts(*rows: dict[str, object]) -> pd.DataFrame:
    common = {"game_date": SLATE, "game_id_nhl": 10, "player_id_nhl": None, "market": "POINTS"}
    common |= {
        "home_team_raw": "OTT",
        "away_team_raw": "BOS",
        "source_vendor": "PLAYNOW",
        "player_team_raw": None,
        "mapping_reason": "unknown",
    }
    numbered = [common | {"quote_id": str(number)} | row for number, row in enumerate(rows)]
    return pd.DataFrame(numbered).astype({"game_id_nhl": "Int64", "player_id_nhl": "Int64"})


def queue(*rows: dict[str, object], rejections: pd.DataFrame = NOBODY_RULED_OUT) -> pd.DataFrame:
    found = mapping_review(facts(*rows), players(), rejections)
    assert violations(MAPPING_REVIEW, found) == []
    return found


def test_a_damaged_name_waits_with_its_likeliest_player_first() -> None:
    found = queue({"player_name_raw": "Tim Sttzle"}, {"player_name_raw": "Tim Sttzle", "line": 1.5})
    assert found["candidate_name"].tolist()[0] == "Tim Stützle"
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert found["score"].is_monotonic_decreasing
    assert set(found["quotes"]) == {2}


def test_a_mapped_quote_waits_for_nothing() -> None:
    assert queue({"player_name_raw": "Tim Stützle", "player_id_nhl": 1}).empty


def test_a_goalie_market_suggests_goalies_alone() -> None:
    found = queue({"player_name_raw": "Linus Ulmark", "market": "SAVES"})
    assert found["candidate_id"].tolist() == [3]
    assert found["is_goalie"].tolist() == [True]


def test_a_name_like_nobody_waits_without_a_candidate() -> None:
    found = queue({"player_name_raw": "Xqz Wvb"})
    assert found[["rank", "quotes"]].to_numpy().tolist() == [[1, 1]]
    assert found["candidate_id"].isna().all()


def test_a_quote_of_an_unknown_game_waits_with_the_reason() -> None:
    found = queue({"player_name_raw": "Tim Stützle", "game_id_nhl": None, "mapping_reason": "no game"})
    assert found["reason"].tolist() == ["no game"]
    assert found["candidate_id"].isna().all()


def test_whom_a_person_ruled_out_is_not_suggested_again_however_the_name_is_spelt() -> None:
    ruled_out = pd.DataFrame({"alias_name": ["TIM STTZLE"], "player_id": [1]})
    found = queue({"player_name_raw": "Tim Sttzle"}, rejections=ruled_out)
    assert 1 not in found["candidate_id"].tolist()


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("tim sttzle", "tim stutzle", 0.9),
        ("stutzle tim", "tim stutzle", 1.0),
        ("tim stutzle", "tim stutzle", 1.0),
    ],
)
def test_similarity_forgives_letters_and_order(one: str, other: str, least: float) -> None:
    assert least <= similarity(one, other) <= 1.0
    assert similarity(one, other) == similarity(other, one)


def test_a_man_of_an_event_without_teams_is_sought_among_all_players_of_the_date() -> None:
    nameless = {"home_team_raw": None, "away_team_raw": None, "game_id_nhl": None}
    found = queue({"player_name_raw": "Tim Sttzle"} | nameless)
    assert found["candidate_name"].tolist()[0] == "Tim Stützle"
    elsewhere = queue({"player_name_raw": "Tim Sttzle", "game_id_nhl": None})
    assert elsewhere["candidate_id"].isna().all()
