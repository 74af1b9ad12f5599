"""Keys: public ones in every form they travel in, and the protocol that a signing key follows."""
