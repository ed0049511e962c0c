import pytest

from nhl_ops.domain.mapping import NAME_SCORE, EventMethod, MappingMethod, mapping_score

TEAMS, PEOPLE = EventMethod.TEAMS, EventMethod.PEOPLE
UNDECIDED = {MappingMethod.UNRESOLVED, MappingMethod.AMBIGUOUS}


@pytest.mark.parametrize(
    ("method", "is_supported", "event", "score"),
    [
        (MappingMethod.EXACT, True, TEAMS, 1.0),
        (MappingMethod.EXACT, False, TEAMS, 0.95),
        (MappingMethod.BIRTH_DATE, True, TEAMS, 1.0),
        (MappingMethod.ALIAS, False, TEAMS, 0.9),
        (MappingMethod.SPELLING, True, TEAMS, 0.9),
        (MappingMethod.INITIAL, False, TEAMS, 0.7),
        (MappingMethod.EXACT, True, PEOPLE, 0.95),
        (MappingMethod.INITIAL, False, PEOPLE, 0.65),
        (MappingMethod.UNRESOLVED, False, PEOPLE, 0.0),
        (MappingMethod.AMBIGUOUS, True, TEAMS, 0.0),
    ],
)
def test_the_score_of_a_mapping(
    method: MappingMethod, is_supported: bool, event: EventMethod, score: float
) -> None:
    assert mapping_score(method, is_supported, event) == score


def test_every_method_has_a_score_and_only_the_undecided_have_none() -> None:
    assert set(NAME_SCORE) == set(MappingMethod)
    assert {method for method, score in NAME_SCORE.items() if score == 0} == UNDECIDED


@pytest.mark.parametrize("method", sorted(set(MappingMethod) - UNDECIDED))
def test_support_raises_a_score_and_an_event_without_teams_lowers_it(method: MappingMethod) -> None:
    scores = [
        mapping_score(method, supported, event) for event in (PEOPLE, TEAMS) for supported in (False, True)
    ]
    assert scores[0] < scores[1] <= scores[3]
    assert scores[0] < scores[2] < scores[3] <= 1.0
