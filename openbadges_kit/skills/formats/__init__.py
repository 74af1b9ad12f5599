"""Catalogues of learning outcomes in other people's formats, and back, without loss: CSV, JSON, CASE 1.1, OEAPI 6."""
