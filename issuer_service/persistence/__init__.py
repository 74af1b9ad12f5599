"""The database: SQLite in a file, or PostgreSQL. One transaction per request or job."""
