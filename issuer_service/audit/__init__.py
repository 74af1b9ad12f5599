"""The audit trail: who did what when, in a chain of hashes to which things are added and from which nothing goes."""
