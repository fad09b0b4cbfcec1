"""The compiler: from the tree of a `.cluster` text to figures and pages. `ARCHITECTURE.md` says which room does what."""

__version__ = "0.1.0"
