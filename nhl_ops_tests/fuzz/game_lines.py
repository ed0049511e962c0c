"""Payloads of game lines: OddsShark's scores, the NHL's schedule odds and partner game; prices counted apart."""

from typing import Any

from hypothesis import strategies as st

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.nhl_game_odds import PARTNER_GAME, Config, NhlGameOdds
from nhl_ops.gateways.oddsshark_scores import NOT_OFFERED, SCORES, parse_scores
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, document_of, exactly, sent, usually, values_of
from nhl_ops_tests.fuzz.damage import DEEP_VALUE, json_bodies, rendered
from nhl_ops_tests.gateways.game_line_samples import (
    GAME_ID,
    START,
    Json,
    named,
    partner_game,
    partner_quoted,
    quoted,
    schedule,
    scored,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

ODDS = NhlGameOdds("http://nhl/v1/", Config(partner_countries=("US",), stale_after_hours=24))
PRICES = usually(
    "+120", "-142", "2.25", "1.67", "3.40", "", "EVEN", 99, "99900", 1.0, "1", None, "9" * 400, -142.0, True
)
NUMBERS = usually(
    -110, None, "-", "OFF", "+150", "", 99, 150.5, 99_900, "1.91", True, 1e300, -(2**63), "\u0661\u0660\u0660"
)
SPREADS = usually(-1.5, 1.5, None, "-", "1.5", 0, 0.25, 1e300, True, "-0", "x")
STARTS = usually(START, "2026-01-07", None, "", 5, "9999-12-31T00:00:00Z")
GAME_IDS = usually(GAME_ID, GAME_ID + 1, str(GAME_ID), None, "9" * 19, 1.0, -1)
PARTNERS = st.dictionaries(st.sampled_from([9, 7, 6, 3]), st.tuples(PRICES, PRICES), min_size=1, max_size=4)
SCHEDULES = st.lists(
    st.builds(
        lambda prices, number, start, state: quoted(prices, number, startTimeUTC=start, gameState=state),
        PARTNERS,
        GAME_IDS,
        STARTS,
        usually("FUT", "LIVE", None, 7),
    ),
    max_size=3,
).map(lambda games: schedule(*games))
NAMED = st.builds(
    named,
    st.sampled_from(
        [
            "MONEY_LINE_2_WAY",
            "MONEY_LINE_3_WAY",
            "PUCK_LINE",
            "OVER_UNDER",
            "MONEY_LINE_2_WAY_TNB",
            "RACE_TO_3",
            "",
        ]
    ),
    NUMBERS,
    st.sampled_from(
        ["", None, "-1.5", "+1.5", "O6.5", "U6.5", "Draw", "draw", "O0", "+0.0", "O\u0661", "1.5", 6.5]
    ),
)
SIDE = st.lists(NAMED, min_size=1, max_size=4)
PARTNER_GAMES = st.builds(
    lambda games, updated: partner_game(*games, updated=updated),
    st.lists(st.builds(partner_quoted, SIDE, SIDE, gameId=GAME_IDS, startTimeUTC=STARTS), max_size=2),
    usually("2026-01-06T18:00:38Z", "2025-12-01T00:00:00Z", None, "", 5),
)
TEAM_PRICES = st.fixed_dictionaries({"moneyLine": NUMBERS, "spread": SPREADS, "spreadPrice": NUMBERS})


def _scored(home: Json, away: Json, fields: Json) -> Json:
    body = scored(**fields)
    body["teams"]["home"] |= home
    body["teams"]["away"] |= away
    return body


SCORED = st.builds(
    _scored,
    TEAM_PRICES,
    TEAM_PRICES,
    st.fixed_dictionaries(
        {
            "id": usually(1900001, "1900002", None, "", 2**63 - 1),
            "date": usually(1767744000, "1767744000", 1767744000000, None, -1, "9" * 19),
            "total": usually(6.5, None, "-", 0, 2.25, "6.5", 1e300),
            "overPrice": NUMBERS,
            "underPrice": NUMBERS,
        }
    ),
)
DAYS = st.lists(SCORED, max_size=3).map(lambda games: {"scores": games})


def read_nhl(endpoint: str) -> Any:
    return lambda payload: Read.of(ODDS.parse(payload_of(payload.body, "NHL", endpoint)), RAW_GAME_LINES)


def read_scores(payload: Sent) -> Read:
    return Read.of(parse_scores(payload_of(payload.body, "ODDSSHARK", SCORES)), RAW_GAME_LINES)


def counted_on_schedule(payload: Sent) -> range:
    return _exactly_in(
        [g for day in _values(document_of(payload)["gameWeek"]) for g in _values(day["games"])]
    )


def counted_of_partner(payload: Sent) -> range:
    return _exactly_in(_values(document_of(payload)["games"]))


def _exactly_in(games: list[Any]) -> range:
    """Prices of both teams; a team that cannot hold any counts as one."""
    return exactly(sum(_of_team(game, key) for game in games for key in ("awayTeam", "homeTeam")))


def _of_team(game: Any, key: str) -> int:
    team = game.get(key) if isinstance(game, dict) else None
    if not isinstance(team, dict):
        return 1
    odds = values_of(team.get("odds"))
    return 0 if team.get("odds") is None else 1 if odds is None else len(odds)


def counted_scores(payload: Sent) -> range:
    """Prices that are offered; a game whose teams cannot be read counts as one more."""
    return exactly(sum(map(_of_game, _values(document_of(payload)["scores"]))))


def _of_game(game: Any) -> int:
    teams = game.get("teams") if isinstance(game, dict) else None
    holders = [game, *(teams.get(side) if isinstance(teams, dict) else None for side in ("home", "away"))]
    keys = [("overPrice", "underPrice"), *[("moneyLine", "spreadPrice")] * 2]
    told = [(holder, names) for holder, names in zip(holders, keys, strict=True) if isinstance(holder, dict)]
    offered = [holder.get(name) for holder, names in told for name in names]
    return sum(not _is_missing(value) for value in offered) + (len(told) < len(holders))


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in NOT_OFFERED)


def _values(holder: Any) -> list[Any]:
    found = values_of(holder)
    assert found is not None, "the parser read what holds nothing"
    return found


PINNED_SCORES = tuple(
    Sent(rendered({"scores": [scored(**{key: DEEP_VALUE})]})) for key in ("id", "total", "overPrice")
)
PINNED_SCHEDULES = (
    Sent(rendered(schedule(quoted({9: (DEEP_VALUE, "+120")})))),
    Sent(rendered(schedule(quoted({9: ("-142", "+120")}, "9" * 19)))),
)
PINNED_PARTNER_GAMES = (
    Sent(rendered(partner_game(partner_quoted([named("MONEY_LINE_2_WAY", DEEP_VALUE)], [])))),
    Sent(rendered(partner_game(partner_quoted([named("MONEY_LINE_2_WAY", -142)], [], gameId="9" * 19)))),
    Sent(rendered(partner_game() | {"bettingPartner": {"partnerId": DEEP_VALUE}})),
)
PARSERS = (
    ParserCase("oddsshark-scores", sent(json_bodies(DAYS)), read_scores, counted_scores, PINNED_SCORES),
    ParserCase(
        "nhl-schedule-odds",
        sent(json_bodies(SCHEDULES)),
        read_nhl(SCHEDULE),
        counted_on_schedule,
        PINNED_SCHEDULES,
    ),
    ParserCase(
        "nhl-partner-game",
        sent(json_bodies(PARTNER_GAMES)),
        read_nhl(PARTNER_GAME),
        counted_of_partner,
        PINNED_PARTNER_GAMES,
    ),
)
