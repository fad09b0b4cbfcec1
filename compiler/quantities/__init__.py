"""Quantities: numbers with unit, spread and source as nodes of one graph, read as intervals, samples or shares of
variance.

Knows no design and no text; expressions become nodes in `semantics`.
"""
