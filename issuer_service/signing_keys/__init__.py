"""The issuers' keys: encrypted where they lie, published in `did.json`, used only by the worker."""
