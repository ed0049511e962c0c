"""Dead letters replayed from the archive after a fix: neither a row twice nor a row lost."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pandas as pd
import pytest

from nhl_ops.contracts.dead_letters import DEAD_LETTERS, LetterState
from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.defs.dead_letters import EVERY_STATE
from nhl_ops.defs.house import PROJECT_ROOT, House
from nhl_ops.defs.raw_odds import parse, payloads_of
from nhl_ops.defs.replay import Replayed, contiguous, replay, unstored
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.letters import Chosen, Mark, Reconciled
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.nhl_game_odds import PARTNER_GAME
from nhl_ops.gateways.nhl_game_odds import VENDOR as PARTNER_VENDOR
from nhl_ops.gateways.oddsshark import SCORES
from nhl_ops.gateways.state import SightingRow
from nhl_ops.gateways.unabated import PUBLIC_BOARD
from nhl_ops.gateways.warehouse import Audit
from nhl_ops.transforms.prop_odds import FACT_KEY, Captures, Reference, normalize
from nhl_ops.transforms.sightings import newest_mapping
from nhl_ops_tests.gateways.game_line_samples import full_partner_game, quoted, schedule, scored
from nhl_ops_tests.gateways.unabated_samples import board, event, line
from nhl_ops_tests.transforms import ev_frames as frames

DAY = "2026-01-06"
CAPTURED = datetime(2026, 1, 6, 22, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AUDIT = Audit("a-run", "a-run", CAPTURED)
RAW = RAW_QUOTES["UNABATED"]
BLOCKS = '88 = "BLOCKS"'


class Project:
    """A project folder whose boards are archived and parsed by hand; there is no league and no run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(PROJECT_ROOT / "config", root / "config")

    @property
    def house(self) -> House:
        """As a new process opens it, with the configuration of now."""
        return House(self.root, {"NHL_OPS_SOURCE": "live"}.get)

    def edit(self, old: str, new: str) -> None:
        path = self.root / "config" / "vendors.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def archive(
        self, body: object, vendor: str = "UNABATED", endpoint: str = PUBLIC_BOARD, at: datetime = CAPTURED
    ) -> str:
        house = self.house
        digest, path = house.archive.put(vendor, orjson.dumps(body), at)
        house.state.record_sighting(
            SightingRow(vendor, "league:/x", at, endpoint, DAY, 200, "ok", digest, None, path, 9)
        )
        return digest

    def ingest(self, body: object, at: datetime = CAPTURED) -> str:
        """What a run does with a new board."""
        digest = self.archive(body, at=at)
        house = self.house
        for payload in payloads_of(house, "UNABATED", DAY):
            if payload.payload_hash == digest:
                house.warehouse.append(RAW, parse(house, "UNABATED", payload).rows, AUDIT)
        return digest

    def replay(self, vendor: str = "UNABATED", rule: str | None = None) -> Replayed:
        return replay(self.house, vendor, DAY, rule, Mark("ann", CAPTURED + timedelta(days=2), "replay-1"))

    def publish(self, *slates: str) -> None:
        for slate in slates:
            (self.root / "data" / "published" / slate / "current").mkdir(parents=True)

    @property
    def rows(self) -> pd.DataFrame:
        return self.house.warehouse.observations(RAW).sort_values(list(RAW.key), ignore_index=True)

    def quarantined(self, *payloads: str) -> int:
        return sum(count for _, _, count in self.house.state.quarantined(payloads))


def blocks_and_shots(start: str = "2026-01-07T00:00:00") -> dict:
    """Two prices of blocked shots around two of shots on goal."""
    return board(
        event({"ms1": line(1.5, 130, marketId=1)}, betTypeId=88, eventStart=start),
        event({"ms1": line(2.5, -120, marketId=2)}, {"ms1": line(2.5, -110, marketId=2)}, eventStart=start),
        event({"ms2": line(1.5, 125, marketId=1)}, betTypeId=88, eventStart=start),
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Blocked shots are a market that the configuration does not know."""
    project = Project(tmp_path / "project")
    project.edit(BLOCKS, "")
    return project


@pytest.fixture
def mended(project: Project) -> tuple[Project, str]:
    """A board was ingested with two unknown prices; then the configuration was mended."""
    digest = project.ingest(blocks_and_shots())
    assert (len(project.rows), project.quarantined(digest)) == (2, 2)
    project.edit("129 = ", f"{BLOCKS}\n129 = ")
    return project, digest


def test_rows_that_are_good_by_now_are_stored_beside_those_that_were(mended: tuple[Project, str]) -> None:
    project, digest = mended
    before = project.rows
    done = project.replay()
    assert (done.payloads, done.rows, done.items) == (1, 2, Reconciled(2, 0, 0))
    after = project.rows
    assert sorted(after["market"]) == ["BLOCKS", "BLOCKS", "SOG", "SOG"]
    pd.testing.assert_frame_equal(after[after["market"] == "SOG"].reset_index(drop=True), before)
    assert len(after) + project.quarantined(digest) == 4


def test_a_second_replay_has_nothing_to_do(mended: tuple[Project, str]) -> None:
    project, _ = mended
    project.replay()
    after = project.rows
    assert project.replay() == Replayed()
    pd.testing.assert_frame_equal(project.rows, after)


def test_a_replay_that_was_killed_before_it_settled_the_letters_is_made_good_by_the_next(
    mended: tuple[Project, str],
) -> None:
    project, digest = mended
    project.replay()
    after = project.rows
    letters = [
        ("UNABATED", digest, found.rule, found.detail, found.sample, CAPTURED.isoformat(), 1)
        for found in project.house.state.letters(Chosen(states=EVERY_STATE))
    ]
    project.house.state.add_dead_letters(letters)
    assert project.quarantined(digest) == 2
    done = project.replay()
    assert (done.rows, done.items, project.quarantined(digest)) == (0, Reconciled(2, 0, 0), 0)
    pd.testing.assert_frame_equal(project.rows, after)


def test_replayed_rows_have_numbers_of_their_own_and_the_capture_of_their_payload(
    mended: tuple[Project, str],
) -> None:
    project, digest = mended
    project.replay()
    rows = project.rows
    assert rows["row_number"].is_unique
    assert set(rows["payload_hash"]) == {digest}
    assert rows["captured_at_utc"].unique().tolist() == [pd.Timestamp(CAPTURED)]


def test_without_a_fix_the_letters_stay_open_and_the_attempt_is_counted(project: Project) -> None:
    digest = project.ingest(blocks_and_shots())
    done = project.replay()
    assert (done.rows, done.items, done.slates) == (0, Reconciled(0, 2, 0), [])
    letters = project.house.state.letters(Chosen())
    assert [(found.attempts, found.changed_by) for found in letters] == [(1, "ann")] * 2
    assert project.quarantined(digest) == 2


def test_a_rule_narrows_a_replay_down_to_the_payloads_that_broke_it(mended: tuple[Project, str]) -> None:
    project, digest = mended
    bad = project.ingest(board(event({"ms1": line(2.5, 50)})), CAPTURED + 5 * MINUTE)
    assert project.replay(rule="american_price_below_100").items == Reconciled(0, 1, 0)
    assert (project.quarantined(digest), project.quarantined(bad)) == (2, 1)
    assert project.replay(rule="unknown_market").payloads == 1
    assert (project.quarantined(digest), project.quarantined(bad)) == (0, 1)


def test_equal_quotes_of_one_payload_are_stored_as_often_as_they_were_sent(project: Project) -> None:
    parsed = pd.DataFrame({"quote_id": ["a", "b", "a", "a", "c"]})
    stored = pd.DataFrame({"quote_id": ["a", "c"]})
    assert unstored(parsed, stored, "quote_id").index.tolist() == [1, 2, 3]
    assert unstored(parsed, parsed, "quote_id").empty
    assert len(unstored(parsed, stored.iloc[:0], "quote_id")) == 5


def test_a_payload_whose_stored_rows_are_read_otherwise_now_is_left_as_it_is_and_named(
    mended: tuple[Project, str],
) -> None:
    project, digest = mended
    stray = project.rows.iloc[:1].assign(quote_id="read otherwise", row_number=99)
    project.house.warehouse.append(RAW, stray, AUDIT)
    before = project.rows
    done = project.replay()
    assert "reads 1 of its 3 stored prices otherwise" in done.left[digest]
    assert (done.payloads, done.rows) == (0, 0)
    pd.testing.assert_frame_equal(project.rows, before)
    assert [found.attempts for found in project.house.state.letters(Chosen())] == [1, 1]


def test_a_payload_that_was_of_no_use_at_all_gives_all_its_rows_after_the_fix(project: Project) -> None:
    assists = [event({f"ms{n}": line(0.5, -189, marketId=70) for n in range(1, 7)}, betTypeId=70)]
    points = [event({f"ms{n}": line(0.5, 117, marketId=73) for n in range(1, 7)}, betTypeId=73)]
    digest = project.ingest(board(*assists, *points))
    assert (len(project.rows), project.quarantined(digest)) == (0, 1)
    project.edit('70 = "ASSISTS"\n73 = "POINTS"', '70 = "POINTS"\n73 = "ASSISTS"')
    done = project.replay()
    assert (done.rows, done.items, project.quarantined(digest)) == (12, Reconciled(1, 0, 0), 0)


def test_an_archived_body_that_is_gone_leaves_its_letters_open_and_the_others_replayed(
    mended: tuple[Project, str],
) -> None:
    project, digest = mended
    other = project.archive({"odds": {"lg6:pt1:pregame": ["junk"]}}, at=CAPTURED + MINUTE)
    letter = ("UNABATED", other, "unknown_market", "d", "{}", CAPTURED.isoformat(), 1)
    project.house.state.add_dead_letters([letter])
    (project.root / str(project.house.state.payload_path("UNABATED", other))).unlink()
    done = project.replay()
    assert list(done.left) == [other]
    assert "cannot be read" in done.left[other]
    assert (project.quarantined(other), project.quarantined(digest)) == (1, 0)


def test_the_table_has_a_row_for_each_version_of_a_letter(mended: tuple[Project, str]) -> None:
    project, _ = mended
    project.replay()
    table = project.house.warehouse.observations(DEAD_LETTERS)
    assert (
        table[["version", "state", "quarantined", "changed_by", "replay_id"]].values.tolist()
        == [[1, "replayed", 0, "ann", "replay-1"]] * 2
    )
    assert set(table["endpoint"]) == {PUBLIC_BOARD}


# -- slates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "touched"),
    [
        ("2026-01-07T00:00:00", ["2026-01-06"]),
        ("2026-01-08T00:00:00", ["2026-01-07"]),
        ("2026-01-11T00:00:00", []),
        ("2026-01-05T00:00:00", []),
    ],
    ids=["its own", "the next", "too far off to be read", "over when it was captured"],
)
def test_slates_that_readers_have_and_that_new_rows_change_are_named(
    project: Project, start: str, touched: list[str]
) -> None:
    project.publish("2026-01-04", "2026-01-06", "2026-01-07", "2026-01-10")
    project.ingest(blocks_and_shots(start))
    project.edit("129 = ", f"{BLOCKS}\n129 = ")
    assert project.replay().slates == touched


def test_a_slate_that_was_never_published_needs_no_new_computation(mended: tuple[Project, str]) -> None:
    assert mended[0].replay().slates == []


def test_slates_are_computed_in_ranges_without_gaps() -> None:
    days = ["2026-01-31", "2026-02-01", "2026-02-03"]
    assert contiguous(reversed(days)) == [days[:2], days[2:]]
    assert contiguous([]) == []


# -- after an alias ------------------------------------------------------------------------------------------


def test_a_fact_that_nobody_could_map_is_mapped_by_the_next_run_after_an_alias() -> None:
    captures = Captures(
        frames.raw_quotes({"player_name_raw": "Papi"}), frames.sightings(), frames.quarantined()
    )
    known = Reference(frames.games({}), frames.players({}), frames.aliases())
    unmapped, before = normalize(captures, known, [frames.SLATE], 3, frames.facts())
    alias = {"alias_name": "Papi", "player_name": "Auston Matthews", "source": "a book's joke"}
    told = Reference(known.games, known.players, frames.aliases(alias))
    added, after = normalize(captures, told, [frames.SLATE], 3, unmapped[FACT_KEY])
    assert (unmapped["player_id_nhl"].isna().tolist(), added["player_id_nhl"].tolist()) == (
        [True],
        [frames.PLAYER],
    )
    assert (before["mapped"].item(), after["mapped"].item(), after["quarantined"].item()) == (0, 1, 0)
    stored = [frame.assign(created_at_utc=CAPTURED + n * MINUTE) for n, frame in enumerate((unmapped, added))]
    newest = newest_mapping(pd.concat([f.astype({"player_id_nhl": "Int64"}) for f in stored]))
    assert newest["player_id_nhl"].tolist() == [frames.PLAYER]


# -- other vendors -------------------------------------------------------------------------------------------


def test_a_vendor_that_is_switched_off_cannot_be_replayed(mended: tuple[Project, str]) -> None:
    project, _ = mended
    project.edit("[unabated]\nenabled = true", "[unabated]\nenabled = false")
    with pytest.raises(ConfigError, match="UNABATED is switched off"):
        project.replay()


def test_an_unknown_vendor_is_refused_with_the_known_ones(project: Project) -> None:
    with pytest.raises(ConfigError, match=r"choose one of UNABATED, PLAYNOW, .*NHL"):
        project.replay("UNABTED")


def test_letters_of_an_nhl_payload_are_settled_and_its_slate_is_computed_anew(project: Project) -> None:
    digest = project.archive({"gameWeek": []}, "NHL", SCHEDULE)
    letter = ("NHL", digest, "malformed_game", "$.gameWeek[0]", "{}", CAPTURED.isoformat(), 1)
    project.house.state.add_dead_letters([letter])
    project.publish(DAY)
    done = project.replay("NHL")
    assert (done.items, done.rows, done.slates) == (Reconciled(1, 0, 0), 0, [DAY])
    (found,) = project.house.state.letters(Chosen(states=EVERY_STATE))
    assert found.state is LetterState.REPLAYED


def test_an_nhl_payload_that_no_run_reads_by_itself_is_left_with_what_to_do(project: Project) -> None:
    digest = project.archive({"data": []}, "NHL_RESULTS", "nhl_stats_goalie_summary")
    letter = ("NHL_RESULTS", digest, "malformed_row", "$.data[0]", "{}", CAPTURED.isoformat(), 1)
    project.house.state.add_dead_letters([letter])
    assert "clear its letters with a reason" in project.replay("NHL_RESULTS").left[digest]


# -- game lines ----------------------------------------------------------------------------------------------


def line_rows(project: Project) -> pd.DataFrame:
    return project.house.warehouse.observations(RAW_GAME_LINES)


@pytest.mark.parametrize(
    ("vendor", "endpoint", "body", "rows"),
    [
        ("NHL", SCHEDULE, schedule(quoted({9: ("+120", "-142"), 7: ("2.25", "1.67")})), 4),
        (PARTNER_VENDOR, PARTNER_GAME, full_partner_game(), 12),
        ("ODDSSHARK", SCORES[0], {"scores": [scored()]}, 6),
    ],
    ids=["schedule", "partner game", "scores"],
)
def test_lines_that_are_good_by_now_are_stored_once(
    project: Project, vendor: str, endpoint: str, body: dict, rows: int
) -> None:
    digest = project.archive(body, vendor, endpoint)
    letter = (vendor, digest, "game_line.unusable_payload", "was not read", "{}", CAPTURED.isoformat(), 1)
    project.house.state.add_dead_letters([letter])
    project.publish(DAY)
    done = project.replay(vendor)
    assert (done.rows, done.items, done.slates, done.left) == (rows, Reconciled(1, 0, 0), [DAY], {})
    assert len(line_rows(project)) == rows
    project.house.state.add_dead_letters([letter])
    assert project.replay(vendor).rows == 0
    assert len(line_rows(project)) == rows
    assert project.house.state.quarantined([digest], of_game_lines=True) == []


def test_a_schedules_letters_of_games_and_of_lines_are_settled_together(project: Project) -> None:
    digest = project.archive(schedule(quoted({9: ("+120", "-99")})), "NHL", SCHEDULE)
    letters = [("malformed_game", "$.gameWeek[0]"), ("game_line.price_not_a_number", "$.gameWeek[0]")]
    project.house.state.add_dead_letters(
        ("NHL", digest, rule, detail, "{}", CAPTURED.isoformat(), 1) for rule, detail in letters
    )
    done = project.replay("NHL")
    assert (done.items.replayed, done.left) == (2, {})
    found = {rule for _, rule, _ in project.house.state.quarantined([digest], of_game_lines=True)}
    assert found == {"game_line.american_price_below_100", "game_line.unknown_market"}
    assert project.house.state.quarantined([digest]) == []
