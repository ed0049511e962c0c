"""A league made up from a seed: real in its statistics, with its true probabilities kept aside."""

from nhl_ops.league.synthetic.build import build_synthetic

__all__ = ["build_synthetic"]
