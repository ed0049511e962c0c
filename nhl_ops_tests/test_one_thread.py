"""Numerical libraries compute with one thread in every process of ours."""

import os
import subprocess
import sys

AS_DAGSTER_LOADS_US = """
import dagster, nhl_ops, psutil
before = psutil.Process().num_threads()
import numpy, scipy.linalg
matrix = numpy.random.default_rng(1).random((400, 400))
scipy.linalg.inv(matrix @ matrix)
print(psutil.Process().num_threads() - before)
"""


def test_matrices_start_no_thread_whatever_the_machine_asks_for() -> None:
    told = subprocess.run(
        [sys.executable, "-c", AS_DAGSTER_LOADS_US],
        env=os.environ | {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "0"
