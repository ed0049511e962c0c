"""`nhl-ops mapping` and `nhl-ops gaps`: names that were not mapped, decisions about them, and what is stale since."""

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.session import Session, open_session
from nhl_ops.contracts.odds import MAPPING_REVIEW
from nhl_ops.contracts.results import DIM_PLAYERS
from nhl_ops.defs.aliases import ALIASES, REJECTION_COLUMNS, REJECTIONS, add_row
from nhl_ops.defs.gaps import PUBLISHED_ONLY, stale_slates
from nhl_ops.domain.failures import MissingInput
from nhl_ops.domain.identity import name_key
from nhl_ops.domain.slates import slate_of
from nhl_ops.transforms.identity import ALIAS_COLUMNS

SHOWN = 30


def review(console: Console, slate: str | None) -> int:
    """Names of published slates that wait for a decision, most quotes first."""
    with open_session() as session:
        queue = _queue(session, slate)
    if queue.empty:
        console.print(
            "Every name of the published slates is mapped." if slate is None else f"{slate}: all mapped."
        )
        return 0
    names = _waiting(queue)
    console.print(_queue_table(names.head(SHOWN)))
    if len(names) > SHOWN:
        console.print(f"{len(names) - SHOWN} more; --date DATE shows those of one slate.")
    console.print(
        'Decide: nhl-ops mapping accept "NAME" PLAYER_ID --reason TEXT, or nhl-ops mapping reject ...'
    )
    return 0


def accept(console: Console, name: str, player_id: int, reason: str) -> int:
    """Write an alias: from the first slate that waits for the name on, it means this player."""
    with open_session() as session:
        known = _player(session, player_id)
        slates = _slates_of(_queue(session, None), name)
        today = slate_of(session.house.clock.now()).isoformat()
        row = {
            "alias_name": name,
            "player_name": "",
            "player_id": str(player_id),
            "valid_from": slates[0] if slates else today,
            "valid_to": "",
            "source": f"accepted {today}: {reason}",
        }
        if not add_row(session.house.config_folder / ALIASES, ALIAS_COLUMNS, row):
            console.print(Text(f"{name} is already an alias of {known}; nothing was written."))
            return 0
    console.print(Text(f"{name} is {known} from {row['valid_from']} on (config/{ALIASES})."))
    console.print(
        f"Compute anew: {_command(slates)}" if slates else "No published slate waits for this name."
    )
    return 0


def reject(console: Console, name: str, player_id: int, reason: str) -> int:
    """Note that a name is not this player, so that he is not suggested again."""
    with open_session() as session:
        known = _player(session, player_id)
        today = slate_of(session.house.clock.now()).isoformat()
        row = {"alias_name": name, "player_id": str(player_id), "rejected_on": today, "reason": reason}
        added = add_row(session.house.config_folder / REJECTIONS, REJECTION_COLUMNS, row)
    told = f"noted in config/{REJECTIONS}" if added else "already noted; nothing was written"
    console.print(Text(f"{name} is not {known}: {told}."))
    return 0


def gaps(console: Console) -> int:
    """Published slates that would be computed otherwise now, each with its reason and the command."""
    with open_session() as session:
        keys = sorted(session.house.warehouse.published.slates())
        stale = stale_slates(session.house, keys)
    for one in stale:
        console.print(Text(f"{one.slate} is stale: {one.reason}"))
    if stale:
        console.print(f"Compute anew: {_command([one.slate for one in stale])}")
    else:
        console.print(f"{len(keys)} published slate(s), none stale.")
    return 0


def _queue(session: Session, slate: str | None) -> pd.DataFrame:
    published = sorted(session.house.warehouse.published.slates())
    keys = published if slate is None else [slate]
    if slate is not None and slate not in published:
        raise MissingInput(f"{slate} is not published", f"run `nhl-ops run-daily --date {slate} --all` first")
    return session.house.warehouse.read_slices(MAPPING_REVIEW, keys, PUBLISHED_ONLY, missing_ok=True)[0]


def _waiting(queue: pd.DataFrame) -> pd.DataFrame:
    """A row a name and vendor, with its likeliest player, most quotes first."""
    return (
        queue[queue["rank"] == 1]
        .groupby(["player_name_raw", "source_vendor"], as_index=False)
        .agg(
            first=("game_date", "min"),
            last=("game_date", "max"),
            quotes=("quotes", "sum"),
            reason=("reason", "first"),
            candidate=("candidate_name", "first"),
            candidate_id=("candidate_id", "first"),
            score=("score", "max"),
        )
        .sort_values(["quotes", "player_name_raw"], ascending=[False, True])
    )


def _queue_table(names: pd.DataFrame) -> Table:
    table = Table(show_edge=False)
    for heading in ("Name", "Vendor", "Slates", "Quotes", "Why", "Likely"):
        table.add_column(heading, justify="right" if heading in {"Quotes"} else "left")
    for row in names.itertuples():
        slates = row.first if row.first == row.last else f"{row.first}..{row.last}"
        likely = (
            "-" if pd.isna(row.candidate_id) else f"{row.candidate} ({row.candidate_id}, {row.score:.2f})"
        )
        table.add_row(
            Text(row.player_name_raw),
            row.source_vendor,
            slates,
            str(row.quotes),
            Text(str(row.reason)),
            Text(likely),
        )
    return table


def _player(session: Session, player_id: int) -> str:
    """Name and team of a player of the published slates. Raises MissingInput when no slate knows the id."""
    keys = sorted(session.house.warehouse.published.slates())
    players, _ = session.house.warehouse.read_slices(DIM_PLAYERS, keys, PUBLISHED_ONLY, missing_ok=True)
    known = players[players["player_id_nhl"] == player_id].sort_values("game_date")
    if known.empty:
        raise MissingInput(
            f"no published slate has a player with the NHL id {player_id}",
            "take the id of a candidate of `nhl-ops mapping review`, or of nhl.com",
        )
    newest = known.iloc[-1]
    return f"{newest['player_name']} ({newest['team']}, {player_id})"


def _slates_of(queue: pd.DataFrame, name: str) -> list[str]:
    keys = queue["player_name_raw"].map(name_key)
    return sorted(queue.loc[keys == name_key(name), "game_date"].unique())


def _command(slates: list[str]) -> str:
    first, last = min(slates), max(slates)
    if first == last:
        return f"nhl-ops run-daily --date {first} --all"
    return f"nhl-ops backfill --start {first} --end {last}"
