"""A process that asks one Canvas with one token from many threads.

Called as `python -m tests.services.budget_worker URL TOKEN THREADS SECONDS [LANE]`. Prints as JSON how many requests
were answered and how many raised. REDIS_URL and secrets come from the environment.
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import django

from canvas_bridge.errors import CanvasError


def main(url: str, token: str, threads: int, seconds: float, lane: str = "background") -> None:
    """Ask until the time is over."""
    django.setup()
    # Django must be set up before its models are imported.
    from accommodations.models import CanvasConnection
    from accommodations.services import connections
    from accommodations.services.rate_model import Lane

    end, failed = time.monotonic() + seconds, []
    ready = threading.Barrier(threads)

    def ask(_: int) -> int:
        gateway = connections.gateway_for(CanvasConnection(base_url=url, token=token), lane=Lane(lane))
        answered = 0
        ready.wait()
        while time.monotonic() < end:
            try:
                gateway.read_self()
            except CanvasError as error:
                failed.append(str(error))
            answered += 1
        return answered

    with ThreadPoolExecutor(threads) as pool:
        answered = sum(pool.map(ask, range(threads)))
    json.dump({"answered": answered, "failed": failed}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:])
