"""Units of learning outcomes, their wording and levels, and the way from a unit to an Achievement."""
