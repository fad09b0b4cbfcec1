"""Topologies: one file, one family.

A member is a module that ends in one `@family`-decorated function: from the parameters people write
(`clusterc.topology("torus", dims=[7, 4])`, `by torus(dims = [7, 4])`) to a `Topology` of `compiler.topologies.model`.
"""
