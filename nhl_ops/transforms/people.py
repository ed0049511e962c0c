"""Who people are among the players of a scope, a game or a slate: names in up to four forms, then the evidence.

The order: same name; the alias table; nickname or other spelling; initial and surname where one side has no more.
Namesakes are told apart by birth date, position and team, in that order, and by nothing else. Evidence against
the only candidate leaves him undecided as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.domain.identity import (
    initial_key,
    is_short,
    nickname_key,
    parse_name,
    position_group,
    tag_year,
)
from nhl_ops.domain.mapping import MappingMethod
from nhl_ops.domain.teams import tri_code
from nhl_ops.transforms.namesakes import ANSWER_COLUMNS, EVIDENCE, decide

PERSON_COLUMNS = [
    "game_date",
    "player_name_raw",
    "player_team_raw",
    "player_position_raw",
    "player_birth_date",
    "is_goalie",
]


def resolve(
    people: pd.DataFrame, players: pd.DataFrame, aliases: pd.DataFrame, scope: Sequence[str]
) -> pd.DataFrame:
    """Answers (ANSWER_COLUMNS) by person_no: each pass takes up those that the ones before left open.

    people: person_no, PERSON_COLUMNS and the columns of `scope`, within which the candidates are sought: the
    players of one game, or of all games of a date. players: DIM_PLAYERS. aliases: of `check_aliases`.
    """
    candidates = _with_forms(players)
    said = _of_the_scope(_with_evidence(people), candidates, scope)

    nobody = "no player of that name is known for " + _where(said, scope) + ": " + said["player_name_raw"]
    answers = pd.DataFrame(
        {
            "player_id_nhl": pd.array([pd.NA] * len(said), dtype="Int64"),
            "mapping_method": MappingMethod.UNRESOLVED.value,
            "mapping_reason": nobody.to_numpy(dtype=object),
            "is_supported": False,
        },
        index=pd.Index(said["person_no"]),
    )

    def settle(pairs: pd.DataFrame, method: MappingMethod | None = None) -> None:
        if pairs.empty:
            return
        decided = decide(pairs, method)
        for column in ANSWER_COLUMNS:
            answers.loc[decided.index, column] = decided[column].array

    def open_people(*methods: MappingMethod) -> pd.DataFrame:
        return said[answers["mapping_method"].isin(methods).to_numpy()]

    settle(_pairs(said, candidates, "key", scope))
    unsettled = open_people(MappingMethod.UNRESOLVED, MappingMethod.AMBIGUOUS)
    if len(unsettled):
        settle(_alias_pairs(unsettled, candidates, aliases, scope), MappingMethod.ALIAS)
    spelt = _pairs(open_people(MappingMethod.UNRESOLVED), candidates, "nickname", scope)
    settle(spelt, MappingMethod.SPELLING)
    initials = _pairs(open_people(MappingMethod.UNRESOLVED), candidates, "initial", scope)
    settle(initials[initials["is_short"] | initials["is_short_known"]], MappingMethod.INITIAL)
    return answers


def tri_codes(spellings: Iterable[object], days: Sequence[date]) -> list[str | None]:
    return [
        tri_code(text, day) if isinstance(text, str) else None
        for text, day in zip(spellings, days, strict=True)
    ]


def objects(values: Sequence[str | None]) -> NDArray[np.object_]:
    """Texts and nulls as an array that stays one of objects, an empty one too."""
    return np.array(values, dtype=object)


def _with_evidence(people: pd.DataFrame) -> pd.DataFrame:
    names = [parse_name(str(name)) for name in people["player_name_raw"]]
    days = [date.fromisoformat(d) for d in people["game_date"]]
    tags = [name.tag for name in names]
    teams = zip(tri_codes(tags, days), tri_codes(people["player_team_raw"], days), strict=True)
    positions = zip(tags, people["player_position_raw"], strict=True)
    evidence: dict[str, list[str | None]] = {
        "key": [name.key for name in names],
        "tag": [tag.casefold() if tag else None for tag in tags],
        "team_said": [a or b for a, b in teams],
        "position_said": [position_group(a) or position_group(_text(b)) for a, b in positions],
    }
    said = people.assign(
        **{column: objects(values) for column, values in evidence.items()},
        birth_said=people["player_birth_date"],
        year_said=pd.array([tag_year(tag) for tag in tags], dtype="Int64"),
    )
    return _with_coarse_keys(said)


def _with_forms(players: pd.DataFrame) -> pd.DataFrame:
    columns = ["game_date", "game_id_nhl", "player_id_nhl", "player_name", "team", "opponent", "birth_date"]
    candidates = players[columns].assign(
        key=players["name_key"],
        is_goalie=players["position"] == "G",
        group=objects([position_group(p) for p in players["position"]]),
        birth_year=pd.to_numeric(players["birth_date"].astype(object).str[:4]).astype("Int64"),
    )
    return _with_coarse_keys(candidates)


def _with_coarse_keys(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        nickname=objects([nickname_key(k) for k in frame["key"]]),
        initial=objects([initial_key(k) for k in frame["key"]]),
        is_short=pd.array([is_short(k) for k in frame["key"]], dtype="bool"),
    )


def _of_the_scope(said: pd.DataFrame, candidates: pd.DataFrame, scope: Sequence[str]) -> pd.DataFrame:
    """A team that does not play in the scope says nothing of who a person is: it is an old one."""
    sides = [
        candidates[[*scope, side]].set_axis([*scope, "team_said"], axis=1) for side in ("team", "opponent")
    ]
    playing = pd.MultiIndex.from_frame(pd.concat(sides).drop_duplicates())
    plays = pd.MultiIndex.from_frame(said[[*scope, "team_said"]]).isin(playing)
    return said.assign(team_said=said["team_said"].mask(~pd.Series(plays, index=said.index)))


def _where(said: pd.DataFrame, scope: Sequence[str]) -> pd.Series[str] | str:
    return "either team" if "game_id_nhl" in scope else "any team of " + said["game_date"]


def _pairs(people: pd.DataFrame, candidates: pd.DataFrame, form: str, scope: Sequence[str]) -> pd.DataFrame:
    """People and candidates of the same scope and kind (goalie or skater) whose names agree in that form."""
    return people.merge(candidates, on=[*scope, "is_goalie", form], suffixes=("", "_known"))


def _alias_pairs(
    people: pd.DataFrame, candidates: pd.DataFrame, aliases: pd.DataFrame, scope: Sequence[str]
) -> pd.DataFrame:
    """People and candidates that a row of the alias table in force brings together.

    A row with an id counts whatever the vendor says of the person, unless the table gives the name to several
    men: between namesakes the vendor's word counts. A row that has the person's tag comes before one without.
    """
    parsed = [parse_name(name) for name in aliases["alias_name"].astype(str)]
    targets = [parse_name(n).key if isinstance(n, str) else None for n in aliases["player_name"]]
    rows = aliases.assign(
        key=objects([name.key for name in parsed]),
        tag_alias=objects([name.tag.casefold() if name.tag else None for name in parsed]),
        key_target=objects(targets),
    )
    met = people.merge(rows, on="key")
    in_force = (met["valid_from"].isna() | (met["valid_from"] <= met["game_date"])) & (
        met["valid_to"].isna() | (met["game_date"] <= met["valid_to"])
    )
    met = met[in_force]
    is_shared = met.groupby("person_no")["player_id"].transform("nunique") > 1
    has_tag = met["tag_alias"].notna() & (met["tag_alias"] == met["tag"])
    is_tagged = has_tag.groupby(met["person_no"]).transform("any")
    met = met.assign(is_shared=is_shared)[has_tag | (met["tag_alias"].isna() & ~is_tagged)]
    pairs = met.merge(candidates, on=[*scope, "is_goalie"], suffixes=("", "_known"))
    is_target = (pairs["player_id"] == pairs["player_id_nhl"]).fillna(False) | (
        pairs["key_target"] == pairs["key_known"]
    )
    pairs = pairs[is_target.astype(bool)].drop_duplicates(["person_no", "player_id_nhl"])
    pairs.loc[pairs["player_id"].notna() & ~pairs["is_shared"], list(EVIDENCE)] = None
    return pairs


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
