"""Running the service: is it well, what does it do, and how to bring it back."""
