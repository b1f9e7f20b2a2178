/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What libpq will want to reach, as its own parser reads an address and the PG... variables: for
 * the sandbox, which is closed before the first connection. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/mem.h"
#include "sys/db.h"

enum { PORT_DEFAULT = 5432 };

/* Of one setting: as the address says, or else the environment; NULL: neither. */
static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (const PQconninfoOption *option = options; option && option->keyword; option++)
        if (strcmp(option->keyword, keyword) == 0 && option->val && *option->val)
            return option->val;
    return NULL;
}

/* Several hosts may have a port each: "5432,5433". */
static void add_ports(struct db_reach *reach, const char *ports)
{
    int count = 0;
    for (const char *at = ports; *at && count < DB_REACH_MAX - 1;) {
        char *end;
        long port = strtol(at, &end, 10);
        reach->ports[count++] = port > 0 && port <= 65535 ? (int)port : PORT_DEFAULT;
        at = end + strspn(end, ", ");
        if (at == end)
            break;
    }
    if (count == 0)
        reach->ports[0] = PORT_DEFAULT;
}

struct db_reach db_reach(struct mem *mem, const char *where)
{
    static const char *const keywords[] = {"passfile", "sslcert", "sslkey", "sslrootcert",
                                           "sslcrl"};
    struct db_reach reach = {0};
    if (!db_is_postgres(where))
        return reach;
    PQconninfoOption *said = PQconninfoParse(where, NULL);
    PQconninfoOption *usual = PQconndefaults();
    const char *home = getenv("HOME");
    int count = 0;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        const char *file = value_of(said, keywords[i]);
        file = file ? file : value_of(usual, keywords[i]);
        if (file)
            reach.files[count++] = mem_strdup(mem, file);
    }
    if (home) {
        reach.files[count++] = mem_printf(mem, "%s/.pgpass", home);
        reach.files[count++] = mem_printf(mem, "%s/.postgresql", home);
    }
    const char *ports = value_of(said, "port");
    ports = ports ? ports : value_of(usual, "port");
    add_ports(&reach, ports ? ports : "");
    PQconninfoFree(said);
    PQconninfoFree(usual);
    assert(count < DB_REACH_MAX);
    return reach;
}
