"""Text to tree and back: characters, places, complaints; no hardware, no units."""
