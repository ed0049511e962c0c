"""The table `dead_letters`: what the state file holds of them, version by version."""

from collections.abc import Iterable

import pandas as pd

from nhl_ops.contracts.dead_letters import DEAD_LETTERS, LetterState
from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.results import FACT_SKATER_GAMES, RAW_NHL_ROSTERS, RAW_NHL_SCHEDULE
from nhl_ops.defs.house import House
from nhl_ops.defs.raw_odds import capture_dates
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.gateways.letters import Chosen, letters_frame
from nhl_ops.gateways.warehouse import Audit

EVERY_STATE = tuple(LetterState)


def letters_of_days(house: House, days: Iterable[str]) -> pd.DataFrame:
    """Every dead letter of these Eastern capture dates as it stands, in the columns of DEAD_LETTERS."""
    frames = [letters_frame(house.state.letters(Chosen(day=day, states=EVERY_STATE))) for day in days]
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else DEAD_LETTERS.empty_frame()


def store_letters(house: House, days: Iterable[str], audit: Audit) -> None:
    """Add to the table what changed since it was last written."""
    house.warehouse.append(DEAD_LETTERS, letters_of_days(house, days), audit)


def make_dead_letters(run: SlateRun) -> Made:
    return Made(letters_of_days(run.house, capture_dates(run.keys)))


PARSED = [
    *(spec.name for spec in RAW_QUOTES.values()),
    RAW_GAME_LINES.name,
    RAW_NHL_SCHEDULE.name,
    RAW_NHL_ROSTERS.name,
    FACT_SKATER_GAMES.name,
]
DEAD_LETTER_ASSETS = [table_asset(DEAD_LETTERS, make_dead_letters, PARSED)]
