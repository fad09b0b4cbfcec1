"""Figures of a design: one file, one subject; each figure is a function under `@metric`.

The parameters of a metric name what it needs: `cluster`, or other metrics. Its first docstring line is its title.
Figures of networks are left to `networks`, text and tables to `report`.
"""
