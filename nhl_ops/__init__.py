"""The daily operation of an NHL player-prop odds pipeline. `definitions` holds what Dagster loads.

Every process of ours (the command, Dagster's code server and run workers, the league) starts by importing this
package, so here its numerical libraries are told to compute with one thread. They read that once, when they are
loaded. With several threads they add the parts of a sum in another order on a machine with other cores, the last
digits of a float differ, and equal work no longer leaves equal tables. The tables are small: nothing is lost.
"""

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
