"""Studies: many designs as points of one quantity graph; sweeps, Pareto fronts, goal seek, comparisons, roadmaps.

Reading the text of a study is left to `semantics`, charts to `emitters`.
"""
