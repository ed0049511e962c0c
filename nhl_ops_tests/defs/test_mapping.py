"""A name that no rule maps: it waits in the queue, a person decides, and the slate is named as stale."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from rich.console import Console

from nhl_ops.cli import mapping
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.defs.odds import facts_of
from nhl_ops.domain.failures import MissingInput
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.transforms.sightings import newest_mapping
from nhl_ops_tests.defs.conftest import ANCHOR
from nhl_ops_tests.fakes.project import Project, new_project

SLATE = ANCHOR.isoformat()
DAMAGED = "Xq"
"""What stands for the middle of a surname."""


DROPPED = ["date", "player_id", "player_name", "team", "market", "line", "over_price", "under_price", "book"]
DROPPED += ["first_seen_at", "last_seen_at", "is_current"]


def drop_without_teams(root: Path, *names: str) -> None:
    """Odds of these men in the inbox, in a layout that does not say who plays whom."""
    path = root / "data" / "inbox" / "kept.csv"
    path.parent.mkdir(parents=True)
    seen = f"{SLATE}T15:00:00Z"
    rows = [f"{SLATE},,{name},,POINTS,0.5,-120,100,kept,{seen},{seen},True" for name in names]
    path.write_text("\n".join([",".join(DROPPED), *rows]) + "\n")
    os.utime(path, (0, 0))


def damaged(dataset: LeagueDataset) -> tuple[LeagueDataset, str, int]:
    """The league with one man's name damaged at one vendor; the damaged name, his id."""
    games = dataset.games.loc[dataset.games["game_date"] == SLATE, "game_id"]
    tonight = dataset.quotes[
        dataset.quotes["game_id"].isin(games) & (dataset.quotes["vendor"] == "PLAYNOW")
    ].dropna(subset=["player_id"])
    name, player = tonight.iloc[0][["player_name", "player_id"]]
    wrong = name[:-2] + DAMAGED
    is_his = (dataset.quotes["vendor"] == "PLAYNOW") & (dataset.quotes["player_name"] == name)
    quotes = dataset.quotes.assign(player_name=dataset.quotes["player_name"].mask(is_his, wrong))
    return replace(dataset, quotes=quotes), wrong, int(player)


def other_name(dataset: LeagueDataset, player: int) -> str:
    """Somebody else who is priced tonight and has a name of his own."""
    games = dataset.games.loc[dataset.games["game_date"] == SLATE, "game_id"]
    tonight = dataset.quotes[dataset.quotes["game_id"].isin(games)].dropna(subset=["player_id"])
    tonight = tonight[tonight["vendor"] == "UNABATED"].drop_duplicates(["player_name", "player_id"])
    alone = tonight[~tonight.duplicated("player_name", keep=False) & (tonight["player_id"] != player)]
    return str(alone["player_name"].iloc[0])


@dataclass
class Story:
    """A project with one damaged name, and what each command in turn printed."""

    project: Project
    wrong: str
    player: int
    told: dict[str, str]


def say(project: Project, command: Callable[..., int], *words: object) -> str:
    console = Console(width=200)
    with project.here(), console.capture() as captured:
        assert command(console, *words) == 0
    return captured.get()


@pytest.fixture(scope="module")
def story(dataset: LeagueDataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    league, wrong, player = damaged(dataset)
    with LeagueServer(league) as server:
        project = new_project(tmp_path_factory.mktemp("mapping") / "project", server.url)
        drop_without_teams(project.root, wrong, other_name(dataset, player))
        project.succeed([SLATE])
        told = {
            "review": say(project, mapping.review, None),
            "fresh": say(project, mapping.gaps),
            "rejected": say(project, mapping.reject, wrong, player, "another man"),
            "accepted": say(project, mapping.accept, wrong, player, "seen on the site"),
            "twice": say(project, mapping.accept, wrong, player, "again"),
            "stale": say(project, mapping.gaps),
        }
        again = Project(project.root, server.url)
        again.succeed([SLATE])
        told |= {"mended": say(again, mapping.gaps), "reviewed": say(again, mapping.review, SLATE)}
        yield Story(again, wrong, player, told)


def test_the_queue_shows_the_name_and_whom_it_is_like(story: Story) -> None:
    assert story.wrong in story.told["review"]
    assert f"({story.player}, 0.9" in story.told["review"]
    assert "none stale" in story.told["fresh"]


def test_a_decision_is_a_dated_row_of_the_configuration_once(story: Story) -> None:
    aliases = (story.project.root / "config/aliases.csv").read_text().splitlines()
    assert aliases[-1] == f"{story.wrong},,{story.player},{SLATE},,accepted {SLATE}: seen on the site"
    assert "nothing was written" in story.told["twice"]
    rejected = (story.project.root / "config/alias_rejections.csv").read_text()
    assert f"{story.wrong},{story.player},{SLATE},another man" in rejected


def test_a_decision_names_the_slates_to_compute_anew(story: Story) -> None:
    command = f"Compute anew: nhl-ops run-daily --date {SLATE} --all"
    assert command in story.told["accepted"]
    assert f"{SLATE} is stale" in story.told["stale"]
    assert f"mapped otherwise now: {story.wrong}" in story.told["stale"]
    assert command in story.told["stale"]


def test_the_next_run_maps_the_name_and_nothing_is_stale(story: Story) -> None:
    facts = story.project.observed(FACT_PROP_ODDS.name)
    his = facts[facts["player_name_raw"] == story.wrong]
    assert story.player in his["player_id_nhl"].tolist()
    assert "none stale" in story.told["mended"]
    assert story.wrong not in story.told["reviewed"]


def test_a_dropped_file_without_teams_is_mapped_by_its_people_and_by_the_new_alias(story: Story) -> None:
    facts = newest_mapping(facts_of(story.project.house, [SLATE]))
    dropped = facts[facts["source_vendor"] == "FILE_DROP"]
    assert len(dropped) == 4
    assert set(dropped["event_method"]) == {"date_and_people"}
    assert dropped["game_id_nhl"].notna().all()
    methods = dropped.groupby("player_name_raw")["mapping_method"].unique().map(list).to_dict()
    assert methods.pop(story.wrong) == ["alias"]
    assert list(methods.values()) == [["exact_name"]]


def test_an_alias_that_no_slate_waits_for_says_so(story: Story) -> None:
    told = say(story.project, mapping.accept, "Nobody Yet", story.player, "for next year")
    assert "No published slate waits for this name." in told


def test_an_id_that_nobody_has_is_refused(story: Story) -> None:
    with pytest.raises(MissingInput, match="no published slate has a player with the NHL id 999"):
        say(story.project, mapping.accept, story.wrong, 999, "x")
