"""Bytes as text: base58btc, base64url, and the multibase and multicodec prefixes in front of them."""
