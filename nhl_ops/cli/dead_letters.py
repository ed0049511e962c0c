"""`nhl-ops dead-letters`: see what broke its contract, replay it after a fix, clear what is of no use."""

import getpass
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.progress import step_progress
from nhl_ops.cli.session import Session, open_session
from nhl_ops.cli.show import show_parked, show_summary
from nhl_ops.defs.dead_letters import store_letters
from nhl_ops.defs.house import House, project_root, source_of
from nhl_ops.defs.league_control import world_of
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.replay import Replayed, contiguous, replay
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.runs import command_for, launch
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.domain.escaping import plain_text
from nhl_ops.domain.failures import ConfigError, MissingInput
from nhl_ops.domain.run_summary import RunStatus
from nhl_ops.domain.slates import EASTERN
from nhl_ops.gateways.letters import Chosen, Letter, LetterGroup, Mark
from nhl_ops.gateways.warehouse import Audit
from nhl_ops.gateways.worlds import present_world

REPLAY_TAG = "nhl_ops/replay"
FAILED = RunStatus.FAILED.exit_code
NOTHING = "There are no dead letters"
DETAIL_CHARS = 160


def list_letters(console: Console, chosen: Chosen, limit: int) -> int:
    """Counts by vendor, Eastern date of capture, rule and state. Reads alone; works while a run is on."""
    house = present_house()
    groups = house.state.letter_groups(chosen) if house else []
    if not groups:
        console.print(f"{NOTHING}{described(chosen)}.")
        return 0
    table = Table(show_edge=False)
    for name in ("Vendor", "Captured", "Rule", "State"):
        table.add_column(name, no_wrap=True)
    table.add_column("Items", justify="right")
    for name in ("Newest", "Newest letter"):
        table.add_column(name)
    for group in groups[:limit]:
        table.add_row(*group_cells(group))
    console.print(table)
    items = sum(group.items for group in groups)
    console.print(
        f"{counted(items, 'item')} in {counted(len(groups), 'line')}{described(chosen)}."
        + rest(groups, limit)
    )
    console.print("Captured is the Eastern date; see them with: nhl-ops dead-letters show --rule RULE")
    return 0


def show_letters(console: Console, chosen: Chosen, limit: int) -> int:
    """The letters themselves, newest first. Reads alone; works while a run is on."""
    house = present_house()
    letters = house.state.letters(chosen, limit + 1) if house else []
    if not letters:
        console.print(f"{NOTHING}{described(chosen)}.")
        return 0
    for letter in letters[:limit]:
        console.print(letter_text(letter), soft_wrap=True)
    if len(letters) > limit:
        console.print(f"There are more; --limit {2 * limit} shows more of them.")
    return 0


def clear_letters(console: Console, chosen: Chosen, reason: str) -> int:
    """Put open letters aside: they stay, with who, when and why, and no list shows them unless asked for all."""
    if not reason.strip():
        raise ConfigError("clearing dead letters needs a reason", "say why: --reason 'TEXT'")
    if chosen == Chosen():
        raise ConfigError("nothing says which dead letters", "name a --vendor, a --date or a --rule")
    with exclusive(project_root(os.environ.get)):
        house = present_house()
        now = datetime.now(UTC)
        days = sorted({group.day for group in house.state.letter_groups(chosen)}) if house else []
        if house is None or not days:
            console.print(f"{NOTHING}{described(chosen)} to clear.")
            return 0
        cleared = house.state.clear_letters(chosen, reason.strip(), Mark(person(), now))
        store_letters(house, days, Audit("clear", "clear", now))
    console.print(
        f"{counted(cleared, 'letter')} cleared; they stay quarantined. See them with: nhl-ops dead-letters list --all"
    )
    return 0


def replay_letters(console: Console, vendor: str, day: str, rule: str | None) -> int:
    """Parse again, store what is good by now, compute the slates anew that it changes.

    Returns the exit code: the worst of the runs, and 3 when a payload had to be left as it is.
    """
    mark = Mark(person(), datetime.now(UTC), str(uuid4()))
    with open_session() as session:
        show_parked(console, session)
        with exclusive(session.root):
            done = replay(session.house, vendor, day, rule, mark)
            show_replayed(console, done, Chosen(vendor, day, rule))
            codes = [compute(console, session, keys, str(mark.replay_id)) for keys in contiguous(done.slates)]
    left = [RunStatus.DEGRADED.exit_code] if done.left else []
    return FAILED if FAILED in codes else max([0, *codes, *left])


def compute(console: Console, session: Session, keys: Sequence[str], replay_id: str) -> int:
    """The run that the UI would start on all assets of these slates but the captures."""
    assets = [asset for asset in assets_of(list(Step)) if not asset.startswith("captured_")]
    console.print(
        f"Computing anew: {', '.join(keys)}; should it not finish, {command_for(keys)} does the same."
    )
    with step_progress(console, "replay", 2 * len(assets)) as on_event:
        tags = {REPLAY_TAG: replay_id}
        run = launch(
            session.instance, session.root, "slates", keys, assets=assets, tags=tags, on_event=on_event
        )
    summary = write_run_files(session.house, session.instance, run)
    show_summary(console, summary)
    return summary.exit_code


def show_replayed(console: Console, done: Replayed, chosen: Chosen) -> None:
    """What became of the letters, and what was left as it is."""
    if not done.payloads and not done.left:
        console.print(f"{NOTHING}{described(chosen)} to replay.")
        return
    items = done.items
    console.print(
        f"{counted(done.payloads, 'payload')} parsed again, {counted(done.rows, 'new row')}. "
        f"{counted(max(0, items.replayed - items.new), 'item')} good by now, {items.remaining:,} still dead, "
        f"{items.new:,} dead under another rule or wording."
    )
    for payload_hash, reason in done.left.items():
        console.print(Text(f"  payload {payload_hash[:12]} is left as it is: {reason}", style="yellow"))
    if done.items.replayed and not done.slates:
        console.print("No published slate changes; the next run of their slates reads the new rows.")


def group_cells(group: LetterGroup) -> list[Text]:
    newest = f"{group.newest_utc.astimezone(EASTERN):%Y-%m-%d %H:%M} ET"
    cells = [group.vendor, group.day, group.rule, group.state, f"{group.items:,}", newest, group.detail]
    return [Text(plain_text(cell, DETAIL_CHARS)) for cell in cells]


def letter_text(letter: Letter) -> Text:
    """One letter: the rule, where it was broken and how, the item, the payload, what became of it."""
    lines = [
        f"{letter.captured_at_utc.astimezone(EASTERN):%Y-%m-%d %H:%M} ET, {counted(letter.occurrences, 'item')}, "
        f"{letter.state}" + history(letter),
        plain_text(letter.detail, 2 * DETAIL_CHARS),
        plain_text(letter.sample, 2 * DETAIL_CHARS),
        f"{letter.endpoint or 'unknown endpoint'} {letter.payload_path or ''} sha256 {letter.payload_hash}",
    ]
    head = Text(plain_text(f"{letter.source_vendor} {letter.rule}"), style="bold")
    return Text.assemble(head, *(f"\n  {plain_text(line)}" for line in lines))


def history(letter: Letter) -> str:
    """Who did what to it, as far as anybody did."""
    tried = f", {counted(letter.attempts, 'replay')} in vain" if letter.attempts else ""
    if letter.changed_at_utc is None or letter.changed_by is None:
        return tried
    when = f"{letter.changed_at_utc.astimezone(EASTERN):%Y-%m-%d %H:%M} ET"
    because = f": {letter.reason}" if letter.reason else ""
    replayed = f", replay {letter.replay_id[:8]}" if letter.replay_id else ""
    return f"{tried}, last changed by {letter.changed_by} at {when}{replayed}{because}"


def described(chosen: Chosen) -> str:
    """Like ` of UNABATED captured on 2026-01-20 under the rule bad_price`."""
    parts = [
        f"of {chosen.vendor}" if chosen.vendor else "",
        f"captured on {chosen.day}" if chosen.day else "",
        f"under the rule {chosen.rule}" if chosen.rule else "",
    ]
    return "".join(part and f" {plain_text(part)}" for part in parts)


def rest(groups: Sequence[LetterGroup], limit: int) -> str:
    return (
        f" {counted(len(groups) - limit, 'line')} more: --limit {len(groups)}." if len(groups) > limit else ""
    )


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def present_house() -> House | None:
    """The house of the world that the environment names, parked or not; None when it has no state yet.

    Nothing is moved or started, so that this works beside a run.
    """
    env = os.environ.get
    root = project_root(env)
    world = world_of(env, source_of(env))
    folder = root if present_world(root) in (None, world) else root / ".worlds" / world
    return House(folder, env) if (folder / "data" / "state.sqlite").exists() else None


def person() -> str:
    """Who is at the terminal. Raises MissingInput when the system has no name for this user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise MissingInput(
            f"this user has no name ({error}), and a dead letter keeps who changed it", "set LOGNAME"
        ) from error
