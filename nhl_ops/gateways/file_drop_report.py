"""The report beside a dropped file: what happened, to what, and what to do next. Text of the file is only shown."""

from collections.abc import Iterable
from datetime import datetime

from nhl_ops.domain.escaping import markdown_code, markdown_text
from nhl_ops.gateways.file_drop_contract import DropError, Layout
from nhl_ops.gateways.file_drop_pages import BAD_ROW, Findings

SHOWN_COLUMNS = 30
DETAIL_CHARS = 160
CORRECT = "To use the rejected prices too, correct these rows and drop them as a new file."

ADVICE = {
    BAD_ROW: "give the row as many cells as the header has; put text with a comma or a quote into quotes",
    "no_seen_at": "fill in when the price was seen",
    "bad_seen_at": "write an ISO time with its zone, such as 2026-01-06T17:30:00Z",
    "seen_in_the_future": "correct the time or its zone; a price cannot have been seen after the file was taken",
    "no_game_date": "fill in game_date or start_time",
    "bad_game_date": "write the Eastern date as YYYY-MM-DD",
    "bad_start_time": "write an ISO time with its zone",
    "date_conflict": "give the start's Eastern date, or correct the start's zone",
    "no_team": "fill in home and away",
    "no_player_name": "fill in the player's full name",
    "no_book": "fill in the book",
    "unknown_market": "use a market of docs/file_drops.md, or leave the rows out",
    "unknown_side": "write over, under, yes or no",
    "no_line": "fill in the line",
    "bad_line": "write a line of 0, 0.5, 1 and so on; yes and no need a half",
    "no_price": "fill in a price",
    "unknown_price_format": "write american or decimal",
    "price_conflict": "correct one of the two prices, or leave one out",
    "price_not_a_number": "write the price as a plain number, with a point for decimals",
    "american_price_below_100": "check the format: American odds are at least 100 from zero",
    "decimal_price_not_above_one": "check the format: decimal odds are above 1",
    "price_without_contract": "leave the row out: an exchange sends this price while nobody offers one",
    "price_out_of_range": "check the price and its format",
    "bad_vendor_time": "write updated_at as an ISO time with its zone, or leave it empty",
    "bad_birth_date": "write birth_date as YYYY-MM-DD, or leave it empty",
    "text_too_long": "shorten the cell; a missing quote may have joined several",
    "line_break_in_text": "put the cell on one line; a missing quote may have joined several rows",
    "superseded_in_payload": "nothing: the later price of the same pass stands",
}
"""What the operator does about each rule."""


def of_ingested(name: str, body: bytes, digest: str, at: datetime, found: Findings) -> str:
    counts = f"{found.accepted:,} prices ingested, {found.rejected:,} rejected"
    return _report(
        f"{markdown_code(name)}: {counts}",
        [("What happened", f"ingested at {_time(at)}"), *_file_facts(body, digest), *_found_facts(found)],
        [_price_command(found), *([CORRECT] if found.rejected else [])],
        _rules_section(found),
    )


def of_known(name: str, body: bytes, digest: str, archived: str) -> str:
    return _report(
        f"{markdown_code(name)}: known, nothing new",
        [
            ("What happened", f"these very bytes were ingested before; the archive has them as `{archived}`"),
            *_file_facts(body, digest),
        ],
        ["Nothing: its prices are there. Only a file with other bytes is ingested."],
    )


def of_rejected(
    name: str,
    body: bytes | None,
    digest: str | None,
    at: datetime | None,
    problem: DropError,
    found: Findings | None,
) -> str:
    """body, digest: None when the file was too large to be read. at: None before it is dropped.

    found: None when the file is no table of prices.
    """
    return _report(
        f"{markdown_code(name)}: rejected, no price of it was used",
        [
            ("What happened", f"rejected at {_time(at)}" if at else "nothing yet: it would be rejected"),
            ("What is wrong", markdown_text(problem.cause)),
            *(_file_facts(body, digest) if body is not None and digest else []),
            *(_found_facts(found) if found else []),
        ],
        [f"{_sentence(problem.next_step)}"],
        _rules_section(found) if found else "",
    )


def of_check(name: str, body: bytes, digest: str, found: Findings) -> str:
    """What `nhl-ops drops check` says of a file that would be ingested."""
    return _report(
        f"{markdown_code(name)}: {found.accepted:,} prices would be ingested, {found.rejected:,} rejected",
        [*_file_facts(body, digest), *_found_facts(found)],
        ["Copy the file to `data/inbox/`; the next run takes it.", _price_command(found)],
        _rules_section(found),
    )


def nothing_usable(found: Findings) -> DropError:
    """The problem of a file whose header fits and none of whose rows does."""
    cause = f"none of its {found.seen:,} prices can be used" if found.seen else "it has a header and no rows"
    return DropError(cause, "correct the rows and drop the file again")


def _report(
    title: str, facts: Iterable[tuple[str, str]], next_steps: Iterable[str], section: str = ""
) -> str:
    """Title, facts and next steps are Markdown."""
    table = "\n".join(f"| {name} | {fact} |" for name, fact in facts)
    steps = "\n".join(f"- {step}" for step in next_steps)
    return f"# {title}\n\n| | |\n| --- | --- |\n{table}\n\n{section}## What to do\n\n{steps}\n"


def _file_facts(body: bytes, digest: str) -> list[tuple[str, str]]:
    return [("File", f"{len(body):,} bytes, sha256 `{digest}`")]


def _found_facts(found: Findings) -> list[tuple[str, str]]:
    counts = f"{found.seen:,} seen = {found.accepted:,} accepted + {found.rejected:,} rejected"
    facts = [("Layout", str(found.layout)), ("Prices", counts)]
    if found.seen_from and found.seen_to:
        times = f"{_time(found.seen_from)} to {_time(found.seen_to)}"
        facts.append(("Seen", f"{times}, passes: {found.passes:,}"))
    if found.games_from:
        facts.append(("Games", f"{found.games_from} to {found.games_to} (Eastern dates)"))
    if found.layout is Layout.DAILY_PROPS and found.accepted:
        facts.append(("Dates", _dates(found)))
    if found.ignored:
        names = ", ".join(markdown_code(name[:60]) or "(no name)" for name in found.ignored[:SHOWN_COLUMNS])
        more = len(found.ignored) - SHOWN_COLUMNS
        facts.append(("Columns not read", names + (f" and {more} more" if more > 0 else "")))
    return facts


def _dates(found: Findings) -> str:
    stands = found.accepted - found.day_before
    return (
        "nothing says whether `date` is the game's Eastern date or its start's date in UTC: "
        f"{found.day_before:,} prices were seen before their date and are taken to be of the day before, "
        f"{stands:,} are of their date. If the dates are Eastern, name the column `game_date` instead"
    )


def _rules_section(found: Findings) -> str:
    """Dead letters by rule with the first of each; empty when there are none."""
    if not found.rules:
        return ""
    rows = "\n".join(
        f"| {rule} | {count:,} | {markdown_text(found.examples[rule].detail, DETAIL_CHARS)} | {ADVICE[rule]} |"
        for rule, count in found.rules.most_common()
    )
    return f"## Rejected prices\n\n| Rule | Prices | The first | What to do |\n| --- | ---: | --- | --- |\n{rows}\n\n"


def _price_command(found: Findings) -> str:
    first, last = found.games_from, found.games_to
    if first == last:
        return f"`nhl-ops run-daily --date {first} --all` prices that slate with them."
    return f"`nhl-ops backfill --start {first} --end {last}` prices these slates with them."


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
