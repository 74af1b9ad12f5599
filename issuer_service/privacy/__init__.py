"""What is held on a person, for how long, and how it goes: register, export, erasure, retention."""
