"""CanvasGateway: everything that the application asks of Canvas."""

from canvas_bridge.gateway.canvas_gateway import CanvasGateway, utc_now

__all__ = ["CanvasGateway", "utc_now"]
