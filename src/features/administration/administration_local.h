/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder: handlers, and what templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/administration/administration.h"
#include "sys/html.h"
#include "web/form.h"
#include "web/route.h"

struct zone_offer {
    const struct zone_offer *next;
    const char *name;
};

struct administration_page {
    struct safe_html panels; /* what other features have to say; "" for nothing */
    int64_t parked;          /* jobs */
};

/* Settings. */
extern const struct form settings_form;
route_handler settings_show;
route_handler settings_handle;

struct settings_page {
    const struct form_summary *errors;
    bool is_saved;
    const struct input_view *name;
    const struct input_view *description;
    const struct input_view *language;
    const struct input_view *time_zone;
    const struct zone_offer *zones; /* that are offered; others may be typed */
    const struct input_view *contact;
    const struct input_view *host;
};
