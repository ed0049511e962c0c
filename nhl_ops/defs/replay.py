"""Replay: payloads of dead letters parsed again from the archive, and what is good by now moved to the tables.

Prices: a payload's new rows are those of today's parse that are not stored yet, told apart by their id and by how
often it occurs, so that neither a changed order nor a second replay adds a row twice. Rows are never withdrawn:
a payload of which today's parser reads a stored row otherwise is left as it is, and named.
NHL: the runs of a slate parse its payloads each time, so a replay settles the letters and the run does the rest.
A payload that is read for several tables, as a schedule is for games and for game lines, is replayed for all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.dead_letters import store_letters
from nhl_ops.defs.game_lines import SOURCES, read_lines
from nhl_ops.defs.house import House
from nhl_ops.defs.nhl_replay import NHL_VENDORS, NotReplayed, nhl_letters
from nhl_ops.defs.raw_odds import companions_of
from nhl_ops.defs.refusals import UNUSABLE
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.domain.failures import ConfigError, MissingInput, VendorContract
from nhl_ops.gateways.game_lines import line_letters
from nhl_ops.gateways.letters import Chosen, Letter, LetterKey, Mark, Reconciled
from nhl_ops.gateways.quotes import parse_payload
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected
from nhl_ops.gateways.warehouse import Audit

NO_ITEMS = Reconciled(0, 0, 0)


@dataclass
class Replayed:
    """What a replay did: items by what became of them, new rows, slates that readers have and that it changes.

    `left`: by payload hash, why a payload was left as it is.
    """

    payloads: int = 0
    rows: int = 0
    items: Reconciled = NO_ITEMS
    slates: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


@dataclass
class _Again:
    """One payload parsed again: its letters by now, its new rows by table, the slates that read it."""

    payload: Letter
    letters: Counter[LetterKey]
    rows: list[tuple[TableSpec, pd.DataFrame]]
    slates: set[str]


Reader = Callable[[Letter], _Again]


def replay(house: House, vendor: str, day: str, rule: str | None, mark: Mark) -> Replayed:
    """Parse the payloads of a vendor's open letters of one Eastern capture date again; a rule narrows them down.

    A payload is replayed whole, its other letters too. Rows are stored before the letters are settled: a replay
    that is killed in between is made good by the next. Hold the project's lock. Raises ConfigError for a vendor
    that is switched off or unknown.
    """
    letters = house.state.letters(Chosen(vendor, day, rule))
    readers = _readers(house, vendor, day)
    done = Replayed()
    again: list[_Again] = []
    for payload in {letter.payload_hash: letter for letter in letters}.values():
        try:
            again.append(_all_of(payload, [read(payload) for read in readers]))
        except (MissingInput, NotReplayed, VendorContract) as problem:
            done.left[payload.payload_hash] = str(problem)
            house.state.count_attempt(vendor, payload.payload_hash, mark)
    audit = Audit(str(mark.replay_id), str(mark.replay_id), house.clock.now())
    new: dict[TableSpec, list[pd.DataFrame]] = {}
    for spec, rows in (found for a in again for found in a.rows if len(found[1])):
        new.setdefault(spec, []).append(rows)
    for spec, frames in new.items():
        house.warehouse.append(spec, pd.concat(frames, ignore_index=True), audit)
    settled = [
        house.state.reconcile_letters(
            vendor, a.payload.payload_hash, a.payload.captured_at_utc, a.letters, mark
        )
        for a in again
    ]
    store_letters(house, [day], audit)
    done.payloads, done.rows = len(again), sum(len(rows) for frames in new.values() for rows in frames)
    done.items = (
        Reconciled(*(sum(column) for column in zip(*settled, strict=True))) if settled else done.items
    )
    touched = set().union(*(a.slates for a in again))
    done.slates = sorted(touched & set(house.warehouse.published.slates()))
    return done


def contiguous(keys: Iterable[str]) -> list[list[str]]:
    """Slates in ranges without gaps, as a run covers them."""
    days = sorted(date.fromisoformat(key) for key in keys)
    ranges = groupby(enumerate(days), key=lambda numbered: numbered[1] - timedelta(days=numbered[0]))
    return [[day.isoformat() for _, day in members] for _, members in ranges]


def _readers(house: House, vendor: str, day: str) -> list[Reader]:
    """What reads the payloads of a vendor."""
    readers: list[Reader] = []
    if vendor in NHL_VENDORS:
        readers.append(lambda letter: _nhl_again(house, letter))
    if vendor in RAW_QUOTES:
        readers.append(_quote_reader(house, vendor, day))
    if vendor in SOURCES:
        readers.append(_line_reader(house, day))
    if not readers:
        known = ", ".join(dict.fromkeys([*RAW_QUOTES, *NHL_VENDORS, *SOURCES]))
        raise ConfigError(f"{vendor} has no dead letters that can be replayed", f"choose one of {known}")
    return readers


def _all_of(payload: Letter, parts: Sequence[_Again]) -> _Again:
    letters = sum((part.letters for part in parts), Counter[LetterKey]())
    return _Again(
        payload, letters, [r for part in parts for r in part.rows], set().union(*(p.slates for p in parts))
    )


def _quote_reader(house: House, vendor: str, day: str) -> Reader:
    if vendor not in house.odds_vendors:
        raise ConfigError(
            f"{vendor} is switched off in config/vendors.toml, so that nothing parses its payloads",
            "switch it on, then replay",
        )
    stored = _Stored.of(house, RAW_QUOTES[vendor], day, "quote_id")
    return lambda letter: _again(stored, letter, _read(house, letter))


def _line_reader(house: House, day: str) -> Reader:
    stored = _Stored.of(house, RAW_GAME_LINES, day, "line_id")

    def read(letter: Letter) -> _Again:
        if letter.endpoint not in SOURCES[letter.source_vendor]:
            return _Again(letter, Counter(), [], set())
        parsed = read_lines(house, _payload(house, letter))
        return _again(stored, letter, replace(parsed, rejected=line_letters(parsed.rejected)))

    return read


@dataclass(frozen=True)
class _Stored:
    """The rows of a capture date in one table: payload_hash, their id, row_number."""

    spec: TableSpec
    identity: str
    rows: pd.DataFrame

    @classmethod
    def of(cls, house: House, spec: TableSpec, day: str, identity: str) -> "_Stored":
        columns = ["payload_hash", identity, "row_number"]
        return cls(spec, identity, house.warehouse.observations(spec, [day], columns=columns))


def _again(stored: _Stored, letter: Letter, parsed: Parsed) -> _Again:
    present = stored.rows[stored.rows["payload_hash"] == letter.payload_hash]
    rows = unstored(parsed.rows, present, stored.identity)
    lost = len(present) + len(rows) - len(parsed.rows)
    if lost:
        raise NotReplayed(
            f"today's parser reads {lost} of its {len(present)} stored prices otherwise or not at all, and stored "
            "rows are never withdrawn: mend the parser so that it reads them as before, or clear these letters"
        )
    first = int(present["row_number"].max()) + 1 if len(present) else 0
    rows = stored.spec.conform(rows.assign(row_number=range(first, first + len(rows))))
    return _Again(letter, Counter(_keys(parsed.rejected)), [(stored.spec, rows)], _slates_with(rows))


def unstored(parsed: pd.DataFrame, stored: pd.DataFrame, identity: str) -> pd.DataFrame:
    """Rows of a parse that its payload's stored rows lack; of equal ids, as many as are missing."""
    count = parsed[identity].map(stored[identity].value_counts()).fillna(0)
    return parsed[parsed.groupby(identity).cumcount() >= count]


def _read(house: House, letter: Letter) -> Parsed:
    """Today's parse; a payload that is still of no use is one letter."""
    source = house.odds_vendors[letter.source_vendor]
    payload = _payload(house, letter)
    try:
        return parse_payload(source, payload, companions_of(house, source, payload))
    except VendorContract as problem:
        empty = RAW_QUOTES[source.name].empty_frame()
        return Parsed(empty, [Rejected(UNUSABLE, str(problem), payload.payload_path)])


def _payload(house: House, letter: Letter) -> Payload:
    path, digest = letter.payload_path, letter.payload_hash
    if path is None:
        raise MissingInput(f"payload {digest[:12]} was never archived")
    body = house.archive.get(path, digest)
    return Payload(letter.source_vendor, str(letter.endpoint), "", letter.captured_at_utc, digest, path, body)


def _slates_with(rows: pd.DataFrame) -> set[str]:
    """Slates whose facts read these rows."""
    pairs = rows[["capture_date", "game_date"]].drop_duplicates().itertuples(index=False)
    days = [(captured, game) for captured, game in pairs if captured <= game]
    furthest = timedelta(days=LOOKBACK_DAYS)
    return {game for day, game in days if date.fromisoformat(game) - date.fromisoformat(day) <= furthest}


def _nhl_again(house: House, letter: Letter) -> _Again:
    slates = house.state.slates_of_payload(letter.source_vendor, letter.payload_hash)
    found = nhl_letters(house, letter, slates)
    return _Again(letter, Counter(_keys(found)), [], set(slates))


def _keys(letters: Sequence[Rejected]) -> list[LetterKey]:
    return [(letter.rule, letter.detail, letter.sample) for letter in letters]
