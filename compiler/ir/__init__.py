"""The IR: a design as plain data, its kinds of things and their fields. Knows no text; figures are left to `analysis`.

Parts are counted, never expanded: 524,288 accelerators are a few dozen objects.
"""
