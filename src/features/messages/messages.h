/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Messages: what an organiser writes to everybody who takes part in a campaign, or in one of its
 * sessions. */
#pragma once

struct feature;
struct work;

extern const struct feature messages_feature;

/* The subject of the message of this community with that handle; "" for none. */
const char *message_subject(struct work *work, const char *handle);
