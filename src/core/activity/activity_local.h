/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What activity.c asks of its store. */
#pragma once

struct activity;
struct work;

struct activity_words {
    const char *verb;
    const char *object;
    const char *audience;
};

void activity_insert(struct work *work, const struct activity *activity,
                     const struct activity_words *words);
