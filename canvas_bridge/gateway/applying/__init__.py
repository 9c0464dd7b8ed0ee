"""Carrying changes out in Canvas, with every partial answer read."""

from canvas_bridge.gateway.applying.changes import ChangeApplier

__all__ = ["ChangeApplier"]
