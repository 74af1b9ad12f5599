"""The skills catalogue: versions of units of learning outcomes, at addresses that last."""
