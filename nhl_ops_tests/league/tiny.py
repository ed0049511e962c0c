"""A league made by hand: four teams, three dates, every awkward case once. Small enough to know by heart.

- 2026-01-05: CAR at NJD (2025020101, 3:1), and VAN at LAK (2025020102, 2:3 after a shootout), which starts at
  03:30 UTC of the next day.
- 2026-01-06: LAK at VAN (2025020104, 2:1 in overtime), and NJD at CAR (2025020103), postponed.
- 2026-01-08: NJD at CAR again, from 20:00 UTC of 2026-01-07 on (2:4).
- Two Sebastian Ahos (CAR forward, NJD defenceman), two Elias Petterssons (both VAN, forward and defenceman).
- One of the people on the boards is known to nobody: no player id, no team.
"""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from nhl_ops.league.dataset import (
    BOOK_COLUMNS,
    GAME_COLUMNS,
    GAME_ODDS_COLUMNS,
    GOALIE_GAME_COLUMNS,
    ORACLE_COLUMNS,
    PLAYER_COLUMNS,
    QUOTE_COLUMNS,
    ROSTER_COLUMNS,
    SCRATCH_COLUMNS,
    SKATER_GAME_COLUMNS,
    TEAM_COLUMNS,
    LeagueDataset,
)

CAR_NJD, VAN_LAK, PUT_OFF, LAK_VAN = 2025020101, 2025020102, 2025020103, 2025020104
AHO_CAR, AHO_NJD, PETTERSSON_C, PETTERSSON_D = 8478427, 8480222, 8480012, 8483678
SVECHNIKOV, HUGHES, KOPITAR, DOUGHTY = 8480830, 8481559, 8471685, 8474563
BUSSI, ALLEN, DEMKO, KUEMPER, BACKUP = 8483548, 8474596, 8477967, 8475311, 8475809

PEOPLE = [AHO_CAR, AHO_NJD, PETTERSSON_C, PETTERSSON_D, SVECHNIKOV]

START = {
    CAR_NJD: "2026-01-06T00:00Z",
    VAN_LAK: "2026-01-06T03:30Z",
    PUT_OFF: "2026-01-09T00:00Z",
    LAK_VAN: "2026-01-07T03:00Z",
}
MORNING, MIDDAY = "2026-01-05T15:00Z", "2026-01-05T20:00Z"
RESCHEDULED = "2026-01-07T20:00Z"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def times(values: list[Any]) -> pd.Series:
    return pd.to_datetime(pd.Series(values, dtype="object"), utc=True, format="ISO8601").astype(
        "datetime64[us, UTC]"
    )


def tiny_league() -> LeagueDataset:
    return LeagueDataset(
        name="tiny",
        anchor_utc=instant("2026-01-06T22:30Z"),
        first_slate=date(2026, 1, 5),
        last_slate=date(2026, 1, 8),
        teams=_teams(),
        players=_players(),
        rosters=_rosters(),
        games=_games(),
        skater_games=_skater_games(),
        goalie_games=_goalie_games(),
        scratches=pd.DataFrame([(CAR_NJD, "NJD", BACKUP)], columns=SCRATCH_COLUMNS),
        books=pd.DataFrame(
            [
                ("1", "UNABATED", "DraftKings", True),
                ("2", "UNABATED", "FanDuel", True),
                ("49", "UNABATED", "Unabated line", False),
                ("playnow", "PLAYNOW", "PlayNow", True),
            ],
            columns=BOOK_COLUMNS,
        ),
        quotes=_quotes(),
        game_odds=_game_odds(),
        people_ids=pd.DataFrame(
            {
                "player_key": [*map(str, PEOPLE), "Nobody Known"],
                "unabated_person_id": [44999, 45001, 45002, 45003, 45004, 45005],
            }
        ),
        oracle=pd.DataFrame({c: pd.Series(dtype="float64") for c in ORACLE_COLUMNS}),
    )


def _teams() -> pd.DataFrame:
    rows = [
        ("CAR", 12, "Carolina", "Hurricanes"),
        ("LAK", 26, "Los Angeles", "Kings"),
        ("NJD", 1, "New Jersey", "Devils"),
        ("VAN", 23, "Vancouver", "Canucks"),
    ]
    return pd.DataFrame(rows, columns=TEAM_COLUMNS)


def _players() -> pd.DataFrame:
    rows = [
        (AHO_CAR, "Sebastian", "Aho", "1997-07-26", "C", 20),
        (AHO_NJD, "Sebastian", "Aho", "1996-02-17", "D", 25),
        (PETTERSSON_C, "Elias", "Pettersson", "1998-11-12", "C", 40),
        (PETTERSSON_D, "Elias", "Pettersson", "2004-02-16", "D", 25),
        (SVECHNIKOV, "Andrei", "Svechnikov", "2000-03-26", "R", 37),
        (HUGHES, "Jack", "Hughes", "2001-05-14", "C", 86),
        (KOPITAR, "Anže", "Kopitar", "1987-08-24", "C", 11),
        (DOUGHTY, "Drew", "Doughty", "1989-12-08", "D", 8),
        (BUSSI, "Brandon", "Bussi", None, "G", 32),
        (ALLEN, "Jake", "Allen", "1990-08-07", "G", 34),
        (DEMKO, "Thatcher", "Demko", "1995-12-08", "G", 35),
        (KUEMPER, "Darcy", "Kuemper", "1990-05-05", "G", 35),
        (BACKUP, "Scott", "Wedgewood", "1992-08-14", "G", None),
    ]
    return pd.DataFrame(rows, columns=PLAYER_COLUMNS).astype({"sweater_number": "Int64"})


def _rosters() -> pd.DataFrame:
    """Hughes comes to CAR on 2026-01-07; before that he is NJD's."""
    teams = {
        "CAR": [AHO_CAR, SVECHNIKOV, BUSSI],
        "NJD": [AHO_NJD, ALLEN, BACKUP],
        "VAN": [PETTERSSON_C, PETTERSSON_D, DEMKO],
        "LAK": [KOPITAR, DOUGHTY, KUEMPER],
    }
    rows = [(team, player, "2025-07-01", None) for team, players in teams.items() for player in players]
    rows += [("NJD", HUGHES, "2025-07-01", "2026-01-06"), ("CAR", HUGHES, "2026-01-07", None)]
    return pd.DataFrame(rows, columns=ROSTER_COLUMNS)


def _games() -> pd.DataFrame:
    """The postponed game has a PPD row on its first date and, once it is rescheduled, an OK row."""
    rows = [
        (CAR_NJD, "2026-01-05", START[CAR_NJD], "2026-01-06T02:45Z", "NJD", "CAR", 1, 3, "REG", "OK", None),
        (VAN_LAK, "2026-01-05", START[VAN_LAK], "2026-01-06T06:15Z", "LAK", "VAN", 3, 2, "SO", "OK", None),
        (PUT_OFF, "2026-01-06", "2026-01-07T00:00Z", None, "CAR", "NJD", None, None, None, "PPD", None),
        (LAK_VAN, "2026-01-06", START[LAK_VAN], "2026-01-07T05:45Z", "VAN", "LAK", 1, 2, "OT", "OK", None),
        (
            PUT_OFF,
            "2026-01-08",
            START[PUT_OFF],
            "2026-01-09T02:45Z",
            "CAR",
            "NJD",
            4,
            2,
            "REG",
            "OK",
            RESCHEDULED,
        ),
    ]
    columns = [c for c in GAME_COLUMNS if c not in ("season", "game_type")]
    frame = pd.DataFrame(rows, columns=columns).assign(season=20252026, game_type="R")
    for column in ("start_time_utc", "end_time_utc", "state_from_utc"):
        frame[column] = times(frame[column].tolist())
    return frame.astype({"home_score": "Int64", "away_score": "Int64"})[GAME_COLUMNS]


def _skater_games() -> pd.DataFrame:
    """goals, assists, shots, blocks, hits, power-play goals, points and seconds, seconds of ice time."""
    rows = [
        (CAR_NJD, AHO_CAR, "CAR", 2, 1, 5, 0, 1, 1, 2, 144, 1210),
        (CAR_NJD, SVECHNIKOV, "CAR", 1, 0, 0, 1, 3, 0, 0, 82, 1045),
        (CAR_NJD, HUGHES, "NJD", 1, 0, 4, 0, 0, 0, None, None, 1199),
        (CAR_NJD, AHO_NJD, "NJD", 0, 1, 1, 3, 2, 0, 0, 0, 1300),
        (VAN_LAK, PETTERSSON_C, "VAN", 1, 1, 3, 0, 0, 0, 0, 60, 1100),
        (VAN_LAK, PETTERSSON_D, "VAN", 0, 0, 0, 4, 5, 0, 0, 0, 849),
        (VAN_LAK, KOPITAR, "LAK", 1, 0, 2, 0, 0, 0, 1, 100, 1150),
        (VAN_LAK, DOUGHTY, "LAK", 1, 1, 3, 2, 1, 0, 0, 30, 1500),
        (LAK_VAN, KOPITAR, "LAK", 2, 0, 4, 0, 0, 1, 1, 110, 1250),
        (LAK_VAN, DOUGHTY, "LAK", 0, 1, 1, 2, 1, 0, 1, 50, 1600),
        (LAK_VAN, PETTERSSON_C, "VAN", 1, 0, 2, 1, 0, 0, 0, 70, 1300),
        (LAK_VAN, PETTERSSON_D, "VAN", 0, 1, 1, 2, 3, 0, 0, 0, 1000),
        (PUT_OFF, AHO_CAR, "CAR", 1, 0, 2, 0, 0, 0, 0, 90, 1200),
        (PUT_OFF, AHO_NJD, "NJD", 1, 0, 2, 1, 0, 0, 0, 0, 1200),
    ]
    columns = ["game_id", "player_id", "team", "goals", "assists", "shots_on_goal", "blocked_shots", "hits"]
    columns += ["power_play_goals", "power_play_points", "power_play_toi_sec", "toi_sec"]
    frame = pd.DataFrame(rows, columns=columns).assign(shifts=22, plus_minus=0, pim=2)
    frame["points"] = frame["goals"] + frame["assists"]
    types = {"power_play_points": "Int64", "power_play_toi_sec": "float64"}
    return frame.astype(types)[SKATER_GAME_COLUMNS]


def _goalie_games() -> pd.DataFrame:
    rows = [
        (CAR_NJD, BUSSI, "CAR", True, 29, 28, 1, 3600, "W"),
        (CAR_NJD, ALLEN, "NJD", True, 35, 33, 2, 3500, "L"),
        (CAR_NJD, BACKUP, "NJD", False, 0, 0, 0, 0, None),
        (VAN_LAK, DEMKO, "VAN", True, 25, 23, 2, 3900, "O"),
        (VAN_LAK, KUEMPER, "LAK", True, 22, 20, 2, 3900, "W"),
        (LAK_VAN, KUEMPER, "LAK", True, 31, 30, 1, 3720, "W"),
        (LAK_VAN, DEMKO, "VAN", True, 20, 18, 2, 3720, "O"),
        (PUT_OFF, BUSSI, "CAR", True, 20, 18, 2, 3600, "W"),
        (PUT_OFF, ALLEN, "NJD", True, 30, 26, 4, 3550, "L"),
    ]
    return pd.DataFrame(rows, columns=GOALIE_GAME_COLUMNS)


def _unabated_rows() -> list[tuple[Any, ...]]:
    """book, game, player id, name, team, market, line, over, under, alternate, from, until."""
    aho = (AHO_CAR, "Sebastian Aho", "CAR")
    petey = (PETTERSSON_C, "Elias Pettersson", "VAN")
    young = (PETTERSSON_D, "Elias Pettersson (2004)", "VAN")
    start, late, next_day = START[CAR_NJD], START[VAN_LAK], START[LAK_VAN]
    return [
        ("1", CAR_NJD, *aho, "SOG", 2.5, -120, 100, False, MORNING, MIDDAY),
        ("1", CAR_NJD, *aho, "SOG", 3.5, 190, None, True, MORNING, MIDDAY),
        ("1", CAR_NJD, *aho, "SOG", 2.5, -130, 110, False, MIDDAY, start),
        ("2", CAR_NJD, *aho, "SOG", 2.5, -115, -105, False, MORNING, "2026-01-05T18:00Z"),
        ("1", CAR_NJD, *aho, "ASSISTS", 0.5, 117, -145, False, MORNING, MIDDAY),
        ("1", CAR_NJD, *aho, "ASSISTS", 0.5, 117, -145, False, MIDDAY, start),
        ("1", CAR_NJD, *aho, "POINTS", 0.5, -189, 150, False, MORNING, start),
        ("2", CAR_NJD, *aho, "GOALS", 0.5, 160, None, False, MORNING, start),
        ("49", CAR_NJD, *aho, "POINTS", 0.5, -170, 160, False, MORNING, start),
        ("2", CAR_NJD, AHO_NJD, "Sebastian Aho", "NJD", "BLOCKS", 1.5, -110, -110, False, MORNING, start),
        ("2", CAR_NJD, None, "Nobody Known", None, "POINTS", 0.5, 200, -260, False, MORNING, start),
        ("1", VAN_LAK, *petey, "POINTS", 0.5, -150, 120, False, MORNING, late),
        ("1", VAN_LAK, *young, "POINTS", 0.5, 250, -330, False, MORNING, late),
        ("1", LAK_VAN, *petey, "POINTS", 0.5, -140, 110, False, "2026-01-05T23:00Z", next_day),
    ]


def _playnow_rows() -> list[tuple[Any, ...]]:
    """game, name, market, line, over, under, alternate, from, until."""
    aho, start = "Sebastian Aho (CAR)", START[CAR_NJD]
    ladder = [(CAR_NJD, aho, "SOG", n + 0.5, p, None, True) for n, p in enumerate((1.03, 1.33, 2.1, 3.4))]
    rows = [
        (CAR_NJD, aho, "SOG", 2.5, 2.1, 1.66, False),
        *ladder,
        (CAR_NJD, aho, "GOALS", 0.5, 2.7, None, False),
        (CAR_NJD, "Andrei Svechnikov", "GOALS", 0.5, 2.9, None, False),
        (CAR_NJD, aho, "GOALS", 1.5, 13.0, None, True),
        (CAR_NJD, aho, "POINTS", 0.5, 1.56, 2.3, False),
        (CAR_NJD, aho, "POWER_PLAY_POINTS", 0.5, 3.2, 1.28, False),
        (CAR_NJD, "Brandon Bussi", "SAVES", 23.5, 1.86, 1.8, False),
    ]
    late = (VAN_LAK, "Elias Pettersson (F)", "POINTS", 0.5, 1.7, 2.05, False)
    return [(*row, MORNING, start) for row in rows] + [(*late, "2026-01-05T22:00Z", START[VAN_LAK])]


def _quotes() -> pd.DataFrame:
    offer = ["game_id", "player_id", "player_name", "player_team", "market", "line"]
    life = ["is_alternate", "seen_from_utc", "seen_until_utc"]
    unabated = pd.DataFrame(
        _unabated_rows(), columns=["book_id", *offer, "over_american", "under_american", *life]
    ).assign(vendor="UNABATED", over_decimal=float("nan"), under_decimal=float("nan"))
    named = ["game_id", "player_name", "market", "line", "over_decimal", "under_decimal", *life]
    playnow = pd.DataFrame(_playnow_rows(), columns=named).assign(
        vendor="PLAYNOW", book_id="playnow", player_id=None, player_team=None
    )
    whole = {"player_id": "Int64", "over_american": "Int64", "under_american": "Int64"}
    american = playnow.assign(over_american=None, under_american=None)
    parts = [f.astype(whole)[QUOTE_COLUMNS[1:]] for f in (unabated, american)]
    frame = pd.concat(parts, ignore_index=True)
    for column in ("seen_from_utc", "seen_until_utc"):
        frame[column] = times(frame[column].tolist())
    frame = frame.sort_values("seen_from_utc", kind="stable", ignore_index=True)
    return frame.assign(quote_no=range(len(frame)))[QUOTE_COLUMNS]


def _game_odds() -> pd.DataFrame:
    rows = [
        (CAR_NJD, "1", 120, -142, 6.5, -110, -110, MORNING, START[CAR_NJD]),
        (CAR_NJD, "2", 125, -150, 6.5, -115, -105, MORNING, START[CAR_NJD]),
    ]
    frame = pd.DataFrame(rows, columns=GAME_ODDS_COLUMNS)
    for column in ("seen_from_utc", "seen_until_utc"):
        frame[column] = times(frame[column].tolist())
    return frame
