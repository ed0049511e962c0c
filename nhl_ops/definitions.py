"""What Dagster loads: everything that `defs/` holds."""

import dagster as dg

from nhl_ops.defs.catalogue import ASSETS, CHECKS
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.jobs import JOBS, SCHEDULES
from nhl_ops.defs.sensors import SENSORS

defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=CHECKS,
    jobs=JOBS,
    schedules=SCHEDULES,
    sensors=SENSORS,
    resources={"house": HouseResource()},
    executor=dg.in_process_executor,
)
