"""Work that outlives a request.

Reading order: `job.py` (what a kind of job is), `runner.py` (who runs them), `kinds.py` (the list).
"""
