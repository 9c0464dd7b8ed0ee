"""The endpoints of Canvas's REST interface, one module for each subject, each with its own table of routes."""
