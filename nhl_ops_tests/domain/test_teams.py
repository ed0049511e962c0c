from datetime import date

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
