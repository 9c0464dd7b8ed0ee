"""Short ways to fill the sandbox in process: the seed and the tests call these, each named for what it makes."""
