/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the mails' templates show. */
#pragma once
#include <stdint.h>

#include "web/view.h"

struct sign_up_mail {
    const char *first_name;
    const char *campaign;
    const char *headline;
    const char *to_go;
    const char *when;  /* NULL: any time */
    const char *where; /* NULL: not said */
    int64_t party;
    const char *held_until;
    const char *digits;
    const char *own_url;
    const char *share_url;
    const char *result_url;
    const char *organiser;         /* who thanks, or did it */
    const struct view_text *words; /* of the organiser, line by line */
};
