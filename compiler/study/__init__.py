"""Studies: many designs at once, as one quantity graph over all points, and what is asked of them. Leaves the text of a
study to `semantics`, and charts to `emitters`."""
