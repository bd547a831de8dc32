"""The marketplace as JSON, under `/api/v1`, at the paths of source document 1."""
