"""Latency without load: the quickest ways through a counted graph, and what they come to. It knows no design."""
