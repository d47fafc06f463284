"""Signing in through allauth: second factors, passkeys, sessions and other systems' accounts."""
