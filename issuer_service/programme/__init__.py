"""A working method with its settings: what differs between Katapult, MHW and every campus is data."""
