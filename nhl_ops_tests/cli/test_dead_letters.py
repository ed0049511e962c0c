"""`nhl-ops dead-letters`: seen, cleared, and replayed in a project with a published card."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from nhl_ops.cli.dead_letters import clear_letters, list_letters, show_letters
from nhl_ops.contracts.dead_letters import DEAD_LETTERS, LetterState
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.defs.house import House
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.raw_odds import parse, payloads_of
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.letters import Chosen
from nhl_ops.gateways.state import SightingRow, State
from nhl_ops.gateways.warehouse import Audit
from nhl_ops.gateways.worlds import enter_world, present_world
from nhl_ops_tests.cli.conftest import Card
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told

NOON = datetime(2026, 1, 20, 17, tzinfo=UTC)
BOARD = "a" * 64
NASTY = '{"name":"\\x1b[31mred\\u202e [bold]x[/bold]"}'
WHICH = ("--vendor", "unabated", "--date", ANCHOR)
BALANCE = (
    "select payload_hash, seen, accepted + duplicate + other_slate, quarantined from fact_odds_accounting "
    "where source_vendor = 'UNABATED' order by captured_at_utc"
)


# -- list, show, clear: in a project folder with a state file ------------------------------------------------


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """Two letters of one board; this process is the command's."""
    monkeypatch.setenv("NHL_OPS_ROOT", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "ann")
    state = State(tmp_path / "data" / "state.sqlite")
    seen = SightingRow("UNABATED", "u", NOON, "board", ANCHOR, 200, "ok", BOARD, None, "raw/a.zst", 9)
    state.record_sighting(seen)
    at = NOON.isoformat()
    state.add_dead_letters(
        [
            ("UNABATED", BOARD, "bad_price", "$.a: American price 50", '{"price":50}', at, 3),
            ("UNABATED", BOARD, "unknown_market", "$.b: betTypeId 12\x1b[2J", NASTY, at, 1),
        ]
    )
    return state


def said(command: Callable[..., int], *arguments: object) -> str:
    """What a command that ended well printed, at a wide terminal, with line breaks as spaces."""
    out = StringIO()
    assert command(Console(file=out, width=160), *arguments) == 0
    return " ".join(out.getvalue().split())


def test_the_list_counts_by_vendor_date_and_rule_with_a_sample(state: State) -> None:
    text = said(list_letters, Chosen(), 50)
    for words in ("UNABATED", ANCHOR, "bad_price", "open", "12:00 ET", "$.a: American price 50"):
        assert words in text
    assert "4 items in 2 lines." in text


def test_a_list_that_is_cut_says_how_to_see_the_rest(state: State) -> None:
    assert "1 line more: --limit 2." in said(list_letters, Chosen(), 1)


def test_a_letter_shows_rule_path_sample_endpoint_and_archived_payload(state: State) -> None:
    text = said(show_letters, Chosen(rule="bad_price"), 5)
    for words in ("UNABATED bad_price", "$.a: American price 50", '{"price":50}', "3 items, open"):
        assert words in text
    assert f"board raw/a.zst sha256 {BOARD}" in text


def test_what_a_vendor_sent_cannot_steer_the_terminal(state: State) -> None:
    for command in (list_letters, show_letters):
        text = said(command, Chosen(rule="unknown_market"), 5)
        assert "betTypeId 12[2J" in text
        assert not any(sign in text for sign in ("\x1b", "\u202e"))
    assert "[bold]x[/bold]" in text


def test_nothing_there_is_a_sentence_that_repeats_the_question(state: State) -> None:
    text = said(list_letters, Chosen("PLAYNOW", ANCHOR, "bad_price"), 5)
    assert text == f"There are no dead letters of PLAYNOW captured on {ANCHOR} under the rule bad_price."


def test_looking_works_while_a_run_holds_the_project(state: State, tmp_path: Path) -> None:
    with exclusive(tmp_path):
        assert "4 items" in said(list_letters, Chosen(), 5)


def test_clearing_keeps_a_tombstone_that_only_a_look_at_all_shows(state: State, tmp_path: Path) -> None:
    text = said(clear_letters, Chosen(rule="bad_price"), " the book was mad ")
    assert "1 letter cleared; they stay quarantined" in text
    assert "bad_price" not in said(list_letters, Chosen(), 5)
    every = Chosen(states=tuple(LetterState))
    assert "cleared" in said(list_letters, every, 5)
    assert "last changed by ann at 20" in said(show_letters, every, 5)
    assert "the book was mad" in said(show_letters, every, 5)
    table = House(tmp_path, {}.get).warehouse.observations(DEAD_LETTERS, [ANCHOR])
    assert dict(zip(table["rule"], table["state"], strict=True)) == {
        "bad_price": "cleared",
        "unknown_market": "open",
    }


@pytest.mark.parametrize(
    ("chosen", "reason", "words"),
    [
        (Chosen(vendor="UNABATED"), "  ", "needs a reason"),
        (Chosen(), "old", "nothing says which dead letters"),
    ],
)
def test_clearing_needs_a_reason_and_a_choice(state: State, chosen: Chosen, reason: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        clear_letters(Console(file=StringIO()), chosen, reason)
    assert len(state.letters(Chosen())) == 2


def test_letters_of_a_parked_world_are_seen_without_moving_it(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter_world(tmp_path, "synthetic")
    enter_world(tmp_path, "live")
    assert "4 items" in said(list_letters, Chosen(), 5)
    monkeypatch.setenv("NHL_OPS_SOURCE", "live")
    assert said(list_letters, Chosen(), 5) == "There are no dead letters."
    assert present_world(tmp_path) == "live"


def test_a_project_without_a_run_has_no_letters_and_is_left_alone(tmp_path: Path) -> None:
    told = Operator(tmp_path / "empty").run("dead-letters", "list")
    assert (told.code, told.text.strip()) == (0, "There are no dead letters.")
    assert list(tmp_path.iterdir()) == []


# -- replay: after a vendor renumbered a bet type ------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """A board whose bet type nobody knew; the setting was mended; what the replay said and left."""

    operator: Operator
    told: Told
    payload: str
    dead: int
    before: list[tuple]


def renumbered(body: bytes) -> bytes:
    """The board with blocked shots under another bet type, as markets of their own."""
    sent = json.loads(body)
    for event in sent["odds"]["lg6:pt1:pregame"]:
        if str(event["betTypeId"]) == "88":
            event["betTypeId"] = "988"
            for books in event["sides"].values():
                for line in books.values():
                    line["marketId"] += 10**9
    return json.dumps(sent).encode()


def ingest_renumbered(root: Path) -> tuple[str, int]:
    """Archive and parse the board as a run does; its hash and how many prices were refused."""
    house = House(root, {"NHL_OPS_SOURCE": "live"}.get)
    former = payloads_of(house, "UNABATED", ANCHOR)[-1]
    at = former.captured_at_utc - timedelta(minutes=1)
    digest, path = house.archive.put("UNABATED", renumbered(former.body), at)
    house.state.record_sighting(
        SightingRow(
            "UNABATED", "league:/board", at, former.endpoint, ANCHOR, 200, "ok", digest, None, path, 9
        )
    )
    (payload,) = [p for p in payloads_of(house, "UNABATED", ANCHOR) if p.payload_hash == digest]
    parsed = parse(house, "UNABATED", payload)
    house.warehouse.append(RAW_QUOTES["UNABATED"], parsed.rows, Audit("run", "run", at))
    return digest, len(parsed.rejected)


@pytest.fixture(scope="module")
def story(operator: Operator, card: Card, league: str, tmp_path_factory: pytest.TempPathFactory) -> Story:
    copy = operator.copy(tmp_path_factory.mktemp("letters") / "project")
    payload, dead = ingest_renumbered(copy.root)
    before = copy.ask(BALANCE)
    copy.edit("vendors.toml", "129 = ", '988 = "BLOCKS"\n129 = ')
    told = copy.run("dead-letters", "replay", *WHICH, NHL_OPS_LEAGUE_URL=league)
    return Story(copy, told, payload, dead, before)


def test_a_replay_after_the_fix_moves_the_rows_to_the_facts_of_the_published_slate(story: Story) -> None:
    assert story.told.code == 0, story.told
    assert f"1 payload parsed again, {story.dead:,} new rows" in story.told.text
    assert f"Computing anew: {ANCHOR}" in story.told.text
    assert f"`nhl-ops run-daily --date {ANCHOR} --all` does the same" in story.told.text
    facts = (
        "select count(*) from fact_prop_odds where market = 'BLOCKS' and market_raw = '988' "
        f"and payload_hash = '{story.payload}' and player_id_nhl is not null"
    )
    assert story.operator.ask(facts) == [(story.dead,)]


def test_the_accounting_of_the_slate_balances_with_the_replayed_rows(story: Story) -> None:
    after = story.operator.ask(BALANCE)
    assert story.payload not in {payload for payload, *_ in story.before}
    assert all(seen == rows + quarantined for _, seen, rows, quarantined in after)
    assert [row[3] for row in after if row[0] == story.payload] == [0]
    assert sum(row[2] for row in after) == sum(row[1] for row in after) > story.dead > 0


def test_the_run_of_a_replay_is_a_run_in_the_instance_that_captures_nothing(story: Story) -> None:
    run = story.operator.runs()[0]
    assert run.tags["dagster/partition"] == ANCHOR
    assert len(run.tags["nhl_ops/replay"]) == 36
    names = {key.to_user_string() for key in run.asset_selection or ()}
    assert "fact_prop_odds" in names
    assert not any(name.startswith("captured_") for name in names)


def test_the_table_tells_what_became_of_each_letter(story: Story) -> None:
    rows = story.operator.ask("select state, quarantined, count(*) from dead_letters group by 1, 2")
    assert rows == [("replayed", 0, story.dead)]


def test_replayed_letters_stay_on_record_with_the_replay_that_they_went_with(story: Story) -> None:
    state = State(story.operator.root / "data" / "state.sqlite")
    assert state.letters(Chosen()) == []
    letters = state.letters(Chosen(states=(LetterState.REPLAYED,)))
    assert len(letters) == story.dead
    assert {found.replay_id for found in letters} == {story.operator.runs()[0].tags["nhl_ops/replay"]}
