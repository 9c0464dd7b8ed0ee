"""CanvasGateway: everything that the application asks of Canvas."""
