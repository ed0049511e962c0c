from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.defs.aliases import read_aliases
from nhl_ops.transforms.identity import check_aliases, map_events, map_players, map_quotes
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    PLAYER,
    SLATE,
    START,
    aliases,
    et,
    games,
    players,
    raw_quotes,
)

FORWARD, DEFENCEMAN = 8480012, 8483678
PETTERSSON = {"player_name": "Elias Pettersson", "team": "VAN", "opponent": "TOR", "is_home": False}
TWO_PETTERSSONS = players(
    {},
    PETTERSSON | {"player_id_nhl": FORWARD, "position": "C", "birth_date": "1998-11-12"},
    PETTERSSON | {"player_id_nhl": DEFENCEMAN, "position": "D", "birth_date": "2004-02-16"},
)
TWO_AHOS = players(
    PETTERSSON | {"player_name": "Sebastian Aho", "player_id_nhl": 8478427},
    {"player_name": "Sebastian Aho", "player_id_nhl": 8480222},
)


def event(**quote: object) -> list[object]:
    seen = map_events(raw_quotes(quote), games({}))
    return seen[["game_id_nhl", "event_reason"]].astype(object).values.tolist()[0]


def mapped(
    *quotes: dict[str, object], known: pd.DataFrame, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    in_event = map_events(raw_quotes(*quotes), games({}))
    return map_players(in_event, known, aliases() if table is None else table)


def who(
    name: str, known: pd.DataFrame, table: pd.DataFrame | None = None, **quote: object
) -> tuple[object, str]:
    row = mapped({"player_name_raw": name, **quote}, known=known, table=table).iloc[0]
    return (None if pd.isna(row["player_id_nhl"]) else int(row["player_id_nhl"])), row["mapping_method"]


@pytest.mark.parametrize(
    ("away", "home"),
    [("VAN", "TOR"), ("Vancouver Canucks", "Toronto Maple Leafs"), ("Canucks", "TOR Maple Leafs")],
)
def test_an_event_is_the_game_of_its_date_and_teams(away: str, home: str) -> None:
    assert event(away_team_raw=away, home_team_raw=home) == [GAME, None]


@pytest.mark.parametrize("hours", [-11.9, 11.9])
def test_a_vendors_start_may_be_off_by_hours(hours: float) -> None:
    assert event(start_time_utc=START + pd.Timedelta(hours=hours))[0] == GAME


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ({"home_team_raw": "Toronto Raptors"}, "no NHL team is spelt 'Toronto Raptors'"),
        ({"home_team_raw": None}, "no NHL team is spelt None"),
        ({"home_team_raw": "BOS"}, "no game VAN at BOS on 2026-01-05"),
        ({"game_date": "2026-01-06"}, "no game VAN at TOR on 2026-01-06"),
        ({"home_team_raw": "VAN", "away_team_raw": "TOR"}, "the other way round"),
        ({"start_time_utc": START - pd.Timedelta(hours=13)}, "starts 13 h away"),
    ],
)
def test_an_event_that_is_no_game_of_the_slate_says_why(quote: dict[str, object], reason: str) -> None:
    game_id, said = event(**quote)
    assert pd.isna(game_id)
    assert reason in str(said)


EVENING = {"game_id_nhl": GAME + 1, "start_time_utc": START + pd.Timedelta(hours=6)}


@pytest.mark.parametrize(
    ("hours", "game_id"), [(-2, GAME), (0, GAME), (1.9, GAME), (4.1, GAME + 1), (6, GAME + 1), (9, GAME + 1)]
)
def test_of_two_games_of_the_same_teams_on_a_date_the_clearly_nearer_one_counts(
    hours: float, game_id: int
) -> None:
    quote = raw_quotes({"start_time_utc": START + pd.Timedelta(hours=hours)})
    for twice in (games({}, EVENING), games(EVENING, {})):
        assert map_events(quote, twice)["game_id_nhl"].tolist() == [game_id]


@pytest.mark.parametrize("hours", [2.1, 3, 3.9])
def test_a_time_between_two_games_of_the_same_teams_is_no_evidence(hours: float) -> None:
    quote = raw_quotes({"start_time_utc": START + pd.Timedelta(hours=hours)})
    row = map_events(quote, games({}, EVENING)).iloc[0]
    assert pd.isna(row["game_id_nhl"])
    assert "is played twice and the vendor's time does not tell which" in row["event_reason"]
    assert f"{GAME}" in row["event_reason"]
    assert f"{GAME + 1}" in row["event_reason"]


def test_a_postponed_game_keeps_its_id_and_takes_no_quotes_of_the_day_of_its_makeup() -> None:
    makeup = "2026-02-10"
    moved = games(
        {"schedule_state": "PPD", "is_playable": False},
        {"game_date": makeup, "start_time_utc": et(f"{makeup} 19:00")},
        {"game_date": makeup, "start_time_utc": et(f"{makeup} 13:00"), "game_id_nhl": GAME + 7},
    )
    known = players({"game_date": makeup}, {"game_date": makeup, "game_id_nhl": GAME + 7})
    quotes = raw_quotes(
        {},
        {"game_date": makeup, "start_time_utc": et(f"{makeup} 19:00")},
        {"game_date": makeup, "start_time_utc": et(f"{makeup} 13:10")},
    )
    seen = map_quotes(quotes, moved, known, aliases())
    assert seen["game_id_nhl"].tolist() == [GAME, GAME, GAME + 7]
    assert seen["player_id_nhl"].astype(object).tolist() == [pd.NA, PLAYER, PLAYER]
    assert seen["mapping_reason"].iloc[0] == (
        f"no player is known for game {GAME} on {SLATE}: it was taken off this date, or its rosters are missing"
    )


def test_a_game_that_stands_counts_and_not_one_that_was_taken_off_the_same_date() -> None:
    off = {"schedule_state": "PPD", "is_playable": False, "game_id_nhl": GAME - 1}
    for both in (games(off, {}), games({}, off)):
        assert map_events(raw_quotes({}), both)["game_id_nhl"].tolist() == [GAME]


def test_a_player_without_an_event_keeps_the_events_reason() -> None:
    row = mapped({"home_team_raw": "BOS"}, known=players({})).iloc[0]
    assert (row["mapping_method"], row["mapping_reason"]) == (
        "unresolved",
        "no game VAN at BOS on 2026-01-05",
    )


@pytest.mark.parametrize(
    "name", ["Auston Matthews", "MATTHEWS, Auston", "Auston Matthews (TOR)", "Auston  Matthéws"]
)
def test_the_same_name_is_the_same_player(name: str) -> None:
    assert who(name, players({})) == (PLAYER, "exact_name")


@pytest.mark.parametrize(
    ("vendor", "known", "method"),
    [
        ("Mitch Marner", "Mitchell Marner", "other_spelling"),
        ("Yegor Chinakhov", "Egor Chinakhov", "other_spelling"),
        ("Neal Pionk", "N. Pionk", "initial_and_surname"),
    ],
)
def test_another_spelling_of_the_only_fitting_player_is_he(vendor: str, known: str, method: str) -> None:
    assert who(vendor, players({"player_name": known})) == (PLAYER, method)
    assert who(known, players({"player_name": vendor})) == (PLAYER, method)


def test_an_exact_name_comes_before_a_nickname() -> None:
    known = players({"player_name": "Matthew Roy", "player_id_nhl": 1}, {"player_name": "Matt Roy"})
    assert who("Matt Roy", known) == (PLAYER, "exact_name")


def test_a_nickname_that_fits_two_is_nobodys() -> None:
    known = players({"player_name": "Matthew Roy", "player_id_nhl": 1}, {"player_name": "Mathieu Roy"})
    assert who("Matt Roy", known) == (None, "ambiguous")


def test_an_initial_that_fits_two_is_nobodys() -> None:
    known = players({"player_name": "Jordie Benn", "player_id_nhl": 1}, {"player_name": "Jamie Benn"})
    assert who("J. Benn", known) == (None, "ambiguous")


@pytest.mark.parametrize("name", ["Total Shots On Goal", "1.5", "Wayne Gretzky", ""])
def test_a_name_that_nobody_has_is_unresolved(name: str) -> None:
    row = mapped({"player_name_raw": name}, known=players({})).iloc[0]
    assert row["mapping_method"] == "unresolved"
    assert row["mapping_reason"] == f"no player of that name is known for either team: {name}"


def test_an_untagged_name_of_two_men_on_one_team_is_left_undecided() -> None:
    row = mapped({"player_name_raw": "Elias Pettersson"}, known=TWO_PETTERSSONS).iloc[0]
    assert pd.isna(row["player_id_nhl"])
    assert row["mapping_method"] == "ambiguous"
    assert row["mapping_reason"] == (
        "2 players fit and nothing tells them apart: "
        "Elias Pettersson (VAN, 8480012), Elias Pettersson (VAN, 8483678)"
    )


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"player_name_raw": "Elias Pettersson (2004)"}, (DEFENCEMAN, "name_and_birth_date")),
        ({"player_birth_date": "1998-11-12"}, (FORWARD, "name_and_birth_date")),
        ({"player_position_raw": "D"}, (DEFENCEMAN, "name_and_position")),
        ({"player_name_raw": "Elias Pettersson (F)"}, (FORWARD, "name_and_position")),
        ({"player_position_raw": "W"}, (FORWARD, "name_and_position")),
        ({"player_team_raw": "VAN"}, (None, "ambiguous")),
        ({"player_birth_date": "1990-01-01"}, (None, "ambiguous")),
    ],
)
def test_namesakes_are_told_apart_by_what_the_vendor_says(
    said: dict[str, object], answer: tuple[int | None, str]
) -> None:
    name = str(said.get("player_name_raw", "Elias Pettersson"))
    assert who(name, TWO_PETTERSSONS, **{k: v for k, v in said.items() if k != "player_name_raw"}) == answer


@pytest.mark.parametrize(
    ("name", "team", "answer"),
    [
        ("Sebastian Aho", "Toronto Maple Leafs", (8480222, "name_and_team")),
        ("Sebastian Aho (VAN)", None, (8478427, "name_and_team")),
        ("Sebastian Aho", "CAR", (None, "ambiguous")),
        ("Sebastian Aho", None, (None, "ambiguous")),
    ],
)
def test_namesakes_on_both_teams_are_told_apart_by_team(
    name: str, team: str | None, answer: tuple[int | None, str]
) -> None:
    assert who(name, TWO_AHOS, player_team_raw=team) == answer


def test_a_namesake_who_is_not_listed_is_not_taken_for_the_one_who_is() -> None:
    only_defenceman = TWO_PETTERSSONS[TWO_PETTERSSONS["player_id_nhl"] == DEFENCEMAN]
    assert who("Elias Pettersson", only_defenceman) == (DEFENCEMAN, "exact_name")
    for said in (
        {"player_position_raw": "C"},
        {"player_birth_date": "1998-11-12"},
        {"player_team_raw": "TOR"},
    ):
        row = mapped({"player_name_raw": "Elias Pettersson", **said}, known=only_defenceman).iloc[0]
        assert row["mapping_method"] == "ambiguous"
        assert "but not with" in row["mapping_reason"]


def test_a_stale_team_that_does_not_play_tonight_is_no_evidence() -> None:
    assert who("Auston Matthews", players({}), player_team_raw="Arizona Coyotes") == (PLAYER, "exact_name")


def test_saves_belong_to_goalies_and_everything_else_to_skaters() -> None:
    known = players(
        {"player_name": "Matt Murray", "position": "G"}, {"player_name": "Matt Murray", "player_id_nhl": 1}
    )
    assert who("Matt Murray", known, market="SAVES") == (PLAYER, "exact_name")
    assert who("Matt Murray", known, market="SOG") == (1, "exact_name")
    assert who("Matt Murray", known[known["position"] == "G"], market="SOG") == (None, "unresolved")


def test_the_alias_table_settles_what_names_cannot() -> None:
    table = aliases({"alias_name": "Elias Pettersson (2004)", "player_id": "8483678"})
    unborn = TWO_PETTERSSONS.assign(birth_date=None)
    assert who("Elias Pettersson (2004)", unborn, table) == (DEFENCEMAN, "alias")
    assert who("Elias Pettersson", unborn, table) == (None, "ambiguous")


SHIPPED = read_aliases(Path(__file__).parents[2] / "config")
UNBORN = TWO_PETTERSSONS.assign(birth_date=None)
ONLY_FORWARD = TWO_PETTERSSONS[TWO_PETTERSSONS["player_id_nhl"] != DEFENCEMAN]


@pytest.mark.parametrize(
    ("said", "known", "answer"),
    [
        ({}, TWO_PETTERSSONS, (FORWARD, "alias")),
        ({"player_team_raw": "VAN"}, TWO_PETTERSSONS, (FORWARD, "alias")),
        ({"player_position_raw": "D"}, TWO_PETTERSSONS, (DEFENCEMAN, "name_and_position")),
        ({"player_birth_date": "2004-02-16"}, TWO_PETTERSSONS, (DEFENCEMAN, "name_and_birth_date")),
        (
            {"player_name_raw": "Elias Pettersson (2004)"},
            TWO_PETTERSSONS,
            (DEFENCEMAN, "name_and_birth_date"),
        ),
        ({"player_name_raw": "Elias Pettersson (2004)"}, UNBORN, (DEFENCEMAN, "alias")),
        ({"player_name_raw": "Elias Pettersson (D)"}, UNBORN, (DEFENCEMAN, "name_and_position")),
        ({"player_name_raw": "Elias Pettersson (2004)"}, ONLY_FORWARD, (None, "ambiguous")),
        ({"player_position_raw": "D"}, ONLY_FORWARD, (None, "ambiguous")),
        ({"player_birth_date": "2004-02-16"}, ONLY_FORWARD, (None, "ambiguous")),
        ({}, ONLY_FORWARD, (FORWARD, "exact_name")),
    ],
)
def test_the_shipped_aliases_tell_the_two_elias_petterssons_apart_and_override_no_evidence(
    said: dict[str, object], known: pd.DataFrame, answer: tuple[int | None, str]
) -> None:
    quote = {"player_name_raw": "Elias Pettersson", **said}
    row = mapped(quote, known=known, table=SHIPPED).iloc[0]
    found = None if pd.isna(row["player_id_nhl"]) else int(row["player_id_nhl"])
    assert (found, row["mapping_method"]) == answer


def test_an_alias_of_one_man_counts_whatever_the_vendor_says_of_him() -> None:
    said = {"player_position_raw": "D", "player_team_raw": "VAN"}
    assert who("Auston Matthews", players({}), **said) == (None, "ambiguous")
    table = aliases({"alias_name": "Auston Matthews", "player_id": str(PLAYER)})
    assert who("Auston Matthews", players({}), table, **said) == (PLAYER, "alias")


@pytest.mark.parametrize(
    ("name", "said", "score"),
    [
        ("Auston Matthews", {}, 0.95),
        ("Auston Matthews", {"player_team_raw": "TOR"}, 1.0),
        ("Auston Matthews", {"player_position_raw": "F"}, 1.0),
        ("Auston Matthews", {"player_team_raw": "BOS"}, 0.95),
        ("A. Matthews", {}, 0.7),
        ("Papi", {}, 0.9),
        ("Nobody", {"player_team_raw": "TOR"}, 0.0),
        ("Auston Matthews", {"player_position_raw": "D"}, 0.0),
    ],
)
def test_the_score_tells_how_strong_the_evidence_was(
    name: str, said: dict[str, object], score: float
) -> None:
    table = aliases({"alias_name": "Papi", "player_name": "Auston Matthews"})
    row = mapped({"player_name_raw": name, **said}, known=players({}), table=table).iloc[0]
    assert row["mapping_score"] == score


def test_an_alias_without_a_tag_holds_for_any_tag() -> None:
    table = aliases({"alias_name": "Papi", "player_name": "Auston Matthews"})
    assert who("PAPI (TOR)", players({}), table) == (PLAYER, "alias")


@pytest.mark.parametrize(
    ("first", "last", "answer"),
    [
        (None, None, (PLAYER, "alias")),
        (SLATE, SLATE, (PLAYER, "alias")),
        ("2026-01-06", None, (None, "unresolved")),
        (None, "2026-01-04", (None, "unresolved")),
    ],
)
def test_an_alias_holds_between_its_dates(
    first: str | None, last: str | None, answer: tuple[int | None, str]
) -> None:
    table = aliases(
        {"alias_name": "Papi", "player_name": "Auston Matthews", "valid_from": first, "valid_to": last}
    )
    assert who("Papi", players({}), table) == answer


def test_an_alias_of_a_man_who_is_not_in_the_event_says_nothing() -> None:
    assert who("Papi", players({}), aliases({"alias_name": "Papi", "player_id": "1"})) == (None, "unresolved")


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"alias_name": "", "player_id": "1"}, "line 2: alias_name is empty"),
        ({"alias_name": "Papi"}, "line 2 .Papi.: give player_name or player_id"),
        ({"alias_name": "Papi", "player_id": "1", "player_name": "A"}, "give player_name or player_id"),
        ({"alias_name": "Papi", "player_id": "1", "valid_to": "1.2.2026"}, "1.2.2026 is not YYYY-MM-DD"),
    ],
)
def test_an_alias_that_cannot_be_applied_is_an_error_with_its_line(row: dict[str, str], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        aliases(row)


def test_an_alias_table_without_its_columns_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"column\(s\) \['source'\] are missing"):
        check_aliases(aliases().drop(columns="source"))


def test_every_quote_gets_the_answer_of_its_person_and_its_game() -> None:
    other = {"game_date": "2026-01-06", "game_id_nhl": GAME + 1, "start_time_utc": et("2026-01-06 19:00")}
    both = games({}, other)
    known = players({}, {k: v for k, v in other.items() if k != "start_time_utc"} | {"player_id_nhl": 7})
    quotes = raw_quotes(
        {"side": "OVER"},
        {"game_date": "2026-01-06", "start_time_utc": et("2026-01-06 19:00")},
        {"side": "UNDER"},
        {"player_name_raw": "Nobody"},
    )
    seen = map_players(map_events(quotes, both), known, aliases())
    assert seen["player_id_nhl"].astype(object).tolist() == [PLAYER, 7, PLAYER, pd.NA]
    assert seen["row_number"].tolist() == [0, 1, 2, 3]


def test_no_quotes_no_answers() -> None:
    seen = map_players(map_events(raw_quotes(), games({})), players({}), aliases())
    assert seen.empty
    assert {"game_id_nhl", "player_id_nhl", "mapping_method", "mapping_reason"} <= set(seen.columns)
    assert {"event_method", "mapping_score"} <= set(seen.columns)
