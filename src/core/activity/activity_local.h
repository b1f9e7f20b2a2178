/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What activity.c asks of its store. */
#pragma once

#include "core/activity/activity.h"

struct work;

struct activity_words {
    const char *verb;
    const char *object;
    const char *audience;
};

enum activity_verb activity_verb_from(const char *name);
void activity_insert(struct work *work, const struct activity *activity,
                     const struct activity_words *words);
