"""The `nhl-ops` command: thin, it launches through `defs.runs` what the UI would launch."""
