"""The VC-API of the W3C's test suites: issuing, verifying, deriving and presenting with keys made for that alone."""
