"""Pure planning: facts, rules and the time in, a plan out. No clock, no database, no HTTP, no Django."""
