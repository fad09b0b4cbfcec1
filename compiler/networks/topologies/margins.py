"""Margins of everything about networks, as shares of the figure unless said: one table, so that no two steps of a
proof disagree on what is equal."""

TIE = 1e-12
"""Costs this close are the same sums in another order: what is cheaper must be cheaper by more."""

MEETING = 1e-9
"""Two ends of a bound this close are one figure; a figure that is rounded up does not exceed a whole by this little."""

SAFETY = 1e-8
"""Taken off an eigenvalue before it is proven, since the solver's own error is near 1e-9."""

SLACK = 1e-7
"""Margin that the checker allows a certificate: sums over millions of links, whose rounding grows with their number."""

ROUNDING = 1e-6
"""Of one step (the least difference between two cuts, one link): what is this near a whole number of them is that number."""
