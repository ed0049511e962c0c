"""The daily operation of an NHL player-prop odds pipeline. `definitions` holds what Dagster loads."""
