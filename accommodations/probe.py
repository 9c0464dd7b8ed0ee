"""Health checks of the containers: python -m accommodations.probe web | worker | beat | sandbox."""

import http.client
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

SCHEDULE = Path(os.environ.get("BEAT_SCHEDULE", "/state/celerybeat-schedule"))
# Celery's beat writes its schedule down every three minutes.
SCHEDULE_OLD_AFTER_SECONDS = 600


def is_answering(port: int, path: str, host: str) -> bool:
    """Whether this machine's port answers the path with 200. `host` is a name that the server accepts."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def web() -> bool:
    """Whether the web server is alive."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].lstrip(".")
    return is_answering(int(os.environ.get("PORT", "8000")), "/healthz", host)


def sandbox() -> bool:
    """Whether the sandbox Canvas is alive."""
    return is_answering(int(os.environ.get("SANDBOX_PORT", "9000")), "/", "127.0.0.1")


def worker() -> bool:
    """Whether this machine's worker answers."""
    from accommodations.celery import app

    return bool(app.control.ping(destination=[f"celery@{os.uname().nodename}"], timeout=10.0, limit=1))


def beat() -> bool:
    """Whether beat has written its schedule lately."""
    files = SCHEDULE.parent.glob(f"{SCHEDULE.name}*")
    return any(time.time() - file.stat().st_mtime < SCHEDULE_OLD_AFTER_SECONDS for file in files)


PROBES: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "beat": beat, "sandbox": sandbox}


def main(arguments: list[str]) -> int:
    """Return 0 where the named process is well, 1 where it is not, 2 for wrong use."""
    if len(arguments) != 1 or arguments[0] not in PROBES:
        print(f"One of: {', '.join(PROBES)}", file=sys.stderr)
        return 2
    return 0 if PROBES[arguments[0]]() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
