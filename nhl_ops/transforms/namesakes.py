"""One person, several candidates: who it is by what the vendor says of him, or nobody and why.

Pairs of a person and a candidate go in; whether their names agree is settled before.
"""

from __future__ import annotations

import pandas as pd

from nhl_ops.domain.markets import MappingMethod

ANSWER_COLUMNS = ["player_id_nhl", "mapping_method", "mapping_reason"]
DECIDED_BY = [MappingMethod.EXACT, MappingMethod.BIRTH_DATE, MappingMethod.POSITION, MappingMethod.TEAM]


def decide(pairs: pd.DataFrame, method: MappingMethod | None = None) -> pd.DataFrame:
    """Answers (ANSWER_COLUMNS) by person_no, for every person in `pairs`.

    pairs: person_no; birth_said, year_said, position_said, team_said (what the vendor says, or null);
    player_id_nhl, player_name, birth_date, birth_year, group, team, opponent of the candidate. A candidate
    stays as long as nothing said contradicts what is known of him; a team that does not play in the event is
    no evidence. `method` is reported for whoever is decided; without it, the evidence that decided.
    """
    alive = _not_contradicted(pairs)
    left = pd.DataFrame({i: flags.groupby(pairs["person_no"]).sum() for i, flags in enumerate(alive)})
    is_decided = left[len(alive) - 1] == 1
    by = [m.value for m in DECIDED_BY]
    first_alone = (left == 1).to_numpy().argmax(axis=1) if len(left) else []
    answers = pd.DataFrame(
        {
            "player_id_nhl": pd.array([pd.NA] * len(left), dtype="Int64"),
            "mapping_method": [method.value if method else by[i] for i in first_alone],
            "mapping_reason": pd.Series([None] * len(left), dtype=object, index=left.index),
        },
        index=left.index,
    )
    survivors = pairs[alive[-1]].set_index("person_no")["player_id_nhl"]
    chosen = survivors[survivors.index.isin(left.index[is_decided])]
    answers.loc[chosen.index, "player_id_nhl"] = chosen.astype("Int64")
    undecided = left.index[~is_decided]
    answers.loc[undecided, "mapping_method"] = MappingMethod.AMBIGUOUS.value
    answers.loc[undecided, "mapping_reason"] = _reasons(pairs[pairs["person_no"].isin(undecided)], alive[-1])
    return answers


def _not_contradicted(pairs: pd.DataFrame) -> list[pd.Series[bool]]:
    """Pairs alive at the start, after the birth date, after the position, and after the team."""
    birth = _agrees(pairs["birth_said"], pairs["birth_date"]) & _agrees(
        pairs["year_said"], pairs["birth_year"]
    )
    position = birth & _agrees(pairs["position_said"], pairs["group"])
    team = position & ~(pairs["team_said"] == pairs["opponent"]).fillna(False).astype(bool)
    return [pd.Series(True, index=pairs.index), birth, position, team]


def _agrees(said: pd.Series[str], known: pd.Series[str]) -> pd.Series[bool]:
    return said.isna() | known.isna() | (said == known).fillna(False).astype(bool)


def _reasons(pairs: pd.DataFrame, alive: pd.Series[bool]) -> pd.Series[str]:
    def reason(rows: pd.DataFrame) -> str:
        fitting = rows[alive.loc[rows.index]]
        who = ", ".join(
            f"{r.player_name} ({r.team}, {r.player_id_nhl})" for r in rows.itertuples(index=False)
        )
        if len(fitting):
            return f"{len(fitting)} players fit and nothing tells them apart: {who}"
        first = rows.iloc[0]
        said = [
            f"{label} {first[column]}"
            for label, column in (
                ("birth date", "birth_said"),
                ("birth year", "year_said"),
                ("position", "position_said"),
                ("team", "team_said"),
            )
            if not pd.isna(first[column])
        ]
        return f"the name fits {who}, but not with {', '.join(said)}"

    ordered = pairs.sort_values(["person_no", "player_id_nhl"])
    return pd.Series({no: reason(rows) for no, rows in ordered.groupby("person_no")}, dtype=object)
