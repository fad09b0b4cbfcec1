"""Output formats: one file or folder, one format. An emitter turns a design or its report into text or bytes.

It computes no figures: what it shows is in the report, which `report` makes.
"""
