"""The documents are tested like code: their commands parse, their links lead somewhere, their names exist."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from nhl_ops.cli.main import app
from nhl_ops.contracts.registry import TABLES

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
OUR_VARIABLE = re.compile(r"\bNHL_OPS_[A-Z_]*[A-Z]\b")
READ_IN_CODE = re.compile(r"""["'](NHL_OPS_[A-Z_]*[A-Z])["']|(?:env|secret)\("([A-Z_]+)"\)""")
READ_IN_TESTS = re.compile(r'environ\.get\("(NHL_OPS_[A-Z_]*[A-Z])"')
MAKE_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
OUR_PATH = re.compile(r"(?:nhl_ops|nhl_ops_tests|config|docs|\.ci)/[\w./-]*")
OUR_NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
PLACEHOLDERS = {"DATE": "2026-01-05", "FILE": "probabilities.parquet"}


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def shown(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def snippets(text: str) -> Iterator[str]:
    """Lines of code blocks, continued ones joined, and code spans."""
    for block in FENCE.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def commands(text: str) -> list[list[str]]:
    """What follows `nhl-ops` on every line that calls it."""
    found = []
    for snippet in snippets(text):
        if not re.search(r"(^|[\s/])nhl-ops(\s|$)", snippet):
            continue
        words = shlex.split(snippet, comments=True)
        starts = [i for i, word in enumerate(words) if word.rpartition("/")[2] == "nhl-ops"]
        found += [words[i + 1 :] for i in starts[:1]]
    return found


def check_command(words: Sequence[str]) -> None:
    """Walk the command tree and parse the options. Raises an error of the command line; runs nothing.

    A bare name of a command is a mention: its required options may be missing.
    """
    command: Any = typer.main.get_command(app)
    rest = [PLACEHOLDERS.get(word, word) for word in words]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    options = [word for word in rest if word != "--help"]
    if options:
        command.make_context(command.name, options)


ALL_COMMANDS = [(shown(d), words) for d in DOCUMENTS for words in commands(text_of(d))]


@pytest.mark.parametrize(
    ("document", "words"), ALL_COMMANDS, ids=[f"{d}: {' '.join(w)}" for d, w in ALL_COMMANDS]
)
def test_every_command_in_the_documents_is_a_real_one(document: str, words: list[str]) -> None:
    check_command(words)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("nhl-ops run-weekly", "run-weekly"),
        ("nhl-ops run-daily --evrything", "No such option: --evrything"),
        ("nhl-ops run-daily --date yesterday", "yesterday"),
        ("nhl-ops run-daily --as-of-mode noon", "noon"),
        ("nhl-ops backfill --start 2026-01-01", "Missing parameter: end"),
        ("nhl-ops export probabilities --start DATE --end DATE", "Missing parameter: out"),
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str, complaint: str) -> None:
    (words,) = commands(f"`{line}`")
    with pytest.raises(Exception, match=complaint):
        check_command(words)


def test_commands_are_found_behind_settings_in_blocks_and_in_spans() -> None:
    text = "Try `nhl-ops demo`.\n```\nNHL_OPS_LEAGUE=recorded .venv/bin/nhl-ops \\\n  run-daily --all  # tonight\n```\n"
    assert commands(text) == [["run-daily", "--all"], ["demo"]]


def test_the_readme_shows_every_command() -> None:
    command: Any = typer.main.get_command(app)
    known = {
        (name, inner) if inner else (name,)
        for name, found in command.commands.items()
        for inner in getattr(found, "commands", [""])
    }
    told = commands(text_of(README))
    assert {path for path in known if not any(words[: len(path)] == list(path) for words in told)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_relative_link_leads_to_a_file_and_its_heading(document: Path) -> None:
    for target in LINK.findall(FENCE.sub("", text_of(document))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), f"{shown(document)} links to {target}, which does not exist"
        assert not anchor or anchor in anchors(text_of(file)), f"{shown(document)}: no heading for {target}"


def anchors(text: str) -> set[str]:
    """Names that a heading gets on GitHub."""
    headings = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def variables_read() -> set[str]:
    """Environment variables that the code reads, and the one of the tests."""
    found = {
        name
        for file in (ROOT / "nhl_ops").rglob("*.py")
        for pair in READ_IN_CODE.findall(file.read_text(encoding="utf-8"))
        for name in pair
        if name
    }
    in_tests = (file.read_text(encoding="utf-8") for file in (ROOT / "nhl_ops_tests").rglob("*.py"))
    return found | {name for text in in_tests for name in READ_IN_TESTS.findall(text)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_variable_in_the_documents_is_read_by_the_code(document: Path) -> None:
    assert set(OUR_VARIABLE.findall(text_of(document))) <= variables_read()


def test_the_readme_explains_every_variable_that_the_code_reads() -> None:
    table = set(re.findall(r"^\| `([A-Z_]+)`", text_of(README), re.MULTILINE))
    assert table == variables_read()


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_make_target_in_the_documents_exists(document: Path) -> None:
    named = {target for snippet in snippets(text_of(document)) for target in MAKE_TARGET.findall(snippet)}
    assert named <= make_targets()


def test_the_readme_names_every_make_target() -> None:
    named = {t for snippet in snippets(text_of(README)) for t in MAKE_TARGET.findall(snippet)}
    assert make_targets() <= named


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_path_of_the_repository_in_the_documents_exists(document: Path) -> None:
    for span in SPAN.findall(FENCE.sub("", text_of(document))):
        if OUR_PATH.fullmatch(span):
            assert (ROOT / span).exists(), f"{shown(document)} names {span}, which does not exist"


@pytest.fixture(scope="module")
def words_of_the_code() -> set[str]:
    files = [
        *(ROOT / "nhl_ops").rglob("*.py"),
        *(ROOT / "nhl_ops" / "templates").iterdir(),
        *(ROOT / "config").iterdir(),
        ROOT / "dagster.yaml",
    ]
    written = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}
    return written | set(TABLES)


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_table_column_setting_or_check_in_the_documents_is_in_the_code(
    document: Path, words_of_the_code: set[str]
) -> None:
    named = {span for span in SPAN.findall(FENCE.sub("", text_of(document))) if OUR_NAME.fullmatch(span)}
    assert named <= words_of_the_code
