"""docs/new_vendor.md, done as told: its blocks in a copy of the project, its board on a socket, the daily card."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer

from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told

PAGE = PROJECT_ROOT / "docs" / "new_vendor.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
REGISTER = "nhl_ops/domain/vendors.py"
LAST_LINE = '        "FILE_DROP": "file drops",\n'


def blocks() -> dict[str, str]:
    """Text by the name that stands behind the language of a block."""
    return dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


def test_the_page_has_a_module_a_section_a_line_and_a_board() -> None:
    assert set(blocks()) == {"nhl_ops/gateways/acme.py", "config/vendors.toml", REGISTER, "acme_board"}
    assert len(blocks()[REGISTER].splitlines()) == 1


def board(league: str) -> dict[str, Any]:
    """The page's board on tonight's first game, with a skater of its home team."""
    week = requests.get(f"{league}/nhl-web/v1/schedule/{ANCHOR}", timeout=10).json()
    game = next(day for day in week["gameWeek"] if day["date"] == ANCHOR)["games"][0]
    home, away = game["homeTeam"]["abbrev"], game["awayTeam"]["abbrev"]
    skater = requests.get(f"{league}/nhl-web/v1/roster/{home}/current", timeout=10).json()["forwards"][0]
    name = f"{skater['firstName']['default']} {skater['lastName']['default']}"
    found: dict[str, Any] = json.loads(blocks()["acme_board"])
    (event,) = found["events"]
    event |= {"starts": game["startTimeUTC"], "home": home, "away": away}
    for offer in event["offers"]:
        offer |= {"player": name, "team": home}
    return found


@pytest.fixture(scope="module")
def acme(league: str) -> Iterator[str]:
    """The board's address."""
    with HTTPServer() as server:
        server.expect_request("/nhl/props", method="GET").respond_with_json(board(league))
        yield server.url_for("").rstrip("/")


@pytest.fixture(scope="module")
def with_acme(
    before_the_card: Operator, acme: str, league: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Operator, Told, dict[str, str]]:
    """Tonight's card by a copy of the code with the page's blocks in it."""
    told = blocks()
    code = tmp_path_factory.mktemp("code")
    shutil.copytree(PROJECT_ROOT / "nhl_ops", code / "nhl_ops", ignore=shutil.ignore_patterns("__pycache__"))
    (code / "nhl_ops/gateways/acme.py").write_text(told["nhl_ops/gateways/acme.py"], encoding="utf-8")
    add(code / REGISTER, LAST_LINE, told[REGISTER])
    operator = before_the_card.copy(tmp_path_factory.mktemp("acme") / "project")
    section = told["config/vendors.toml"].replace("http://127.0.0.1:8765", acme)
    with (operator.root / "config/vendors.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{section}")
    environment = {"PYTHONPATH": str(code), "NHL_OPS_LEAGUE_URL": league}
    return operator, operator.run_installed("run-daily", "--all", **environment), environment


def add(file: Path, after: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(after) == 1
    file.write_text(text.replace(after, after + line), encoding="utf-8")


Acme = tuple[Operator, Told, dict[str, str]]


def test_the_card_succeeds_and_publishes_the_new_vendors_quotes_with_their_ids(with_acme: Acme) -> None:
    operator, told, _ = with_acme
    assert told.code == 0, told.text
    quotes = operator.ask(
        "select market, side, line, price_american, book_name from fact_prop_odds "
        "where source_vendor = 'ACME' and game_id_nhl is not null and player_id_nhl is not null order by 1, 2"
    )
    assert quotes == [
        ("GOALS", "UNDER", 0.5, -120, "ACME"),
        ("POINTS", "OVER", 0.5, -160, "ACME"),
        ("SOG", "OVER", 3.5, -115, "ACME"),
        ("SOG", "UNDER", 3.5, -105, "ACME"),
    ]


def test_every_price_is_accounted_for(with_acme: Acme) -> None:
    rows = with_acme[0].ask(
        "select seen, accepted, duplicate, other_slate, quarantined, mapped from fact_odds_accounting "
        "where source_vendor = 'ACME'"
    )
    assert rows == [(7, 4, 0, 0, 3, 4)]


def test_its_prices_stand_in_the_published_comparison(with_acme: Acme) -> None:
    operator, _, _ = with_acme
    assert operator.ask("select count(*) from ev_fair_prices where book_name = 'ACME'") == [(4,)]
    assert len(operator.ask("select * from raw_acme_odds")) == 4


def test_what_broke_the_format_is_a_dead_letter_with_its_rule(with_acme: Acme) -> None:
    operator, _, environment = with_acme
    told = operator.run_installed("dead-letters", "list", "--vendor", "ACME", **environment)
    assert told.code == 0
    assert "american_price_below_100" in told.text
    assert "unknown_market" in told.text
    rules = operator.ask(
        "select rule, sum(quarantined) from dead_letters where source_vendor = 'ACME' group by 1 order by 1"
    )
    assert rules == [("american_price_below_100", 1), ("unknown_market", 2)]


def test_reports_and_ingest_status_name_it(with_acme: Acme) -> None:
    operator, _, _ = with_acme
    status = json.loads(operator.read(f"outputs/monitoring/ingest_status_{ANCHOR}.json"))["vendors"]["ACME"]
    assert (status["outcome"], status["seen"], status["accepted"]) == ("ok", 7, 4)
    for report in ("daily_run", "daily_report"):
        text = operator.read(f"outputs/monitoring/{report}_{ANCHOR}.md")
        assert any(line.startswith("| ACME") for line in text.splitlines())


def test_the_other_vendors_quotes_are_all_there(with_acme: Acme) -> None:
    vendors = with_acme[0].ask("select distinct source_vendor from fact_prop_odds order by 1")
    assert vendors == [("ACME",), ("ODDSSHARK",), ("PLAYNOW",), ("UNABATED",)]
