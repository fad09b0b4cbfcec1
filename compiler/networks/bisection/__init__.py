"""The capacity that separates halves of a network, certified from below and from above."""
