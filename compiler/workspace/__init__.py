"""Files opened, compiled, checked, remembered, queried and written: with `cli` the only room that meets disk, clock and environment."""
