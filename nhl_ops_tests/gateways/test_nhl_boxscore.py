"""NHL boxscores: all of a final game, or nothing of it."""

from typing import Any

import pytest

from nhl_ops.contracts.results import FACT_GAME_RESULTS, FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.nhl_boxscore import Boxscores, parse_boxscores, require_usable
from nhl_ops_tests.gateways.nhl_samples import boxscore, goalie, skater
from nhl_ops_tests.gateways.wire_samples import lines, payload_of, recorded


def parse(*bodies: object) -> Boxscores:
    return parse_boxscores([payload_of(body) for body in bodies])


def tables(boxes: Boxscores) -> list[tuple[Any, Any]]:
    frames = (boxes.skaters, boxes.goalies, boxes.results)
    specs = (FACT_SKATER_GAMES, FACT_GOALIE_GAMES, FACT_GAME_RESULTS)
    return [
        (spec, spec.conform(frame.assign(known_at_utc=frame["captured_at_utc"])))
        for spec, frame in zip(specs, frames, strict=True)
    ]


def test_a_final_game_gives_everyone_who_played_and_its_score() -> None:
    boxes = parse(boxscore())
    assert (len(boxes.skaters), len(boxes.goalies), boxes.rejected, boxes.unfinished) == (36, 2, (), ())
    assert boxes.results[
        ["home_team", "away_team", "home_score", "away_score", "last_period_type"]
    ].values.tolist() == [["LAK", "MTL", 3, 2, "SO"]]
    assert all(violations(spec, frame) == [] for spec, frame in tables(boxes))


def test_a_skater_row_says_what_the_boxscore_says() -> None:
    row = parse(boxscore()).skaters.set_index("player_id_nhl").loc[100]
    assert row[["team", "opponent", "is_home", "position", "source"]].tolist() == [
        "LAK",
        "MTL",
        True,
        "C",
        "boxscore",
    ]
    assert row[["goals", "assists", "points", "shots_on_goal", "power_play_goals"]].tolist() == [
        2,
        0,
        2,
        5,
        1,
    ]
    assert row[["hits", "blocked_shots", "toi_sec", "game_date"]].tolist() == [1, 1, 1000.0, "2026-01-05"]


def test_trap_8_power_play_points_are_null_and_not_zero() -> None:
    skaters = parse(boxscore()).skaters
    assert skaters["power_play_points"].isna().all()
    assert skaters["power_play_toi_sec"].isna().all()


def test_zero_is_a_result() -> None:
    skaters = parse(boxscore()).skaters
    assert (skaters["goals"] == 0).sum() == 34


def test_a_backup_who_did_not_play_is_no_goalie_game() -> None:
    assert set(parse(boxscore()).goalies["player_id_nhl"]) == {150, 250}


def test_a_skater_without_ice_time_did_not_play() -> None:
    body = boxscore()
    body["playerByGameStats"]["homeTeam"]["forwards"].append(skater(199, toi="00:00"))
    assert 199 not in set(parse(body).skaters["player_id_nhl"])


def test_the_older_shape_of_2023_parses() -> None:
    body = boxscore()
    for box in body["playerByGameStats"].values():
        for player in (*box["forwards"], *box["defense"]):
            player["shots"] = player.pop("sog")
            player["powerPlayPoints"] = 1
        for keeper in box["goalies"]:
            del keeper["saves"], keeper["shotsAgainst"], keeper["starter"]
    boxes = parse(body)
    assert (boxes.skaters["shots_on_goal"].max(), boxes.skaters["power_play_points"].unique().tolist()) == (
        5,
        [1],
    )
    assert boxes.goalies[["saves", "shots_against", "is_starter"]].values.tolist() == [[33, 35, True]] * 2


def test_without_a_word_on_who_started_it_is_who_played_longest() -> None:
    body = boxscore()
    keepers = [goalie(150, toi="20:00", starter=None), goalie(151, toi="40:00", starter=None)]
    body["playerByGameStats"]["homeTeam"]["goalies"] = keepers
    starters = parse(body).goalies.set_index("player_id_nhl")["is_starter"]
    assert starters.loc[[150, 151]].tolist() == [False, True]


@pytest.mark.parametrize("state", ["FUT", "PRE", "LIVE", "CRIT", "OVER"])
def test_a_game_that_is_not_final_gives_no_rows(state: str) -> None:
    boxes = parse(boxscore(gameState=state))
    assert (len(boxes.skaters), len(boxes.results), boxes.unfinished, boxes.rejected) == (
        0,
        0,
        (2025020600,),
        (),
    )


ENOUGH = "15 skaters or more of LAK with 15,000 s of ice time"


def _without_forwards(body: dict[str, Any]) -> None:
    body["playerByGameStats"]["homeTeam"]["forwards"] = body["playerByGameStats"]["homeTeam"]["forwards"][:4]


def _without_goalies(body: dict[str, Any]) -> None:
    body["playerByGameStats"]["awayTeam"]["goalies"] = []


def _without_statistics(body: dict[str, Any]) -> None:
    del body["playerByGameStats"]


def _with_half_a_game(body: dict[str, Any]) -> None:
    for player in body["playerByGameStats"]["homeTeam"]["forwards"]:
        player["toi"] = "05:00"


def _with_unexplained_goals(body: dict[str, Any]) -> None:
    body["homeTeam"]["score"] = 5


def _with_more_goals(body: dict[str, Any]) -> None:
    body["awayTeam"]["score"] = 1


def _with_a_skater_twice(body: dict[str, Any]) -> None:
    body["playerByGameStats"]["homeTeam"]["defense"].append(skater(100) | {"hits": 9})


def _with_a_broken_time(body: dict[str, Any]) -> None:
    body["playerByGameStats"]["homeTeam"]["forwards"][3]["toi"] = "16:75"


def _with_a_missing_statistic(body: dict[str, Any]) -> None:
    del body["playerByGameStats"]["homeTeam"]["forwards"][3]["blockedShots"]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (
            _without_forwards,
            f"$.homeTeam: expected {ENOUGH}, found 10 with 10,000 s: it is cut off",
        ),
        (_without_goalies, "$.awayTeam: expected a goalie of MTL who played, found none: it is cut off"),
        (_without_statistics, "$.playerByGameStats: expected an object, found nothing"),
        (
            _with_half_a_game,
            f"$.homeTeam: expected {ENOUGH}, found 18 with 9,600 s: it is cut off",
        ),
        (
            _with_unexplained_goals,
            "$.homeTeam.score: expected the 2 goals of LAK's skaters, or one more, found 5",
        ),
        (
            _with_more_goals,
            "$.awayTeam.score: expected the 2 goals of MTL's skaters, or one more, found 1",
        ),
        (
            _with_a_skater_twice,
            "$.homeTeam: expected each player of LAK once, found player 100 with 2 different rows",
        ),
        (_with_a_broken_time, "$.playerByGameStats.homeTeam.forwards[3].toi: expected MM:SS, found '16:75'"),
        (
            _with_a_missing_statistic,
            "$.playerByGameStats.homeTeam.forwards[3].blockedShots: expected a whole number, found nothing",
        ),
    ],
)
def test_a_boxscore_that_cannot_be_whole_is_rejected_whole_with_its_reason(damage: Any, reason: str) -> None:
    body = boxscore()
    damage(body)
    boxes = parse(body)
    assert [(letter.rule, letter.detail) for letter in boxes.rejected] == [("unusable_boxscore", reason)]
    assert (len(boxes.skaters), len(boxes.goalies), len(boxes.results)) == (0, 0, 0)


@pytest.mark.parametrize(
    "body", [b"", b'{"id": 2025020600, "gameState"', {}, {"id": 2025120001, "gameState": "OFF"}]
)
def test_what_is_no_boxscore_does_not_take_the_others_with_it(body: object) -> None:
    boxes = parse(body, boxscore())
    assert ([letter.rule for letter in boxes.rejected], len(boxes.results)) == (["unusable_boxscore"], 1)


def test_lists_that_come_twice_are_one() -> None:
    doubled = boxscore()
    for side in doubled["playerByGameStats"].values():
        for group in side:
            side[group] = side[group] * 2
    once, twice = parse(boxscore()), parse(doubled)
    assert twice.rejected == ()
    own = ["payload_hash"]
    for (_, a), (_, b) in zip(tables(once), tables(twice), strict=True):
        assert a.drop(columns=own).equals(b.drop(columns=own))


def test_a_boxscore_of_no_use_is_a_failure_of_its_capture() -> None:
    cut = boxscore()
    _without_goalies(cut)
    require_usable([payload_of(boxscore())])
    with pytest.raises(VendorContract, match="expected a goalie of MTL who played, found none"):
        require_usable([payload_of(boxscore()), payload_of(cut)])


def test_a_corrected_statistic_is_a_new_version_of_that_row_alone() -> None:
    corrected = boxscore()
    corrected["playerByGameStats"]["homeTeam"]["forwards"][5]["sog"] = 3
    before, after = (
        parse(body).skaters.set_index("player_id_nhl")["row_hash"] for body in (boxscore(), corrected)
    )
    assert before.index[before != after].tolist() == [105]


def test_the_recorded_boxscore_parses_without_loss() -> None:
    boxes = parse(recorded("nhl/boxscore/2023020280.json")[0].read_bytes())
    assert (len(boxes.skaters), len(boxes.goalies), boxes.rejected) == (36, 3, ())
    assert boxes.results[["home_score", "away_score", "last_period_type"]].values.tolist() == [[7, 3, "REG"]]
    assert all(violations(spec, frame) == [] for spec, frame in tables(boxes))


def test_a_transcribed_excerpt_is_recognised_as_cut_off() -> None:
    boxes = parse(recorded("nhl/transcribed/boxscore-2026020035*")[0].read_bytes())
    assert [letter.rule for letter in boxes.rejected] == ["unusable_boxscore"]


def test_reconstructed_boxscores_parse_without_loss() -> None:
    for path in recorded("nhl/reconstructed/boxscore_*.jsonl.gz"):
        sample = lines(path)[::7]
        boxes = parse(*sample)
        assert boxes.rejected == (), path.name
        assert len(boxes.results) == len(sample)
        assert all(violations(spec, frame) == [] for spec, frame in tables(boxes))
