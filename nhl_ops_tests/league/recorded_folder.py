"""Writes a recorded folder small enough to know by heart: three games of one day, their people and prices."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

SEASON = 20252026
SHOOTOUT, OVERTIME, LAST = 2025020001, 2025020002, 2025020003
DAY = "2026-01-05"


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC").as_unit("us")


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(path)


def game(
    game_id: int, start: str, home: str, away: str, goals: tuple[int, int], **other: Any
) -> dict[str, Any]:
    return {
        "season": SEASON,
        "game_id": game_id,
        "game_type": "R",
        "game_date": DAY,
        "start_time_utc": utc(start),
        "home_team_abbr": home,
        "away_team_abbr": away,
        "home_goals_no_so": goals[0],
        "away_goals_no_so": goals[1],
        "home_score": None,
        "away_score": None,
    } | other


def skater(game_id: int, player_id: int, name: str, team: str, **other: Any) -> dict[str, Any]:
    counts = ["goals", "assists", "points", "shots_on_goal", "blocked_shots", "hits", "power_play_goals"]
    counts += ["shifts", "plus_minus", "pim"]
    return {
        "season": SEASON,
        "game_id": game_id,
        "game_date": DAY,
        "player_id": player_id,
        "full_name": name,
        "team": team,
        "toi_sec": 1200.0,
        "position": "C",
        "sweater_number": 9,
        "pp_points_gamelog": None,
        **dict.fromkeys(counts, 1),
    } | other


def goalie(game_id: int, player_id: int, team: str, decision: str | None, toi_sec: float) -> dict[str, Any]:
    return {
        "season": SEASON,
        "game_id": game_id,
        "game_date": DAY,
        "player_id": player_id,
        "full_name": f"Goalie {team}",
        "team": team,
        "toi_sec": toi_sec,
        "starter": toi_sec > 0,
        "decision": decision,
        "shots_against": 30,
        "saves": 28,
        "goals_against": 2,
    }


def prop(name: str, over: float | None, *, market: str = "POINTS", **other: Any) -> dict[str, Any]:
    return {
        "game_id": LAST,
        "player_id": 8471675,
        "player_name": name,
        "team": "UTA",
        "market": market,
        "line": 0.5,
        "over_price": over,
        "under_price": -150.0,
        "book": "draftkings",
        "first_seen_at": utc("2026-01-05T16:00"),
        "last_seen_at": utc("2026-01-05T16:00:02"),
    } | other


def write_results(folder: Path) -> None:
    write(
        folder,
        "stats/games_2025.parquet",
        [
            game(SHOOTOUT, "2026-01-05T19:00", "DAL", "MTL", (3, 3)),
            game(OVERTIME, "2026-01-05T20:00", "CBJ", "PIT", (2, 3)),
            game(LAST, "2026-01-06T00:00", "NYR", "UTA", (1, 4), home_score=1.0, away_score=5.0),
            game(
                2015020001, "2015-10-07T23:00", "TOR", "MTL", (1, 3), season=20152016, game_date="2015-10-07"
            ),
        ],
    )
    write_players(folder)


def write_players(folder: Path) -> None:
    write(
        folder,
        "stats/skater_games_2025.parquet",
        [
            skater(SHOOTOUT, 8480000, "Wyatt Johnston", "DAL", pp_points_gamelog=1, goals=0),
            skater(OVERTIME, 8480001, "Sidney Crosby", "PIT"),
            skater(LAST, 8471675, "Clayton Keller", "UTA", position="L"),
            skater(LAST, 8478550, "Artemi Panarin", "NYR", position="L"),
        ],
    )
    write(
        folder,
        "stats/goalie_games_2025.parquet",
        [
            goalie(SHOOTOUT, 1, "DAL", "O", 3900.0),
            goalie(SHOOTOUT, 2, "MTL", "W", 3900.0),
            goalie(OVERTIME, 3, "CBJ", "O", 3590.0),
            goalie(OVERTIME, 4, "PIT", "W", 3700.0),
            goalie(LAST, 5, "NYR", "L", 3500.0),
            goalie(LAST, 6, "UTA", "W", 3600.0),
            goalie(LAST, 7, "UTA", None, 0.0),
        ],
    )
    listed = {"first_name": "Clayton", "last_name": "Keller", "position_code": "L", "sweater_number": 9}
    write(
        folder,
        "stats/rosters_by_season.parquet",
        [{"player_id": 8471675, "team_abbr": "UTA", "season": 2026} | listed],
    )
    write(
        folder,
        "stats/scratches_2026.parquet",
        [{"id": 8480000, "firstName": "Wyatt", "lastName": "Johnston", "game_id": SHOOTOUT}],
    )


def write_prices(folder: Path) -> None:
    write(
        folder,
        "odds/player_props_2026.parquet",
        [
            prop("Clayton Keller", 120.0, team=None),
            prop("Clayton Keller", 110.0, book="fanduel"),
            prop("Alex Nobody", 300.0, player_id=None, team=None),
            prop("Without Game", 110.0, game_id=None),
            prop("Without Over", None),
            prop("Odd Market", 110.0, market="FACEOFFS"),
            prop("Too Late", 110.0, first_seen_at=utc("2026-01-06T00:00")),
            prop("Clayton Keller", 180.0, market="ASSISTS", under_price=-230.0),
            prop("Artemi Panarin", -200.0, player_id=8478550, team="NYR", under_price=160.0),
        ],
    )
    write(
        folder,
        "odds/game_odds_2026.parquet",
        [
            {"nhl_game_id": LAST, "bookmaker": "draftkings", "ml_home": -120.0, "ml_away": 105.0}
            | {"total_line": 6.5, "total_over_odds": -110.0, "total_under_odds": -110.0}
            | {"snapshot_label": label, "bookmaker_last_update_utc": at}
            for label, at in (("open", None), ("close", "2026-01-05T23:50:00Z"))
        ],
    )


def write_playnow(folder: Path) -> None:
    payloads = folder / "payloads" / "playnow"
    payloads.mkdir(parents=True)
    page = {
        "event_name": "Montreal Canadiens at Dallas Stars",
        "markets": [
            {"name": "Player 2+ Goals", "outcomes": [{"name": "Wyatt Johnston", "price_decimal": 15.0}]},
            {
                "name": "Wyatt Johnston Total Saves",
                "outcomes": [
                    {"name": "Over", "handicap": 25.5, "price_decimal": 1.76},
                    {"name": "Under", "handicap": 25.5, "price_decimal": 1.9},
                ],
            },
            {
                "name": "Wyatt Johnston Total Shots on Goal",
                "outcomes": [{"name": "3+", "price_decimal": 2.9}],
            },
            {
                "name": "Dallas Stars First Goalscorer",
                "outcomes": [{"name": "Wyatt Johnston", "price_decimal": 9.0}],
            },
            {"name": "Something New", "outcomes": []},
        ],
    }
    (payloads / "event-1-mtl-at-dal.markets.json").write_text(json.dumps(page), encoding="utf-8")
    (payloads / f"page_MTL_at_DAL_{DAY}.txt").write_text("", encoding="utf-8")
    teams = "utah-mammoth-at-new-york-rangers"
    rows = [
        ("Clayton Keller Total Points 0.5", "Clayton Keller", 1.5),
        ("Clayton Keller Total Points 0.5", "Clayton Keller", 2.4),
        ("Artemi Panarin Total Points 0.5", "Artemi Panarin", 2.35),
        ("Artemi Panarin Total Points 0.5", "Artemi Panarin", 1.53),
        ("Nick Schmaltz Total Points 0.5", "Nick Schmaltz", 1.53),
        ("Nick Schmaltz Total Points 0.5", "Nick Schmaltz", 2.35),
        ("Player 1+ Goals", "Nick Schmaltz", 3.4),
    ]
    table = pd.DataFrame(rows, columns=["market_key", "player_name", "odds_raw"])
    table.assign(date="2026-01-06", teams=teams).to_csv(payloads / "prices_audit.csv", index=False)
