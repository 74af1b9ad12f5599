"""Definitions over HTTP: read, drawn, published, and cases moved from one version to another."""
