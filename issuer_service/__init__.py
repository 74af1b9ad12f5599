"""The issuing service: from what somebody mastered to a badge in their hands."""
