"""One file, one thing that must not be: a code, and a function under `@rule` that finds where it is."""
