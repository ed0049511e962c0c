"""The runbook lists every check with its tables and its default, and no other."""

import re

from nhl_ops.defs.catalogue import IN_RUNS
from nhl_ops.defs.checks import CONTRACT_CHECK
from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.gateways.config_files import load_settings
from nhl_ops_tests.defs.test_definitions import structure

NAME = re.compile(r"`([a-z_]+)`")


def told() -> dict[str, tuple[set[str], str]]:
    """By check, as the tables of the section tell: assets and default severity."""
    text = (PROJECT_ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    section = text.split("\n## Checks\n")[1].split("\n## ")[0]
    found: dict[str, tuple[set[str], str]] = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if line.startswith("| `"):
            assets = (
                {spec.name for spec in IN_RUNS} if cells[2] == "every table" else set(NAME.findall(cells[2]))
            )
            assert cells[4], f"{cells[1]}: the runbook does not say what to do"
            found |= {name: (assets & set(structure()), cells[3]) for name in NAME.findall(cells[1])}
    return found


def test_the_runbook_tells_of_every_check_where_it_stands_and_what_it_does() -> None:
    checks = load_settings(PROJECT_ROOT / "config").policy.checks
    graph = structure()
    built = {name for asset in graph.values() for name in asset["checks"]}
    assert built == set(type(checks).model_fields)
    assert told() == {
        name: ({a for a, asset in graph.items() if name in asset["checks"]}, str(getattr(checks, name)))
        for name in built
    }
    assert told()[CONTRACT_CHECK][0] == {spec.name for spec in IN_RUNS}
