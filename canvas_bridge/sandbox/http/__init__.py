"""Requests in, answers out: bodies, paging, refusals, rate limit and faults, without knowing what Canvas holds."""
