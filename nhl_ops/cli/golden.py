"""`nhl-ops golden-run`: are the numbers still the recorded ones?"""

from rich.console import Console
from rich.text import Text

from nhl_ops.defs.golden import GOLDEN, SLATE, golden_results
from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.golden import compare, note_change, record

CHANGELOG = PROJECT_ROOT / "CHANGELOG.md"


def check_golden(console: Console) -> int:
    """Returns 1 when a table or file is not as recorded."""
    with golden_results() as results:
        found = compare(GOLDEN, results)
        count = len(results.tables) + len(results.texts)
    for one in found:
        console.print(Text.assemble((one.name, "bold red"), f": {one.detail}"), soft_wrap=True)
    if found:
        console.print(
            f"{len(found)} of {count} tables and files of the golden slate {SLATE} are not as recorded.\n"
            'If that is meant: nhl-ops golden-run --update --reason "what changed the numbers, and why"'
        )
        return 1
    console.print(f"All {count} tables and files of the golden slate {SLATE} are as recorded.")
    return 0


def update_golden(console: Console, reason: str | None) -> int:
    """Record the results of today's code; the reason goes to the changelog."""
    if not (reason or "").strip():
        raise ConfigError(
            "new golden results need a reason, for the changelog", 'give it: --update --reason "..."'
        )
    with golden_results() as results:
        changed = record(GOLDEN, results)
    if not changed:
        console.print("Nothing changed: the recorded results stay as they are.")
        return 0
    note_change(CHANGELOG, str(reason), changed)
    console.print(f"Recorded: {', '.join(changed)}. The reason stands in {CHANGELOG.name}; commit both.")
    return 0
