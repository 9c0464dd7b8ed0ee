"""HTTP to Canvas: the only package that knows `requests`. `CanvasClient` is its face."""

from canvas_bridge.client.canvas_client import CanvasClient

__all__ = ["CanvasClient"]
