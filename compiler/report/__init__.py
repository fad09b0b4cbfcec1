"""What was found of a design, without a format: the findings, their sections for people, and the trail of each figure."""
