"""How a vendor's event or person became an NHL id, and how strong the evidence was: one table of scores.

A score ranks evidence; it is no probability. 1 is the player's full name, alone in the event, with something else
that the vendor says of him and that is right. 0 is undecided: nothing is mapped on a score, only on a decision.
"""

from enum import StrEnum


class MappingMethod(StrEnum):
    """How a vendor's player became an NHL id; UNRESOLVED and AMBIGUOUS rows carry no id."""

    EXACT = "exact_name"
    BIRTH_DATE = "name_and_birth_date"
    POSITION = "name_and_position"
    TEAM = "name_and_team"
    ALIAS = "alias"
    SPELLING = "other_spelling"
    INITIAL = "initial_and_surname"
    UNRESOLVED = "unresolved"
    AMBIGUOUS = "ambiguous"


class EventMethod(StrEnum):
    """How a vendor's event became a game: it names its teams, or its people all play in one game."""

    TEAMS = "date_and_teams"
    PEOPLE = "date_and_people"
    UNRESOLVED = "unresolved"


NAME_SCORE: dict[MappingMethod, float] = {
    MappingMethod.EXACT: 0.95,
    MappingMethod.BIRTH_DATE: 0.95,
    MappingMethod.POSITION: 0.95,
    MappingMethod.TEAM: 0.95,
    MappingMethod.ALIAS: 0.9,
    MappingMethod.SPELLING: 0.85,
    MappingMethod.INITIAL: 0.7,
    MappingMethod.UNRESOLVED: 0.0,
    MappingMethod.AMBIGUOUS: 0.0,
}
"""By how closely the names agree: the full name; a dated row of the alias table; another form of the first name;
the surname and an initial."""

SUPPORT = 0.05
"""Added when a birth date, position or team that the vendor gives is the player's."""

EVENT_BY_PEOPLE = 0.05
"""Taken off when the event names no teams."""


def mapping_score(method: MappingMethod, is_supported: bool, event: EventMethod) -> float:
    """0 to 1 of a player's mapping; 0 when he is undecided."""
    score = NAME_SCORE[method]
    if not score:
        return 0.0
    return round(score + SUPPORT * is_supported - EVENT_BY_PEOPLE * (event is EventMethod.PEOPLE), 2)
