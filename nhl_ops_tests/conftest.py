"""How the suite is spread over workers (`pytest -n 2`)."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOLD_ONCE = ("nhl_ops_tests/cli/", "nhl_ops_tests/defs/")
"""Tests of each of these folders share a project folder and its runs."""


class FilesAndOneStory(LoadScopeScheduling):
    """A file stays on one worker, and a folder whose tests share a project does: fixtures are built once."""

    def _split_scope(self, nodeid: str) -> str:
        shared = next((folder for folder in TOLD_ONCE if nodeid.startswith(folder)), None)
        return shared or nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesAndOneStory:
    return FilesAndOneStory(config, log)
