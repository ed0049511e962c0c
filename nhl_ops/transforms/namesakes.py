"""One person, several candidates: who it is by what the vendor says of him, or nobody and why.

Pairs of a person and a candidate go in; whether their names agree is settled before.
"""

from __future__ import annotations

import pandas as pd

from nhl_ops.domain.mapping import MappingMethod

ANSWER_COLUMNS = ["player_id_nhl", "mapping_method", "mapping_reason", "is_supported"]
DECIDED_BY = [MappingMethod.EXACT, MappingMethod.BIRTH_DATE, MappingMethod.POSITION, MappingMethod.TEAM]
EVIDENCE = {
    "birth_said": "birth_date",
    "year_said": "birth_year",
    "position_said": "group",
    "team_said": "team",
}
"""What the vendor says of a person, and what of a candidate it is compared with."""

LABELS = {
    "birth_said": "birth date",
    "year_said": "birth year",
    "position_said": "position",
    "team_said": "team",
}


def decide(pairs: pd.DataFrame, method: MappingMethod | None = None) -> pd.DataFrame:
    """Answers (ANSWER_COLUMNS) by person_no, for every person in `pairs`.

    pairs: person_no; the keys of EVIDENCE (what the vendor says, or null) and its values (what is known, or
    null); player_id_nhl and player_name of the candidate. A candidate stays as long as nothing said
    contradicts what is known of him; he is supported when something said is known of him too. `method` is
    reported for whoever is decided; without it, the evidence that decided.
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
            "is_supported": False,
        },
        index=left.index,
    )
    survivors = pairs[alive[-1]].assign(is_supported=_is_supported(pairs)).set_index("person_no")
    chosen = survivors[survivors.index.isin(left.index[is_decided])]
    answers.loc[chosen.index, "player_id_nhl"] = chosen["player_id_nhl"].astype("Int64")
    answers.loc[chosen.index, "is_supported"] = chosen["is_supported"]
    undecided = left.index[~is_decided]
    answers.loc[undecided, "mapping_method"] = MappingMethod.AMBIGUOUS.value
    answers.loc[undecided, "mapping_reason"] = _reasons(pairs[pairs["person_no"].isin(undecided)], alive[-1])
    return answers


def _not_contradicted(pairs: pd.DataFrame) -> list[pd.Series[bool]]:
    """Pairs alive at the start, after the birth date, after the position, and after the team."""
    agrees = {said: _agrees(pairs[said], pairs[known]) for said, known in EVIDENCE.items()}
    birth = agrees["birth_said"] & agrees["year_said"]
    position = birth & agrees["position_said"]
    return [pd.Series(True, index=pairs.index), birth, position, position & agrees["team_said"]]


def _is_supported(pairs: pd.DataFrame) -> pd.Series[bool]:
    found = pd.Series(False, index=pairs.index)
    for said, known in EVIDENCE.items():
        found |= (pairs[said] == pairs[known]).fillna(False).astype(bool)
    return found


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
        said = [f"{label} {first[column]}" for column, label in LABELS.items() if not pd.isna(first[column])]
        return f"the name fits {who}, but not with {', '.join(said)}"

    ordered = pairs.sort_values(["person_no", "player_id_nhl"])
    return pd.Series({no: reason(rows) for no, rows in ordered.groupby("person_no")}, dtype=object)
