"""What was known before a slate: corrections resolved, and exponentially decayed sums, for many slates at once.

A fact row counts for a slate when its game_date is before the slate and its known_at_utc is not after the
slate's as-of; of several versions of a row the latest known one counts. All figures of the model are ratios of
decayed sums, and a sum is linear: so a correction is one more row that carries the difference to the version
before it, under the date of the game and the known-at of the correction. No version has to be looked up per
as-of, and one pass serves every slate of a season.

    sum(entity, slate, as_of) = sum of value_j * 2 ** -((slate - day_j) / half_life)

over the rows j of the entity with day_j < slate and known_j <= as_of. Days are calendar days: a summer decays as
any other time does (counting it shorter or longer was measured and gains nothing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Wanted = tuple[str, float]

ALL_GAMES = float("inf")
"""The half-life that gives a plain sum."""


@dataclass(frozen=True)
class Observations:
    """Rows that can be summed: entity code, day (days since 1970), known-at (µs since 1970), values (rows, k)."""

    entity: Ints
    day: Ints
    known: Ints
    values: Floats

    def take(self, rows: Ints) -> Observations:
        return Observations(self.entity[rows], self.day[rows], self.known[rows], self.values[rows])


@dataclass(frozen=True)
class Moments:
    """Where sums are asked for: entity code (-1 = never seen), slate (days since 1970), as-of (µs since 1970)."""

    entity: Ints
    day: Ints
    as_of: Ints


def as_changes(facts: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Versions of (game, player) rows as changes: the first as it is, each later one minus the one before it.

    Returns the rows ordered by known_at_utc with `columns` as float64 differences and `appearance` (1 for a first
    version, 0 for a correction). A later version that changes none of the columns is left out.
    """
    ordered = facts.sort_values(["known_at_utc", "game_date", "captured_at_utc", "row_hash"], kind="stable")
    later = ordered.duplicated(["game_id_nhl", "player_id_nhl"]).to_numpy()
    values = ordered[columns].astype("float64")
    if later.any():
        players = [ordered["game_id_nhl"], ordered["player_id_nhl"]]
        values = values - values.groupby(players).shift().fillna(0.0)
    changes = ordered.assign(**{c: values[c] for c in columns}, appearance=1.0 - later)
    return changes[~later | (values != 0).any(axis=1).to_numpy()]


def decayed(
    changes: pd.DataFrame, entity: str, asked: pd.DataFrame, asked_entity: str, wanted: Sequence[Wanted]
) -> dict[Wanted, Floats]:
    """Decayed sum of each wanted (column, half-life in days) for each asked row.

    `changes` has the entity's column, game_date, known_at_utc and the wanted columns; `asked` has the entity's
    column, game_date (the slate) and as_of_ts_utc. An entity that was never seen has sums of 0.
    """
    unique = list(dict.fromkeys(wanted))
    codes, entities = pd.factorize(changes[entity])
    rows = Observations(
        codes.astype(np.int64),
        days(changes["game_date"]),
        microseconds(changes["known_at_utc"]),
        changes[[column for column, _ in unique]].to_numpy(np.float64),
    )
    moments = Moments(
        pd.Index(entities).get_indexer(pd.Index(asked[asked_entity])).astype(np.int64),
        days(asked["game_date"]),
        microseconds(asked["as_of_ts_utc"]),
    )
    sums = decayed_sums(rows, moments, np.array([half_life for _, half_life in unique]))
    return {want: sums[:, i] for i, want in enumerate(unique)}


def decayed_sums(rows: Observations, moments: Moments, half_life_days: Floats) -> Floats:
    """Decayed sums of every value column at every moment: shape (moments, k).

    `half_life_days` has one entry a column. Rows in order of both day and known-at are a prefix at any moment, so
    one recursion per entity serves them all; the few out of order (corrections, late arrivals) are added singly.
    """
    rows = rows.take(np.lexsort((rows.day, rows.known, rows.entity)))
    late = rows.day < _running_max(rows.entity, rows.day)
    sums = _prefix_sums(rows.take(np.flatnonzero(~late)), moments, half_life_days)
    if late.any():
        sums += _joined_sums(rows.take(np.flatnonzero(late)), moments, half_life_days)
    return sums


def days(game_dates: pd.Series[str]) -> Ints:
    """Days since 1970 of ISO dates."""
    codes, unique = pd.factorize(game_dates)
    return np.asarray(unique, dtype=object).astype("datetime64[D]").astype(np.int64)[codes]


def microseconds(instants: pd.Series[pd.Timestamp]) -> Ints:
    """Microseconds since 1970 of aware instants."""
    return instants.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)


def _running_max(entity: Ints, day: Ints) -> Ints:
    """Running maximum of `day` within each entity; rows ascend by entity."""
    if not len(day):
        return day
    span = int(day.max()) - int(day.min()) + 1
    return np.maximum.accumulate(day + entity * span) - entity * span


def _prefix_sums(rows: Observations, moments: Moments, half_life_days: Floats) -> Floats:
    counted = np.minimum(
        _count_before(rows.entity, rows.day, moments.entity, moments.day),
        _count_before(rows.entity, rows.known, moments.entity, moments.as_of + 1),
    )
    sums = np.zeros((len(moments.day), rows.values.shape[1]))
    seen = counted > 0
    last = np.searchsorted(rows.entity, moments.entity[seen]) + counted[seen] - 1
    sums[seen] = _states(rows, half_life_days)[last]
    sums[seen] *= _decay(moments.day[seen] - rows.day[last], half_life_days)
    return sums


def _count_before(entity: Ints, value: Ints, asked_entity: Ints, asked_value: Ints) -> Ints:
    """How many rows of the entity have a value below the asked one; rows ascend by entity, then value."""
    grid = np.unique(value)
    size = len(grid) + 1
    keys = entity * size + np.searchsorted(grid, value)
    asked = asked_entity * size + np.searchsorted(grid, asked_value)
    return np.searchsorted(keys, asked) - np.searchsorted(entity, asked_entity)


def _states(rows: Observations, half_life_days: Floats) -> Floats:
    """Decayed sum after each row, on that row's own day; the k-th rows of all entities are done together."""
    starts = np.flatnonzero(np.diff(rows.entity, prepend=-1))
    lengths = np.diff(starts, append=len(rows.entity))
    states = rows.values.copy()
    for k in range(1, int(lengths.max(initial=0))):
        row = starts[lengths > k] + k
        states[row] += states[row - 1] * _decay(rows.day[row] - rows.day[row - 1], half_life_days)
    return states


def _joined_sums(rows: Observations, moments: Moments, half_life_days: Floats) -> Floats:
    """The same sums by pairing every row with every moment of its entity: for few rows."""
    first = np.searchsorted(rows.entity, moments.entity)
    count = np.searchsorted(rows.entity, moments.entity, side="right") - first
    moment = np.repeat(np.arange(len(count)), count)
    row = np.arange(len(moment)) + np.repeat(first - (np.cumsum(count) - count), count)
    known = (rows.day[row] < moments.day[moment]) & (rows.known[row] <= moments.as_of[moment])
    moment, row = moment[known], row[known]
    sums = np.zeros((len(count), rows.values.shape[1]))
    np.add.at(sums, moment, rows.values[row] * _decay(moments.day[moment] - rows.day[row], half_life_days))
    return sums


def _decay(elapsed_days: Ints, half_life_days: Floats) -> Floats:
    """Weight per row and column; each distinct half-life is raised once."""
    distinct, column = np.unique(half_life_days, return_inverse=True)
    weights: Floats = np.exp2(-elapsed_days[:, None] / distinct[None, :])
    return weights[:, column]
