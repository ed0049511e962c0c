"""Game lines of a slate, from three sources to facts with their game, beside the props and apart from them."""

import dagster as dg
import orjson
import pytest

from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING, RAW_GAME_LINES
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.capture import capture_partner_games
from nhl_ops.defs.game_lines import nothing_or_ok
from nhl_ops.defs.house import House
from nhl_ops.domain.game_lines import GameMarket
from nhl_ops_tests.fakes.project import Project

SOURCES = {"nhl_schedule", "nhl_partner_game", "oddsshark_scores"}


def published(project: Project, spec: TableSpec, keys: list[str]):  # type: ignore[no-untyped-def]
    return project.house.warehouse.read_slices(spec, keys, "no scope")[0]
