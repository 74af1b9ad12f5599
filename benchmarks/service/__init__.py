"""What the service does in a second: `make bench-service`."""
