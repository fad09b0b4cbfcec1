"""Work on files: open, compile, check, cache, query, write. Holds the phases in order (`compilation`) and the public
`Design`.

With `cli` the only room that meets disk, clock and environment; what the figures are is left to the rooms it calls.
"""
