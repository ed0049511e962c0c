import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.transforms.walk_forward import ALL_GAMES, as_changes, decayed
from nhl_ops_tests.transforms.small_season import known_after, on_day, skater_games, start_of

HALF_LIFE = 7.0
WANTED = [("goals", HALF_LIFE), ("goals", ALL_GAMES), ("appearance", HALF_LIFE), ("appearance", ALL_GAMES)]

# Whole days from the start, so that a result often becomes known at the very instant of an as-of.
versions = st.tuples(
    st.integers(1, 2),  # player
    st.integers(0, 4),  # day; a player has one game a day
    st.integers(0, 3),  # goals
    st.integers(0, 5).map(lambda n: 24 * n),  # hours from the start until known
)
questions = st.tuples(st.integers(1, 3), st.integers(0, 5), st.integers(-1, 6).map(lambda n: 24 * n))


def history(rows: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    return skater_games(
        *(
            {
                "game_date": on_day(day),
                "game_id_nhl": 2025020000 + day,
                "player_id_nhl": player,
                "goals": goals,
                "known_at_utc": known_after(on_day(day), hours),
                "row_hash": f"v{number}",
            }
            for number, (player, day, goals, hours) in enumerate(rows)
        )
    )


def slate(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "player_id_nhl": [player for player, _, _ in rows],
            "game_date": [on_day(day) for _, day, _ in rows],
            "as_of_ts_utc": [start_of(on_day(day)) + pd.Timedelta(hours=h) for _, day, h in rows],
        }
    ).astype({"as_of_ts_utc": "datetime64[us, UTC]"})


def sums(facts: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    result = decayed(as_changes(facts, ["goals"]), "player_id_nhl", asked, "player_id_nhl", WANTED)
    return np.column_stack([result[want] for want in WANTED])


def one_by_one(facts: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    """The definition: the latest version known at as-of of each game before the slate, weighted by age."""
    rows = []
    for question in asked.itertuples():
        known = facts[
            (facts["player_id_nhl"] == question.player_id_nhl)
            & (facts["game_date"] < question.game_date)
            & (facts["known_at_utc"] <= question.as_of_ts_utc)
        ]
        latest = known.sort_values(["known_at_utc", "row_hash"]).drop_duplicates("game_id_nhl", keep="last")
        age = (pd.Timestamp(question.game_date) - pd.to_datetime(latest["game_date"])).dt.days.to_numpy()
        weight, goals = 0.5 ** (age / HALF_LIFE), latest["goals"].to_numpy()
        rows.append([(goals * weight).sum(), goals.sum(), weight.sum(), len(latest)])
    return np.array(rows, dtype=float).reshape(-1, len(WANTED))


@settings(deadline=None, max_examples=80)
@given(rows=st.lists(versions, max_size=9), asked=st.lists(questions, min_size=1, max_size=6))
def test_sums_equal_the_definition_with_any_corrections_and_late_results(rows, asked):
    facts, moments = history(rows), slate(asked)
    assert sums(facts, moments) == pytest.approx(one_by_one(facts, moments), abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(versions, max_size=6),
    later=st.lists(versions, max_size=4),
    asked=questions,
    gap=st.integers(0, 50),
)
def test_rows_that_become_known_later_change_nothing(rows, later, asked, gap):
    moments = slate([asked])
    as_of = moments["as_of_ts_utc"].iloc[0]
    facts = history(rows)
    appended = history(later).assign(
        known_at_utc=as_of + pd.Timedelta(microseconds=gap + 1), row_hash="later"
    )
    both = pd.concat([f for f in (facts, appended) if len(f)] or [facts])
    assert sums(both, moments) == pytest.approx(sums(facts, moments), abs=1e-12)


def test_a_correction_replaces_the_value_from_its_own_capture_on():
    facts = history([(1, 0, 2, 6), (1, 0, 1, 40)])
    asked = slate([(1, 1, 0), (1, 2, 0)])
    assert sums(facts, asked)[:, 1].tolist() == [2.0, 1.0]


def test_a_late_result_of_the_slate_itself_never_counts():
    facts = history([(1, 3, 2, 100), (1, 4, 1, 6)])
    assert sums(facts, slate([(1, 3, 200), (1, 4, 200)]))[:, 1].tolist() == [0.0, 2.0]


def test_a_game_counts_once_however_often_it_was_corrected():
    facts = history([(1, 0, 2, 6), (1, 0, 1, 40), (1, 0, 3, 50)])
    assert sums(facts, slate([(1, 6, 0)]))[:, 3].tolist() == [1.0]


def test_a_version_that_changes_nothing_that_counts_leaves_no_row():
    assert len(as_changes(history([(1, 0, 2, 6), (1, 0, 2, 40)]), ["goals"])) == 1


def test_a_player_without_history_has_sums_of_zero():
    assert sums(history([(1, 0, 2, 6)]), slate([(4, 5, 0)])).tolist() == [[0.0] * len(WANTED)]


def test_an_empty_history_gives_zeros():
    assert sums(history([]), slate([(1, 3, 0), (2, 3, 0)])).tolist() == [[0.0] * len(WANTED)] * 2


def test_weight_halves_with_each_half_life():
    facts = history([(1, 0, 1, 6)])
    assert sums(facts, slate([(1, 7, 0)]))[0, 0] == pytest.approx(0.5)


def test_the_sums_of_fifteen_seasons_stay_finite():
    old = skater_games({"game_date": "2011-10-06", "player_id_nhl": 1, "goals": 1})
    new = skater_games({"game_date": "2025-10-07", "player_id_nhl": 1, "goals": 1, "game_id_nhl": 2})
    total = sums(pd.concat([old, new]), slate([(1, 1, 0)]))[0]
    assert total[0] == pytest.approx(0.5 ** (1 / HALF_LIFE))
    assert total[1] == 2.0
