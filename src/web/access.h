/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may, as far as the frame decides it: the route's access, and the rule against requests from
 * other sites. */
#pragma once

struct refusal;
struct request;

/* NULL, or refusal_not_found: where one may not go, nothing is. What depends on who is signed in is
 * access_check_login's to say. */
const struct refusal *access_check(const struct request *rq);

/* The same once it is known who is signed in: NULL, access_signed_out (401), or refusal_not_found.
 */
const struct refusal *access_check_login(struct request *rq);
extern const struct refusal access_signed_out;

/* The network address that asks, for limits: the peer's, or, where the peer is the proxy of the
 * settings, what that one saw. NULL: unknown, or this very machine, which is not limited. Nobody
 * else's X-Forwarded-For is believed. */
const char *access_client(const struct request *rq);

/* NULL, or cross_site (403), for a method that changes something, unless its route is marked
 * ROUTE_FROM_ANYWHERE: Sec-Fetch-Site decides, else Origin against the request's own Host or the
 * site's base URL (a proxy may rewrite Host), else Referer; with none of the three a request passes
 * if it carries no cookie. */
const struct refusal *origin_check(const struct request *rq);
