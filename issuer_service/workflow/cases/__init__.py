"""Cases over HTTP: begun, looked at, taken further; and the work list."""
