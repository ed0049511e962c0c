import pandas as pd
import pytest

from nhl_ops.contracts.projections import PROJECTION_GOALIE_MARKETS, PROJECTION_SKATER_MARKETS
from nhl_ops.domain.markets import Market
from nhl_ops.transforms.form import goalie_form, skater_form
from nhl_ops.transforms.projections import project_goalies, project_skaters
from nhl_ops.transforms.team_factors import team_factors
from nhl_ops_tests.transforms.small_season import (
    constants,
    games,
    goalie_games,
    on_day,
    players,
    skater_games,
    small_season,
)

K = constants()
GAME = {"game_date": on_day(40), "game_id_nhl": 2025020400}
TONIGHT = games(GAME | {"home_team": "TOR", "away_team": "BOS"})
HOME = GAME | {"player_id_nhl": 1, "team": "TOR", "opponent": "BOS", "is_home": True}
AWAY = GAME | {"player_id_nhl": 2, "team": "BOS", "opponent": "TOR", "is_home": False}
SKATERS = players(HOME, AWAY)
GOALIES = players(HOME | {"position": "G"}, AWAY | {"position": "G"})


def factors(**for_and_against: float) -> pd.DataFrame:
    """Average teams, but for TOR's factors that are given."""
    rows = team_factors(skater_games(), goalie_games(), TONIGHT, K)
    for column, value in for_and_against.items():
        rows.loc[rows["team"] == "TOR", column] = value
    return rows


def skaters(
    rows: pd.DataFrame = SKATERS, history: pd.DataFrame | None = None, **factor: float
) -> pd.DataFrame:
    form = skater_form(skater_games() if history is None else history, rows, K)
    return project_skaters(form, factors(**factor), rows, K).set_index(["player_id_nhl", "market"])


def goalies(history: pd.DataFrame | None = None, **factor: float) -> pd.DataFrame:
    form = goalie_form(goalie_games() if history is None else history, GOALIES, K)
    return project_goalies(form, factors(**factor), GOALIES, K).set_index("player_id_nhl")


def test_the_base_is_rate_by_ice_time_and_the_mean_is_the_base_by_both_factors():
    form = skater_form(skater_games(), SKATERS, K)
    rows = project_skaters(form, factors(against_factor=1.2), SKATERS, K)
    assert list(rows.columns) == PROJECTION_SKATER_MARKETS.column_names
    assert rows["mean_base"].tolist() == pytest.approx(
        (form["rate_per_hour"] * form["toi_sec_mean"] / 3600).tolist()
    )
    product = rows["mean_base"] * rows["opponent_factor"] * rows["home_factor"]
    assert rows["mean"].tolist() == pytest.approx(product.tolist())


def test_the_opponents_factor_counts_and_the_own_teams_does_not():
    rows = skaters(against_factor=1.2)
    assert rows.loc[(2, "SOG"), "opponent_factor"] == 1.2
    assert rows.loc[(1, "SOG"), "opponent_factor"] == 1.0


def test_home_and_away_are_each_others_inverse():
    rows = skaters()
    for market, values in K.skaters.items():
        assert rows.loc[(1, market.value), "home_factor"] == values.home_factor
        assert rows.loc[(2, market.value), "home_factor"] == pytest.approx(1 / values.home_factor)


def test_the_family_follows_the_dispersion_of_the_market():
    rows = skaters()
    for market, values in K.skaters.items():
        row = rows.loc[(1, market.value)]
        assert row["dispersion"] == values.dispersion
        assert row["distribution"] == ("negative_binomial" if values.dispersion else "poisson")


def test_who_has_no_history_is_marked_and_still_projected():
    played = skater_games(GAME | {"game_date": on_day(30), "player_id_nhl": 1, "shots_on_goal": 3})
    rows = skaters(history=played)
    assert rows.loc[(1, "SOG"), ["is_fallback", "games_played"]].tolist() == [False, 1]
    assert rows.loc[(2, "SOG"), ["is_fallback", "games_played"]].tolist() == [True, 0]
    assert (rows["mean"] > 0).all()


def test_every_row_names_the_version_of_the_constants():
    assert set(skaters()["model_version"]) == set(goalies()["model_version"]) == {K.version}


def test_saves_are_the_leagues_shots_by_both_teams_factors_and_the_save_percentage():
    row = goalies(against_factor=1.1, for_factor=0.9).loc[1]
    base = K.teams[Market.SAVES].league_mean * 1.1 * K.goalies.league_save_pct * K.goalies.calibration
    assert row["market"] == "SAVES"
    assert row["mean_base"] == pytest.approx(base)
    assert row["mean"] == pytest.approx(base * K.goalies.home_factor)
    assert pd.isna(row["toi_sec_mean"])


def test_a_goalie_faces_the_opponents_shots():
    rows = goalies(for_factor=1.2)
    assert rows["opponent_factor"].tolist() == [1.0, 1.2]


def test_a_goalie_who_only_came_in_as_relief_is_no_fallback():
    relief = {
        "game_date": on_day(30),
        "player_id_nhl": 1,
        "is_starter": False,
        "saves": 10,
        "shots_against": 11,
    }
    rows = goalies(history=goalie_games(GAME | relief))
    assert rows.loc[1, ["is_fallback", "games_played"]].tolist() == [False, 0]
    assert rows.loc[2, "is_fallback"]


def test_a_game_without_factors_is_named():
    form = skater_form(skater_games(), SKATERS, K)
    missing = factors().query("team != 'BOS'")
    with pytest.raises(ValueError, match=r"feature_team_factors lacks .*2025020400, 'BOS'"):
        project_skaters(form, missing, SKATERS, K)


def test_form_of_somebody_who_is_no_player_of_the_slate_is_named():
    form = skater_form(skater_games(), SKATERS, K)
    with pytest.raises(ValueError, match=r"'2025-11-16', 2025020400, 2\].*dim_players lacks"):
        project_skaters(form, factors(), SKATERS.query("player_id_nhl == 1"), K)


def test_a_postponed_game_is_projected_on_each_slate_that_lists_it():
    first, second = (GAME | {"game_date": on_day(day)} for day in (40, 60))
    people = players(HOME | first, HOME | second | {"is_home": False})
    both = games(*(g | {"home_team": "TOR", "away_team": "BOS"} for g in (first, second)))
    rows = project_skaters(
        skater_form(skater_games(), people, K),
        team_factors(skater_games(), goalie_games(), both, K),
        people,
        K,
    ).query("market == 'SOG'")
    home = K.skaters[Market.SOG].home_factor
    assert dict(zip(rows["game_date"], rows["home_factor"], strict=True)) == {
        on_day(40): home,
        on_day(60): pytest.approx(1 / home),
    }


def test_a_slate_without_players_gives_empty_tables():
    nobody = players()
    form, keeper = skater_form(skater_games(), nobody, K), goalie_form(goalie_games(), nobody, K)
    assert project_skaters(form, factors(), nobody, K).equals(PROJECTION_SKATER_MARKETS.empty_frame())
    assert project_goalies(keeper, factors(), nobody, K).equals(PROJECTION_GOALIE_MARKETS.empty_frame())


def projected(season) -> pd.DataFrame:
    factor = team_factors(season.skaters, season.goalies, season.games, K)
    skater = project_skaters(skater_form(season.skaters, season.players, K), factor, season.players, K)
    goalie = project_goalies(goalie_form(season.goalies, season.players, K), factor, season.players, K)
    both = pd.concat([skater, goalie], ignore_index=True)
    return both.sort_values(["game_date", "game_id_nhl", "player_id_nhl", "market"]).reset_index(drop=True)


def test_a_range_of_slates_equals_one_call_a_slate():
    season = small_season(7)
    singly = pd.concat([projected(season.only(day)) for day in season.slates], ignore_index=True)
    pd.testing.assert_frame_equal(projected(season), singly, rtol=1e-12, atol=0)
