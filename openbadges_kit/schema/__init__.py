"""The official JSON Schemas of 1EdTech, bundled."""
