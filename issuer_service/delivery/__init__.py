"""Getting a badge to whom it belongs, in every form that a wallet or a person takes."""
