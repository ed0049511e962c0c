"""What the NHL's parsers share: kinds of games, and frames typed by contract with the digest of a version."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from nhl_ops.contracts.spec import Dtype, TableSpec
from nhl_ops.gateways.drift import ShapeError
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.wire import Node, digests, instants, microseconds

GAME_TYPES = {1: "PR", 2: "R", 3: "P"}
SKATER_STATISTICS: tuple[str, ...] = (
    "goals",
    "assists",
    "points",
    "shots_on_goal",
    "blocked_shots",
    "hits",
    "power_play_goals",
)
SKATER_STATISTICS += ("toi_sec",)
GOALIE_STATISTICS = ("is_starter", "shots_against", "saves", "goals_against", "toi_sec")
LEFT_TO_CALLER = "known_at_utc"
OTHER_KIND = "other_kind_of_game"
"""Rule of an all-star game and the like."""


class OtherKindOfGame(ShapeError):  # noqa: N818 - the rule of a dead letter
    """An all-star game or another that is no preseason, regular season or playoff game."""


def rule_of(problem: ShapeError, otherwise: str) -> str:
    """The rule of the dead letter that a row's problem makes."""
    return OTHER_KIND if isinstance(problem, OtherKindOfGame) else otherwise


def game_kind(game: Node) -> tuple[int, int, str]:
    """(game id, season id, R, P or PR) of an id YYYYTTNNNN. Raises OtherKindOfGame."""
    game_id = game.integer()
    first, kind = game_id // 1_000_000, game_id // 10_000 % 100
    if kind not in GAME_TYPES or not 1917 <= first <= 2100:
        raise OtherKindOfGame(game.path, "a preseason, regular season or playoff game", game_id)
    return game_id, first * 10_000 + first + 1, GAME_TYPES[kind]


def stamp(payload: Payload) -> dict[str, Any]:
    """Where a row comes from: its captured_at_utc and payload_hash."""
    return {"captured_at_utc": microseconds(payload.captured_at_utc), "payload_hash": payload.payload_hash}


def fact_frame(spec: TableSpec, rows: Sequence[Mapping[str, Any]], version: Sequence[str]) -> pd.DataFrame:
    """Rows typed as in the contract, without known_at_utc, which only the caller can tell.

    row_hash is the digest of the `version` columns. Times in rows are microseconds since 1970.
    """
    columns: dict[str, Any] = {c.name: [row.get(c.name) for row in rows] for c in spec.columns}
    columns["row_hash"] = digests(*(columns[name] for name in version)) if rows else []
    kept = [c for c in spec.columns if c.name != LEFT_TO_CALLER]
    columns |= {c.name: instants(columns[c.name]) for c in kept if c.dtype is Dtype.TIMESTAMP}
    return pd.DataFrame({c.name: pd.Series(columns[c.name], dtype=c.pandas_dtype) for c in kept})
