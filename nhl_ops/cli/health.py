"""`nhl-ops health`: every subject in a line, the worst of them as the exit code."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.session import open_session
from nhl_ops.defs.health import examine
from nhl_ops.domain.health import Level, exit_code

STYLE = {Level.OK: "green", Level.WARN: "yellow", Level.BAD: "red"}


def health(console: Console) -> int:
    """Look at every subject. Returns 0 when all is well, 3 for what to look at soon, 1 for what to act on now."""
    with open_session(asks_vendors=False) as session:
        findings = examine(session.house, session.instance)
    table = Table(show_header=False, show_edge=False, box=None)
    for finding in findings:
        told = f"{finding.told}\nnext: {finding.next_step}" if finding.next_step else finding.told
        table.add_row(Text(finding.level, style=STYLE[finding.level]), finding.subject, Text(told))
    console.print(table)
    return exit_code(findings)
