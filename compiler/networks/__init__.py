"""Networks of a design: link counts, cut functions, traffic, failures, cuts in words. `topologies` and `bisection` within it know no design at all."""
