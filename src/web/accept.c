/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads the ranges of Accept headers one by one. Ranges with a star do not ask for JSON: browsers
 * send them for everything. */
#include "web/accept.h"

#include <string.h>
#include <strings.h>

/* How much a type is wanted: 0 to 1000; -1: it is not named. The place among the ranges decides
 * between equals. */
struct wish {
    int weight;
    int place;
};

/* The weight of a range from its parameters, "; q=0.8": 1000 when it says none. */
static int weight_of(const char *parameters, size_t count)
{
    const char *end = parameters + count;
    const char *q = parameters;
    while (q < end && strncasecmp(q, "q=", 2) != 0)
        q++;
    if (end - q < 3)
        return 1000;
    int weight = q[2] == '1' ? 1000 : 0;
    int unit = 100;
    for (const char *c = q + 4; q[2] == '0' && c < end && *c >= '0' && *c <= '9'; c++, unit /= 10)
        weight += (*c - '0') * unit;
    return weight;
}

static struct wish wish_for(const char *accept, const char *type)
{
    int place = 0;
    for (const char *range = accept; *range; place++) {
        range += strspn(range, " \t");
        size_t count = strcspn(range, ",");
        size_t name = strcspn(range, " \t;,");
        if (name == strlen(type) && strncasecmp(range, type, name) == 0)
            return (struct wish){weight_of(range + name, count - name), place};
        range += count + (range[count] == ',');
    }
    return (struct wish){-1, place};
}

bool accept_prefers_json(const char *accept)
{
    struct wish json = wish_for(accept, "application/json");
    struct wish html = wish_for(accept, "text/html");
    if (json.weight <= 0)
        return false;
    return json.weight > html.weight || (json.weight == html.weight && json.place < html.place);
}

bool accept_takes_coding(const char *accept, const char *coding)
{
    size_t count = strlen(coding);
    for (const char *at = accept; at && *at; at += strspn(at, ",")) {
        at += strspn(at, " \t");
        size_t length = strcspn(at, ",");
        if (length >= count && strncasecmp(at, coding, count) == 0 && strchr(" \t;,", at[count])) {
            const char *weight = memmem(at, length, "q=0", 3);
            return !weight || strspn(weight, "q=0.") < strcspn(weight, " \t,");
        }
        at += length;
    }
    return false;
}
