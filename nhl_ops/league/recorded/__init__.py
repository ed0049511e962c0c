"""A league that really happened: tables of results and prices, read from a folder, as one dataset."""

from nhl_ops.league.recorded.load import load_recorded

__all__ = ["load_recorded"]
