"""Pages of `docs/` and schemas that are made from where things are defined."""
