"""The client as a whole: what it shows of itself, and that it can be used without Django."""

import subprocess
import sys
from pathlib import Path

from canvas_bridge.client import CanvasClient
from canvas_bridge.client.resources.resource import Resource

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "7~theVerySecretTokenOfThisTest"
WITHOUT_DJANGO = """
import sys
from canvas_bridge.client import CanvasClient
import canvas_bridge.gateway
CanvasClient.connected_to("https://canvas.example.edu", "t")
print([name for name in ("django", "celery", "accommodations", "cattrs", "redis") if name in sys.modules])
"""


def test_b28_the_client_and_its_resources_show_their_address_and_no_token() -> None:
    client = CanvasClient.connected_to("https://canvas.example.edu", TOKEN)
    resources = [one for one in vars(client).values() if isinstance(one, Resource)]

    shown = repr((client, vars(client), *(vars(one) for one in resources)))

    assert repr(client) == "CanvasClient(https://canvas.example.edu)"
    assert repr(client.overrides) == "Overrides(https://canvas.example.edu)"
    assert len(resources) == 19
    assert TOKEN not in shown


def test_the_bridge_is_usable_without_django_and_the_app() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


def test_closing_the_client_closes_its_connections() -> None:
    client = CanvasClient.connected_to("https://canvas.example.edu", TOKEN)
    closed: list[bool] = []
    client._session._http.close = lambda: closed.append(True)

    client.close()

    assert closed == [True]
