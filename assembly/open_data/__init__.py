"""What the public may take away: one registry, read by the API, the files, the catalogue and the pages.

`registry` declares datasets; each floor registers its own in its `open_data` module. `shapes` says in which
words a value is written, `description` the API in OpenAPI, `catalogue` the datasets in DCAT-AP, `release` the
archive of everything.
"""
