"""Selective disclosure: a holder shows part of a credential, and its issuer's signature still holds."""
