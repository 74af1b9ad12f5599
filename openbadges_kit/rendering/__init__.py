"""Pictures: the image of a badge, and a QR code."""
