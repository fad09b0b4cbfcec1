"""Arithmetic that all rooms share and that knows neither text nor design: how close is equal. Meaning is left to the rooms above."""
