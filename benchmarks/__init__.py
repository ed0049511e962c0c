"""`make bench`: speed and memory as ratios, taken in one run on the same work. No figure here is ever asserted."""
