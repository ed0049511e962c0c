"""Every asset and check of the house."""

from nhl_ops.contracts.registry import TABLES
from nhl_ops.defs.capture import CAPTURES
from nhl_ops.defs.checks import contract_check
from nhl_ops.defs.dead_letters import DEAD_LETTER_ASSETS
from nhl_ops.defs.ev import EV
from nhl_ops.defs.floors import FLOOR_CHECKS
from nhl_ops.defs.freshness import data_freshness
from nhl_ops.defs.game_lines import GAME_LINES
from nhl_ops.defs.odds import ODDS
from nhl_ops.defs.projections import PROJECTIONS
from nhl_ops.defs.publishing import published_slates
from nhl_ops.defs.quality import QUALITY_CHECKS
from nhl_ops.defs.reporting import REPORTS
from nhl_ops.defs.results import RESULTS

ASSETS = [
    *CAPTURES,
    *RESULTS,
    *ODDS,
    *GAME_LINES,
    *DEAD_LETTER_ASSETS,
    *PROJECTIONS,
    *EV,
    *REPORTS,
    published_slates,
    data_freshness,
]
CHECKS = [*(contract_check(spec) for spec in TABLES.values()), *QUALITY_CHECKS, *FLOOR_CHECKS]
