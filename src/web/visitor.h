/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between requests and the page cache: whose answers are kept, under what, and for how long.
 *
 * A visitor is who sends no cookie of a login. The GETs of routes that say ROUTE_CACHED are the
 * same for all visitors who ask the same host for the same path, with the same values of the query
 * fields that the route declares, in the same language and format; that is the key. An answer is
 * true while no object that it noted changes, until the moment that it noted, for two seconds at
 * most, since another program may change what it shows, and not beyond the minute in which it was
 * made: what people write down as a time has no seconds. While the database is away nobody can make
 * it anew, and it is told as it last was, CACHE_AWAY_SECONDS_MAX at most: unless one of its objects
 * changed since, as far as this process knows, or that moment has come. */
#pragma once
#include <stdbool.h>

struct request;

/* Answers from the cache; false: the request goes its way, and rq->has_place says whether others
 * wait for what becomes of it. */
bool visitor_find(struct request *rq);
/* It could not be made since the database is away. Answers with what is kept; false: there is none,
 * or it is no visitor's request. */
bool visitor_find_away(struct request *rq);
/* What became of it, with all its headers: kept if it may be. True: it was answered with what was
 * kept; false: it is still to be sent. In process, rq->reply is the answer in both cases. */
bool visitor_keep(struct request *rq);
