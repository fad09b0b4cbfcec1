"""Topologies: one file, one family.

A member is a module with a `@family`-decorated function: from the parameters people write
(`clusterc.topology("torus", dims=[7, 4])`, `by torus(dims = [7, 4])`) to a `Topology` of the module `topology`.
Modules without one hold what several families share; `catalogue` finds them all.
"""
