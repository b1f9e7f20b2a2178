/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The community a request is for, as the frame and the layout know it. Rows come from
 * core/communities. */
#pragma once
#include "base/id.h"

struct zone;

struct community {
    struct community_id id;
    const char *slug;
    const char *name;
    const char *description;
    const char *language;  /* "fr" */
    const char *time_zone; /* IANA name */
    const char *host;      /* in lower case, without port; NULL: none of its own */
    const char *contact;   /* an e-mail address that people may write to; NULL: none */
    const struct zone *zone;
};
