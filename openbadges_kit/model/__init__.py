"""The Open Badges 3.0 data model: typed views of JSON-LD objects, which keep every term they do not know."""
