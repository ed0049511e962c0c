# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""The options of `nhl-ops backup`, `restore` and `verify`; the work is in backup.py and verify.py."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

keep_app = typer.Typer()
console = Console()


@keep_app.command()
def backup(
    out: Annotated[
        Path, typer.Option("--out", help="Folder, or a file that ends in .tar.", metavar="DIR|FILE")
    ],
) -> None:
    """Copy archive, state and the records of runs, with digests; the rest is rebuilt from them."""
    from nhl_ops.cli.backup import make_backup

    raise typer.Exit(make_backup(console, out.resolve()))


@keep_app.command()
def restore(
    source: Annotated[Path, typer.Option("--from", help="What `backup` wrote.", metavar="DIR|FILE")],
) -> None:
    """Put a backup into an empty project, verified; prints the commands that compute the slates again."""
    from nhl_ops.cli.backup import restore_backup

    raise typer.Exit(restore_backup(console, source.resolve()))


@keep_app.command()
def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Put damaged files aside and rebuild them from the archive.")
    ] = False,
) -> None:
    """Hold every stored file against its digest: payloads, tables, what readers see."""
    from nhl_ops.cli.verify import verify_files

    raise typer.Exit(verify_files(console, repair=repair))
