"""What an authenticator app shows (RFC 6238)."""

import base64
import hmac
import struct
import time


def code(secret: str, steps: int = 0) -> str:
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06}"
