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

/* Where services are told of: one's own file, and the system's, where Debian has it. They are read
 * again at each connection. */
static int add_service_files(struct mem *mem, struct db_reach *reach, int count, const char *home)
{
    const char *own = getenv("PGSERVICEFILE");
    const char *folder = getenv("PGSYSCONFDIR");
    if (own)
        reach->files[count++] = mem_strdup(mem, own);
    else if (home)
        reach->files[count++] = mem_printf(mem, "%s/.pg_service.conf", home);
    reach->files[count++] =
        mem_printf(mem, "%s/pg_service.conf", folder ? folder : "/etc/postgresql-common");
    return count;
}

/* What is usual where the address says nothing. libpq looks a service up for this when the
 * environment names it; an address that names one overrules that, there as here. */
static PQconninfoOption *usual_of(const char *service)
{
    if (service)
        setenv("PGSERVICE", service, 1);
    return PQconndefaults();
}

struct db_reach db_reach(struct mem *mem, const char *where)
{
    static const char *const keywords[] = {"passfile", "sslcert", "sslkey", "sslrootcert",
                                           "sslcrl"};
    struct db_reach reach = {0};
    if (!db_is_postgres(where))
        return reach;
    PQconninfoOption *said = PQconninfoParse(where, NULL);
    PQconninfoOption *usual = usual_of(value_of(said, "service"));
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
    if (getenv("PGSERVICE"))
        count = add_service_files(mem, &reach, count, home);
    const char *ports = value_of(said, "port");
    ports = ports ? ports : value_of(usual, "port");
    add_ports(&reach, ports ? ports : "");
    PQconninfoFree(said);
    PQconninfoFree(usual);
    assert(count < DB_REACH_MAX);
    return reach;
}
