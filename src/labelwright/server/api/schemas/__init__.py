"""Bodies and answers by name, in the contract's words. Routes name them (`body=`, `answer=`) and `openapi.py` describes them.

They describe; what is read and written is checked by the handlers. A test holds them against real answers.
"""
