"""
Field encryption with key rotation, and blind indexes for exact search.

AES-256-GCM; a token names its key and is bound to a context (`"customers.Identifier"`), so a
ciphertext moved to another column does not open. The blind index is an HMAC-SHA-256 under a
key of its own: equal values meet, nothing else is told.
"""

import base64
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

_NONCE = 12


class CannotDecrypt(Exception):
    """The token is damaged, of another context, or its key is not in the ring."""


@dataclass(frozen=True)
class EncryptedColumn:
    model: type[models.Model]
    field: str
    context: str


_columns: list[EncryptedColumn] = []


def register_encrypted(model: type[models.Model], field: str, context: str) -> None:
    """Make a column known to `rotate`."""
    _columns.append(EncryptedColumn(model, field, context))


def encrypted_fields(model: type[models.Model]) -> dict[str, str]:
    """The encrypted columns of a model with their contexts."""
    return {one.field: one.context for one in _columns if one.model is model}


def encrypt(*, plaintext: str, context: str) -> str:
    """A token `v1:<key id>:<base64 of nonce and ciphertext>` under the newest key."""
    return _seal(plaintext.encode(), context)


def decrypt(*, token: str, context: str) -> str:
    """
    The plaintext of a token.

    :raises CannotDecrypt: damaged, another context, or an unknown key
    """
    return _open(token, context).decode()


def encrypt_bytes(*, content: bytes, context: str) -> bytes:
    """Like `encrypt`, for files: key id, nonce and ciphertext as bytes."""
    key_id, cipher = _newest()
    nonce = os.urandom(_NONCE)
    sealed = cipher.encrypt(nonce, content, context.encode())
    return b"v1:" + key_id.encode() + b":" + nonce + sealed


def decrypt_bytes(*, content: bytes, context: str) -> bytes:
    try:
        _version, key_id, rest = content.split(b":", 2)
        return _ring()[key_id.decode()].decrypt(rest[:_NONCE], rest[_NONCE:], context.encode())
    except (ValueError, KeyError, InvalidTag) as exc:
        raise CannotDecrypt(_("This file cannot be decrypted.")) from exc


def blind_index(*, value: str, purpose: str) -> bytes:
    """32 bytes that are equal for equal values of the same purpose."""
    mac = _begun(settings.CLM_INDEX_KEY, purpose).copy()
    mac.update(value.encode())
    return mac.digest()


def key_in_use(token: str) -> str:
    """The id of the key that a token was made with."""
    return token.split(":", 2)[1]


def is_newest(token: str) -> bool:
    """Whether a token stands under the newest key."""
    return key_in_use(token) == _newest()[0]


def rotate(*, batch: int = 500) -> dict[str, int]:
    """
    Encrypt anew, under the newest key, whatever stands under an older one.

    Works in batches with the rows locked; may be stopped and started again.

    :returns: rows rewritten by column
    """
    newest = _newest()[0]
    rewritten: dict[str, int] = {}
    for column in _columns:
        name = f"{column.model._meta.label}.{column.field}"
        rewritten[name] = 0
        old = column.model._default_manager.exclude(
            **{f"{column.field}__startswith": f"v1:{newest}:"}
        ).exclude(**{column.field: ""})
        while True:
            with transaction.atomic():
                rows = list(old.select_for_update(skip_locked=True).order_by("pk")[:batch])
                for row in rows:
                    plaintext = decrypt(token=getattr(row, column.field), context=column.context)
                    fresh = encrypt(plaintext=plaintext, context=column.context)
                    column.model._default_manager.filter(pk=row.pk).update(**{column.field: fresh})
            rewritten[name] += len(rows)
            if not rows:
                break
    return rewritten


def _seal(plaintext: bytes, context: str) -> str:
    key_id, cipher = _newest()
    nonce = os.urandom(_NONCE)
    sealed = cipher.encrypt(nonce, plaintext, context.encode())
    return f"v1:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def _open(token: str, context: str) -> bytes:
    try:
        _version, key_id, body = token.split(":", 2)
        raw = base64.b64decode(body, validate=True)
        return _ring()[key_id].decrypt(raw[:_NONCE], raw[_NONCE:], context.encode())
    except (ValueError, KeyError, InvalidTag) as exc:
        raise CannotDecrypt(_("This value cannot be decrypted.")) from exc


def _ring() -> dict[str, AESGCM]:
    """Ciphers by the id of their key, the newest first, from `CLM_FIELD_KEYS` (`id:base64,…`)."""
    return _ciphers(settings.CLM_FIELD_KEYS)


def _newest() -> tuple[str, AESGCM]:
    return next(iter(_ring().items()))


# Kept by the setting itself, so that another setting (a rotation, a test) gives other keys.
@lru_cache(maxsize=4)
def _ciphers(keys: str) -> dict[str, AESGCM]:
    pairs = (one.split(":", 1) for one in keys.split(","))
    return {key_id: AESGCM(base64.b64decode(key)) for key_id, key in pairs}


@lru_cache(maxsize=256)
def _begun(key: str, purpose: str) -> hmac.HMAC:
    """An HMAC that has read the purpose already; a copy of it goes on with the value."""
    return hmac.new(base64.b64decode(key), f"{purpose}\0".encode(), "sha256")
