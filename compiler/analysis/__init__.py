"""Figures of a design: one file, one subject; each figure is a function under `@metric`.

A metric's parameters name what it needs: `cluster`, or other metrics. Its first docstring line is its title.
"""
