"""One class for each subject of Canvas's interface, with one method for each endpoint."""
