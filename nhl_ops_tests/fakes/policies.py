"""Settings of a test's project, changed as an operator would change them."""

from nhl_ops_tests.fakes.project import Project


def set_policy(project: Project, key: str, value: str) -> None:
    """Replace the value (as TOML) of the first setting of that name in config/policy.toml."""
    path = project.root / "config" / "policy.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
    lines[at] = f"{key} = {value}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
