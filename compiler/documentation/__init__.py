"""Generation of pages of `docs/` and of schemas from the definitions in the code.

Run by developers, never by the compiler.
"""
