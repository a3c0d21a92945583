"""
My page: where customers look after themselves, signed in by e-identification.

No address below `/my/` holds an id of a customer: whose page it is, the session says. What apps
above this one bring comes through the registry `own_pages`.
"""

from customers.web.mypage.base import OwnView

__all__ = ["OwnView"]
