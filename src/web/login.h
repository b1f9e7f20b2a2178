/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is signed in, as the frame and the layout know it. Rows come from core/logins. */
#pragma once
#include <stdint.h>

#include "base/id.h"

/* What a person is in one community, each with all rights of those before it. Who organises a
 * campaign is a matter of that campaign, not a role. */
enum role {
    ROLE_NONE,          /* not of this community */
    ROLE_MEMBER,        /* writes campaigns */
    ROLE_FACILITATOR,   /* approves and helps lead every campaign */
    ROLE_ADMINISTRATOR, /* settings, people, the machine */
};

struct login {
    struct login_id id;
    struct person_id person;
    const char *email; /* in its normal form */
    const char *name;
    enum role role; /* in the community of the request */
};
