from datetime import date, timedelta

import pytest

from nhl_ops.domain.teams import TEAMS, team_on, tri_code

TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("spelling", "tri"),
    [
        ("Montréal Canadiens", "MTL"),
        ("Montreal Canadiens", "MTL"),
        ("St Louis Blues", "STL"),
        ("St. Louis Blues", "STL"),
        ("Utah Mammoth", "UTA"),
        ("DAL Stars", "DAL"),
        ("NY Rangers", "NYR"),
        ("New York Islanders", "NYI"),
        ("L.A", "LAK"),
        ("LA", "LAK"),
        ("T.B", "TBL"),
        ("VGS", "VGK"),
        ("CLB", "CBJ"),
        ("was", "WSH"),
        ("Golden Knights", "VGK"),
        ("ANH", "ANA"),
    ],
)
def test_every_spelling_met_is_one_team(spelling: str, tri: str) -> None:
    assert tri_code(spelling, TODAY) == tri


MET = {
    "ANA": "ANA ANH", "BOS": "BOS", "BUF": "BUF", "CAR": "CAR", "CBJ": "CBJ CLB", "CGY": "CGY CAL", "CHI": "CHI",
    "COL": "COL", "DAL": "DAL", "DET": "DET", "EDM": "EDM", "FLA": "FLA", "LAK": "LAK LA L.A L.A.", "MIN": "MIN",
    "MTL": "MTL MON", "NJD": "NJD NJ N.J N.J.", "NSH": "NSH NAS", "NYI": "NYI", "NYR": "NYR", "OTT": "OTT",
    "PHI": "PHI", "PIT": "PIT", "SEA": "SEA", "SJS": "SJS SJ S.J S.J.", "STL": "STL", "TBL": "TBL TB T.B T.B.",
    "TOR": "TOR", "UTA": "UTA UTAH UTH", "VAN": "VAN", "VGK": "VGK VEG VGS", "WPG": "WPG WIN", "WSH": "WSH WAS",
}  # fmt: skip
"""Every code of every team of today, as vendors were seen to write it."""

IDS = (
    "ANA24 BOS6 BUF7 CAR12 CBJ29 CGY20 CHI16 COL21 DAL25 DET17 EDM22 FLA13 LAK26 MIN30 MTL8 NJD1 NSH18 NYI2 NYR3 "
    "OTT9 PHI4 PIT5 SEA55 SJS28 STL19 TBL14 TOR10 UTA68 VAN23 VGK54 WPG52 WSH15"
)


@pytest.mark.parametrize("tri", MET)
def test_every_code_met_is_its_team_in_any_case(tri: str) -> None:
    assert {tri_code(code, TODAY) for text in (MET[tri], MET[tri].lower()) for code in text.split()} == {tri}


def test_the_ids_of_the_teams_of_today_are_the_leagues() -> None:
    today = {f"{team.tri}{team.team_id}" for team in TEAMS if team.holds_on(TODAY)}
    assert today == set(IDS.split())
    assert set(MET) == {text.rstrip("0123456789") for text in today}


@pytest.mark.parametrize(
    ("spelling", "first", "last", "tri"),
    [
        ("ARI", None, date(2024, 6, 30), "ARI"),
        ("Arizona Coyotes", None, date(2024, 6, 30), "ARI"),
        ("UTA", date(2024, 7, 1), None, "UTA"),
        ("Utah Hockey Club", date(2024, 7, 1), date(2025, 6, 30), "UTA"),
        ("Utah Mammoth", date(2025, 7, 1), None, "UTA"),
        ("SEA", date(2021, 7, 1), None, "SEA"),
        ("VGK", date(2017, 7, 1), None, "VGK"),
    ],
)
def test_a_spelling_holds_from_its_first_to_its_last_day(
    spelling: str, first: date | None, last: date | None, tri: str
) -> None:
    day = timedelta(days=1)
    inside = [bound for bound in (first, last) if bound]
    outside = [bound for bound in (first and first - day, last and last + day) if bound]
    assert {tri_code(spelling, bound) for bound in inside} == {tri}
    assert {tri_code(spelling, bound) for bound in outside} == {None}


@pytest.mark.parametrize("spelling", ["New York", "NY", "Toronto Raptors", "", "Stars Dallas DAL"])
def test_what_is_not_one_team_is_no_team(spelling: str) -> None:
    assert tri_code(spelling, TODAY) is None


def test_a_relocated_team_is_known_by_the_name_of_its_time() -> None:
    assert tri_code("Arizona Coyotes", date(2024, 4, 17)) == "ARI"
    assert tri_code("Arizona Coyotes", date(2024, 10, 8)) is None
    assert tri_code("Utah Hockey Club", date(2024, 10, 8)) == "UTA"
    assert tri_code("Utah Hockey Club", TODAY) is None
    assert tri_code("Utah", date(2025, 6, 30)) == tri_code("Utah", date(2025, 7, 1)) == "UTA"


def test_the_id_of_a_team_follows_its_name() -> None:
    ids = [team.team_id for day in (date(2025, 1, 5), TODAY) if (team := team_on("UTA", day))]
    assert ids == [59, 68]
    assert team_on("ARI", TODAY) is None


def test_thirty_two_teams_play_today_under_different_codes_and_ids() -> None:
    today = [team for team in TEAMS if team.holds_on(TODAY)]
    assert len(today) == len({t.tri for t in today}) == len({t.team_id for t in today}) == 32


def test_every_team_is_found_by_its_code_and_its_full_name() -> None:
    for team in TEAMS:
        day = team.last or TODAY
        assert tri_code(team.tri, day) == tri_code(team.name, day) == team.tri
