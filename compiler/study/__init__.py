"""Studies: a text that sweeps becomes one quantity graph over many design points, read as arrays."""
