/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between form.c and form_body.c. */
#pragma once
#include "web/form.h"

/* The values of a body, whatever its type. Refuses: 400, 415. */
const struct refusal *form_body_read(struct mem *mem, const struct http_request *request,
                                     const struct form_value **ret_values);
