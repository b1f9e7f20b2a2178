/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Time zones from the system's tzdata: between UTC seconds and wall clocks. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

struct mem;
struct zone;
struct zones; /* a cache of the zones seen, for the process; safe from any thread */

struct zones *zones_new(struct mem *mem);
void zones_free(struct zones *zones);
/* The zone of that IANA name ("Europe/Paris"), or NULL: not known. Lives as long as `zones`. */
const struct zone *zone_get(struct zones *zones, const char *name);

struct wall zone_wall(const struct zone *zone, int64_t at);
/* UTC of a wall clock. In the hour that does not exist (spring) it is moved forward by the gap; of
 * the hour that comes twice (autumn) the first one counts. */
int64_t zone_utc(const struct zone *zone, const struct wall *wall);
