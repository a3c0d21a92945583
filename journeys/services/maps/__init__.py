"""Drawing maps together; decision 0020 says why it is done like this."""

from journeys.services.maps.canvas import (
    Done,
    add_card,
    add_lane,
    add_step,
    change_lane,
    change_step,
    feel,
    move_card,
    move_lane,
    move_step,
    remove_card,
    remove_lane,
    remove_step,
    write_card,
)
from journeys.services.maps.changing import may_draw, may_write
from journeys.services.maps.comments import comment, resolve
from journeys.services.maps.drawing import change_map, draw_map, draw_to_be, save_persona, share
from journeys.services.maps.undo import last_change, undo
from journeys.services.maps.versions import picture, restore, save_version

__all__ = [
    "Done",
    "add_card",
    "add_lane",
    "add_step",
    "change_lane",
    "change_map",
    "change_step",
    "comment",
    "draw_map",
    "draw_to_be",
    "feel",
    "last_change",
    "may_draw",
    "may_write",
    "move_card",
    "move_lane",
    "move_step",
    "picture",
    "remove_card",
    "remove_lane",
    "remove_step",
    "resolve",
    "restore",
    "save_persona",
    "save_version",
    "share",
    "undo",
    "write_card",
]
