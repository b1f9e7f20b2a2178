/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What page.html shows: a view struct like those of features. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "sys/html.h"

struct seat {
    struct seat *next;
    const char *name;
    const char *address;
};

struct test_page {
    const char *title;
    const char *link;
    struct seat *seats;
    struct safe_html story;
    int64_t count;
    int rank;
    bool open;
};
