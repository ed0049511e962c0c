"""`nhl-ops export`: published tables as files."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from nhl_ops.cli.session import open_session
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.domain.failures import MissingInput
from nhl_ops.domain.slates import slates_between
from nhl_ops.gateways.files import write_atomically
from nhl_ops.gateways.tables import read_tables, to_frame
from nhl_ops.transforms.results import of_players_who_played


def write_probabilities(console: Console, start: date, end: date, out: Path) -> int:
    """game_id, player_id, market, line, p_over of every skater and starting goalie who played."""
    with open_session() as session:
        warehouse = session.house.warehouse
        keys = [slate.isoformat() for slate in slates_between(start, end)]
        paths = [
            found[0]
            for key in keys
            if (found := warehouse.published.table(key, SINGLE_GAME_PROP_PROBABILITIES.name))
        ]
        if not paths:
            raise MissingInput(
                f"nothing is published between {start} and {end}",
                f"run `nhl-ops backfill --start {start} --end {end}` first",
            )
        spec = SINGLE_GAME_PROP_PROBABILITIES
        probabilities = to_frame(spec, read_tables(spec, paths))
        played = of_players_who_played(
            probabilities,
            warehouse.observations(FACT_SKATER_GAMES, keys),
            warehouse.observations(FACT_GOALIE_GAMES, keys),
        )
    table = pa.Table.from_pandas(played, preserve_index=False)
    write_atomically(out, lambda beside: pq.write_table(table, beside))
    console.print(f"{len(played):,} probabilities of {len(paths)} slates in {out}")
    return 0
