"""Every table of the house, by name."""

from nhl_ops.contracts import dead_letters, ev, evidence, game_odds, odds, projections, reports, results
from nhl_ops.contracts.spec import TableSpec

TABLES: dict[str, TableSpec] = {
    table.name: table
    for module in (results, odds, game_odds, dead_letters, projections, ev, evidence, reports)
    for table in vars(module).values()
    if isinstance(table, TableSpec)
} | {table.name: table for table in odds.RAW_QUOTES.values()}
