"""From a vendor's events and people to NHL ids: decided by evidence, or left undecided with the reason.

Works on distinct events and people of any number of slates and puts the answers back on the quotes. The
order for a person, always within the two teams of his event: same name; the alias table; nickname or other
spelling; initial and surname where one side has no more. Namesakes are told apart by birth date, position and
team, in that order, and by nothing else. Evidence against the only candidate leaves him undecided as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from nhl_ops.contracts.encoding import distinct
from nhl_ops.domain.identity import (
    initial_key,
    is_short,
    nickname_key,
    parse_name,
    position_group,
    tag_year,
)
from nhl_ops.domain.markets import GOALIE_MARKETS, MappingMethod
from nhl_ops.domain.teams import tri_code
from nhl_ops.transforms.namesakes import ANSWER_COLUMNS, decide

START_TOLERANCE = pd.Timedelta(hours=12)
EVENT_COLUMNS = ["game_date", "home_team_raw", "away_team_raw", "start_time_utc"]
PERSON_COLUMNS = [
    "game_date",
    "game_id_nhl",
    "player_name_raw",
    "player_team_raw",
    "player_position_raw",
    "player_birth_date",
    "is_goalie",
]
ALIAS_COLUMNS = ["alias_name", "player_name", "player_id", "valid_from", "valid_to", "source"]
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SLATE_GAME = ["game_date", "game_id_nhl"]


def map_events(quotes: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """The quotes with game_id_nhl (null when undecided) and event_reason (why).

    quotes: EVENT_COLUMNS. games: DIM_GAMES. An event is the game of the same Eastern date, away and home team
    whose start lies within twelve hours of the vendor's.
    """
    event_no, events = distinct(quotes[EVENT_COLUMNS], EVENT_COLUMNS)
    events["event_no"] = range(len(events))
    days = [date.fromisoformat(d) for d in events["game_date"]]
    events["home_team"] = _objects(_tri_codes(events["home_team_raw"], days)).array
    events["away_team"] = _objects(_tri_codes(events["away_team_raw"], days)).array
    found = events.merge(
        games[["game_date", "home_team", "away_team", "game_id_nhl", "start_time_utc"]],
        on=["game_date", "home_team", "away_team"],
        how="left",
        suffixes=("", "_nhl"),
    )
    gap = (found["start_time_utc"] - found["start_time_utc_nhl"]).abs()
    found["event_reason"] = _event_reasons(found, games, gap)
    undecided = found["event_reason"].notna()
    found["game_id_nhl"] = found["game_id_nhl"].astype("Int64").mask(undecided)
    answers = found.drop_duplicates("event_no").set_index("event_no")[["game_id_nhl", "event_reason"]]
    return _with_answers(quotes, answers, event_no)


def map_players(quotes: pd.DataFrame, players: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """The quotes with player_id_nhl, mapping_method and mapping_reason.

    quotes: raw quote columns with game_id_nhl and event_reason of `map_events`. players: DIM_PLAYERS.
    aliases: ALIAS_COLUMNS of `check_aliases`.
    """
    people = quotes.assign(is_goalie=quotes["market"].isin(GOALIE_MARKETS))[[*PERSON_COLUMNS, "event_reason"]]
    person_no, people = distinct(people, PERSON_COLUMNS)
    people = _with_evidence(people.assign(person_no=range(len(people))))
    answers = _resolve(people, _with_forms(players), aliases)
    return _with_answers(quotes.drop(columns="event_reason"), answers, person_no)


def check_aliases(aliases: pd.DataFrame) -> pd.DataFrame:
    """The alias table, typed. Raises ValueError with the row's number for a row that cannot be applied."""
    missing = [c for c in ALIAS_COLUMNS if c not in aliases.columns]
    if missing:
        raise ValueError(f"aliases: column(s) {missing} are missing; expected {ALIAS_COLUMNS}")
    table = aliases[ALIAS_COLUMNS].astype(object)
    table = table.mask(table.isna() | (table == ""), None)
    for number, row in enumerate(table.itertuples(index=False), start=2):
        if row.alias_name is None:
            raise ValueError(f"aliases, line {number}: alias_name is empty")
        if (row.player_name is None) == (row.player_id is None):
            raise ValueError(f"aliases, line {number} ({row.alias_name!s}): give player_name or player_id")
        for bound in (row.valid_from, row.valid_to):
            if bound is not None and not _ISO_DATE.fullmatch(str(bound)):
                raise ValueError(f"aliases, line {number} ({row.alias_name!s}): {bound!s} is not YYYY-MM-DD")
    table["player_id"] = pd.to_numeric(table["player_id"]).astype("Int64")
    return table


def _with_answers(quotes: pd.DataFrame, answers: pd.DataFrame, number: NDArray[Any]) -> pd.DataFrame:
    position = answers.index.get_indexer(pd.Index(number))
    return quotes.assign(**{str(column): answers[column].array[position] for column in answers})


def _tri_codes(spellings: Iterable[object], days: list[date]) -> list[str | None]:
    return [
        tri_code(text, day) if isinstance(text, str) else None
        for text, day in zip(spellings, days, strict=True)
    ]


def _event_reasons(
    found: pd.DataFrame, games: pd.DataFrame, gap: pd.Series[pd.Timedelta]
) -> list[str | None]:
    swapped = set(zip(games["game_date"], games["away_team"], games["home_team"], strict=True))
    reasons: list[str | None] = []
    for row, apart in zip(found.itertuples(index=False), gap, strict=True):
        unknown = [
            repr(raw)
            for raw, tri in ((row.away_team_raw, row.away_team), (row.home_team_raw, row.home_team))
            if not tri
        ]
        fixture = f"{row.away_team} at {row.home_team} on {row.game_date}"
        if unknown:
            reasons.append(f"no NHL team is spelt {' or '.join(unknown)}")
        elif pd.isna(apart) and (row.game_date, row.home_team, row.away_team) in swapped:
            reasons.append(f"{fixture} is scheduled with home and away the other way round")
        elif pd.isna(apart):
            reasons.append(f"no game {fixture}")
        elif apart > START_TOLERANCE:
            reasons.append(
                f"{fixture} starts {apart.total_seconds() / 3600:.0f} h away from the vendor's time"
            )
        else:
            reasons.append(None)
    return reasons


def _with_evidence(people: pd.DataFrame) -> pd.DataFrame:
    names = [parse_name(str(name)) for name in people["player_name_raw"]]
    days = [date.fromisoformat(d) for d in people["game_date"]]
    tags = [name.tag for name in names]
    teams = zip(_tri_codes(tags, days), _tri_codes(people["player_team_raw"], days), strict=True)
    positions = zip(tags, people["player_position_raw"], strict=True)
    evidence: dict[str, list[str | None]] = {
        "key": [name.key for name in names],
        "tag": [tag.casefold() if tag else None for tag in tags],
        "team_said": [a or b for a, b in teams],
        "position_said": [position_group(a) or position_group(_text(b)) for a, b in positions],
    }
    said = people.assign(
        **{column: _objects(values).array for column, values in evidence.items()},
        birth_said=people["player_birth_date"],
        year_said=pd.array([tag_year(tag) for tag in tags], dtype="Int64"),
    )
    return _with_coarse_keys(said)


def _with_forms(players: pd.DataFrame) -> pd.DataFrame:
    candidates = players[
        [*SLATE_GAME, "player_id_nhl", "player_name", "team", "opponent", "birth_date"]
    ].assign(
        key=players["name_key"],
        is_goalie=players["position"] == "G",
        group=_objects([position_group(p) for p in players["position"]]).array,
        birth_year=pd.to_numeric(players["birth_date"].astype(object).str[:4]).astype("Int64"),
    )
    return _with_coarse_keys(candidates)


def _with_coarse_keys(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        nickname=_objects([nickname_key(k) for k in frame["key"]]).array,
        initial=_objects([initial_key(k) for k in frame["key"]]).array,
        is_short=pd.array([is_short(k) for k in frame["key"]], dtype="bool"),
    )


def _resolve(people: pd.DataFrame, candidates: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Answers (ANSWER_COLUMNS) by person_no: each pass takes up those that the ones before left open."""
    answers = pd.DataFrame(
        {
            "player_id_nhl": pd.array([pd.NA] * len(people), dtype="Int64"),
            "mapping_method": MappingMethod.UNRESOLVED.value,
            "mapping_reason": people["event_reason"],
        },
        index=pd.Index(people["person_no"]),
    )
    known = people[people["game_id_nhl"].notna()].astype({"game_id_nhl": "int64"})
    nobody = "no player of that name is known for either team: " + known["player_name_raw"]
    answers.loc[known["person_no"], "mapping_reason"] = nobody.to_numpy()

    def put(decided: pd.DataFrame) -> None:
        for column in ANSWER_COLUMNS:
            answers.loc[decided.index, column] = decided[column].array

    def open_people(*methods: MappingMethod) -> pd.DataFrame:
        return known[answers["mapping_method"].loc[known["person_no"]].isin(methods).to_numpy()]

    put(decide(_pairs(known, candidates, "key")))
    unsettled = open_people(MappingMethod.UNRESOLVED, MappingMethod.AMBIGUOUS)
    put(decide(_alias_pairs(unsettled, candidates, aliases), MappingMethod.ALIAS))
    put(decide(_pairs(open_people(MappingMethod.UNRESOLVED), candidates, "nickname"), MappingMethod.ALIAS))
    initials = _pairs(open_people(MappingMethod.UNRESOLVED), candidates, "initial")
    put(decide(initials[initials["is_short"] | initials["is_short_known"]], MappingMethod.ALIAS))
    return answers


def _pairs(people: pd.DataFrame, candidates: pd.DataFrame, form: str) -> pd.DataFrame:
    """People and candidates of the same game and kind (goalie or skater) whose names agree in that form."""
    return people.merge(candidates, on=[*SLATE_GAME, "is_goalie", form], suffixes=("", "_known"))


def _alias_pairs(people: pd.DataFrame, candidates: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    parsed = [parse_name(name) for name in aliases["alias_name"].astype(str)]
    targets = [parse_name(n).key if isinstance(n, str) else None for n in aliases["player_name"]]
    rows = aliases.assign(
        key=_objects([name.key for name in parsed]).array,
        tag_alias=_objects([name.tag.casefold() if name.tag else None for name in parsed]).array,
        key_target=_objects(targets).array,
    )
    met = people.merge(rows, on="key")
    in_force = (met["valid_from"].isna() | (met["valid_from"] <= met["game_date"])) & (
        met["valid_to"].isna() | (met["game_date"] <= met["valid_to"])
    )
    met = met[in_force & (met["tag_alias"].isna() | (met["tag_alias"] == met["tag"]))]
    pairs = met.merge(candidates, on=[*SLATE_GAME, "is_goalie"], suffixes=("", "_known"))
    is_target = (pairs["player_id"] == pairs["player_id_nhl"]).fillna(False) | (
        pairs["key_target"] == pairs["key_known"]
    )
    pairs = pairs[is_target.astype(bool)].drop_duplicates(["person_no", "player_id_nhl"])
    said = ["birth_said", "year_said", "position_said", "team_said"]
    pairs.loc[pairs["player_id"].notna(), said] = None
    return pairs


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _objects(values: Sequence[str | None]) -> pd.Series[str]:
    return pd.Series(list(values), dtype="object")
