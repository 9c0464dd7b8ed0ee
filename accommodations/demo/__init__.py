"""The demo's own data: users of every role and sixty students on record, at the seeded university of the sandbox."""
