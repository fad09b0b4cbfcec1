"""Numbers with unit, spread and source as one graph, read as intervals, as samples and as shares of variance. Knows no design and no text."""
