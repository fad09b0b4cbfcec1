"""All networks of a design taken together: one graph with named endpoints, counted or unrolled, and its certified cuts."""
