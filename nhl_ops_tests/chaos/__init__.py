"""`make chaos`: kill -9 at random points of daily runs and backfills, and what readers and the next run see."""
