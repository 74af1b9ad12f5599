"""What every endpoint needs: the installation it works in, and who is calling."""
