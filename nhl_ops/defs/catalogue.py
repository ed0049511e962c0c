"""Every asset and check of the house."""

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY
from nhl_ops.contracts.registry import TABLES
from nhl_ops.defs.capture import ODDS_CAPTURES
from nhl_ops.defs.capture_nhl import NHL_CAPTURES
from nhl_ops.defs.checks import contract_check
from nhl_ops.defs.dead_letters import DEAD_LETTER_ASSETS
from nhl_ops.defs.ev import EV
from nhl_ops.defs.evidence import EVIDENCE_ASSETS, EVIDENCE_CHECKS
from nhl_ops.defs.floors import FLOOR_CHECKS
from nhl_ops.defs.freshness import data_freshness
from nhl_ops.defs.game_lines import GAME_LINES
from nhl_ops.defs.odds import ODDS
from nhl_ops.defs.projections import PROJECTIONS
from nhl_ops.defs.publishing import published_slates
from nhl_ops.defs.quality import QUALITY_CHECKS
from nhl_ops.defs.raw_odds import RAW_ODDS
from nhl_ops.defs.registry import RUN_REGISTRY
from nhl_ops.defs.reporting import REPORTS
from nhl_ops.defs.results import RESULTS

ASSETS = [
    *NHL_CAPTURES,
    *ODDS_CAPTURES,
    *RESULTS,
    *RAW_ODDS,
    *ODDS,
    *GAME_LINES,
    *DEAD_LETTER_ASSETS,
    *PROJECTIONS,
    *EV,
    *REPORTS,
    *EVIDENCE_ASSETS,
    RUN_REGISTRY,
    published_slates,
    data_freshness,
]
IN_RUNS = [spec for spec in TABLES.values() if spec is not FACT_RUN_REGISTRY]
"""Tables that runs make; the registry is kept from outside, by whoever looks at the runs."""
CHECKS = [
    *(contract_check(spec) for spec in IN_RUNS),
    *QUALITY_CHECKS,
    *FLOOR_CHECKS,
    *EVIDENCE_CHECKS,
]
