"""API clients: an OAuth2 client and the robot that acts for it."""

from collections.abc import Sequence

from allauth.idp.oidc.models import Client
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clm.core.api import scopes as scope_groups
from clm.core.models import Branch, User


class ClientRefused(Exception):
    """The client cannot be made; the sentence says why."""


def create_client(
    *, name: str, scopes: Sequence[str], reach: str, branch: Branch | None, secret: str
) -> Client:
    """
    Make a client for the client-credentials grant with a robot of its own.

    Only a hash of `secret` is kept.

    :param scopes: what its tokens may have; also what they have when none is asked for
    :param reach: `all`, or `branch` with the branch
    :raises ClientRefused: the name is empty, too long or taken
    """
    username = f"api-{slugify(name)}"[:150]
    if not name.strip() or len(name) > 100 or username == "api-":
        raise ClientRefused(_("A client has a name of at most 100 characters."))
    if User.objects.filter(username=username).exists():
        raise ClientRefused(_("There is a client of that name already."))
    with transaction.atomic():
        robot = User(
            username=username,
            last_name=name[:150],
            is_robot=True,
            robot_reach=reach,
            branch=branch,
        )
        robot.set_unusable_password()
        robot.full_clean()
        robot.save()
        scope_groups.sync_scopes(scopes)
        names = [scope_groups.group_name(one) for one in scopes]
        robot.groups.set(Group.objects.filter(name__in=names))
        client = Client(name=name, owner=robot, type=Client.Type.CONFIDENTIAL)
        client.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
        client.set_response_types([])
        client.set_scopes(list(scopes))
        client.set_default_scopes(list(scopes))
        client.set_secret(secret)
        client.save(force_insert=True)
    return client
